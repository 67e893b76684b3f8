# What every R script here shares: the classic series, and one line of JSON per case.

suppressMessages(library(forecast))

FOLDER <- commandArgs(TRUE)[1]
SEASON <- c(
  AirPassengers = 12, BJsales = 1, JohnsonJohnson = 4, LakeHuron = 1, Nile = 1, UKgas = 4, USAccDeaths = 12, WWWusage = 1,
  ausbeer = 4, austres = 4, gas = 12, gasoline = 365.25 / 7, ldeaths = 12, lh = 1, lynx = 1, nottem = 12, sunspot.year = 1,
  taylor = 48, wineind = 12, woolyrnq = 4
)

# A classic series by its name, with its season; the last column holds the values.
classic <- function(name) {
  table <- read.csv(file.path(FOLDER, paste0(name, ".csv")))
  ts(as.numeric(table[[ncol(table)]]), frequency = SEASON[[name]])
}

text <- function(x) paste0("\"", gsub("\"", "\\\\\"", gsub("[\r\n]+", " ", x)), "\"")

# Numbers to ten significant digits; parameters ask for fifteen.
number <- function(x, digits) {
  x <- as.numeric(x)
  ifelse(is.finite(x), sub("e\\+0?", "e", sprintf(paste0("%.", digits, "g"), x)), "null")
}

# A value as JSON: named vectors and lists become objects, other vectors arrays, single values scalars.
json <- function(x, digits = 10) {
  if (is.null(x)) return("null")
  if (is.list(x) || !is.null(names(x))) {
    inner <- vapply(names(x), function(n) paste0(text(n), ":", json(as.list(x)[[n]], digits)), "")
    return(paste0("{", paste(inner, collapse = ","), "}"))
  }
  if (inherits(x, "array_of_one")) return(paste0("[", json(unclass(x), digits), "]"))
  cells <- if (is.character(x)) text(x) else if (is.logical(x)) tolower(as.character(x)) else number(x, digits)
  if (length(x) == 1) cells else paste0("[", paste(cells, collapse = ","), "]")
}

# Keeps a vector an array whatever its length.
array_of <- function(x) if (length(x) == 1) structure(x, class = "array_of_one") else if (length(x) == 0) structure(numeric(0)) else as.vector(x)

# Writes a file: what made it, then its cases, one a line.
write_cases <- function(file, cases, extra = list()) {
  head <- c(list(tool = paste0("R ", getRversion(), ", forecast ", packageVersion("forecast"))), extra)
  lines <- vapply(cases, json, "", USE.NAMES = FALSE)
  body <- sub("}$", "", json(head))
  writeLines(paste0(body, ",\"cases\":[\n", paste(lines, collapse = ",\n"), "\n]}"), file)
}

# The next twelve with their 80 and 95 % bounds.
bounds <- function(f) {
  list(
    mean = as.numeric(f$mean), lo80 = as.numeric(f$lower[, 1]), hi80 = as.numeric(f$upper[, 1]),
    lo95 = as.numeric(f$lower[, 2]), hi95 = as.numeric(f$upper[, 2])
  )
}

# What the two exponential smoothing scripts share: a fitted model as JSON.
PATHS <- 20000

describe <- function(series, y, fit) {
  ahead <- function(seed, paths) {
    set.seed(seed)
    suppressWarnings(forecast(fit, h = 12, level = c(80, 95), npaths = paths))
  }
  # Bounds that move with the seed have no formula in R.
  simulated <- !identical(as.numeric(ahead(1, 50)$upper), as.numeric(ahead(2, 50)$upper))
  f <- ahead(1, PATHS)
  start <- fit$initstate
  level <- start[["l"]]
  slope <- if ("b" %in% names(start)) start[["b"]] else NULL
  season <- unname(start[grepl("^s[0-9]", names(start))])
  smoothing <- fit$par[names(fit$par) %in% c("alpha", "beta", "gamma", "phi")]
  # Where R has no formula, its second mean damps by phi once more instead of phi squared: only the first is the model's own.
  structure(list(value = c(
    list(
      series = series, season = frequency(y), form = fit$method, parameters = as.list(smoothing), level = level, slope = slope,
      seasonal = if (length(season)) season else NULL, loglik = as.numeric(fit$loglik), k = attr(logLik(fit), "df"), aic = fit$aic,
      aicc = fit$aicc, bic = fit$bic, sigma2 = fit$sigma2, mse = fit$mse, bounds_simulated = simulated,
      mean_steps_sound = if (grepl("Md", fit$method) || fit$method == "ETS(A,Ad,M)") 1 else 12
    ),
    bounds(f)
  )), class = "case")
}

unwrap <- function(cases) lapply(Filter(Negate(is.null), cases), function(c) c$value)

