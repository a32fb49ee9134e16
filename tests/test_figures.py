"""Figures: are the numbers drawn those of the files, is every panel filled, legible and the same each time?"""

import io
from dataclasses import replace
from itertools import pairwise

import matplotlib
import numpy as np
import pyarrow.parquet as pq
import pytest
from matplotlib.figure import Figure
from matplotlib.image import imread
from scipy import stats

import sim
from sim import figures, store
from sim.figures.panels import KINDS, band
from sim.figures.style import look
from sim.outcomes import OUTCOMES
from sim.results import Arm, Results

SCENARIOS = ["custody", "market", "red_station"]


@pytest.fixture(scope="module")
def found() -> Results:
    return sim.compare(
        [*SCENARIOS, "market + subsidy_taper + volunteers"],
        months=30,
        replicates=12,
        set=("population.n_households=40", "time.spinup=12"),
    )


@pytest.fixture(scope="module")
def series(found, tmp_path_factory):
    """Keep the results and read the series back, as somebody else would."""
    folder = tmp_path_factory.mktemp("kept")
    store.write_table(store.table_of(found.series_columns()), folder / "series.parquet")
    return pq.read_table(folder / "series.parquet").to_pandas()


@pytest.fixture
def ax():
    return Figure().subplots()


def monthly(series, label, outcome):
    """Give mean, half-width of the 95 % interval, and the 10 % and 90 % quantiles by month, as pandas finds them."""
    groups = series[series["scenario"] == label].groupby("month")[outcome]
    half = stats.t.ppf(0.975, groups.count() - 1) * groups.std() / groups.count() ** 0.5
    return groups.mean(), half, groups.quantile(0.1), groups.quantile(0.9)


# --- the numbers ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("outcome", ["payment_rate", "cost_covered", "arrears", "service", "volunteer_hours"])
def test_the_lines_and_bands_over_time_are_those_of_the_file(outcome, found, series, ax):
    drawn = figures.over_time(ax, found, outcome)
    lines = {line.get_label(): line for line in ax.get_lines() if line.get_label() in drawn}
    assert list(lines) == found.labels
    for label, line in lines.items():
        mean, half, bottom, top = monthly(series, label, outcome)
        np.testing.assert_allclose(line.get_xdata(), mean.index / 12, rtol=1e-12)
        np.testing.assert_allclose(line.get_ydata(), mean, rtol=1e-9)  # NaN, a gap, where the file has nulls
        np.testing.assert_allclose(drawn[label].mean, mean, rtol=1e-9)
        np.testing.assert_allclose(drawn[label].high - drawn[label].mean, half, rtol=1e-7, atol=1e-12)
        np.testing.assert_allclose(drawn[label].bottom, bottom, rtol=1e-9)
        np.testing.assert_allclose(drawn[label].top, top, rtol=1e-9)
        present = series[series["scenario"] == label].groupby("month")[outcome].count()
        assert drawn[label].n.tolist() == present.tolist()


def test_a_yearly_flow_is_drawn_over_the_last_12_months(found, series, ax):
    drawn = figures.over_time(ax, found, "public_cost")
    for label in found.labels:
        mean = series[series["scenario"] == label].groupby("month")["public_cost"].mean()
        np.testing.assert_allclose(drawn[label].mean[11:], mean.rolling(12).mean()[11:], rtol=1e-9)


def test_differences_over_time_are_those_of_the_file(found, series, ax):
    drawn = figures.over_time(ax, found, "payment_rate", paired=True)
    lines = {line.get_label(): line for line in ax.get_lines() if line.get_label() in drawn}
    assert list(lines) == found.labels[1:]
    wide = series.pivot(index=["month", "replicate"], columns="scenario", values="payment_rate")
    for label, line in lines.items():
        pairs = (wide[label] - wide["custody"]).groupby("month")
        half = stats.t.ppf(0.975, pairs.count() - 1) * pairs.sem()
        np.testing.assert_allclose(line.get_ydata(), pairs.mean(), rtol=1e-9, atol=1e-12)
        np.testing.assert_allclose(drawn[label].high - drawn[label].mean, half, rtol=1e-7, atol=1e-12)
        assert line.get_color() == look(found.labels.index(label))["color"]


