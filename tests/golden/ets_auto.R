# Writes ets-auto.json: R's own choice on every classic series, without and with multiplicative trends.
# Use: Rscript ets_auto.R FOLDER_WITH_THE_CLASSIC_CSV_FILES (run in this folder)

source("common.R")

chosen <- unlist(lapply(names(SEASON), function(series) lapply(c(FALSE, TRUE), function(multiplicative) {
  y <- classic(series)
  if (multiplicative && length(y) > 1000) return(NULL)
  seconds <- system.time(fit <- suppressWarnings(ets(y, allow.multiplicative.trend = multiplicative)))[["elapsed"]]
  message(series, " ", fit$method, " ", fit$aicc, " ", seconds)
  d <- describe(series, y, fit)
  d$value <- c(list(allow_multiplicative_trend = multiplicative), d$value)
  d
})), recursive = FALSE)
write_cases("ets-auto.json", unwrap(chosen), list(paths = PATHS))
