"""The findings of README.md, written from the tables in results/reference: no number in them is typed.

Every sentence says which table it is from by the folder above it. A word such as ahead or behind follows the sign of
the number beside it.
"""

import math
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.odd.markdown import table
from sim.outcomes import OUTCOMES
from sim.parameters import PARAMETERS
from sim.tables import fixed

if TYPE_CHECKING:
    import pandas as pd

    from sim.results import Results

REFERENCE = Path(__file__).resolve().parents[2] / "results" / "reference"
SHOWN = ("payment_rate", "cost_covered", "settled_3", "unresolved", "full_cost")
"""Outcomes of the screen that opens the page."""
CROSSINGS = ("red_station_market", "red_alliance_market", "red_branch_self_governance")
TOOK_ON = "red_station_market_loss_base"
RIVALS = {
    "red_station": ("trapped", ("market", "custody", "state_owned", "catalysed")),
    "red_alliance": ("managed", ("market", "state_owned", "catalysed")),
    "red_branch": ("committee", ("self_governance", "market", "trust")),
}
"""The red forms that findings tell of: the place of each, and its rivals there."""
MONEY = ("none", "subsidy_taper", "subsidy_permanent")
"""Rows of money: nothing offered, and the same full cost with a subsidy that tapers or stays."""


@cache
def read(folder: str, name: str) -> "pd.DataFrame":
    """Return a committed table.

    Raises InputError where it is not as its manifest lists it.
    """
    from sim.stored import Listed, manifest_of

    manifest = manifest_of(REFERENCE / folder) or {"files": []}
    kept = Listed.of(REFERENCE / folder, manifest["files"], lambda name: "make reference makes it again")
    return kept.frame(f"{name}.parquet")


def rows(folder: str, name: str, **where: object) -> list[dict[str, Any]]:
    """Return the rows of a committed table in which columns have these values."""
    frame = read(folder, name)
    for column, value in where.items():
        frame = frame[frame[column] == value]
    return [{str(key): value for key, value in row.items()} for row in frame.to_dict("records")]


def row(folder: str, name: str, **where: object) -> dict[str, Any]:
    """Return the one row of a committed table in which columns have these values."""
    (found,) = rows(folder, name, **where)
    return found


def told(mean: float, low: float, high: float, digits: int = 2, sign: str = "+") -> str:
    """Write a mean with its interval."""
    return f"{fixed(mean, digits, sign)} ({fixed(low, digits, sign)} to {fixed(high, digits, sign)})"


@cache
def trapped() -> "Results":
    """Return the forms feasible in a trapped estate, as `linli compare` runs them."""
    import sim

    return sim.compare(["custody", "market", "red_station", "state_owned"], place="trapped", months=120, seed=1)


def screen() -> str:
    """Return what the first table of `linli compare` shows of the trapped estate."""
    from sim.tables import results_lines

    lines = [line.plain for line in results_lines(trapped(), [OUTCOMES[name] for name in SHOWN])]
    end = next(k for k, line in enumerate(lines) if line.startswith("  How issues end"))
    return "\n".join(["```", "=== in trapped ===", *lines[:end], "```"])


def turn() -> str:
    """Return where the order of two forms turns over the fee."""
    text = []
    for folder in CROSSINGS:
        differences = rows(f"crossing/{folder}", "differences", outcome="cost_covered")
        first = differences[0]
        pair, place = f"`{first['form']}` and `{first['rival']}`", first["place"]
        low, high = differences[0]["value"], differences[-1]["value"]
        said = [_turns(f"crossing/{folder}", name, "fees") for name in ("cost_covered", "payment_rate")]
        fees = f"both at the same fee from {low:g} to {high:g} yuan/m2 a month"
        at_fees = rows(f"crossing/{folder}", "fees", outcome="cost_covered")
        ahead_by = [_at(each) for each in at_fees]
        drift = f"`{first['rival']}` itself moved by {fixed(at_fees[0]['moved_rival'], 2, '+')} at its own fee"
        less = f"{OUTCOMES['cost_covered'].label}, `{first['form']}` less `{first['rival']}`"
        told_at = f"{less}: {'; '.join(ahead_by)}. Since before the policy {drift}."
        text.append(f"* {pair} in `{place}`, {fees}: {'; '.join(said)}. {told_at}")
    return "\n".join(text)


