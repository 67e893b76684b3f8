# Writes theta.json, smoothing-r.json, series-tests.json, box-cox.json, croston.json and dm.json.
# Use: Rscript others.R FOLDER_WITH_THE_CLASSIC_CSV_FILES (run in this folder)

source("common.R")

NAMES <- names(SEASON)
SMALL <- setdiff(NAMES, c("taylor", "gasoline"))

theta <- lapply(SMALL, function(series) c(list(series = series, season = SEASON[[series]]), bounds(thetaf(classic(series), h = 12, level = c(80, 95)))))
write_cases("theta.json", theta)

holt_winters <- function(series, method, ...) {
  y <- classic(series)
  f <- switch(method, ses = ses, holt = holt, hw = hw)(y, h = 12, level = c(80, 95), ...)
  options <- list(...)
  par <- f$model$par
  if (is.null(par)) par <- unlist(f$model[c("alpha", "beta", "gamma")])
  c(
    list(series = series, season = frequency(y), method = method, options = if (length(options)) options else NULL, parameters = as.list(par),
      aicc = f$model$aicc, loglik = f$model$loglik),
    bounds(f)
  )
}
write_cases("smoothing-r.json", list(
  holt_winters("Nile", "ses"), holt_winters("LakeHuron", "ses"), holt_winters("Nile", "ses", initial = "simple"),
  holt_winters("Nile", "ses", alpha = 0.3, initial = "simple"),
  holt_winters("WWWusage", "holt"), holt_winters("WWWusage", "holt", damped = TRUE), holt_winters("austres", "holt", damped = TRUE),
  holt_winters("BJsales", "holt"), holt_winters("austres", "holt", initial = "simple"),
  holt_winters("UKgas", "hw", seasonal = "additive"), holt_winters("UKgas", "hw", seasonal = "multiplicative"),
  holt_winters("AirPassengers", "hw", seasonal = "multiplicative"), holt_winters("AirPassengers", "hw", seasonal = "additive"),
  holt_winters("AirPassengers", "hw", seasonal = "multiplicative", damped = TRUE), holt_winters("woolyrnq", "hw", seasonal = "additive", damped = TRUE)
))

# Wang, Smith and Hyndman's (2006) strength of season, one less the share of the remainder's variance, from R's default STL.
strength <- function(y) {
  parts <- mstl(y)
  season <- parts[, grepl("^Seasonal", colnames(parts))]
  remainder <- parts[, "Remainder"]
  max(0, min(1, 1 - var(remainder) / var(remainder + season)))
}
kpss <- function(y, type) {
  n <- length(y)
  urca::ur.kpss(y, type = type, use.lag = trunc(3 * sqrt(n) / 13))@teststat
}
quiet <- function(expression) tryCatch(suppressWarnings(expression), error = function(e) NULL)
write_cases("series-tests.json", lapply(NAMES, function(series) {
  y <- classic(series)
  seasonal <- frequency(y) > 1 && series != "gasoline"
  D <- if (seasonal) quiet(nsdiffs(y)) else 0
  z <- if (!is.null(D) && D > 0) diff(y, lag = frequency(y), differences = D) else y
  list(
    series = series, season = frequency(y), seasonal_strength = if (seasonal) strength(y) else NULL, nsdiffs = D,
    nsdiffs_ocsb = if (seasonal && length(y) < 1000) quiet(nsdiffs(y, test = "ocsb")) else NULL,
    ndiffs = ndiffs(y), ndiffs_after_season = ndiffs(z), ndiffs_adf = quiet(ndiffs(y, test = "adf")), ndiffs_pp = quiet(ndiffs(y, test = "pp")),
    kpss_lag = trunc(3 * sqrt(length(y)) / 13), kpss_level = kpss(y, "mu"), kpss_trend = kpss(y, "tau"),
    kpss_level_of_differences = kpss(diff(y), "mu"),
    acf = as.numeric(acf(y, lag.max = 8, plot = FALSE)$acf)[-1], pacf = as.numeric(pacf(y, lag.max = 8, plot = FALSE)$acf),
    ljung_box_8 = unname(Box.test(y, lag = 8, type = "Ljung-Box")$statistic), ljung_box_8_p = Box.test(y, lag = 8, type = "Ljung-Box")$p.value
  )
}))
write_cases("box-cox.json", lapply(setdiff(SMALL, "sunspot.year"), function(series) {
  y <- classic(series)
  list(series = series, season = frequency(y), guerrero = BoxCox.lambda(y), loglik = BoxCox.lambda(y, method = "loglik"))
}))

demand <- list(
  reference = c(0, 0, 3, 0, 0, 0, 5, 0, 2, 0, 0, 4),
  starts_with_demand = c(2, 0, 0, 1, 0, 6, 0, 0, 0, 3, 0, 1, 1, 0),
  never_twice = c(0, 0, 0, 7, 0, 0, 0, 0),
  every_period = c(3, 1, 4, 1, 5, 9, 2, 6),
  lumpy = c(0, 40, 0, 0, 0, 0, 1, 0, 0, 2, 0, 0, 0, 90, 0, 0, 3, 0, 0, 0, 0, 12, 0, 0)
)
rates <- c(0.05, 0.1, 0.3)
write_cases("croston.json", unlist(lapply(names(demand), function(name) Filter(Negate(is.null), lapply(rates, function(alpha) {
  values <- ts(demand[[name]])
  f <- quiet(as.numeric(croston(values, h = 1, alpha = alpha)$mean))
  if (is.null(f)) NULL else list(name = name, demand = as.numeric(values), alpha = alpha, croston = f)
}))), recursive = FALSE))

errors <- list(
  short = list(
    a = c(1.2, -0.4, 0.9, -1.1, 2.3, -0.8, 0.3, 1.7, -1.9, 0.6, -0.2, 1.1, -1.4, 0.5, 2.0, -0.7, 0.1, -1.3, 0.8, 1.5),
    b = c(0.7, -0.9, 1.4, -0.3, 1.1, -1.6, 0.2, 0.9, -0.5, 1.2, -0.6, 0.4, -1.0, 0.9, 0.8, -1.2, 0.5, -0.1, 1.3, 0.7)
  ),
  nile = list(
    a = as.numeric(residuals(naive(classic("Nile")))[2:41]),
    b = as.numeric(residuals(arima(classic("Nile"), order = c(0, 1, 1), fixed = -0.73))[2:41])
  )
)
dm <- list()
for (name in names(errors)) for (h in c(1, 3)) for (power in c(1, 2)) for (alternative in c("two.sided", "less", "greater")) {
  for (variance in c("acf", "bartlett")) {
    fell_back <- FALSE
    t <- withCallingHandlers(
      dm.test(errors[[name]]$a, errors[[name]]$b, h = h, power = power, alternative = alternative, varestimator = variance),
      warning = function(w) {
        fell_back <<- TRUE
        invokeRestart("muffleWarning")
      }
    )
    dm[[length(dm) + 1]] <- list(
      errors = name, h = h, power = power, alternative = alternative, variance = variance, fell_back_to_h1 = fell_back,
      statistic = unname(t$statistic), p = unname(t$p.value)
    )
  }
}
write_cases("dm.json", dm, list(errors = errors))
