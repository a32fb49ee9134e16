"""A sensitivity analysis in plain words."""

from typing import TYPE_CHECKING

from sim.outcomes import OUTCOMES
from sim.sensitivity.plan import DUMMY, OWN_START, Plan
from sim.sensitivity.stopping import LARGEST_RANK_CHANGE, WIDTH
from sim.sensitivity.values import DISPERSION, GOOD, MEAN, MINUS
from sim.tables import counted

if TYPE_CHECKING:
    import pandas as pd

    from sim.sensitivity.analysis import Analysis

NAMES = {
    "morris": "Elementary effects (Morris)",
    "sobol": "Sobol indices",
    "fast": "FAST",
    "rbd_fast": "RBD-FAST",
    "delta": "Moment-independent delta",
    "pawn": "PAWN",
    "dgsm": "Derivative-based measures (DGSM)",
    "shapley": "Shapley effects",
}
RANKS = {
    "mu_star": "mean absolute elementary effect, {unit} over the whole range",
    "ST": "total index, share of variance",
    "S1": "first-order index, share of variance",
    "delta": "delta, 0-1",
    "pawn_median": "PAWN, median distance 0-1",
    "dgsm": "upper bound of the total index",
    "shapley": "Shapley effect, share of variance",
}
_SHOWN = 8
_LEAST = 0.01
"""Share of the largest index from which on a factor is named."""
_SHORT = 3


def words(found: "Analysis", folder: str, *, short: bool = False) -> list[str]:
    """Return paragraphs: what was done, what matters for what (differences first), and if the sample is large enough.

    short : of many targets only the differences, or the first few.
    """
    return [_head(found), *_targets(found, short), _settled(found, folder), *_intercepts(found.plan)]


def _head(found: "Analysis") -> str:
    plan = found.plan
    n_factors = len(plan.units) - 1
    things = "groups of factors" if plan.asked.groups else "factors"
    if plan.asked.seed_factor:
        luck = "luck is a factor of its own"
    elif plan.own_luck:
        luck = "every point has luck of its own, and the noise between replicates is taken out"
        if plan.method not in ("sobol", "morris"):
            luck = "every point has luck of its own; the dummy shows what is noise"
    else:
        luck = f"the same {counted(found.replicates, 'luck')} at every point, so that the dummy is 0 by construction"
    rate = f", made at {found.rate:.0f} a second" if found.rate else ""
    return (
        f"{NAMES[plan.method]} with n = {found.n}: {n_factors} {things} and a dummy, "
        f"{counted(found.rows, 'row')} from {counted(len(plan.starts), 'start')}, "
        f"{counted(found.replicates, 'replicate')}; {luck}. {counted(found.runs, 'run')}{rate}. Ranges are those "
        "declared with the parameters, most of them assumed and none calibrated: what matters here is what matters "
        "within them."
    )


def _targets(found: "Analysis", short: bool) -> list[str]:
    ranked = found.indices[found.indices["ranks"] & (found.indices["statistic"] != DISPERSION)]
    last = ranked[ranked["month"] == found.plan.show[-1]]
    if short:
        names = last["target"].drop_duplicates()
        differences = names[names.str.contains(MINUS)]
        last = last[last["target"].isin(differences if len(differences) else names.head(_SHORT))]
    paragraphs = []
    parts = dict(iter(last.groupby(["target", "place", "start"], sort=False)))
    for (target, place, start), table in sorted(parts.items(), key=lambda part: MINUS not in str(part[0][0])):
        lines = [
            _one(found, str(statistic), str(outcome), part)
            for (outcome, statistic), part in table.groupby(["outcome", "statistic"], sort=False)
        ]
        said = "its own start" if start == OWN_START else f"the start of {start}"
        head = f"{target} @ {place} from {said}, after {found.plan.show[-1]} months."
        paragraphs.append(" ".join([head, *lines]))
    return paragraphs


def _one(found: "Analysis", statistic: str, outcome: str, table: "pd.DataFrame") -> str:
    what = OUTCOMES[outcome].label
    if statistic == GOOD:
        sign = "≥" if OUTCOMES[outcome].better > 0 else "≤"
        what = f"Probability of {what.lower()} {sign} {found.plan.asked.good[outcome]:g}"
    if table["value"].isna().all() or not table["value"].any():
        return f"{what}: does not vary beyond noise."
    table = table.sort_values("value", ascending=False, kind="stable")
    matter = table[table["influential"]]
    floor = float(table.loc[table["factor"] == DUMMY, "high"].iloc[0])
    noise = f"noise (dummy up to {floor:.3g})" if floor > 0 else "noise"
    others = len(table) - 1 - len(matter)
    if not len(matter):
        return f"{what}: no factor is distinguishable from {noise}."
    named = matter[matter["value"] >= _LEAST * matter["value"].max()].head(_SHOWN)
    shown = ", ".join(f"{row.factor} {row.value:.3g}" for row in named.itertuples())
    more = f" and {len(matter) - len(named)} smaller" if len(matter) > len(named) else ""
    rest = f"; {others} not distinguishable from {noise}" if others else ""
    return f"{what}: influential {shown}{more}{rest}."


def _settled(found: "Analysis", folder: str) -> str:
    table = found.stopping[(found.stopping["statistic"] == MEAN) & found.stopping["width"].notna()]
    met = int(table["met"].sum())
    worst = table[["width", "ranking", "screening"]].max()
    ranks = f", change of ranks {worst['ranking']:.2g} (below {LARGEST_RANK_CHANGE:g})"
    if met == len(table):
        return f"The sample is large enough for all {met} means by the rule of Sarrazin, Pianosi and Wagener (2016)."
    how = f"linli sensitivity {folder} --n {2 * found.n} doubles the sample and keeps every run"
    if found.plan.method == "fast":
        how = "a sample of this method does not grow"
    return (
        f"The sample is NOT large enough by the rule of Sarrazin, Pianosi and Wagener (2016): it is met for {met} of "
        f"{len(table)} means. Widest interval {worst['width']:.2g} (rule: below {WIDTH:g}), of factors that do not "
        f"matter {worst['screening']:.2g} (below {WIDTH:g}){'' if table['ranking'].isna().all() else ranks}. Read "
        f"ranks and the split into influential and not, and no second decimals; {how}."
    )


def _intercepts(plan: Plan) -> list[str]:
    """Say what the intercepts of the payment rule mean, where they are factors."""
    named = [path for path in plan.paths if path.startswith(("household.intercept", "household.type_shift"))]
    if not named:
        return []
    return [
        f"{', '.join(named)} move the rate from which everything starts and are not told apart by data: what they "
        "do here is what the starting rate does, from the start of the spin-up on."
    ]