def test_the_distribution_counts_every_run_once(found, ax):
    samples = {label: found.arm(label).judged["payment_rate"] for label in SCENARIOS}
    samples["market"] = np.append(samples["market"], np.nan)
    drawn = figures.distribution(ax, samples, "share of money", counted="runs")
    bars = np.array([bar.get_height() for bar in ax.patches]).reshape(len(SCENARIOS), -1)
    for row, (label, values) in zip(bars, samples.items(), strict=True):
        assert row.sum() == 12
        inside = [((values >= low) & (values < high)).sum() for low, high in pairwise(drawn.edges)]
        np.testing.assert_array_equal(drawn.counts[label][:-1], inside[:-1])  # the largest value is in the last
        np.testing.assert_array_equal(row, drawn.counts[label])
    tops = [bar.get_y() + bar.get_height() for bar in ax.patches][-len(bars[0]) :]
    np.testing.assert_array_equal(tops, bars.sum(axis=0))
    nothing = Figure().subplots()
    figures.distribution(nothing, {"market": np.full(3, np.nan)}, "share of money", counted="runs")
    assert [text.get_text() for text in nothing.texts] == ["none of the runs has a value"]


def test_the_stack_of_reasons_is_that_of_the_file(found, series, ax):
    drawn = figures.payment_kinds(ax, found, "market")
    total = 0
    for name, layer in zip(KINDS, ax.collections, strict=False):
        mean = monthly(series, "market", name)[0]
        np.testing.assert_allclose(drawn[name].mean, mean, rtol=1e-9)
        total = total + mean.to_numpy()
        assert layer.get_datalim(ax.transData).y1 == pytest.approx(total.max(), rel=1e-9)
    np.testing.assert_allclose(total, 1, rtol=1e-9)  # every bill is paid for one reason, or not paid


def test_the_differences_are_those_of_the_file(found, series, ax):
    drawn = figures.paired_differences(ax, found, "payment_rate")
    last = series[series["month"] == 29].pivot(index="replicate", columns="scenario", values="payment_rate")
    assert list(drawn) == found.labels[1:]
    for label, (interval, differences) in drawn.items():
        expected = last[label] - last["custody"]
        np.testing.assert_allclose(differences, expected, atol=1e-12)
        assert interval.mean == pytest.approx(expected.mean(), abs=1e-12)
        assert interval.high - interval.mean == pytest.approx(stats.t.ppf(0.975, 11) * expected.sem(), rel=1e-7)
    dots = [line for line in ax.get_lines() if line.get_marker() == "o"]
    assert [dot.get_xdata()[0] for dot in dots] == [interval.mean for interval, _ in drawn.values()]


def test_missing_values_are_left_out_of_their_month():
    values = np.array([[np.nan, 1.0], [np.nan, 3.0], [np.nan, np.nan]])
    found = band(np.array([0, 1]), values)
    assert found.n.tolist() == [0, 2]
    assert np.isnan(found.mean[0])
    assert found.mean[1] == 2.0
    assert found.high[1] - 2.0 == pytest.approx(stats.t.ppf(0.975, 1) * 2**0.5 / 2**0.5)


# --- the picture ----------------------------------------------------------------------------------------------------


def pixels(figure: Figure) -> np.ndarray:
    file = io.BytesIO()
    figures.save(figure, file, "png")
    file.seek(0)
    return imread(file)[:, :, :3]


def ink(image: np.ndarray, figure: Figure, ax) -> float:
    """Share of an axis' pixels with colour: what is drawn there, without frame, grid and text, which are grey."""
    scale = image.shape[0] / figure.bbox.height
    box = ax.get_window_extent().transformed(matplotlib.transforms.Affine2D().scale(scale))
    part = image[image.shape[0] - int(box.y1) : image.shape[0] - int(box.y0), int(box.x0) : int(box.x1)]
    return float((part.max(axis=2) - part.min(axis=2) > 0.08).mean())


def test_an_empty_axis_shows_no_ink():
    with figures.house_style():
        figure = Figure(layout="constrained")
        empty, filled = figure.subplots(1, 2)
        empty.set(title="Empty", xlabel="years", ylabel="share")
        empty.axvline(0.5, color="#555555")
        filled.plot([0, 1], [0, 1], color="#0072B2")
    image = pixels(figure)
    assert ink(image, figure, empty) == 0
    assert ink(image, figure, filled) > 0.002


