"""The logit of the dangerous dyads on a frame of `comity panel`: fit.py FRAME.parquet"""
import sys

import numpy as np
import pyarrow.parquet as pq

table = pq.read_table(sys.argv[1])


def column(name):
    return table[name].to_numpy(zero_copy_only=False).astype(float)


def lower(name):
    """The lower of the two; not known where one is not."""
    return np.minimum(column(f"{name}1"), column(f"{name}2"))


def two_sd(x, rows):
    """Mean 0, and two standard deviations to the unit (Gelman 2008)."""
    known = x[rows & np.isfinite(x)]
    return (x - known.mean()) / (2 * known.std(ddof=1))


contiguity, cinc1, cinc2 = column("conttype"), column("cinc1"), column("cinc2")
soldiers = np.minimum(column("milper1") / column("tpop1"), column("milper2") / column("tpop2"))
t = column("gmlmidspell")
variables = {
    "land contiguity": np.where(np.isnan(contiguity), np.nan, contiguity == 1),
    "CINC ratio": np.minimum(cinc1, cinc2) / np.maximum(cinc1, cinc2),
    "a major power": np.maximum(column("cowmaj1"), column("cowmaj2")),
    "defence pact": column("atop_defense"),
    "weak-link democracy": lower("euds"),
    "GDP per person, lower (2 SD)": lower("mrgdppc"),
    "military personnel, lower (2 SD)": soldiers,
    "t": t,
    "t^2": t**2,
    "t^3 / 1000": t**3 / 1000,
}
onset = column("gmlmidonset")
rows = (column("prd") == 1) & np.isfinite(onset)
for values in variables.values():
    rows &= np.isfinite(values)
x = [np.ones(rows.sum())]
for name, values in variables.items():
    x.append((two_sd(values, rows) if "2 SD" in name else values)[rows])
x, y = np.column_stack(x), onset[rows]

beta = np.zeros(x.shape[1])
for _ in range(50):
    p = 1 / (1 + np.exp(-x @ beta))
    information = x.T @ (x * (p * (1 - p))[:, None])
    step = np.linalg.solve(information, x.T @ (y - p))
    beta += step
    if np.abs(step).max() < 1e-10:
        break
error = np.sqrt(np.diag(np.linalg.inv(information)))
for name, b, se in zip(["constant", *variables], beta, error):
    print(f"{name:<34} {b:8.3f}  ({se:.3f})")
print(f"N = {len(y):,}, {int(y.sum()):,} onsets")
