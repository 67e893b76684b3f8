# Price, deal and feature on real shelves: does a forecast that knows them ahead earn its keep?
#
# The orange juice of a Chicago chain, a brand and store a series, weekly (Dominick's, in the R package bayesm, which is only
# read here). All runs without a gap up to the last week, of at least 60 weeks, the last eight held out.
#   Rscript benches/orange_juice.R make FOLDER
#   planwright forecast --sales FOLDER/sales.csv --horizon 8 --models arima --out FOLDER/plain.csv
#   planwright forecast --sales FOLDER/sales.csv --horizon 8 --models arima --drivers FOLDER/drivers.csv --out FOLDER/known.csv
#   Rscript benches/orange_juice.R score FOLDER FOLDER/plain.csv FOLDER/known.csv
arguments <- commandArgs(trailingOnly = TRUE)
folder <- arguments[2]
HELD <- 8

make <- function() {
  library(bayesm)
  data(orangeJuice)
  x <- orangeJuice$yx
  prices <- as.matrix(x[, paste0("price", 1:11)])
  x$price <- prices[cbind(seq_len(nrow(x)), x$brand)]
  x$quantity <- exp(x$logmove)
  x$date <- as.Date("1989-09-14") + 7 * (x$week - 1)
  runs <- lapply(split(x, list(x$store, x$brand), drop = TRUE), function(one) {
    one <- one[order(one$week), ]
    broken <- which(diff(one$week) != 1)
    one[(if (length(broken)) max(broken) + 1 else 1):nrow(one), ]
  })
  runs <- Filter(function(one) nrow(one) >= 60 && max(one$week) == 160, runs)
  chosen <- do.call(rbind, runs)
  frame <- function(rows, columns) cbind(
    data.frame(date = rows$date, item = paste0("b", rows$brand), location = paste0("s", rows$store)), rows[columns])
  write <- function(table, name) write.csv(table, file.path(folder, name), row.names = FALSE, quote = FALSE)
  known <- chosen$week <= 160 - HELD
  write(frame(chosen[known, ], "quantity"), "sales.csv")
  write(frame(chosen[!known, ], "quantity"), "test.csv")
  drivers <- frame(chosen, c("price", "deal", "feat"))
  names(drivers)[6] <- "feature"
  write(drivers, "drivers.csv")
}

score <- function(files) {
  key <- function(t) paste(t$item, t$location)
  sales <- read.csv(file.path(folder, "sales.csv"))
  test <- read.csv(file.path(folder, "test.csv"))
  test$step <- ave(test$quantity, key(test), FUN = seq_along)
  scale <- tapply(sales$quantity, key(sales), function(y) mean(abs(diff(y))))
  for (file in files) {
    found <- read.csv(file, fileEncoding = "UTF-8-BOM")
    both <- merge(found, test, by = c("item", "location", "step"))
    error <- abs(both$mean - both$quantity)
    for (model in unique(both$model)) {
      k <- both$model == model
      cat(sprintf("%s %s: MASE %.3f, MAPE %.1f %%, WAPE %.1f %%, bias %+.1f %%, 80 %% interval holds %.1f %%, %d series\n",
        basename(file), model, mean(error[k] / scale[key(both)[k]]), 100 * mean(error[k] / both$quantity[k]),
        100 * sum(error[k]) / sum(both$quantity[k]), 100 * sum(both$mean[k] - both$quantity[k]) / sum(both$quantity[k]),
        100 * mean(both$lo80[k] <= both$quantity[k] & both$quantity[k] <= both$hi80[k]), sum(k) / HELD))
    }
  }
}

if (arguments[1] == "make") make() else score(arguments[-(1:2)])