def took_on() -> str:
    """Return where the order of station and market turns over the service that the station is held to."""
    folder = f"crossing/{TOOK_ON}"
    first, *_, last = rows(folder, "differences", outcome="cost_covered")
    said = [_turns(folder, name, "values") for name in ("cost_covered", "payment_rate")]
    return (
        f"Over the service that a station is held to (`station.loss_base`, from {first['value']:g} to "
        f"{last['value']:g} of standard cost; a firm is held to `firm.loss_base` of its own), `{first['form']}` and "
        f"`{first['rival']}` in `{first['place']}`: {'; '.join(said)}. Cost covered, `{first['form']}` less "
        f"`{first['rival']}`: {_difference(first)} at the least, {_difference(last)} at the most."
    )


def _difference(each: Mapping[str, Any]) -> str:
    return told(each["difference"], each["low"], each["high"])


def _turns(folder: str, name: str, of: str) -> str:
    """Say where the order of two forms turns in an outcome, or which is ahead throughout; of : what was tried."""
    label = OUTCOMES[name].label.lower()
    found, parts = (rows(folder, table, outcome=name) for table in ("crossings", "differences"))
    form, rival = parts[0]["form"], parts[0]["rival"]
    if found:
        at = ", ".join(told(each["at"], each["low"], each["high"], 2, "").replace("inf", "beyond") for each in found)
        first = " the first of" if len(found) > 1 else ""
        return f"in {label} it turns at {at}, below{first} which `{rival if found[0]['rises'] else form}` is ahead"
    least, most = sorted((part["difference"] for part in parts), key=abs)[:: len(parts) - 1]
    which = "ahead" if most > 0 else "behind"
    clear = sum(not part["low"] <= 0 <= part["high"] for part in parts)
    apart = "" if clear == len(parts) else f", told from chance at {clear}"
    return f"in {label} `{form}` is {which} at each of {len(parts)} {of}, by {abs(least):.3f} to {abs(most):.3f}{apart}"


def _at(each: dict[str, Any]) -> str:
    """Say how far a form is ahead at some fees, or that its owners vote on none."""
    if each["difference"] != each["difference"]:
        return f"{each['at']} do not exist, for nobody votes on a firm's fee"
    asked = dict.fromkeys(f"{each[key]:.2f}" for key in ("fee_form", "fee_rival"))
    return f"{told(each['difference'], each['low'], each['high'])} at {each['at']} ({' and '.join(asked)})"


def lead() -> str:
    """Return, for each red form and rival, the difference at default values and the levers that carry it."""
    lines = []
    for form, (_, rivals) in RIVALS.items():
        for rival in rivals:
            if not rows(f"ablation/{form}", "ablation", rival=rival):
                continue
            cells = [form, rival]
            moved = row(f"ablation/{form}", "ablation", rival=rival, outcome="cost_covered", row="moved")
            for name in ("payment_rate", "cost_covered", "settled_3", "full_cost"):
                whole = row(f"ablation/{form}", "ablation", rival=rival, outcome=name, row="whole")
                digits = 1 if name == "full_cost" else 2
                cells.append(told(whole["mean"], whole["low"], whole["high"], digits))
            back = rows(f"ablation/{form}", "ablation", rival=rival, outcome="cost_covered", row="last")
            clear = [each for each in back if each["verdict"] in ("more", "less")]
            most = sorted(clear, key=lambda each: -abs(each["mean"]))[:3]
            cells.append(fixed(moved["mean"], 2, "+"))
            ends = rows(f"ablation/{form}", "ablation", rival=rival, outcome="without_provider", row="last")
            gone = {each["lever"]: each["mean"] for each in ends if each["verdict"] == "less"}
            cells.append(", ".join(_carrying(each, gone) for each in most))
            lines.append(cells)
    head = (
        "form", "less", "bills paid", "cost covered", "settled", "full cost", "cost covered of the rival itself moved",
        "most of the cost covered goes with",
    )  # fmt: skip
    return table(head, lines)


