"""Every way to fail in small multiples: the signature with the cause and without it, on the same households and luck.

`python -m sim.figures.failures docs/figures` runs the scenarios of `scenarios/failures` and draws `failures.png` there,
with what it takes to make it again in `failures.json`.
"""

import json
import sys
import textwrap
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np

from sim.figures.framing import around
from sim.figures.panels import Band, band, smoothed
from sim.figures.style import house_style, look, save
from sim.outcomes import OUTCOMES, over_window
from sim.results import Results
from sim.runs import Batch
from sim.scenarios import list_scenarios
from sim.totals import Total

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

REPLICATES, MONTHS, SEED = 48, 120, 1
COLUMNS = 4
APART = "spread of repair money"
"""Not an outcome of a run but of its estates against each other."""

SHOWN: Mapping[str, str] = MappingProxyType(
    {
        "f01_subsidy_cliff": "service",
        "f02_bailout": "payment_rate",
        "f03_asking_crowded_out": "calls",
        "f04_proxy": "committee_alive",
        "f05_capture": "delivered_per_yuan",
        "f06_attention_fades": "attention",
        "f07_volunteer_fatigue": "volunteer_hours",
        "f08_paper_closure": "share_reopened",
        "f09_visible_bias": "facility_invisible",
        "f10_coercion": "share_enforced",
        "f11_endorsement_liability": "trust_branch",
        "f12_show_estates": APART,
        "entrenched_incumbent": "satisfaction",
        "station_without_claim": "arrears_old",
        "reported_rate": "reported_payment_rate",
        "statutory_work": "statutory_shortfall",
        "key_person_leaves": "attention",
        "spill_over": APART,
        "fee_ceiling": "service",
    }
)
"""By failure: the outcome of its signature that the figure shows."""


def signature_over_time(ax: "Axes", results: Results, name: str) -> Mapping[str, Band]:
    """Draw one failure's outcome over time with its cause and without; return what was drawn by label."""
    outcome, drawn = SHOWN[name], {}
    for k, (label, text) in enumerate(zip(results.labels, ("without the cause", "with it"), strict=True)):
        values = _spread(results.batches[k]) if outcome == APART else smoothed(results.arms[k], outcome)
        found = drawn[label] = band(results.arms[k].months, values)
        years, style = found.months / 12, look(k)
        ax.fill_between(years, found.low, found.high, color=style["color"], alpha=0.3, linewidth=0)
        ax.plot(years, found.mean, label=text, **style)
    ax.axvline(0, color="#555555", linewidth=1, linestyle="--")
    title, unit = (APART.capitalize(), "yuan per dwelling and year") if outcome == APART else (
        OUTCOMES[outcome].label, OUTCOMES[outcome].unit
    )
    head = name.replace("_", " ")
    ax.set_title(f"{head[0].upper()}{head[1:]}", fontsize=9)
    ax.set_ylabel("\n".join(textwrap.wrap(f"{title}, {unit}", 28)), fontsize=7)
    ax.tick_params(labelsize=7)
    return drawn


def draw(found: Mapping[str, Results]) -> "Figure":
    """Draw the failures, by name, that were run."""
    from matplotlib.figure import Figure

    rows = -(-len(found) // COLUMNS)
    runs = max(len(results.arms[0].replicates) for results in found.values())
    with house_style():
        figure = Figure(figsize=(2.7 * COLUMNS, 1.3 + 1.85 * rows), layout="constrained")
        axes = figure.subplots(rows, COLUMNS, squeeze=False, sharex=True).ravel()
        for ax, (name, results) in zip(axes, found.items(), strict=False):
            signature_over_time(ax, results, name)
        for ax in axes[len(found) :]:
            ax.remove()
        for ax in axes[max(0, len(found) - COLUMNS) : len(found)]:
            ax.set_xlabel("years after the policy month")
            ax.xaxis.set_tick_params(labelbottom=True)
        caption = (
            f"{runs} paired runs each, seed {found[next(iter(found))].arms[0].seed}. Line: mean; band: its 95 % "
            "interval. Dashed: policy month. Vertical scales differ and need not begin at 0."
        )
        around(figure, axes[0], "Ways to fail", caption, legend=True)
    return figure


def _spread(batch: Batch) -> np.ndarray:
    """Return the standard deviation among estates of repair money, yuan per dwelling and year, (run, month)."""
    money = batch.totals[:, :, Total.REPAIR_MONEY] / batch.totals[:, :, Total.N_HOUSEHOLDS] / 100.0
    yearly = np.stack([over_window(money[..., e]) for e in range(money.shape[-1])], axis=-1)
    return np.asarray(yearly.std(axis=-1))


def main(folder: Path) -> None:
    """Run every failure and write the figure, and what it was made from, into a folder."""
    from sim.manifest import model_hash
    from sim.runs import run

    names = [info.name for info in list_scenarios() if info.kind == "failure"]
    found = {name: run(name, months=MONTHS, replicates=REPLICATES, seed=SEED) for name in SHOWN if name in names}
    folder.mkdir(parents=True, exist_ok=True)
    save(draw(found), folder / "failures.png", "png")
    files = {name: dict(results.arms[1].world.files) for name, results in found.items() if results.arms[1].world}
    made = {
        "command": "python -m sim.figures.failures", "seed": SEED, "replicates": REPLICATES, "months": MONTHS,
        "model": model_hash(), "scenarios": files,
    }  # fmt: skip
    (folder / "failures.json").write_text(json.dumps(made, indent=1, sort_keys=True) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path("docs/figures"))
