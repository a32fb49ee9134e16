"""A sensitivity analysis in plain words."""

from typing import TYPE_CHECKING

from sim.outcomes import OUTCOMES
from sim.sensitivity.choice import shares_over_all
from sim.sensitivity.plan import DUMMY, OWN_START, Plan
from sim.sensitivity.screening import MU
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
_LEFT = 12
"""Factors that a screening leaves over, as it names them."""
ONE_AT_A_TIME = ("morris", "sobol", "dgsm", "shapley")
"""Methods whose steps move one factor alone: under common luck a step of the dummy changes nothing."""


def words(found: "Analysis", folder: str, *, short: bool = False) -> list[str]:
    """Return paragraphs: what was done, what matters for what (differences first), and if the sample is large enough.

    short : of many targets only the differences, or the first few.
    """
    last = [_settled(found, folder), *_left_over(found), *_intercepts(found.plan), *_starts(found.plan)]
    return [_head(found), *_left_out(found), *_targets(found, short), *last]


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
        luck = f"the same {counted(found.replicates, 'luck')} at every point"
        if plan.method in ONE_AT_A_TIME:
            luck += ", so that the dummy is 0 by construction and what the lucks differ in is the noise"
        else:
            luck += "; the dummy shows what chance in the sample does"
    rate = f", made at {found.rate:.0f} a second" if found.rate else ""
    return (
        f"{NAMES[plan.method]} with n = {found.n}: {n_factors} {things} and a dummy, "
        f"{counted(found.rows, 'row')} from {counted(len(plan.starts), 'start')}, "
        f"{counted(found.replicates, 'replicate')}; {luck}. {counted(found.runs, 'run')}{rate}. Ranges are those "
        "declared with the parameters, most of them assumed and none calibrated: what matters here is what matters "
        f"within them, while every other parameter keeps its value.{_brackets(found)}"
    )


def _left_out(found: "Analysis") -> list[str]:
    """Say which part of the sample is analysed, and where outcomes that do not exist leave out more of it."""
    there = found.coverage
    told = [] if there.is_all else [there.in_words()]
    kept = int(there.kept.sum())
    least = found.indices.groupby("outcome", sort=False)["rows"].min() // there.size
    lost = [f"{outcome} in {kept - n} of {kept}" for outcome, n in least.items() if n < kept]
    if lost:
        told.append(
            f"Left out as well, because an outcome does not exist there, at most: {', '.join(lost)} {there.blocks}."
        )
    return told


def _brackets(found: "Analysis") -> str:
    if found.plan.method == "morris" and not found.plan.asked.groups:
        return " In brackets: the mean effect with its sign, + where a higher value of the factor raises the outcome."
    if not len(found.profiles):
        return ""
    return (
        " In brackets: the mean where the factor is in the lowest and in the highest quarter of its range (or has its "
        "first and its last value), over all that else varies."
    )


def _targets(found: "Analysis", short: bool) -> list[str]:
    ranked = found.indices[found.indices["ranks"] & (found.indices["statistic"] != DISPERSION)]
    last = ranked[ranked["month"] == found.plan.show[-1]]
    if short:
        names = last["target"].drop_duplicates()
        differences = names[names.str.contains(MINUS)]
        last = last[last["target"].isin(differences if len(differences) else names.head(_SHORT))]
    paragraphs, directions = [], _directions(found)
    parts = dict(iter(last.groupby(["target", "place", "start"], sort=False)))
    for (target, place, start), table in sorted(parts.items(), key=lambda part: MINUS not in str(part[0][0])):
        lines = [_one(found, part, directions) for _, part in table.groupby(["outcome", "statistic"], sort=False)]
        said = "its own start" if start == OWN_START else f"the start of {start}"
        head = f"{target} @ {place} from {said}, after {found.plan.show[-1]} months."
        paragraphs.append(" ".join([head, *lines]))
    return paragraphs


