# ---
# jupyter:
#   jupytext:
#     formats: ipynb,py:percent
#     text_representation:
#       extension: .py
#       format_name: percent
#       format_version: '1.3'
#       jupytext_version: 1.19.6
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
from sim.figures.sensitivity import ranked
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
    "outcomes": ["payment_rate", "cost_covered"],
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
# The total index of a factor is the share of the outcome's variance that would be gone if the factor were known. Empty
# bars, and those that end within the dummy's floor (dashed), cannot be told from noise. At a small size intervals are
# wide, and an index may even come out above one or below zero: that is noise too, and no reason to believe a bar.

# %%
total = found.indices.query("ranks and statistic == 'mean'")
targets = list(total.groupby(["target", "outcome"], sort=False))
with figures.house_style():
    fig, axes = plt.subplots(2, 2, figsize=(10.5, 6.6), layout="constrained")
    for ax, ((target, _), rows) in zip(axes.flat, targets, strict=True):
        ranked(ax, rows)
        ax.set_title(f"{target}: {ax.get_title(loc='left')}")
    fig.legend(*axes[0, 0].get_legend_handles_labels(), loc="outside upper left", ncols=3, fontsize=8)
    fig.supxlabel(f"Sobol, n = {found.n}, {found.runs:,} runs. Whiskers: 95 % intervals.", fontsize=8, color="#444444")
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
