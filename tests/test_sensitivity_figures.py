"""Figures of a sensitivity analysis: what is drawn is what the tables hold, and no axis is empty."""

import numpy as np
import pandas as pd
import pytest
from function_models import ishigami, put_in_place, study_of

import sim.sensitivity
from sim.figures.sensitivity import figures, over_months, overview, ranked, settling, write_figures
from sim.figures.style import house_style


@pytest.fixture
def found(monkeypatch, tmp_path):
    put_in_place(monkeypatch, ishigami, noise=1.0, of_arm=[0.0, 1.0])
    study = study_of(ishigami, "sobol", 128, starts=["healthy"], differences=[["red_station", "market"]])
    return sim.sensitivity.run(study | {"scenarios": ["market", "red_station"]}, tmp_path / "found")


@pytest.fixture
def ax():
    from matplotlib.figure import Figure

    with house_style():
        yield Figure().subplots()


def rows(found: "sim.sensitivity.Analysis", **where: object) -> pd.DataFrame:
    table = found.indices[found.indices["ranks"] & (found.indices["statistic"] == "mean")]
    for key, value in where.items():
        table = table[table[key] == value]
    return table


def test_bars_are_as_long_as_the_indices(found, ax):
    table = rows(found, target="market")
    drawn = ranked(ax, table)
    assert set(drawn["factor"]) == set(table["factor"])
    widths = sorted(bar.get_width() for bar in ax.patches)
    np.testing.assert_allclose(widths, sorted(drawn["value"]))
    filled = [bar for bar in ax.patches if bar.get_facecolor()[:3] != (1.0, 1.0, 1.0)]
    assert len(filled) == drawn["influential"].sum()
    assert [label.get_text() for label in ax.get_yticklabels()][-1] == "dummy"


def test_the_floor_of_the_dummy_is_drawn(found, ax):
    table = rows(found, target="market", start="own")
    ranked(ax, table)
    floors = [line.get_xdata()[0] for line in ax.lines if "dummy's floor" in str(line.get_label())]
    assert floors == [table.loc[table["factor"] == "dummy", "high"].iloc[0]]


def test_lines_over_months_are_the_indices(found, ax):
    table = pd.concat([rows(found, target="market", start="own").assign(month=month) for month in (1, 2)])
    drawn = over_months(ax, table)
    for line in ax.lines:
        of = drawn[drawn["factor"] == line.get_label()]
        np.testing.assert_allclose(line.get_ydata(), of["value"])


def test_the_sample_settles_to_its_last_value(found, ax):
    table = found.convergence
    drawn = settling(ax, table[(table["target"] == "market") & (table["start"] == "own")])
    assert sorted(drawn["n"].unique()) == [16, 32, 64, 128]
    last = drawn[drawn["n"] == 128].set_index("factor")["value"]
    whole = rows(found, target="market", start="own").set_index("factor")["value"]
    pd.testing.assert_series_equal(last.sort_index(), whole.sort_index(), check_names=False)


def test_the_overview_shows_each_index_relative_to_the_largest(found, ax):
    drawn = overview(ax, rows(found, start="own"))
    image = ax.images[0].get_array()
    assert np.nanmax(image) == 1
    assert set(drawn["target"]) == {"market", "red_station", "red_station − market"}


def test_every_figure_has_a_title_a_caption_and_no_empty_axis(found, tmp_path):
    names = []
    for name, figure in figures(found):
        names.append(name)
        assert figure.get_supxlabel()
        for ax in figure.axes:
            told = bool(ax.texts)
            assert told or ax.patches or ax.lines or ax.images or ax.collections, name
            assert ax.get_xlabel() or ax.get_ylabel() or ax.images, name
    assert {"matters_market_trapped", "overview_arrears", "settled_market_trapped"} <= set(names)
    paths = write_figures(found, tmp_path)
    first = [path.read_bytes() for path in paths]
    assert [path.read_bytes() for path in write_figures(found, tmp_path)] == first
