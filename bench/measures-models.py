"""Models of statsmodels and pyfixest on the data that the example `models` left in a folder: measures-models.py FOLDER logit|ppml"""
import json
import sys
import time
import warnings

import numpy as np
import pandas as pd

warnings.filterwarnings("ignore")
folder, model = sys.argv[1], sys.argv[2]
y = np.fromfile(f"{folder}/y")
x = np.fromfile(f"{folder}/x").reshape(-1, len(y)).T


def timed(run):
    """The shortest of three runs, after one to warm up."""
    run()
    seconds = []
    for _ in range(3):
        start = time.perf_counter()
        coefficients = run()
        seconds.append(time.perf_counter() - start)
    print(json.dumps({"seconds": round(min(seconds), 4), "coefficients": [float(c) for c in coefficients]}))


if model == "logit":
    import statsmodels.api as sm

    design = np.column_stack([x, np.ones(len(y))])
    timed(lambda: sm.Logit(y, design).fit(disp=0).params)
else:
    import pyfixest as pf

    exporter, importer, year, pair = np.fromfile(f"{folder}/keys", dtype="<u8").reshape(-1, 4).T
    names = ["distance", "border", "language", "agreement"]
    data = pd.DataFrame(np.ascontiguousarray(x), columns=names)
    data["trade"], data["pair"] = y, pair
    data["exporter_year"], data["importer_year"] = exporter * 1000 + year, importer * 1000 + year
    formula = "trade ~ distance + border + language + agreement | exporter_year + importer_year"
    timed(lambda: pf.fepois(formula, data, vcov={"CRV1": "pair"}).coef())
