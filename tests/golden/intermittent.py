"""Writes intermittent.json: statsforecast on the short demand histories of croston.json, one forecast each.

Use: python intermittent.py, in this folder, after others.R.
"""

import json
import pathlib

import numpy as np
import statsforecast
from statsforecast import models as sf

MODELS = {
    "croston_classic": sf.CrostonClassic(), "croston_sba": sf.CrostonSBA(), "croston_optimized": sf.CrostonOptimized(),
    "tsb_0.1_0.1": sf.TSB(0.1, 0.1), "tsb_0.3_0.05": sf.TSB(0.3, 0.05), "adida": sf.ADIDA(), "imapa": sf.IMAPA(),
    "ses_optimized": sf.SimpleExponentialSmoothingOptimized(),
}  # fmt: skip
cases = {c["name"]: c["demand"] for c in json.loads(pathlib.Path("croston.json").read_text())["cases"]}
rows = []
for name, demand in cases.items():
    row = {"name": name, "demand": demand}
    for label, model in MODELS.items():
        try:
            row[label] = float(f"{float(model.forecast(y=np.array(demand, float), h=1)['mean'][0]):.10g}")
        except Exception:
            row[label] = None
    rows.append(json.dumps(row, separators=(",", ":")))
with open("intermittent.json", "w") as f:
    f.write(f'{{"tool":"statsforecast {statsforecast.__version__}","cases":[\n' + ",\n".join(rows) + "\n]}\n")