def _carrying(each: Mapping[str, Any], gone: Mapping[str, float]) -> str:
    """Write what goes with a lever, and in how many more runs nobody serves where it is set back."""
    kept = f" (set back, nobody serves in {-gone[each['lever']]:.0%} more runs)" if each["lever"] in gone else ""
    return f"`{each['lever']}` {fixed(each['mean'], 2, '+')}{kept}"


def money() -> str:
    """Return the differences of each red form to every rival: without money, and at equal full cost in two ways."""
    lines = []
    for form, (place, rivals) in RIVALS.items():
        for rival in rivals:
            where = {"form": form, "rival": rival, "place": place}
            by = [row("equal_money", "pairs", **where, money=name) for name in MONEY]
            cells = [form, rival]
            for name, digits in (
                ("payment_rate", 2), ("cost_covered", 2), ("unresolved", 1), ("full_cost", 0), ("public_cost", 0),
            ):  # fmt: skip
                cells.append(" / ".join(_clear(each, name, digits) for each in by))
            lines.append(cells)
    head = ("form", "less", "bills paid", "cost covered", "trouble left over", "full cost", "public money alone")
    return table(head, lines)


def _clear(each: Mapping[str, Any], name: str, digits: int) -> str:
    """Write a difference, in brackets where its interval holds nothing at all."""
    said = fixed(each[name], digits, "+")
    return f"({said})" if each[f"{name}_low"] <= 0 <= each[f"{name}_high"] else said


def odds() -> str:
    """Return in which share of draws each red form is clearly ahead of a rival, clearly behind, or undecided."""
    return _odds({"prior_predictive": "cover", "prior_predictive_bills": "bills"})


def settled() -> str:
    """Return the same where places are settled again at every draw."""
    return _odds({"settled_places": "cover", "settled_places_bills": "bills"})


def _odds(folders: Mapping[str, str]) -> str:
    first, lines = next(iter(folders)), []
    for form, (place, _) in RIVALS.items():
        where = {"form": form, "place": place, "years": 10}
        for rival in [each["rival"] for each in rows(first, "odds", **where, margin=0.0)]:
            cells = [f"`{form}`", rival]
            for folder in folders:
                for margin in (0.0, 0.1):
                    found = row(folder, "odds", **where, rival=rival, margin=margin)
                    shares = [found[f"share_{what}"] for what in ("ahead", "behind", "undecided")]
                    cells.append(" / ".join(f"{100 * share:.0f}" for share in shares))
                one = row(folder, "odds", **where, rival=rival, margin=0.0)
                single = [one[f"pairs_{what}"] / one["pairs"] for what in ("ahead", "behind")]
                cells.append(" / ".join(f"{100 * share:.0f}" for share in single))
                cells.append(_alone(one))
            lines.append(cells)
    kinds = ("by any", "by 0.1", "of single estates", "rival alone")
    by = [f"{what}, {kind}" if kind != "rival alone" else kind for what in folders.values() for kind in kinds]
    counted = rows(first, "odds", years=10, margin=0.0)
    draws = sorted({each["draws"] for each in counted})
    lucks = counted[0]["pairs"] / counted[0]["draws"]
    of = " to ".join(f"{n:,}" for n in dict.fromkeys((draws[0], draws[-1])))
    counts = f"{of} draws, about {lucks:.0f} paired lucks of each.{_starts(first)}"
    return f"{counts}\n\n{table(('form', 'against', *by), lines)}"


