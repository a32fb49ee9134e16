"""The rules of the house for every figure function that draws on an Axes, found by itself wherever it stands.

Each fills its axis, names units, uses colours that the colour-blind tell apart, returns what it draws, and draws the
numbers of the Parquet files. A new figure function is added to DRAWINGS below; until then a test says so.
"""

import importlib
import inspect
import io
import pkgutil
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields, is_dataclass
from typing import Any

import figure_sources
import matplotlib
import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import rgb_to_hsv, to_rgb
from matplotlib.figure import Figure
from matplotlib.image import imread
from matplotlib.patches import Rectangle

import sim.figures.tipping
from sim import figures
from sim.figures.panels import KINDS
from sim.figures.style import COLOURS
from sim.outcomes import OUTCOMES
from sim.parameters import PARAMETERS
from sim.stability import STABILITY

LEAST_INK = 0.001
"""Share of an axis' pixels that have colour at the least."""


@dataclass(frozen=True)
class Drawing:
    """How a figure function is tried.

    source : what it draws from, a key of what `figure_sources` makes; arguments : those after the Axes, as a function
    of the source; numbers : what of the returned data must be found on the axis.
    """

    source: str
    arguments: Callable[[Any], dict[str, Any]]
    numbers: Callable[[Any], Any] = lambda returned: returned


def of_results(numbers: Callable[[Any], Any] = lambda returned: returned, **told: Any) -> Drawing:
    return Drawing("results", lambda source: {"results": source, **told}, numbers)


def of_district(numbers: Callable[[Any], Any] = lambda returned: returned, **told: Any) -> Drawing:
    return Drawing("district", lambda source: {"results": source, "label": source.labels[1], **told}, numbers)


def of_tipping(tables: str, **told: Any) -> Drawing:
    return Drawing("tipping", lambda source: {name: source.tables[name] for name in tables.split()} | told)


def of_sensitivity(table: str, numbers: Callable[[Any], Any], **where: str) -> Drawing:
    """Draw the means' rows of a table of a sensitivity analysis, of the ranking index, where columns are as told."""

    def rows(tables: Any) -> dict[str, Any]:
        chosen = tables[table]
        if table == "indices":
            chosen = chosen[chosen["ranks"] & (chosen["statistic"] == "mean")]
        for column, value in where.items():
            chosen = chosen[chosen[column] == value]
        return {"table": chosen}

    return Drawing("sensitivity", rows, numbers)


def in_two_months(tables: Any) -> dict[str, Any]:
    """Let a later month have twice the indices: the functions that stand for the model know one month."""
    one = of_sensitivity("indices", columns_of(), target="market", start="own").arguments(tables)["table"]
    return {"table": pd.concat([one, one.assign(month=12, **{name: 2 * one[name] for name in INTERVAL})])}


def columns_of(*names: str) -> Callable[[Any], Any]:
    return lambda rows: [rows[name].to_numpy(float) for name in names]


def bands(returned: Any) -> Any:
    return [(each.mean, each.low, each.high, each.bottom, each.top) for each in returned.values()]


def stacked(returned: Any) -> Any:
    """Layers lie on each other: sums are drawn, and above those who paid their share with its interval."""
    paid = returned["paid"]
    layers = [returned[name].mean for name in returned if name != "paid"]
    return [np.cumsum(layers, axis=0), paid.mean, paid.low, paid.high]


def increments(returned: Any) -> Any:
    return [[each.effect, each.cost, each.mean_effect, each.mean_cost] for each in returned.values()]


def means(returned: Any) -> Any:
    return [[found.mean, found.low, found.high] for found in returned.values()]


def incidence_seen(returned: Any) -> Any:
    """Curves end where runs do, after 24 months here."""
    return [[each.value[:24], each.low[:24], each.high[:24]] for each in returned.values()]


def percent_of_ends(returned: Any) -> Any:
    total = sum(returned[0].values())
    ends: dict[str, int] = {}
    for (_, end), n in returned[-1].items():
        ends[end] = ends.get(end, 0) + n
    return [round(100 * n / total) for n in ends.values() if n >= 0.01 * total]


def piled(returned: Any) -> Any:
    return [returned.edges, np.cumsum(list(returned.counts.values()), axis=0)]


def paid_by_run(results: Any) -> dict[str, Any]:
    samples = {label: results.arm(label).judged["payment_rate"] for label in results.labels}
    return {"samples": samples, "outcome": "payment_rate"}


