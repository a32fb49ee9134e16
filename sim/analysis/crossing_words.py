"""Where the order of two forms turns, in words and as Markdown."""

import math
from typing import TYPE_CHECKING

from sim.analysis.ablation_words import digits, spread
from sim.analysis.turning import Crossing
from sim.outcomes import OUTCOMES
from sim.tables import fixed

if TYPE_CHECKING:
    from sim.analysis.crossing import Crossings, Question, Turned


def words(found: "Crossings") -> dict[str, str]:
    """Say for each outcome where the order turns, or that it does not, and what is missing."""
    return {
        OUTCOMES[each.outcome].label: " ".join([_paragraph(found.question, each), *_at_fees(found, each.outcome)])
        for each in found.turned
    }


def _at_fees(found: "Crossings", outcome: str) -> list[str]:
    """Say how far the first form is ahead at own, equal and voted fees, where the factor is the fee."""
    told = []
    n = digits(outcome)
    for row in found.fees.to_dict("records"):
        if row["outcome"] != outcome:
            continue
        if math.isnan(row["fee_form"]) or math.isnan(row["fee_rival"]):
            nobody = [row[who] for who in ("form", "rival") if math.isnan(row[f"fee_{who}"])]
            told.append(f"{row['at']}: nobody votes on a firm's fee in {' and '.join(nobody)}")
            continue
        fees = " and ".join(f"{fee:.2f}" for fee in dict.fromkeys((row["fee_form"], row["fee_rival"])))
        told.append(f"{row['at']} ({fees}): {spread(row['difference'], row['low'], row['high'], n)}")
    one, other = found.question.labels
    return [f"{one} less {other}: at {'; at '.join(told)}."] if told else []


def _paragraph(question: "Question", each: "Turned") -> str:
    low, high = question.values[0], question.values[-1]
    told = f"{question.factor} from {low:g} to {high:g} {question.unit}"
    if not each.told:
        return f"{told}: too few runs have a value to say anything."
    sentences = [_order(question, each, told)]
    if each.left_out:
        shown = ", ".join(f"{value:g}" for value in each.left_out)
        sentences.append(f"At {shown} most runs have no value, and these are left out.")
    if each.n_missing:
        n = each.differences.shape[1]
        sentences.append(f"{each.n_missing} runs that lack a value somewhere are left out, {n} remain.")
    return " ".join(sentences)


def _order(question: "Question", each: "Turned", told: str) -> str:
    """Say who is ahead where."""
    if not each.differences.any():
        return f"{told}: the two are the same at every value."
    mean = each.differences.mean(axis=1)
    turns = each.crossings
    if not turns:
        up = bool(mean[mean != 0][0] > 0) if mean.any() else True
        who = _ahead(question, each, up)
        return f"{told}: no crossing; {who} at every value looked at{_untold(each)}."
    first = _ahead(question, each, not turns[0].rises)
    if len(turns) == 1:
        after = _ahead(question, each, turns[0].rises)
        return f"{told}: the order turns at {interval(turns[0])}; below it {first}, above it {after}."
    listed = "; ".join(f"at {interval(turn)} {_ahead(question, each, turn.rises)}" for turn in turns)
    shared = len({(turn.low, turn.high) for turn in turns}) < len(turns)
    doubt = (
        "; crossings with the same interval lie in one range in which the two are not told apart, so the order may "
        "turn less often"
        if shared
        else ""
    )
    return f"{told}: the order turns {len(turns)} times; at first {first}, and from then on: {listed}{doubt}."


def _untold(each: "Turned") -> str:
    """Say in which ranges the forms are not told apart, for the end of a sentence."""
    if not each.undecided:
        return ", and told apart at all of them"
    ranges = ", ".join(f"{low:.3g} to {high:.3g}" for low, high in each.undecided)
    return f", but not told apart from {ranges}"


def _ahead(question: "Question", each: "Turned", up: bool) -> str:
    """Say which form is ahead where the difference is above zero (`up`) or below it."""
    better = OUTCOMES[each.outcome].better
    if not better:
        return f"{question.labels[0] if up else question.labels[1]} is higher"
    return f"{question.labels[0] if up == (better > 0) else question.labels[1]} is ahead"


def interval(turn: Crossing) -> str:
    """Write a crossing with its interval; an end beyond the range looked at is said to be open."""
    if math.isnan(turn.low):
        return f"{turn.at:.3g} (one run)"
    low = "below the range" if math.isinf(turn.low) else f"{turn.low:.3g}"
    high = "above the range" if math.isinf(turn.high) else f"{turn.high:.3g}"
    return f"{turn.at:.3g} [{low}, {high}]"


def mean(value: float, n: int, sign: str = "") -> str:
    """Write the mean of a form, or with a sign how far it moved, with n decimals; "-" where it has none."""
    return "-" if math.isnan(value) else fixed(value, n, sign)


def markdown(found: "Crossings", command: str) -> str:
    """Return the page of a crossing: what was run, the words, then a table per outcome."""
    question = found.question
    one, other = question.labels
    keys = " and ".join(f"`{key.path}` in {label}" for key, label in zip(question.keys, question.labels, strict=True))
    lines = [
        f"# {one} and {other} in {question.place} over {question.factor}",
        "",
        f"{found.judged.replicates} replicates, {question.months} months, seed {found.judged.seed}; "
        f"made by `{command}`. The factor is {keys}. How to read it, and what it is not: `docs/ablation.md`.",
        "",
    ]
    for label, paragraph in found.words.items():
        lines += [f"- {label}: {paragraph}"]
    for name, part in found.table.groupby("outcome", sort=False):
        n = digits(str(name))
        lines += ["", f"**{OUTCOMES[str(name)].label}** (`{name}`, {OUTCOMES[str(name)].unit})", ""]
        lines += [f"| {question.factor} | {one} | {other} | difference | {other} itself moved |", "|---" * 5 + "|"]
        for row in part.to_dict("records"):
            cells = f"{mean(row['mean_form'], n)} | {mean(row['mean_rival'], n)}"
            difference = spread(row["difference"], row["low"], row["high"], n)
            lines.append(f"| {row['value']:g} | {cells} | {difference} | {mean(row['moved_rival'], n, '+')} |")
        lines += _fees_table(found, str(name))
    return "\n".join(lines) + "\n"


def _fees_table(found: "Crossings", outcome: str) -> list[str]:
    """Return the lines of the table of own, equal and voted fees, none where the factor is another."""
    rows = [row for row in found.fees.to_dict("records") if row["outcome"] == outcome]
    if not rows:
        return []
    n = digits(outcome)
    one, other = found.question.labels
    head = f"| at | fee of {one} | fee of {other} | {one} | {other} | difference | {other} itself moved |"
    lines = ["", head, "|---" * 7 + "|"]
    for row in rows:
        fees = f"{mean(row['fee_form'], 2)} | {mean(row['fee_rival'], 2)}"
        cells = f"{mean(row['mean_form'], n)} | {mean(row['mean_rival'], n)}"
        difference = spread(row["difference"], row["low"], row["high"], n)
        lines.append(f"| {row['at']} | {fees} | {cells} | {difference} | {mean(row['moved_rival'], n, '+')} |")
    return lines
