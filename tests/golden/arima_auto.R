# Writes arima-auto.json: R's automatic choice on every classic series, stepwise (the default) and by the full exact search.
# Use: Rscript arima_auto.R FOLDER_WITH_THE_CLASSIC_CSV_FILES (run in this folder)

source("common.R")

# Not tried: the long ones; and in full nottem, which had not ended after a minute, and wineind, which is like it.
SLOW <- c("taylor", "gasoline", "gas")
SLOW_IN_FULL <- c(SLOW, "nottem", "wineind")

one <- function(series, search, lambda = NULL) {
  y <- classic(series)
  fit <- suppressWarnings(
    if (search == "stepwise") auto.arima(y, lambda = lambda) else auto.arima(y, lambda = lambda, stepwise = FALSE, approximation = FALSE)
  )
  message(series, " ", search, " ", fit, " ", fit$aicc)
  o <- c(arimaorder(fit), 0, 0, 0)
  names <- names(coef(fit))
  constant <- if ("drift" %in% names) "drift" else if ("intercept" %in% names) "mean" else "none"
  f <- forecast(fit, h = 12, level = c(80, 95))
  c(
    list(
      series = series, season = frequency(y), lambda = lambda, search = search, order = unname(o[1:3]), seasonal = unname(o[4:6]),
      constant = constant, coef = as.list(coef(fit)), loglik = fit$loglik, sigma2 = fit$sigma2, aic = fit$aic, aicc = fit$aicc, bic = fit$bic
    ),
    bounds(f)
  )
}

stepwise <- lapply(setdiff(names(SEASON), SLOW), one, "stepwise")
logs <- lapply(c("AirPassengers", "JohnsonJohnson", "UKgas", "lynx"), one, "stepwise", lambda = 0)
full <- lapply(setdiff(names(SEASON), SLOW_IN_FULL), one, "full")
write_cases("arima-auto.json", c(stepwise, logs, full), list(not_tried = SLOW, not_tried_in_full = SLOW_IN_FULL))
