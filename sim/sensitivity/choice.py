"""Which factors a screening leaves over: those with the largest part in what matters, over all targets."""

from typing import TYPE_CHECKING

from sim.sensitivity.plan import DUMMY
from sim.sensitivity.values import MINUS

if TYPE_CHECKING:
    import pandas as pd


def shares_over_all(ranking: "pd.DataFrame") -> "pd.Series[float]":
    """Return the mean share of every factor, the largest first.

    ranking : `ranking` of an analysis. A share is the index relative to the largest of its target, and 0 where it
    cannot be told from noise; targets count alike, but where there are differences of scenarios these together count
    as much as the scenarios together. Between 0 and 1.
    """
    table = ranking[ranking["factor"] != DUMMY]
    largest = table.groupby(["target", "place", "start", "outcome"], sort=False)["value"].transform("max")
    share = (table["value"] / largest.where(largest > 0)).where(table["influential"], 0.0).fillna(0.0)
    kind = table["target"].str.contains(MINUS)
    means = share.groupby([kind, table["factor"]], sort=False).mean()
    return means.groupby("factor", sort=False).mean().sort_values(ascending=False, kind="stable")
