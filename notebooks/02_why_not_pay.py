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
# # 2 Why does a household not pay?
#
# Two households of one estate get the same kind of bill in the same month. One pays, one does not. Which motives make
# the difference, how large are they, and what would have to change for the second one to pay?

# %%
# %matplotlib inline
import os

import matplotlib.pyplot as plt
import pandas as pd

from agents.rules.household import CONDITIONAL, OWNER_OCCUPIED, REFUSED, VOLUNTARY
from sim import GovernanceModel, figures
from sim.figures.reasons import chances_of_paying, reasons_for_paying, shown_terms
from sim.reasons import TERM_TITLES, chance_of_paying, monthly_bill, payment_terms

SMALL = "LINLI_SMALL" in os.environ  # the size at which tests execute this notebook
MONTHS = 12 if SMALL else 24

# %% [markdown]
# A market firm serves a managed estate. After some months we stop the clock and walk around.

# %%
model = GovernanceModel("market", place="managed", rng=7)
for _ in range(MONTHS):
    model.step()
print(f"month {model.month}: payment rate {model.outcome('payment_rate'):.2f}, service {model.outcome('service'):.2f}")

# %% [markdown]
# Both households live in their own dwelling and are conditional cooperators: they pay if they believe that others do.

# %%
alike = [h for h in model.households if h.payer_type == CONDITIONAL and h.tenure == OWNER_OCCUPIED]
refuses = next(h for h in alike if h.kind == REFUSED)
pays = next(h for h in alike if h.kind == VOLUNTARY)
for household in (pays, refuses):
    print(
        f"household {household.id}: bill {monthly_bill(household) / 100:.2f} yuan, income {household.income:.0f} yuan, "
        f"trust in the provider {household.trust_provider:.2f}, believes that {household.belief:.0%} pay, "
        f"habit {household.habit:.2f}"
    )

# %% [markdown]
# `payment_terms` takes the utility of paying apart: each term is what would be lost if its weight were zero, in logits.
# The terms but the disposition sum to the utility that the household itself weighs. Every bill also has a luck: a part
# of it, the disposition, is the household's own and lasts; the rest is drawn anew for each bill. `chance_of_paying`
# counts over that rest.

# %%
terms = {household.id: payment_terms(household) for household in (pays, refuses)}
chances = {household.id: chance_of_paying(household) for household in (pays, refuses)}
shown = shown_terms(*terms.values())
with figures.house_style():
    fig, axes = plt.subplots(1, 2, figsize=(9.5, 3.8), layout="constrained", sharex=True)
    for ax, (number, found) in zip(axes, terms.items(), strict=True):
        chance = chances[number]
        reasons_for_paying(ax, found, f"Household {number}: would pay in {100 * chance:.0f} of 100", shown)
    axes[1].set_yticklabels([])
    plt.show()

# %% [markdown]
# A decision is also luck: reasons and disposition give a chance, and a draw that stands for circumstances decides. Who
# did not pay is therefore not always who has the weaker reasons. Which motive, of all households, separates those who
# paid from those who did not?

# %%
everybody = pd.DataFrame([payment_terms(h) | {"paid": h.decided} for h in model.households])
difference = everybody.groupby("paid").mean().T
difference["paid less unpaid"] = difference[1] - difference[0]
difference.rename(index=TERM_TITLES).sort_values("paid less unpaid", ascending=False).round(2)

# %%
utility = everybody.drop(columns="paid").sum(axis=1).to_numpy()
with figures.house_style():
    fig, ax = plt.subplots(figsize=(6.4, 3.2), layout="constrained")
    did = {"paid this month": utility[everybody["paid"] == 1], "did not pay": utility[everybody["paid"] == 0]}
    title = f"The reasons of {len(everybody)} households, and what they did"
    figures.distribution(ax, did, "utility of paying, logits", counted="households", title=title)
    ax.legend()
    plt.show()

# %% [markdown]
# What if somebody whom the household trusts came and asked; or service were one tenth better; or every neighbour paid?
# The agent weighs again with one of its columns changed, and is put back as it was.

# %%
def chance_if(household, **changes):
    """Return the chance of paying if columns of a household were other than they are."""
    kept = {name: getattr(household, name) for name in changes}
    for name, value in changes.items():
        setattr(household, name, value)
    chance = chance_of_paying(household)
    for name, value in kept.items():
        setattr(household, name, value)
    return chance


questions = {
    "as it is": {},
    "asked by somebody trusted": {"suasion": 0.5, "wear": 0.0},
    "service seen 0.1 better": {"quality": refuses.quality + 0.1},
    "believes that all others pay": {"belief": 1.0},
    "has always paid": {"habit": 1.0},
    "trusts the provider fully": {"trust_provider": 1.0},
    "nobody else will ever pay for it": {"bailout": 0.0},
}
changed = {what: chance_if(refuses, **changes) for what, changes in questions.items()}
with figures.house_style():
    fig, ax = plt.subplots(figsize=(6.8, 3.0), layout="constrained")
    chances_of_paying(ax, changed, f"Household {refuses.id}, if only this changed")
    plt.show()

# %% [markdown]
# No single change makes a sure payer of this household; and in the model few things change alone. Better service
# raises trust, payers make payers through belief and habit, and all of it takes years.

# %% [markdown]
# ## What is not claimed
#
# The weights are assumed within ranges that literature makes plausible (`print(sim.explain("market"))` says which). The
# terms say why *this model's* household pays; no survey of Handan's households stands behind them. A decomposition at
# one moment is no forecast of what a policy does, because motives feed on one another.
