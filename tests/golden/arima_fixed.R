# Writes arima-fixed.json: given orders by exact maximum likelihood, with regressors, missing values and Box-Cox scales.
# Use: Rscript arima_fixed.R FOLDER_WITH_THE_CLASSIC_CSV_FILES (run in this folder)

source("common.R")

# Optimisation ends here only when no start and no restart improves the likelihood: R's default stops earlier.
fit_best <- function(y, order, seasonal, mean, drift, lambda, biasadj, xreg) {
  best <- NULL
  for (method in c("ML", "CSS-ML")) for (optimizer in c("BFGS", "Nelder-Mead")) {
    start <- NULL
    for (round in 1:3) {
      fit <- tryCatch(
        suppressWarnings(Arima(y,
          order = order, seasonal = seasonal, include.mean = mean, include.drift = drift, lambda = lambda, biasadj = biasadj,
          xreg = xreg, method = if (is.null(start)) method else "ML", init = start, optim.method = optimizer,
          optim.control = list(reltol = 1e-14, maxit = 5000)
        )),
        error = function(e) NULL
      )
      if (is.null(fit)) break
      start <- coef(fit)
      if (is.null(best) || fit$loglik > best$loglik) best <- fit
    }
  }
  best
}

case <- function(series, order, seasonal = c(0, 0, 0), constant = "none", lambda = NULL, biasadj = FALSE, missing = NULL,
                 xreg = NULL, future = NULL, values = NULL) {
  y <- if (is.null(values)) classic(series) else values
  if (!is.null(missing)) y[missing] <- NA
  m <- frequency(y)
  fit <- fit_best(y, order, list(order = seasonal, period = m), constant == "mean", constant == "drift", lambda, biasadj, xreg)
  f <- if (is.null(future)) forecast(fit, h = 12, level = c(80, 95)) else forecast(fit, xreg = future, level = c(80, 95))
  plain <- suppressWarnings(Arima(y,
    order = order, seasonal = list(order = seasonal, period = m), include.mean = constant == "mean",
    include.drift = constant == "drift", lambda = lambda, biasadj = biasadj, xreg = xreg, method = "ML"
  ))
  raw <- suppressWarnings(arima(if (is.null(lambda)) y else BoxCox(y, lambda),
    order = order, seasonal = list(order = seasonal, period = m), include.mean = constant == "mean", xreg = fit$xreg,
    fixed = coef(fit), transform.pars = FALSE, method = "ML"
  ))
  stopifnot(abs(raw$loglik - fit$loglik) < 1e-6)
  columns <- function(x) if (is.null(x)) NULL else lapply(setNames(colnames(x), colnames(x)), function(c) as.numeric(x[, c]))
  message(series, " ", fit, " ", fit$loglik - plain$loglik)
  c(
    list(
      series = series, season = m, order = order, seasonal = seasonal, constant = constant, lambda = lambda, biasadj = biasadj,
      missing = if (is.null(missing)) NULL else array_of(missing), xreg = columns(xreg), xreg_future = columns(future),
      n_used = nobs(fit), coef = as.list(coef(fit)), loglik = fit$loglik, loglik_default_optimiser = plain$loglik,
      sigma2 = fit$sigma2, sigma2_ml = raw$sigma2, aic = fit$aic, aicc = fit$aicc, bic = fit$bic
    ),
    bounds(f)
  )
}

column <- function(name, x) matrix(x, ncol = 1, dimnames = list(NULL, name))
step_at <- function(n, at) as.numeric(seq_len(n) >= at)