INTERVAL = ("value", "low", "high")
FACTOR = {"factor": np.arange(6.0), "title": "street.subsidy, yuan/m2/month"}
TERMS = {"readiness": 0.35, "b_trust": -0.5, "b_habit": 0.25}
DRAWINGS = {
    "over_time": of_results(bands, outcome="service"),
    "over_time paired": of_results(bands, outcome="service", paired=True),
    "payment_kinds": of_results(stacked, label=figure_sources.MARKET),
    "paid_and_served": of_results(stacked, label=figure_sources.MARKET),
    "paired_differences": of_results(outcome="payment_rate"),
    "incidence_of_end": of_results(incidence_seen, end="resolved"),
    "case_ladder": of_results(percent_of_ends, label=figure_sources.MARKET),
    "cost_effect": of_results(increments, effect="unresolved"),
    "governance_network": of_results(label="red_alliance @ managed"),
    "forms_over_time": of_district(
        lambda found: [bands(dict(enumerate(pair)))[0][:3] for pair in found.values()], outcome="payment_rate"
    ),
    "groups_apart": of_district(outcome="payment_rate", by="form"),
    "gained_and_lost": of_district(outcome="attention"),
    "estate_tree": of_district(lambda found: [found.x, found.y, found.value], outcome="payment_rate"),
    "phase_diagram": of_tipping(
        "phase fold", outcome="end_low", across="street.subsidy  (yuan/m2/month)", up="household.b_social  (logit)"
    ),
    "hysteresis_loop": of_tipping("loop mean_field", dwell=15, ramp="street.subsidy  (yuan/m2/month)"),
    "gain_after_support": of_tipping("support", outcome="service"),
    "memory_bars": of_tipping("stability", outcome="memory_alone"),
    "over_factor": Drawing("results", lambda found: {**paid_by_run(found), **FACTOR}),
    "per_scenario": Drawing("results", lambda found: paid_by_run(found)),
    "distribution": Drawing(
        "results",
        lambda found: {"samples": paid_by_run(found)["samples"], "unit": "share", "counted": "runs", "title": "Paid"},
        piled,
    ),
    "reasons_for_paying": Drawing(
        "results",
        lambda _: {"terms": TERMS, "title": "One household"},
        lambda drawn: [abs(value) for value in drawn.values()],
    ),
    "chances_of_paying": Drawing(
        "results", lambda _: {"chances": {"as it is": 0.21, "asked": 0.34, "trusts": 0.5}, "title": "One household"}
    ),
    "ranked": of_sensitivity("indices", columns_of(*INTERVAL), target="market"),
    "over_months": Drawing("sensitivity", in_two_months, columns_of(*INTERVAL)),
    "settling": of_sensitivity("convergence", columns_of(*INTERVAL), target="market", start="own"),
    "profile": of_sensitivity(
        "profiles", columns_of("mean", "low", "high"), target="market", start="own", statistic="mean"
    ),
    "overview": of_sensitivity("indices", lambda rows: rows["relative"].clip(0, 1).to_numpy(), start="own"),
    "forms_by_money": Drawing(
        "money", lambda found: {"forms": found, "outcome": "full_cost", "place": "managed"}, means,
    ),
    "shares_of_draws": Drawing(
        "odds", lambda found: {"odds": found, "place": "managed", "years": 2},
        lambda drawn: [[ahead, -behind] for ahead, behind in drawn.values()],
    ),
    "shares_of_points": Drawing(
        "patterns", lambda found: {"rows": found, "kind": "row"}, lambda drawn: list(drawn.values()),
    ),
    "effects_of": Drawing(
        "harms", lambda found: {"harms": found, "outcome": "unresolved"},
        lambda drawn: [list(each) for each in drawn.values()],
    ),
    "forest": Drawing(
        "ablation", lambda found: {"part": found["ablation"][found["ablation"]["outcome"] == "cost_covered"]}
    ),
    "difference_over": Drawing("crossing", lambda found: {
        "differences": found["differences"], "crossings": found["crossings"], "outcome": "cost_covered",
    }),
    "signature_over_time": Drawing(
        "failure", lambda found: {"results": found, "name": "f02_bailout"},
        lambda drawn: [bands(drawn)[k][:3] for k in range(len(drawn))],
    ),
}  # fmt: skip


