"""Writes smoothing.json: maximum likelihood fits of additive-error exponential smoothing by statsmodels.

Use: python smoothing.py FOLDER > smoothing.json, where FOLDER holds the classic series of R's `datasets` as CSV
(columns rownames, time, value): AirPassengers.csv, Nile.csv, WWWusage.csv, UKgas.csv.
"""

import csv
import json
import pathlib
import sys
import warnings

import numpy as np
import statsmodels
from statsmodels.tsa.exponential_smoothing.ets import ETSModel

warnings.filterwarnings("ignore")
CASES = [
    ("Nile", "ses", 1, None, False, None),
    ("WWWusage", "ses", 1, None, False, None),
    ("WWWusage", "holt", 1, "add", False, None),
    ("WWWusage", "holt-damped", 1, "add", True, None),
    ("UKgas", "holt-winters(additive)", 4, "add", False, "add"),
    ("UKgas", "holt-winters(multiplicative)", 4, "add", False, "mul"),
    ("AirPassengers", "holt-winters(additive)", 12, "add", False, "add"),
    ("AirPassengers", "holt-winters(multiplicative)", 12, "add", False, "mul"),
]


def main():
    folder = pathlib.Path(sys.argv[1])
    series, fits = {}, []
    for name, model, season, trend, damped, seasonal in CASES:
        with open(folder / f"{name}.csv") as f:
            y = np.array([float(row["value"]) for row in csv.DictReader(f)])
        series[name] = y.tolist()
        kind = ETSModel(y, error="add", trend=trend, damped_trend=damped, seasonal=seasonal, seasonal_periods=season if seasonal else None)
        best = None
        for start in (None, 0.1, 0.5, 0.9):
            params = None
            if start is not None:
                params = np.array(best.params)
                params[0] = start
                for k, label in enumerate(kind.param_names):
                    if label in ("smoothing_trend", "smoothing_seasonal"):
                        params[k] = 0.05 * min(start, 1 - start)
            fit = kind.fit(disp=0, maxiter=20000, start_params=params)
            if best is None or fit.llf > best.llf:
                best = fit
        parameters = dict(zip(kind.param_names, map(float, best.params)))
        fits.append({
            "series": name,
            "model": model,
            "season": season,
            "loglik": float(best.llf),
            "alpha": parameters["smoothing_level"],
            "mean": best.forecast(8).tolist(),
        })
    json.dump({"tool": f"statsmodels {statsmodels.__version__}", "series": series, "fits": fits}, sys.stdout, indent=1)


main()