none <- c(0, 0, 0)
cases <- list(
  case("AirPassengers", c(0, 1, 1), c(0, 1, 1), lambda = 0),
  case("AirPassengers", c(0, 1, 1), c(0, 1, 1), lambda = 0, biasadj = TRUE),
  case("AirPassengers", c(2, 1, 1), c(0, 1, 0)),
  case("AirPassengers", c(1, 1, 1), c(1, 1, 1), lambda = 0),
  case("AirPassengers", c(0, 1, 1), c(0, 1, 1), lambda = 1 / 3),
  case("AirPassengers", c(1, 0, 0), c(0, 1, 1), "drift", lambda = 0),
  case("Nile", c(1, 0, 1), none, "mean"),
  case("Nile", c(0, 1, 1)),
  case("Nile", c(1, 1, 1), none, "drift"),
  case("lynx", c(2, 0, 0), none, "mean", lambda = 0),
  case("lynx", c(2, 0, 2), none, "mean", lambda = 0, biasadj = TRUE),
  case("lynx", c(4, 0, 0), none, "mean", lambda = 0.5),
  case("WWWusage", c(3, 1, 0)),
  case("WWWusage", c(1, 1, 1)),
  case("WWWusage", c(0, 2, 2)),
  case("lh", c(3, 0, 0), none, "mean"),
  case("lh", c(1, 0, 0), none, "mean"),
  case("lh", c(1, 0, 1)),
  case("USAccDeaths", c(0, 1, 1), c(0, 1, 1)),
  case("USAccDeaths", c(0, 1, 1), c(0, 1, 0), "none"),
  case("nottem", c(1, 0, 0), c(2, 1, 0)),
  case("nottem", c(1, 0, 2), c(1, 0, 1), "mean"),
  case("JohnsonJohnson", c(1, 1, 1), c(0, 1, 1), lambda = 0),
  case("JohnsonJohnson", c(0, 1, 1), c(1, 0, 0), "drift", lambda = 0, biasadj = TRUE),
  case("ldeaths", c(1, 0, 0), c(0, 1, 1)),
  case("woolyrnq", c(2, 0, 0), c(0, 1, 1), "drift"),
  case("LakeHuron", c(2, 0, 0), none, "mean"),
  case("UKgas", c(0, 1, 1), c(0, 1, 1), lambda = 0),
  case("UKgas", c(1, 0, 0), c(0, 1, 1), "drift", lambda = -0.45),
  case("BJsales", c(1, 1, 1)),
  case("BJsales", c(1, 1, 0), none, "drift"),
  case("ausbeer", c(1, 1, 2), c(0, 1, 1)),
  case("austres", c(0, 2, 1), c(1, 0, 0)),
  case("wineind", c(1, 1, 2), c(0, 1, 1)),
  case("sunspot.year", c(2, 0, 1), none, "mean"),
  case("sunspot.year", c(9, 0, 0), none, "mean", lambda = 0.5),
  # Missing values: one, a run, at the very start, at the end, a whole season's worth.
  case("Nile", c(1, 0, 1), none, "mean", missing = c(10, 50, 51, 52)),
  case("Nile", c(0, 1, 1), none, missing = c(3, 40:44, 99)),
  case("lh", c(1, 0, 0), none, "mean", missing = c(1, 2, 20, 48)),
  case("AirPassengers", c(0, 1, 1), c(0, 1, 1), lambda = 0, missing = c(30, 31, 100:103)),
  case("AirPassengers", c(1, 1, 0), c(0, 1, 0), lambda = 0, missing = c(5, 70)),
  case("WWWusage", c(3, 1, 0), missing = c(17, 60, 61)),
  # Regressors. The law and petrol price of R's `Seatbelts` (drivers killed or seriously injured, Great Britain 1969-84).
  case("Nile", c(1, 0, 0), none, "mean", xreg = column("dam", step_at(100, 29)), future = column("dam", rep(1, 12))),
  case("Nile", c(0, 1, 1), none, xreg = column("dam", step_at(100, 29)), future = column("dam", rep(1, 12))),
  case("LakeHuron", c(2, 0, 0), none, "mean", xreg = column("year", 1875:1972 - 1920), future = column("year", 1973:1984 - 1920)),
  case("JohnsonJohnson", c(1, 0, 0), c(1, 0, 0), "mean",
    lambda = 0,
    xreg = cbind(trend = 1:84 / 84, late = step_at(84, 61)), future = cbind(trend = 85:96 / 84, late = rep(1, 12))
  ),
  case("Nile", c(1, 0, 0), none, "mean",
    missing = c(10, 50, 51, 52), xreg = column("dam", step_at(100, 29)), future = column("dam", rep(1, 12))
  ),
  case("Seatbelts.drivers", c(1, 0, 0), c(0, 1, 1),
    lambda = 0, values = ts(as.numeric(Seatbelts[1:180, "drivers"]), frequency = 12),
    xreg = cbind(law = as.numeric(Seatbelts[1:180, "law"]), petrol = as.numeric(Seatbelts[1:180, "PetrolPrice"])),
    future = cbind(law = as.numeric(Seatbelts[181:192, "law"]), petrol = as.numeric(Seatbelts[181:192, "PetrolPrice"]))
  ),
  case("Seatbelts.drivers", c(2, 0, 0), c(1, 0, 0), "mean",
    lambda = 0, values = ts(as.numeric(Seatbelts[1:180, "drivers"]), frequency = 12),
    xreg = cbind(law = as.numeric(Seatbelts[1:180, "law"]), petrol = as.numeric(Seatbelts[1:180, "PetrolPrice"])),
    future = cbind(law = as.numeric(Seatbelts[181:192, "law"]), petrol = as.numeric(Seatbelts[181:192, "PetrolPrice"]))
  )
)
write_cases("arima-fixed.json", cases, list(values = list(Seatbelts.drivers = as.numeric(Seatbelts[1:180, "drivers"]))))
