# Writes ets-fixed.json: every error/trend/season form R fits, on a few series.
# Use: Rscript ets_fixed.R FOLDER_WITH_THE_CLASSIC_CSV_FILES (run in this folder)

source("common.R")

fixed <- function(series, model, damped = FALSE) {
  y <- classic(series)
  fit <- tryCatch(
    suppressWarnings(ets(y,
      model = model, damped = damped, allow.multiplicative.trend = TRUE, restrict = FALSE, maxit = 20000,
      lambda = NULL, opt.crit = "lik", bounds = "both"
    )),
    error = function(e) {
      message(series, " ", model, ": ", conditionMessage(e))
      NULL
    }
  )
  if (is.null(fit)) return(NULL)
  message(series, " ", fit$method, " ", fit$aicc)
  describe(series, y, fit)
}

seasonless <- list(c("ANN"), c("MNN"), c("AAN"), c("AAN", 1), c("MAN"), c("MAN", 1), c("AMN"), c("AMN", 1), c("MMN"), c("MMN", 1))
seasonal <- c(
  "ANA", "ANM", "MNA", "MNM", "AAA", "AAM", "MAA", "MAM", "AMA", "AMM", "MMA", "MMM"
)
with_damped <- unlist(lapply(seasonal, function(m) if (substr(m, 2, 2) == "N") list(m) else list(m, c(m, 1))), recursive = FALSE)
grid <- c(
  lapply(seasonless, function(m) c("WWWusage", m)),
  lapply(seasonless[c(1, 2, 3, 4)], function(m) c("Nile", m)),
  lapply(seasonless[c(3, 6, 9)], function(m) c("BJsales", m)),
  lapply(with_damped, function(m) c("AirPassengers", m)),
  lapply(with_damped, function(m) c("JohnsonJohnson", m)),
  lapply(list("ANA", "MNA", "MNM", "MAM"), function(m) c("USAccDeaths", m)),
  lapply(list("MAM", "MNM", c("AAA", 1)), function(m) c("UKgas", m)),
  lapply(list("MNM", "ANA"), function(m) c("ldeaths", m))
)
fits <- lapply(grid, function(g) fixed(g[1], g[2], length(g) > 2))
write_cases("ets-fixed.json", unwrap(fits), list(paths = PATHS))
