# ---
# jupyter:
#   jupytext:
#     formats: ipynb,py:percent
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 1 First run
#
# What does a property firm that works for its fees lead to in an old estate where only half the households pay? The
# scenario `market` is run in the place `trapped` for ten years, many times, each time with other households and other
# luck. Does the estate get out of the trap, and how do we know what is chance?

# %%
# %matplotlib inline
import os

import sim
from sim import figures
from sim.outcomes import OUTCOMES

SMALL = "LINLI_SMALL" in os.environ  # the size at which tests execute this notebook
REPLICATES = 60 if SMALL else 200

# %% [markdown]
# On the command line this is `linli run market`. In Python the same function gives the same numbers. The first run
# compiles the model, which takes about a minute; later ones start at once.

# %%
results = sim.run("market", place="trapped", months=120, replicates=REPLICATES, seed=1)
results.runs[["replicate", "status", "payment_rate", "cost_covered", "service", "public_cost"]].head()

# %% [markdown]
# Each row is one run, judged by its last month or, where it costs money or hours, by the mean over the policy months.
# Every outcome has a unit and says whether more of it is better.

# %%
for name in ("payment_rate", "cost_covered", "service"):
    outcome, found = OUTCOMES[name], results.interval(name, "market")
    print(f"{outcome.label}, {outcome.unit}: {found.mean:.3f}, 95 % interval {found.low:.3f} to {found.high:.3f}")

# %% [markdown]
# An interval tells how well the mean of many runs is known. It does not say that a single estate ends there. What
# single runs do is shown by the light band, which holds the middle 80 % of them, and better still by the runs
# themselves.

# %%
figures.draw(results, "payment")

# %%
import matplotlib.pyplot as plt

with figures.house_style():
    fig, ax = plt.subplots(figsize=(6.4, 3.2), layout="constrained")
    paid = {"market": results.runs["cost_covered"].to_numpy()}
    title = f"Comparable payment after ten years, {REPLICATES} runs"
    figures.distribution(ax, paid, OUTCOMES["cost_covered"].unit, counted="runs", title=title)
    plt.show()

# %% [markdown]
# There are two heaps. In most runs no firm stays, a caretaker goes on, and little is paid for little service; in the
# others a firm came, was good enough for long enough, and service and payment hold each other up. The mean lies where
# hardly any run is. The table of `linli run` therefore shows the weight of each heap and no mean.

# %%
from sim.modes import modes

for mode in modes(results.runs["cost_covered"].to_numpy()):
    print(f"around {mode.mean:.2f}: {100 * mode.share:.0f} % of runs ({100 * mode.low:.0f} to {100 * mode.high:.0f})")

# %% [markdown]
# Equal seeds give equal runs, whatever the number of threads. Replicate 3 of ten is replicate 3 of two hundred.

# %%
again = sim.run("market", place="trapped", months=120, replicates=5, seed=1, threads=1)
again.runs["payment_rate"].equals(results.runs["payment_rate"].head(5))

# %% [markdown]
# One run can be looked at from within, with agents. It is the same run, bit by bit.

# %%
model = sim.GovernanceModel("market", place="trapped", rng=1, replicate=0)
for _ in range(24):
    model.step()
model.datacollector.get_model_vars_dataframe()[["payment_rate", "service", "provider"]].iloc[::6]

# %% [markdown]
# ## What is not claimed
#
# Nothing is said about any real estate. Most weights of the households' decisions are assumed;
# `print(sim.explain("market"))` lists every value with its source. Intervals hold chance between runs, not doubt about
# parameters, and the share of runs in each heap is a property of these values.