def figure_functions() -> dict[str, Callable[..., Any]]:
    """Find every public function of sim.figures whose first argument is an Axes and that returns something."""
    found = {}
    for module in pkgutil.walk_packages(figures.__path__, "sim.figures."):
        own = inspect.getmembers(importlib.import_module(module.name), inspect.isfunction)
        for name, thing in own:
            if thing.__module__ != module.name or name.startswith("_"):
                continue
            told = inspect.signature(thing)
            first = next(iter(told.parameters.values()), None)
            if first is not None and str(first.annotation) == "Axes" and told.return_annotation not in (None, "None"):
                found[name] = thing
    return found


FUNCTIONS = figure_functions()
each_function = pytest.mark.parametrize("name", DRAWINGS)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("house")


@pytest.fixture(scope="module")
def memory(folder):
    return figure_sources.found(folder)


@pytest.fixture(scope="module")
def files(memory, folder):
    return figure_sources.read_back(memory, folder)


def drawn(name: str, sources: dict[str, Any]) -> tuple[Figure, Any, Any]:
    """Draw on the single Axes of a new figure; return figure, Axes and what the function returned."""
    drawing = DRAWINGS[name]
    with figures.house_style():
        figure = Figure(figsize=(5, 3.6), layout="constrained")
        ax = figure.subplots()
        returned = FUNCTIONS[name.partition(" ")[0]](ax, **drawing.arguments(sources[drawing.source]))
    return figure, ax, returned


def numbers(data: Any) -> Iterator[float]:
    """Walk through all numbers that are there, whatever holds them; counts of runs are none of them."""
    if data is None or isinstance(data, str | bool) or (isinstance(data, np.ndarray) and data.dtype == object):
        return
    if isinstance(data, pd.DataFrame):
        data = data.select_dtypes("number").to_numpy(float)
    if isinstance(data, int | float | np.number):
        if np.isfinite(data):
            yield float(data)
    elif isinstance(data, np.ndarray):
        yield from data[np.isfinite(data)].astype(float).ravel().tolist()
    elif isinstance(data, dict):
        for value in data.values():
            yield from numbers(value)
    elif is_dataclass(data):
        yield from numbers({field.name: getattr(data, field.name) for field in fields(data) if field.name != "n"})
    elif hasattr(data, "__dict__"):
        yield from numbers({key: value for key, value in vars(data).items() if key not in ("n", "n_missing")})
    else:
        for value in data:
            yield from numbers(value)


def on_axis(ax: Any) -> np.ndarray:
    """Return every number that the artists of an axis hold, ascending."""
    parts = [np.asarray(data, float) for line in ax.lines for data in line.get_data()]
    for collection in ax.collections:
        parts += [path.vertices.ravel() for path in collection.get_paths()]
        if collection.get_array() is not None:
            parts.append(np.ma.getdata(collection.get_array()).ravel())
    parts += [np.ma.getdata(image.get_array()).ravel() for image in ax.images]
    parts += [patch.get_bbox().get_points().ravel() for patch in ax.patches if isinstance(patch, Rectangle)]
    parts.append(np.array([float(n) for text in ax.texts for n in re.findall(r"\d+(?:\.\d+)?", text.get_text())]))
    held = np.concatenate(parts)
    return np.sort(held[np.isfinite(held)])


def missing(wanted: np.ndarray, held: np.ndarray) -> np.ndarray:
    """Return the wanted numbers that are not held."""
    if not len(held):
        return wanted
    at = np.clip(np.searchsorted(held, wanted), 1, len(held) - 1)
    off = np.minimum(np.abs(held[at] - wanted), np.abs(held[at - 1] - wanted))
    return wanted[off > 1e-9 * np.maximum(1.0, np.abs(wanted))]


def ink(figure: Figure, ax: Any) -> float:
    """Share of an axis' pixels with colour: what is drawn there, without frame, grid and text, which are grey."""
    file = io.BytesIO()
    figures.save(figure, file, "png")
    file.seek(0)
    image = imread(file)[:, :, :3]
    scale = image.shape[0] / figure.bbox.height
    box = ax.get_window_extent().transformed(matplotlib.transforms.Affine2D().scale(scale))
    part = image[image.shape[0] - int(box.y1) : image.shape[0] - int(box.y0), int(box.x0) : int(box.x1)]
    return float((part.max(axis=2) - part.min(axis=2) > 0.08).mean())


# --- the rules ------------------------------------------------------------------------------------------------------


def test_every_figure_function_is_tried_here():
    assert {name.partition(" ")[0] for name in DRAWINGS} == set(FUNCTIONS)


