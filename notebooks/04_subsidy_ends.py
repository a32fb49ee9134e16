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
# # 4 What happens when the subsidy ends?
#
# A street pays whoever serves a trapped estate a subsidy, less every year, and none after three years. Does payment
# stay up when the money stops, because a habit and a good firm have grown; or does it go back to where it was?

# %%
# %matplotlib inline
import os

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd

import sim
from sim import figures
from sim.results import Interval

SMALL = "LINLI_SMALL" in os.environ  # the size at which tests execute this notebook
REPLICATES = 50 if SMALL else 200

# %% [markdown]
# Programmes are stacked on forms with a plus sign: `linli compare market "market + subsidy_taper"
# "market + subsidy_permanent"`. What changes when is part of the scenario, and `sim.explain` prints it.

# %%
SCENARIOS = ["market", "market + subsidy_taper", "market + subsidy_permanent"]
results = sim.compare(SCENARIOS, place="trapped", months=120, replicates=REPLICATES, seed=1)
with figures.house_style():
    fig, axes = plt.subplots(1, 2, figsize=(10, 3.6), layout="constrained")
    for ax, outcome in zip(axes, ("cost_covered", "firm_present"), strict=True):
        figures.over_time(ax, results, outcome)
        ax.axvline(3, color="#D55E00", linewidth=1, linestyle=":")
    fig.legend(*axes[0].get_legend_handles_labels(), loc="outside upper left", ncols=3)
    fig.supxlabel(f"{REPLICATES} runs each; line: mean, dark band: its 95 % interval, light band: middle 80 % of runs. "
                  "Dotted: the tapered subsidy ends.", fontsize=8, color="#444444")  # fmt: skip
    plt.show()

# %% [markdown]
# Each run has its twin without any subsidy: the same households, the same luck. The difference of twins, month by
# month, is what the programme adds.

# %%
with figures.house_style():
    fig, ax = plt.subplots(figsize=(7.2, 3.4), layout="constrained")
    figures.over_time(ax, results, "cost_covered", paired=True)
    ax.axvline(3, color="#D55E00", linewidth=1, linestyle=":")
    ax.set_title("What the subsidy adds to comparable payment")
    fig.legend(*ax.get_legend_handles_labels(), loc="outside upper left", ncols=2)
    fig.supxlabel(f"{REPLICATES} pairs; line: mean, dark band: its 95 % interval, light band: middle 80 % of pairs.",
                  fontsize=8, color="#444444")  # fmt: skip
    plt.show()

# %% [markdown]
# Runs are not all alike. In how many does the firm that came with the subsidy still serve seven years after it ended,
# and what do households pay there?

# %%
rows = []
for label in SCENARIOS:
    arm = results.arm(label)
    at = {years: int(np.searchsorted(arm.months, 12 * years)) for years in (3, 9)}
    firm, paid = arm.values["firm_present"], arm.values["cost_covered"]
    stays = (firm[:, at[3]] == 1) & (firm[:, at[9]] == 1)
    rows.append({
        "firm in year 3": firm[:, at[3]].mean(),
        "of these, still there in year 9": stays.sum() / max(1, (firm[:, at[3]] == 1).sum()),
        "paid in year 9 with a firm": Interval(paid[firm[:, at[9]] == 1, at[9]]).mean,
        "paid in year 9 without": Interval(paid[firm[:, at[9]] == 0, at[9]]).mean,
    })  # fmt: skip
pd.DataFrame(rows, index=SCENARIOS).round(2)

# %% [markdown]
# And what did it cost? Public money per dwelling and year, mean over the ten years: where a firm takes over an estate,
# the caretaker's money is saved.

# %%
pd.DataFrame(
    {label: [results.interval("public_cost", label).mean, results.interval("cost_covered", label).mean]
     for label in SCENARIOS},
    index=["public cost, yuan per dwelling and year", "comparable payment, last month"],
).T.round(2)  # fmt: skip

# %% [markdown]
# A subsidy acts on those who decide whether to come and to stay, the firms; households notice service, not money. What
# remains when it ends therefore depends on whether service and payment hold each other up by then.

# %% [markdown]
# ## What is not claimed
#
# Not that three years are enough or too few: amount, taper and the firms' patience are assumed within ranges, and the
# share of runs in which a firm stays moves with them. Notebook 6 looks for the values at which the answer changes.