def _alone(found: Mapping[str, Any]) -> str:
    """Say how far a rival moved by itself; a study that did not keep the policy month has no such number."""
    drift = found.get("drift", math.nan)
    return "" if math.isnan(drift) else fixed(drift, 2, "+")


def _starts(folder: str) -> str:
    """Say how many draws of each place start elsewhere than it declares, where that was kept."""
    if not (REFERENCE / folder / "starts.parquet").is_file():
        return ""
    said = [f"{each['off']} of {each['draws']} in `{each['place']}`" for each in rows(folder, "starts")]
    return f" Further than 0.1 from the declared payment rate start {', '.join(said)}."


def structure() -> str:
    """Return what does not survive under other structures of the model."""
    lines = []
    for form, (place, rivals) in RIVALS.items():
        for rival in rivals:
            for name in ("payment_rate", "cost_covered"):
                where = {"form": form, "place": place, "rival": rival, "outcome": name}
                found = rows("alternatives", "alternatives", **where)
                if not found:
                    continue
                own, others = found[0], found[1:]
                n = {word: sum(each["verdict"] == word for each in others) for word in ("holds", "still none")}
                lost = [f"`{each['structure']}` ({each['verdict']})" for each in others if each["verdict"] not in n]
                kept = f"{n['holds'] + n['still none']} of {len(others)}"
                shown = told(own["mean"], own["low"], own["high"])
                lines.append((form, rival, OUTCOMES[name].label.lower(), shown, _alone(own), kept, ", ".join(lost)))
    return table(("form", "less", "in", "as it is", "rival alone", "the same in", "not the same in"), lines)


def patterns() -> str:
    """Return which observed patterns the ranges reach, of 2,000 points."""
    found = rows("search_patterns", "patterns", kind="pattern")
    said = [f"{each['name']} {100 * each['share']:.1f} %" for each in found]
    monthly = {each["pattern"]: each["share"] for each in rows("search_patterns", "by", value="1")}
    four = "C14, all four"
    return (
        f"Of {found[0]['all']:,} points of the ranges these shares reach an observed pattern: {'; '.join(said)} "
        f"([what they are](docs/findings/patterns.md)). C14 counts monthly bills: with monthly bills "
        f"{100 * monthly['C14']:.1f} % of points reach it, and {100 * monthly[four]:.1f} % all four of its numbers. "
        f"A healthy estate keeps its firm for ten years, where C7 and E1 are reached: {_kept('sound')} where it starts "
        f"near the payment of healthy estates, {_kept('whatever')} whatever it pays; asked for were 95 %."
    )


def _kept(which: str) -> str:
    """Say in how many runs a healthy estate keeps its firm; which : "sound" or "whatever"."""
    of = rows("search_patterns", "patterns", kind="keeps")[("sound", "whatever").index(which)]
    ends = f"{100 * of['share_low']:.1f} to {100 * of['share_high']:.1f}"
    return f"{of['reached']} of {of['points']} runs ({100 * of['share']:.1f} %, {ends})"


def harms() -> str:
    """Return what each channel of harm does over the ranges, and where a red form then ends worst."""
    lines = []
    for each in rows("search_harms", "harms"):
        bills = told(each["payment_rate_mean"], each["payment_rate_low"], each["payment_rate_high"], 3)
        left = told(each["unresolved_mean"], each["unresolved_low"], each["unresolved_high"], 2)
        shares = [f"{100 * each[key] / each['points']:.1f} %" for key in ("worst", "worst_without")]
        found = "found" if each["found"] != -1 else "not found"
        lines.append((each["form"], each["channel"], bills, left, *shares, found))
    head = ("form", "harm, full less none", "bills paid", "trouble left over", "ends worst", "without it", "run again")
    return table(head, lines)