@pytest.mark.thorough
@pytest.mark.parametrize("name", figures.FIGURES)
def test_every_panel_is_filled(name, found):
    figure = figures.draw(found, name)
    image = pixels(figure)
    assert all(ink(image, figure, ax) > 0.001 for ax in figure.axes)


@pytest.mark.thorough
@pytest.mark.parametrize("name", figures.FIGURES)
def test_every_axis_has_a_unit_and_every_figure_says_how_many_runs_and_what_the_bands_are(name, found):
    figure = figures.draw(found, name)
    units = {outcome.unit for outcome in OUTCOMES.values()} | {"on a way, and after: days"}
    for ax in figure.axes:
        labels = {" ".join(label.partition("  (")[0].split()) for label in (ax.get_xlabel(), ax.get_ylabel())}
        assert labels & units
        assert ax.get_title(loc="left")
    caption = " ".join(figure.get_supxlabel().split())
    assert caption.startswith("12 runs per scenario, seed 1. ")
    assert "95 % interval" in caption or name in ("case_ladder", "governance_network")


def many(found: Results) -> Results:
    """Make twelve arms of long names in two places of four."""
    names = [f"{arm.scenario}_{k} + programme" for k in range(3) for arm in found.arms]
    arms = [
        replace(arm, scenario=name, place=("trapped", "healthy")[k % 2])
        for k, (name, arm) in enumerate(zip(names, found.arms * 3, strict=True))
    ]
    return Results(arms)


@pytest.mark.thorough
@pytest.mark.parametrize("n", ["few", "many", "one"])
@pytest.mark.parametrize("name", figures.FIGURES)
def test_nothing_is_clipped_and_nothing_lies_over_the_data(name, n, found):
    results = {"few": found, "many": many(found), "one": Results(found.arms[:1])}[n]
    if name not in figures.names(results):
        return
    figure = figures.draw(results, name)
    figure.draw_without_rendering()
    page = figure.bbox.padded(1)
    assert all(ax.bbox.height > 0.7 * figure.dpi for ax in figure.axes)  # inches, however many the scenarios
    boxes = [ax.get_tightbbox() for ax in figure.axes]
    caption = figure._supxlabel.get_window_extent()
    around = [legend.get_window_extent() for legend in figure.legends]
    for box in [*boxes, *around, caption]:
        assert page.x0 <= box.x0 <= box.x1 <= page.x1
        assert page.y0 <= box.y0 <= box.y1 <= page.y1
    for box in boxes:
        assert not any(box.padded(-2).overlaps(other) for other in [*around, caption])
    for k, box in enumerate(boxes):
        assert not any(box.padded(-2).overlaps(other) for other in boxes[:k])


@pytest.mark.thorough
@pytest.mark.parametrize("kind", ["png", "svg"])
def test_equal_figures_give_equal_bytes(kind, found, tmp_path):
    for name in ("payment", "paired_differences"):
        files = [tmp_path / f"{name}{k}.{kind}" for k in range(2)]
        for file in files:
            figures.save(figures.draw(found, name), file, kind)
        first, second = (file.read_bytes() for file in files)
        assert first == second
        assert b"Date" not in first
        assert b"Software" not in first


def test_the_style_of_the_caller_is_left_alone(found):
    before = dict(matplotlib.rcParams)
    figures.draw(found, "payment")
    assert dict(matplotlib.rcParams) == before


@pytest.mark.thorough
def test_an_outcome_without_values_says_so():
    values = {name: np.full((3, 4), np.nan) for name in OUTCOMES}
    arms = [Arm("here", name, 1, np.arange(3), ("ok",) * 3, np.arange(-1, 3), values) for name in ("a", "b")]
    for name in figures.FIGURES:
        figure = figures.draw(Results(arms), name)
        assert all(any(text.get_text().startswith("no ") for text in ax.texts) for ax in figure.axes)
        pixels(figure)


@pytest.mark.thorough
def test_one_month_one_run_can_be_drawn(found):
    short = sim.run("market", months=1, replicates=1, set=("population.n_households=20", "time.spinup=0"))
    assert "paired_differences" not in list(figures.names(short))
    for name in figures.names(short):
        pixels(figures.draw(short, name))


def test_colours_differ_for_as_many_scenarios_as_there_are_forms():
    looks = [tuple(map(str, look(k).values())) for k in range(24)]
    assert len(set(looks)) == 24