@pytest.mark.thorough
@each_function
def test_it_fills_its_axis_and_an_empty_axis_is_found_out(name, memory):
    figure, ax, _ = drawn(name, memory)
    assert ink(figure, ax) > LEAST_INK
    for artist in (*ax.lines, *ax.collections, *ax.patches, *ax.texts, *ax.images):
        artist.remove()
    assert ink(figure, ax) < LEAST_INK


@pytest.mark.thorough
@each_function
def test_it_returns_what_it_draws(name, memory):
    _, ax, returned = drawn(name, memory)
    wanted = np.array(list(numbers(DRAWINGS[name].numbers(returned))))
    assert len(wanted) > 2
    held = on_axis(ax)
    wanted = missing(wanted, held)
    assert missing(wanted / 12, held).tolist() == []  # months are drawn as years


@pytest.mark.thorough
@each_function
def test_what_it_draws_is_what_the_files_hold(name, memory, files):
    (_, here, one), (_, there, two) = drawn(name, memory), drawn(name, files)
    np.testing.assert_array_equal(list(numbers(one)), list(numbers(two)))
    np.testing.assert_array_equal(on_axis(here), on_axis(there))


@pytest.mark.thorough
@each_function
def test_its_axes_have_units_and_it_has_a_title(name, memory):
    _, ax, _ = drawn(name, memory)
    units = {outcome.unit for outcome in (*OUTCOMES.values(), *STABILITY.values())}
    units |= {parameter.unit for parameter in PARAMETERS.values()} - {"-"}
    units |= {"years", "months", "days", "yuan", "number of", "blocks"}
    axes = [ax, *(each for each in ax.figure.axes if each.get_label() == "<colorbar>")]
    labels = [" ".join(label.split()) for each in axes for label in (each.get_xlabel(), each.get_ylabel()) if label]
    assert labels
    assert all(any(unit in label for unit in units) for label in labels)
    assert ax.get_title(loc="left")


@pytest.mark.thorough
@each_function
def test_its_colours_are_those_of_the_house(name, memory):
    """Greys apart, artists have a hue of Okabe and Ito, or values on a scale that the colour-blind can read."""
    _, ax, _ = drawn(name, memory)
    used = [line.get_color() for line in ax.lines] + [patch.get_facecolor()[:3] for patch in ax.patches]
    for collection in (*ax.collections, *ax.images):
        if collection.get_array() is not None:
            assert collection.get_cmap().name in ("cividis", "viridis", "PuOr", "Blues")
            continue
        used += [colour[:3] for colour in (*collection.get_facecolor(), *collection.get_edgecolor())]
    hues = [rgb_to_hsv(to_rgb(colour))[0] for colour in COLOURS]
    for colour in used:
        hue, saturation, _ = rgb_to_hsv(to_rgb(colour))
        assert saturation < 0.05 or min(abs(hue - known) for known in hues) < 0.05


def test_a_wrong_number_would_be_found():
    ax = Figure().subplots()
    ax.plot([0.0, 1.0], [0.25, 0.5])
    assert missing(np.array([0.25, 0.5, 0.51]), on_axis(ax)).tolist() == [0.51]


def test_layers_of_a_stack_are_named(memory):
    _, ax, _ = drawn("payment_kinds", memory)
    assert [layer.get_label() for layer in ax.collections[: len(KINDS)]] == [name for name, _ in KINDS.values()]


@pytest.mark.thorough
@pytest.mark.parametrize("name", figures.FIGURES)
def test_whole_figures_say_how_many_runs_and_what_the_bands_are(name, memory):
    caption = " ".join(figures.draw(memory["results"].within("trapped"), name).get_supxlabel().split())
    assert caption.startswith("6 runs per scenario, seed 1. ")
    assert "95 % interval" in caption or name in ("case_ladder", "governance_network")


@pytest.mark.thorough
@pytest.mark.parametrize("name", sim.figures.tipping.FIGURES)
def test_figures_of_tipping_say_it_too(name, memory):
    found = memory["tipping"]
    figure = sim.figures.tipping.draw(found.tables, found.about, name)
    caption = " ".join(figure.get_supxlabel().split())
    assert caption.startswith("12 runs each, seed 1. ")
    assert "95 % interval" in caption
    panels = [ax for ax in figure.axes if ax.get_label() != "<colorbar>"]
    assert all(ink(figure, ax) > LEAST_INK for ax in panels)
