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
# # 7 The Hanshan roll-out
#
# From 2019 on Hanshan district gave 139 estates without a firm a red station and 112 managed ones an alliance, in
# half a dozen waves. What happens, in the model, to the estates that were reached, to those that were not, and to the
# district as a whole; and who gains and who loses?

# %%
# %matplotlib inline
import os

import matplotlib.pyplot as plt
import pandas as pd

import sim
from sim import figures
from sim.figures.district import estate_tree, forms_over_time, gained_and_lost
from sim.outcomes import OUTCOMES

SMALL = "LINLI_SMALL" in os.environ  # the size at which tests execute this notebook
MONTHS, REPLICATES = (30, 3) if SMALL else (120, 4)
SIZE = ["population.n_estates=72", "population.n_households=25"] if SMALL else []

# %% [markdown]
# A roll-out is a scenario like any other: `linli compare hanshan_rollout`. It has two arms, the district with the
# roll-out and the same district, the same households and the same luck without it. A smaller district keeps the shares
# of its kinds of estate.

# %%
results = sim.compare(["hanshan_rollout"], months=MONTHS, replicates=REPLICATES, seed=1, set=SIZE)
without, rollout = results.labels
names = ["payment_rate", "cost_covered", "unresolved", "public_cost", "volunteer_hours"]
rows = {}
for name in names:
    found = results.difference(name, rollout, without)
    rows[f"{OUTCOMES[name].label}, {OUTCOMES[name].unit}"] = {
        "without": results.interval(name, without).mean,
        "with": results.interval(name, rollout).mean,
        "difference": found.mean, "low": found.low, "high": found.high,
    }  # fmt: skip
pd.DataFrame(rows).T.round(3)

# %% [markdown]
# The mean of a district hides its parts. Estates by the form they end under, and dotted the very same estates in the
# district without the roll-out:

# %%
with figures.house_style():
    fig, axes = plt.subplots(1, 2, figsize=(11, 4.0), layout="constrained")
    for ax, outcome in zip(axes, ("cost_covered", "unresolved"), strict=True):
        forms_over_time(ax, results, rollout, outcome)
    fig.legend(*axes[0].get_legend_handles_labels(), loc="outside upper left", ncols=3)
    fig.supxlabel(f"{REPLICATES} runs of the district; line: mean, band: its 95 % interval between runs; dotted: "
                  "without the roll-out.", fontsize=8, color="#444444")  # fmt: skip
    plt.show()

# %% [markdown]
# Who gained, who lost? Estate by estate, the difference to the same estate without the roll-out.

# %%
with figures.house_style():
    fig, ax = plt.subplots(figsize=(8, 4.0), layout="constrained")
    gained_and_lost(ax, results, rollout, "cost_covered")
    fig.supxlabel(f"{REPLICATES} runs of the district.", fontsize=8, color="#444444")
    plt.show()

# %%
with figures.house_style():
    fig, ax = plt.subplots(figsize=(9, 5.5), layout="constrained")
    estate_tree(ax, results, rollout, "cost_covered")
    fig.supxlabel(f"Mean of {REPLICATES} runs.", fontsize=8, color="#444444")
    plt.show()

# %% [markdown]
# ## What is not claimed
#
# This is not Hanshan. The numbers of estates and forms are those of a 2021 newspaper article; which estates came first,
# how they were before, and nearly every weight of a decision are assumed, and no collection rate of the district was
# ever published, before or after. Runs of one district are few and alike: intervals hold chance alone.
