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
# # 6 Tipping points
#
# Can one and the same estate, with the same people, end up either paying or not paying, depending on where it started?
# If so, where among the values of two factors do both ends exist, does a subsidy that is raised and lowered leave the
# estate where it found it, and how long does a gain last after support is withdrawn?

# %%
# %matplotlib inline
import os
from pathlib import Path
from tempfile import mkdtemp

import sim.tipping
from sim.figures.tipping import FIGURES, draw

SMALL = "LINLI_SMALL" in os.environ  # the size at which tests execute this notebook
SIZE = {"levels": 3, "replicates": 4, "months": 84, "dwell": (15,)} if SMALL else {"levels": 7, "replicates": 20}
SMALLER = ["population.n_households=60"] if SMALL else []

# %% [markdown]
# On the command line: `linli tipping market`. Two starts, the place's own and one with the payment, facilities and
# trust of a healthy estate, are run over a grid of two factors; a lever is ramped up and down; and support is given and
# withdrawn. All runs are kept in three studies, which can be resumed and verified.

# %%
folder = Path(mkdtemp()) / "tipping"
found = sim.tipping.run("market", place="trapped", out=folder, set=SMALLER, figures=False, **SIZE)
sorted(found.tables)

# %%
for title, paragraph in found.words.items():
    print(f"{title}\n{paragraph}\n")

# %%
from IPython.display import display

for name in FIGURES:
    display(draw(found.tables, found.about, name))

# %% [markdown]
# Every number that is drawn stands in a table. The rows of the phase diagram say, for each pair of values, where runs
# from the low and from the high start end, and how often a run leaves the basin it started in.

# %%
found.tables["phase"].head()

# %% [markdown]
# ## What is not claimed
#
# The lines are drawn for these values of all other parameters, most of them assumed; a factor that is held here may
# move them. Estates of finite size leave either basin by chance in the end, so that "two regimes" means: within the
# months that were run. The mean-field curve is an approximation, drawn to be compared and not believed.
