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
# # 5 Sensitivity
#
# A result of a simulation hangs on numbers that nobody knows. Which of five assumed weights decide how much households
# pay under a market firm and under a red station, and how much of what looks like influence is only the noise of the
# model?

# %%
# %matplotlib inline
import os
from pathlib import Path
from tempfile import mkdtemp

import matplotlib.pyplot as plt

import sim.sensitivity
from sim import figures
from sim.sensitivity.words import words

SMALL = "LINLI_SMALL" in os.environ  # the size at which tests execute this notebook
N = 32 if SMALL else 512
MONTHS, PEOPLE = (36, 60) if SMALL else (120, 206)

# %% [markdown]
# A sensitivity analysis is a study with a table `[sensitivity]`; in Python its keys may be a dictionary. On the command
# line: `linli sensitivity mine.toml --out results/mine`; `linli sensitivity screening` looks at all parameters.
#
# Every point of the sample has luck of its own and is run twice, so that the noise can be measured and taken out. A
# dummy, a factor that the model does not know, shows how large an index gets by chance.

# %%
study = {
    "question": "Which of five assumed weights decide how much households pay?",
    "scenarios": ["market", "red_station"],
    "places": ["trapped"],
    "months": MONTHS,
    "replicates": 2,
    "seed": 3,
    "outcomes": ["payment_rate", "comparable_payment"],
    "constants": {"population.n_households": PEOPLE},
    "factors": {
        "household.b_trust": {},
        "household.b_bailout": {},
        "household.b_grievance": {},
        "household.b_quality": {},
        "household.b_burden": {},
    },
    "sensitivity": {"method": "sobol", "n": N, "luck": "own"},
}
found = sim.sensitivity.run(study, Path(mkdtemp()) / "sensitivity")
found.indices.query("index == 'ST' and statistic == 'mean'").head()

# %%
for paragraph in words(found, "the folder"):
    print(paragraph, "\n")

# %% [markdown]
# The total index of a factor is the share of the outcome's variance that would be gone if the factor were known. Bars
# that lie within the dummy's reach (grey) cannot be told from noise. At a small size intervals are wide, and an index
# may even come out above one or below zero: that is noise too, and no reason to believe a bar.

# %%
total = found.indices.query("index == 'ST' and statistic == 'mean'")
targets = list(total.groupby(["target", "outcome"], sort=False))
with figures.house_style():
    fig, axes = plt.subplots(2, 2, figsize=(9.5, 5.4), layout="constrained", sharey=True, sharex=True)
    for ax, ((target, outcome), rows) in zip(axes.flat, targets, strict=True):
        shown = rows[rows["factor"] != "dummy"]
        (floor,) = rows.loc[rows["factor"] == "dummy", "high"]
        ax.axvspan(0, floor, color="#D9D9D9", linewidth=0)
        colours = ["#0072B2" if matters else "#9CC4DD" for matters in shown["influential"]]
        ax.barh(shown["factor"], shown["value"], color=colours, height=0.6)
        ax.hlines(shown["factor"], shown["low"], shown["high"], color="black", linewidth=1)
        ax.axvline(0, color="#555555", linewidth=1)
        ax.set_title(f"{target}: {outcome.replace('_', ' ')}")
        ax.grid(axis="y", visible=False)
    axes[0, 0].invert_yaxis()
    for ax in axes[1]:
        ax.set_xlabel("total index, share of variance")
    fig.supxlabel(f"Sobol, n = {found.n}, {found.runs:,} runs. Bar: index; line: its 95 % interval; grey: reach of the "
                  "dummy. Dark: told apart from noise.", fontsize=8, color="#444444")  # fmt: skip
    plt.show()

# %% [markdown]
# Is the sample large enough? The rule of Sarrazin, Pianosi and Wagener (2016) asks for narrow intervals and ranks that
# stay. Where it is not met, `linli sensitivity DIR --n` doubles the sample and keeps every run.

# %%
found.stopping.query("statistic == 'mean'").round(2)

# %% [markdown]
# ## What is not claimed
#
# Ranges are declared and not calibrated: an index says what matters *within these ranges*, and a wider range makes a
# factor matter more. Five factors are not all; whatever is held fixed here does not appear. Shares of variance are no
# statement about what is true of households.