def depends() -> str:
    """Return which factors are told from noise in the differences that red forms make."""
    screened = read("screening", "ranking")
    pairs = screened.loc[screened["target"].str.contains("−"), ["target", "place"]].drop_duplicates()
    last, lines = screened["month"].max(), []
    for target, place in pairs.itertuples(index=False):
        for name in ("payment_rate", "cost_covered", "unresolved"):
            where = {"target": target, "place": place, "start": "own", "outcome": name, "month": last}
            effects = rows("screening", "ranking", **where)
            clear = sorted((each for each in effects if each["influential"]), key=lambda each: -each["value"])
            digits = 1 if name == "unresolved" else 3
            most = [f"`{each['factor']}` {fixed(each['value'], digits)}" for each in clear[:5]]
            known = f"{len(clear)} of {len(effects)}"
            label = OUTCOMES[name].label.lower()
            lines.append((f"{target} @ {place}", label, known, ", ".join(most) or "none"))
    head = ("difference", "in", "told from noise", "largest mean effects")
    return table(head, lines)


def regimes() -> str:
    """Return where one estate has two end states, and what is left when support ends, in the words of the analysis."""
    from sim.stored import manifest_of

    words = (manifest_of(REFERENCE / "tipping") or {})["words"]
    return "\n".join(f"* {name}: {words[name]}" for name in ("Phase diagram", "Support"))


def held() -> str:
    """Return, as a fault that is known, what firm, station and custody are held to."""
    months, base = (PARAMETERS[f"firm.{name}"].default for name in ("loss_months", "loss_base"))
    patience, station, custody = (
        PARAMETERS[path].default for path in ("community.loss_months", "station.loss_base", "custody.loss_base")
    )
    return (
        f"* **What a station is held to is assumed.** A firm leaves after `firm.loss_months` ({months:g}) in which its "
        f"revenue stays below {base:g} of its own cost of service to standard; a station is given up after "
        f"`community.loss_months` ({patience:g}) below {station:g}, the lowest a firm can cut down to, custody below "
        f"{custody:g}. Public money counts as revenue of either. *What turns the order around* says what another "
        "measure would change."
    )


def terms() -> str:
    """Return what of a station is set back in its ablation."""
    grant = PARAMETERS["station.grant"].default
    return (
        f"Of a station, its terms are set back too, to custody's or to a firm's: its own fee, its caretaker's money "
        f"(`station.grant`, public, {grant:g} yuan/m2 a month), wage, skill, roster and managers."
    )


def published() -> str:
    """Return what `docs/rivals.md` says about gains that are written up where nothing happened."""
    import sim
    from sim.selection import gains, publish

    small = ["population.n_estates=40", "population.n_households=50"]
    market = sim.run("market", place="managed", months=25, replicates=16, set=small).batches[0]
    found = publish(gains(market, start=-1, end=23), best=0.2)
    reported, true = (
        [fixed(100.0 * number, 1) for number in (each.mean, each.low, each.high)]
        for each in (found.reported, found.true)
    )
    return (
        "A market firm in small estates, no party organisation, nothing happens at the policy month. The fifth that is "
        f"written up gained {reported[0]} points of the payment rate in two years (95 % interval {reported[1]} to "
        f"{reported[2]}, as a reader would work it out), all estates together {true[0]} ({true[1]} to {true[2]})."
    )


FINDINGS = {
    "screen": screen,
    "findings-turn": turn,
    "findings-held": took_on,
    "findings-lead": lead,
    "findings-terms": terms,
    "findings-money": money,
    "findings-odds": odds,
    "findings-settled": settled,
    "findings-structure": structure,
    "findings-patterns": patterns,
    "findings-harms": harms,
    "findings-depends": depends,
    "findings-regimes": regimes,
    "findings-held-to": held,
    "published": published,
}
"""Name of a generated part of README.md or docs/rivals.md -> the function that writes it."""
