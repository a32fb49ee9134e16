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
# # 8 Write your own stakeholder
#
# What if households kept a grudge: whoever carries a grievance above some level pays nothing, whatever the reasons? You
# write a subclass of the model's `Household`, override one decision, and compare it with the original on the same
# people and the same luck. Does it matter for the estate, and more under one form of governance than under another?

# %%
# %matplotlib inline
import os

import matplotlib.pyplot as plt
import pandas as pd

from agents.household import Household
from agents.rules.household import REFUSED
from sim import GovernanceModel, figures

SMALL = "LINLI_SMALL" in os.environ  # the size at which tests execute this notebook
REPLICATES, MONTHS = (4, 12) if SMALL else (20, 36)
PEOPLE = ["population.n_households=60", "time.spinup=24"]

# %% [markdown]
# A stakeholder is a Mesa agent. Its decisions are methods with names of their own: `speaks_up`, `goes_further`,
# `decide_payment`. The override keeps the signature, asks the original where it does not apply, and draws nothing by
# itself, so that all chance stays paired.

# %%
class Grudging(Household):
    """Pays nothing while its grievance is above `LIMIT`, in units of severity."""

    LIMIT = 0.6

    def decide_payment(self, u, reasons):
        """Refuse out of grievance; otherwise decide as every household does."""
        if self.grievance > self.LIMIT:
            return REFUSED
        return super().decide_payment(u, reasons)


# %% [markdown]
# First one estate, month by month. The months before the policy month are the same, since by default the original
# households live through them; `spinup="agents"` lets your own class do so too.

# %%
def lived(form, replicate, agent_classes=None, rng=5):
    """Return the collected outcomes of one estate over MONTHS."""
    model = GovernanceModel(form, rng=rng, replicate=replicate, months=MONTHS, set=PEOPLE, agent_classes=agent_classes)
    for _ in range(MONTHS):
        model.step()
    return model.datacollector.get_model_vars_dataframe()


plain, grudging = lived("red_station", 0), lived("red_station", 0, {Household: Grudging})
both = pd.concat({"original": plain["payment_rate"], "grudging": grudging["payment_rate"]}, axis=1)
both.iloc[:: MONTHS // 6].round(3)

# %% [markdown]
# Then several estates under two forms. Replicate by replicate, the difference has the same households on both sides.

# %%
COLUMNS = ["payment_rate", "service", "unresolved"]


def last(form, replicate, agent_classes=None):
    """Return the outcomes of the last month."""
    return lived(form, replicate, agent_classes)[COLUMNS].iloc[-1].astype(float)


differences = {
    form: pd.DataFrame([last(form, r, {Household: Grudging}) - last(form, r) for r in range(REPLICATES)])
    for form in ("custody", "red_station")
}

# %%
with figures.house_style():
    fig, axes = plt.subplots(1, len(COLUMNS), figsize=(9.5, 2.4), layout="constrained", sharey=True)
    for ax, column in zip(axes, COLUMNS, strict=True):
        samples = {form: frame[column].to_numpy() for form, frame in differences.items()}
        figures.per_scenario(ax, samples, column, paired=True)
    fig.suptitle("Grudging less original households", fontsize=11)
    fig.supxlabel(f"{REPLICATES} pairs, month {MONTHS}. Dot and bar: mean and its 95 % interval; ticks: pairs.",
                  fontsize=8, color="#444444")  # fmt: skip
    plt.show()

# %% [markdown]
# An own class runs with agents, some thousand household-months a second. If it proves its worth, write its formula as a
# rule with the decorator `@rule`: both engines then share it, and studies run it by the hundred thousand
# (`docs/extending.md`).

# %% [markdown]
# ## What is not claimed
#
# That households keep such a grudge, or where its limit lies: the class is an example and 0.6 is made up. A few
# small estates and months show how to ask; they show no effect that could be cited.