def _one(found: "Analysis", table: "pd.DataFrame", directions: dict[tuple[str, ...], str]) -> str:
    outcome, statistic = str(table["outcome"].iloc[0]), str(table["statistic"].iloc[0])
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
    named = matter[matter["value"] >= _LEAST * table["value"].max()].head(_SHOWN)
    brackets = [directions.get(key, "") for key in _keys(named)]
    values = zip(named["factor"], named["value"], brackets, strict=True)
    shown = ", ".join(f"{factor} {value:.3g}{bracket}" for factor, value, bracket in values)
    more = f" and {len(matter) - len(named)} smaller" if len(matter) > len(named) else ""
    rest = f"; {others} not distinguishable from {noise}" if others else ""
    return f"{what}: influential {shown}{more}{rest}."


def _directions(found: "Analysis") -> dict[tuple[str, ...], str]:
    """Return in brackets for target and factor the means where it is lowest and highest; of a screening the effect."""
    last = found.plan.show[-1]
    if found.plan.method == "morris":
        rows = found.indices[(found.indices["index"] == MU) & (found.indices["month"] == last)]
        rows = rows[rows["value"].notna()]
        return {key: f" ({value:+.2g})" for key, value in zip(_keys(rows), rows["value"], strict=True)}
    if not len(found.profiles):
        return {}
    rows = found.profiles[found.profiles["month"] == last]
    low, high = rows[rows["part"] == 0], rows[rows["part"] == rows["parts"] - 1]
    ends = zip(low["mean"], high["mean"], strict=True)
    return {key: f" ({one:.2g} → {other:.2g})" for key, (one, other) in zip(_keys(low), ends, strict=True)}


def _keys(rows: "pd.DataFrame") -> list[tuple[str, ...]]:
    names = ["target", "place", "start", "outcome", "statistic", "factor"]
    return [*rows[names].astype(str).itertuples(index=False, name=None)]


def _settled(found: "Analysis", folder: str) -> str:
    table = found.stopping[(found.stopping["statistic"] == MEAN) & found.stopping["width"].notna()]
    met = int(table["met"].sum())
    worst = table[["width", "ranking", "screening"]].max()
    ranks = f", change of ranks {worst['ranking']:.2g} (below {LARGEST_RANK_CHANGE:g})"
    if table["ranking"].isna().all():
        ranks = "; ranks are not judged, as this method has no resamples of its own"
    if met == len(table):
        return (
            f"The sample is large enough for all {met} means by the rule of Sarrazin, Pianosi and Wagener (2016)"
            f"{ranks if table['ranking'].isna().all() else ''}."
        )
    how = f"linli sensitivity {folder} --n {2 * found.n} doubles the sample and keeps every run"
    if found.plan.method == "fast":
        how = "a sample of this method does not grow"
    return (
        f"The sample is NOT large enough by the rule of Sarrazin, Pianosi and Wagener (2016): it is met for {met} of "
        f"{len(table)} means. Widest interval {worst['width']:.2g} (rule: below {WIDTH:g}), of factors that do not "
        f"matter {worst['screening']:.2g} (below {WIDTH:g}){ranks}. Read "
        f"ranks and the split into influential and not, and no second decimals; {how}."
    )


def _left_over(found: "Analysis") -> list[str]:
    """Name the factors that a screening leaves over."""
    if found.plan.method != "morris" or found.plan.asked.groups:
        return []
    shares = shares_over_all(found.ranking).head(_LEFT)
    named = ", ".join(f"{factor} {share:.2f}" for factor, share in shares.items() if share > 0)
    if not named:
        return []
    return [
        "Left over for Sobol indices are the factors with the largest mean share (effect relative to the largest of "
        f"its outcome, 0 if not told from noise; differences and scenarios count alike): {named}."
    ]


def _starts(plan: Plan) -> list[str]:
    """Say what a start from another place is."""
    others = [start for start, _ in plan.starts if start != OWN_START]
    if not others:
        return []
    return [
        f"The start of {', '.join(others)} sets payment, trust and facilities in the policy month; the own start is "
        "what the place has come to by then, after its spin-up."
    ]


def _intercepts(plan: Plan) -> list[str]:
    """Say what the intercepts of the payment rule mean, where they are factors."""
    named = [path for path in plan.paths if path.startswith(("household.intercept", "household.type_shift"))]
    if not named:
        return []
    return [
        f"The rate from which everything starts is moved by {', '.join(named)}, which data do not tell from it: what "
        "is said of them here holds for the starting rate, from the start of the spin-up on."
    ]
