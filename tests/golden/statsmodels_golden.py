"""Writes statsmodels.json: ARIMA orders by a second tool, smoothing forms and STL by statsmodels.

Use: python statsmodels_golden.py FOLDER (the classic CSV files), in this folder, after arima_fixed.R: its orders are read
from arima-fixed.json, and its Box-Cox scales applied before fitting.
"""

import csv
import json
import pathlib
import sys
import warnings

import numpy as np
import statsmodels
from statsmodels.tsa.exponential_smoothing.ets import ETSModel
from statsmodels.tsa.seasonal import STL
from statsmodels.tsa.statespace.sarimax import SARIMAX

warnings.filterwarnings("ignore")
FOLDER = pathlib.Path(sys.argv[1])
FORMS = [
    ("Nile", 1, "ANN"), ("Nile", 1, "MNN"), ("WWWusage", 1, "AAN"), ("WWWusage", 1, "AAdN"), ("WWWusage", 1, "MAdN"),
    ("WWWusage", 1, "MMN"), ("WWWusage", 1, "AMdN"), ("USAccDeaths", 12, "ANA"), ("UKgas", 4, "MAM"), ("UKgas", 4, "MAdM"),
    ("JohnsonJohnson", 4, "MAA"), ("JohnsonJohnson", 4, "MMM"), ("AirPassengers", 12, "MAdM"), ("AirPassengers", 12, "MAM"),
    ("AirPassengers", 12, "AAA"), ("AirPassengers", 12, "AAM"),
]  # fmt: skip
DECOMPOSED = [("nottem", 12, 7, False), ("AirPassengers", 12, 7, False), ("USAccDeaths", 12, 11, True), ("UKgas", 4, 13, False)]


def short(values):
    return [float(f"{v:.10g}") for v in np.asarray(values, float)]


def series(name):
    with open(FOLDER / f"{name}.csv") as f:
        return np.array([float(row["value"]) for row in csv.DictReader(f)])


def boxcox(y, power):
    return y if power is None else np.log(y) if power == 0 else (np.sign(y) * np.abs(y) ** power - 1) / power


def arima(case, given):
    y = given.get(case["series"])
    y = boxcox(series(case["series"]) if y is None else np.array(y), case["lambda"])
    if case["missing"]:
        y[np.atleast_1d(case["missing"]) - 1] = np.nan
    x = [np.array(v, float) for v in (case["xreg"] or {}).values()]
    trend = "n"
    if case["constant"] == "mean":
        x.append(np.ones(len(y)))
    if case["constant"] == "drift":
        x.append(np.arange(1.0, len(y) + 1))
    exog = np.column_stack(x) if x else None
    # R differences a series with gaps inside its filter; here that would lose the neighbours of each gap.
    if case["missing"] and case["order"][1] + case["seasonal"][1] > 0:
        return None
    season = (*case["seasonal"], int(case["season"])) if any(case["seasonal"]) else (0, 0, 0, 0)
    kind = SARIMAX(y, exog=exog, order=case["order"], seasonal_order=season, trend=trend, simple_differencing=True, concentrate_scale=True)
    best = None
    start = None
    for method in ("lbfgs", "nm", "lbfgs", "bfgs"):
        try:
            fit = kind.fit(start_params=start, method=method, maxiter=3000, disp=0)
        except np.linalg.LinAlgError:
            continue
        if best is None or fit.llf > best.llf:
            best = fit
        start = best.params
    return {
        "series": case["series"], "lambda": case["lambda"], "order": case["order"], "seasonal": case["seasonal"],
        "constant": case["constant"], "missing": case["missing"], "xreg": list(case["xreg"] or {}), "loglik": float(f"{best.llf:.10g}"),
        "loglik_r": case["loglik"], "sigma2": float(f"{best.scale:.10g}"),
        "sigma2_r": case["sigma2_ml"], "coef": dict(zip(kind.param_names, short(best.params))),
    }  # fmt: skip


def ets(name, season, form):
    y = series(name)
    word = {"A": "add", "M": "mul", "N": None}
    kind = ETSModel(
        y, error=word[form[0]], trend=word[form[1]], damped_trend="d" in form, seasonal=word[form[-1]],
        seasonal_periods=season if form[-1] != "N" else None,
    )  # fmt: skip
    best, start = None, None
    for alpha in (None, 0.1, 0.3, 0.6, 0.9):
        if alpha is not None:
            start = np.array(best.params)
            start[0] = alpha
            for k, label in enumerate(kind.param_names):
                if label in ("smoothing_trend", "smoothing_seasonal"):
                    start[k] = 0.05 * min(alpha, 1 - alpha)
        fit = kind.fit(disp=0, maxiter=20000, start_params=start)
        if np.isfinite(fit.llf) and (best is None or fit.llf > best.llf):
            best = fit
    return {
        "series": name, "season": season, "form": form, "loglik": float(f"{best.llf:.10g}"), "aicc": float(f"{best.aicc:.10g}"),
        "mse": float(f"{best.scale:.10g}"), "parameters": dict(zip(kind.param_names, short(best.params))), "mean": short(best.forecast(12)),
    }  # fmt: skip


def stl(name, season, window, robust):
    y = series(name)
    parts = STL(y, period=season, seasonal=window, robust=robust).fit()
    ends = [*range(12), *range(len(y) // 2, len(y) // 2 + 12), *range(len(y) - 12, len(y))]
    return {
        "series": name, "season": season, "seasonal_window": window, "robust": robust, "at": [k + 1 for k in ends],
        "trend": short(parts.trend[ends]), "seasonal": short(parts.seasonal[ends]), "remainder": short(parts.resid[ends]),
    }  # fmt: skip


def main():
    golden = json.loads(pathlib.Path("arima-fixed.json").read_text())
    groups = {
        "arima": [c for c in (arima(case, golden["values"]) for case in golden["cases"] if not case["biasadj"]) if c],
        "ets": [ets(*form) for form in FORMS],
        "stl": [stl(*d) for d in DECOMPOSED],
    }
    body = [f'"{k}":[\n' + ",\n".join(json.dumps(c, separators=(",", ":")) for c in cases) + "\n]" for k, cases in groups.items()]
    with open("statsmodels.json", "w") as f:
        f.write(f'{{"tool":"statsmodels {statsmodels.__version__}, numpy {np.__version__}",\n' + ",\n".join(body) + "}\n")


main()
