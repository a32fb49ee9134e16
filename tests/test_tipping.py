"""Tipping points: theory against exact numbers, the pipeline against an exact law, and what a folder keeps."""

import json
import math
import shutil

import numpy as np
import pandas as pd
import pytest
from command import ROOT, files_under, linli
from matplotlib.figure import Figure
from scipy import stats
from scipy.special import expit, logit

import sim.tipping
from sim.errors import InputError
from sim.figures import tipping as figures
from sim.outcomes import OUTCOMES
from sim.scenarios import resolve
from sim.stability import STABILITY, STAYED, Found, half_life, months_before, ratio_of, share_of
from sim.studies.runner import How, start
from sim.studies.store import read_store
from sim.tipping import Request
from sim.tipping.boundary import fold_curve
from sim.tipping.layout import LOOP, write_studies
from sim.tipping.mean_field import equilibria, largest_of, regimes
from sim.tipping.measure import Runs, cube_of, levels_of, verdict
from sim.tipping.summary import hysteresis

__all__ = ["linli"]  # a fixture

DOCUMENT = ROOT / "docs" / "tipping.md"
SMALL = {
    "set": ("population.n_households=30", "household.intercept=0.6"),
    "vary": ("street.subsidy=0:0.2", "household.b_social=0.3:2"),
    "ramp": "street.subsidy=0:0.2",
    "levels": 3,
    "dwell": (15, 16),
    "months": 84,
    "replicates": 5,
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    out = tmp_path_factory.mktemp("tipping") / "small"
    sim.tipping.run("market", place="trapped", out=out, **SMALL)
    return out


@pytest.fixture(scope="module")
def found(folder):
    return sim.tipping.open_tipping(folder)


def values(model, **changes):
    return {**resolve(model).segments[0].values, **{name.replace("__", "."): value for name, value in changes.items()}}


# --- the mean field -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("model", "shares"),
    [("m0", (0.139, 0.520, 0.848)), ("m1", (0.343, 0.575, 0.892)), ("m2", (0.362, 0.562, 0.844))],
)
def test_fixed_points_are_those_of_the_regimes_page(model, shares):
    """tests/test_regimes.py works these out from the equations, without this code and without the model's."""
    found = equilibria(values(model))
    assert [each.share for each in found] == pytest.approx(shares, abs=5e-4)
    assert [each.stable for each in found] == [True, False, True]


@pytest.mark.parametrize(
    ("a", "shares"),
    [
        (-3.0, (0.07072018168, 0.5, 0.92927981832)),
        (-2.8, (0.099459812210, 0.397010469859, 0.946927598618)),
        (-2.5, (0.963843006574,)),
    ],
)
def test_fixed_points_of_brock_and_durlauf(a, shares):
    """p = logistic(a + 6 p) is M0 with J = 3 and intercept a + 3 (rounded numbers of a published solution)."""
    found = equilibria(values("m0", household__b_social=3.0, household__intercept=a + 3.0))
    assert [each.share for each in found] == pytest.approx(shares, abs=1e-6)


def fold_of(g, side):
    p = 0.5 * (1 + side * math.sqrt(1 - 4 / g))
    return logit(p) - g * p


def test_the_fold_curve_is_the_analytic_one():
    """In M0 the folds are a = logit(p) - g p at p = (1 +- sqrt(1 - 4/g)) / 2, with a = intercept - J and g = 2 J."""
    base = values("m0")

    def count(intercept, j):
        return regimes({**base, "household.intercept": intercept, "household.b_social": j})

    ends = fold_curve(count, (-1.0, 1.0), (2.3, 4.0), nodes=13).reshape(-1, 2)
    assert len(ends) > 20
    off = [min(abs(a - j - fold_of(2 * j, side)) for side in (-1, 1)) for a, j in ends]
    assert max(off) < 1e-3
    assert {side for a, j in ends for side in (-1, 1) if abs(a - j - fold_of(2 * j, side)) < 1e-3} == {-1, 1}


def test_what_an_average_winner_has_before_the_average_bidder():
    x = stats.norm.ppf((np.arange(200_000) + 0.5) / 200_000)
    for n in (1, 2, 5):
        exact = np.mean(x * n * stats.norm.cdf(x) ** (n - 1))
        assert largest_of(n) == pytest.approx(exact, abs=1e-3)
    assert largest_of(2) == pytest.approx(1 / math.sqrt(math.pi), abs=1e-6)


def test_without_payment_by_service_the_market_has_no_second_loop():
    """A trapped estate: in custody it is stuck, and with enough public money the firm comes and one regime is left."""
    base = resolve("market", place="trapped").segments[0].values
    assert {each.provider for each in equilibria(base) if each.stable} == {"community", "firm"}
    assert regimes(base) == 2
    assert regimes({**base, "street.subsidy": 0.12}) == 1


# --- hysteresis -----------------------------------------------------------------------------------------------------

UP_AT, DOWN_AT = -2.584907089, -3.415092911


def test_the_loop_of_a_logistic_map_jumps_at_its_folds():
    """p' = logistic(a + 6 p), a moved by 0.001 and the state carried along."""
    levels = np.arange(-4.0, -2.0 + 1e-9, 0.001)
    p, way = 0.0, []
    for a in (*levels, *levels[-2::-1]):
        for _ in range(2000):
            p = expit(a + 6 * p)
        way.append(p)
    found = hysteresis(levels, np.array([way]), 0.5)
    assert found["jump_up"] == pytest.approx(UP_AT, abs=0.002)
    assert found["jump_down"] == pytest.approx(DOWN_AT, abs=0.002)
    assert found["hysteresis"] == pytest.approx(0.69622, abs=0.001)


def exact_means(n, ways, dwell):
    """Return the mean payment rate in the last month at each level: k' is Binomial(N, logistic(a + 6 k / N))."""
    k = np.arange(n + 1)
    law = stats.binom.pmf(k, n, expit(-6.0))  # any low state: the first level has one regime
    means = []
    for a in ways:
        chances = stats.binom.pmf(k[None, :], n, expit(a + 6 * k / n)[:, None])
        months = []
        for _ in range(dwell):
            law = law @ chances
            months.append(law @ k / n)
        means.append(np.mean(months[-15:-3]))  # bills that reached 3 months of age in the last 12
    return np.array(means)


@pytest.mark.thorough
def test_the_loop_of_the_pipeline_follows_the_exact_law_of_a_finite_estate(tmp_path):
    """M0 with J = 3: the fee acts as the intercept (burden of weight -1), so that a = fee - 3.7, with known folds.

    What is not paid at once is not paid later either (b_age), so that rates are those of decisions.
    The means are those of the exact chain of N households; the tolerance is Student's over all levels.
    """
    n, dwell, runs = 300, 15, 12
    request = Request.of(
        "m0",
        set=(
            f"population.n_households={n}", "household.b_social=3", "household.intercept=-0.7", "household.b_burden=-1",
            "population.area_mean=65", "population.income_median=6500", "custody.flat_fee=0",
            "structure.price_channel=burden", "household.b_age=20",
        ),
        low=("start.paid=0.05",), high=("start.paid=0.95",), vary=("household.b_trust=0:1", "household.b_habit=0:1"),
        ramp="custody.fee=0.1:1.3", support=("custody.fee=0.7",), levels=25, dwell=(dwell, 24), replicates=runs,
        months=84,
    )  # fmt: skip
    files = tmp_path / "files"
    files.mkdir()
    start(write_studies(request, files)[LOOP], tmp_path / LOOP, How())
    cube = cube_of(read_store(tmp_path / LOOP), ["payment_rate"])["payment_rate"][0]
    for which, months in enumerate((dwell, 24)):
        found = levels_of(request, Runs(np.zeros(0), cube, {}), which)
        ways = [fee - 3.7 for _, fee in request.steps(months)]
        exact = exact_means(n, ways, months)
        half = stats.t.ppf(1 - 0.001 / 2 / len(ways), runs - 1) * found.std(axis=0, ddof=1) / runs**0.5
        assert (np.abs(found.mean(axis=0) - exact) <= half).all()
        loop = hysteresis(np.array(request.ramp.values), found, 0.5)
        step = 2 * 0.05  # chance jumps before a fold, slowness behind it: by two levels at most
        assert np.nanmean(loop["jump_up"]) == pytest.approx(UP_AT + 3.7, abs=step)
        assert np.nanmean(loop["jump_down"]) == pytest.approx(DOWN_AT + 3.7, abs=step)


# --- outcomes of many runs ------------------------------------------------------------------------------------------


def test_a_run_has_left_when_it_stays_away_to_its_end():
    never, late = np.zeros(40, bool), np.zeros(40, bool)
    late[40 - STAYED :] = True
    short, back = late.copy(), np.ones(40, bool)
    short[40 - STAYED] = False
    back[-1] = False
    again = np.ones(40, bool)
    again[5] = False
    runs = np.array([never, late, short, back, again, np.ones(40, bool)])
    assert months_before(runs).tolist() == [40, 40 - STAYED, 40, 40, 6, 0]


def test_shares_have_wilsons_interval():
    found = share_of(np.array([True] * 3 + [False] * 7))
    z, p, n = stats.norm.ppf(0.975), 0.3, 10
    middle = (p + z * z / 2 / n) / (1 + z * z / n)
    half = z / (1 + z * z / n) * math.sqrt(p * (1 - p) / n + z * z / 4 / n / n)
    assert (found.value, found.low, found.high) == pytest.approx((0.3, middle - half, middle + half))


def test_the_ends_of_fiellers_interval_are_where_a_paired_test_turns():
    x = np.array([0.9, 1.4, 0.7, 1.1, 1.3])
    y = np.array([1.9, 2.2, 1.8, 2.4, 2.0])
    found = ratio_of(x, y)
    assert found.value == pytest.approx(x.mean() / y.mean())
    for end in (found.low, found.high):
        assert stats.ttest_1samp(x - end * y, 0).pvalue == pytest.approx(0.05, abs=1e-9)
    assert np.isnan(ratio_of(x, y - y.mean()).value)


def test_the_half_life_of_a_known_decay():
    months = np.arange(60)
    runs = np.outer([0.9, 1.0, 1.1], np.exp(-months / 20))
    assert half_life(runs).value == math.ceil(20 * math.log(2))
    slow = half_life(np.outer([0.9, 1.0, 1.1], np.exp(-months / 200)))
    assert np.isnan(slow.value)
    assert np.isnan(half_life(np.outer([-1, 0.1, 1], np.ones(9))).value)  # no gain to halve
    noisy = runs + np.where(months > 0, [[-0.1], [0.0], [0.1]], 0)
    assert half_life(noisy).low < half_life(noisy).value < half_life(noisy).high


def test_the_document_lists_what_is_declared():
    words = {1: "more", -1: "less", 0: "-"}
    told = [line for line in DOCUMENT.read_text(encoding="utf-8").splitlines() if line.startswith("| `")]
    assert told == [
        f"| `{each.name}` | {each.unit} | {words[each.better]} | {each.about} | {each.summary} |"
        for each in STABILITY.values()
    ]


def test_outcomes_are_declared_and_told_apart():
    assert all(each.unit and each.about and each.summary and each.better in (-1, 0, 1) for each in STABILITY.values())
    assert not set(STABILITY) & set(OUTCOMES)
    gaps = (0.3, 0.21, 0.4), (0.3, 0.19, 0.4), (0.1, 0.0, 0.2)
    assert [verdict(Found(*gap, n=9)) for gap in gaps] == ["two", "undecided", "one"]


# --- the folder -----------------------------------------------------------------------------------------------------


def test_tables_are_those_of_the_studies(folder, found):
    """Worked out again with pandas from the runs that the studies keep."""
    series = pd.read_parquet(folder / "studies" / "states" / "series")
    design = pd.read_parquet(folder / "studies" / "states" / "design.parquet")
    last = series[series["month"] == 83].set_index(["point", "replicate"])["payment_rate"].unstack(0)
    for row in found.tables["phase"].itertuples():
        here = design[(design["street.subsidy"] == row.across) & (design["household.b_social"] == row.up)]
        low = here.loc[here["start.paid"].isna(), "point"].item()
        high = here.loc[here["start.paid"] == 0.82, "point"].item()
        assert row.end_low == pytest.approx(last[low].mean())
        gap = last[high] - last[low]
        half = stats.t.ppf(0.975, 4) * gap.std() / 5**0.5
        assert (row.end_gap, row.end_gap_low) == pytest.approx((gap.mean(), gap.mean() - half))
    support = pd.read_parquet(folder / "studies" / "support" / "series")
    at = support[support["month"] == 50].pivot(index="replicate", columns="scenario", values="service")
    gain = (at["market + support_36"] - at["market"]).mean()
    rows = found.tables["support"].set_index(["withdrawn", "outcome", "month"])["gain"]
    assert rows[36, "service", 50] == pytest.approx(gain)
    loop = pd.read_parquet(folder / "studies" / "loop" / "series")
    second = loop[(loop["month"] == 31) & (loop["scenario"] == "market + ramp_16")]["payment_rate"].mean()
    rows = found.tables["loop"].set_index(["dwell", "step"])["payment_rate"]
    assert rows[16, 1] == pytest.approx(second)
    memory = found.tables["memory"].set_index(["start", "exchanged", "month"])["payment_rate"]
    own = design[design["street.subsidy"].isna()].set_index(["start.paid", "start.facility", "start.trust_provider"])
    point = own.loc[(0.82, 0.36, 0.6), "point"].item()
    assert memory["high", "start.facility", 83] == pytest.approx(last[point].mean())


def test_the_table_of_outcomes_says_what_is_declared(found):
    rows = found.tables["stability"]
    assert set(rows["outcome"]) == set(STABILITY)
    for row in rows.itertuples():
        assert (row.unit, row.better, row.label) == tuple(
            getattr(STABILITY[row.outcome], key) for key in ("unit", "better", "label")
        )
        assert not row.low > row.value  # missing where there is none, or where the run ends before it
        assert not row.value > row.high


def test_a_paragraph_for_each_analysis_in_plain_words(folder, found):
    assert list(found.words) == ["Phase diagram", "Hysteresis", "Support", "Memory"]
    text = (folder / "words.md").read_text(encoding="utf-8")
    assert all(paragraph in text and "nan" not in paragraph for paragraph in found.words.values())


@pytest.mark.thorough
def test_the_same_twice_gives_the_same_bytes_and_what_is_lost_is_made_again(folder, found, tmp_path):
    again = tmp_path / "again"
    shutil.copytree(folder, again)
    next((again / "studies" / "states" / "series").glob("*.parquet")).unlink()
    (again / "phase.parquet").unlink()
    sim.tipping.run("market", place="trapped", out=again, **SMALL)
    one, two = files_under(folder), files_under(again)
    same = [name for name in one if name.endswith((".parquet", ".md", ".png", ".svg", ".toml", ".csv"))]
    assert len(same) > 20
    assert all(one[name] == two[name] for name in same)
    assert json.loads(one["manifest.json"])["studies"] == json.loads(two["manifest.json"])["studies"]


def test_another_question_is_refused(folder):
    with pytest.raises(InputError, match="holds the runs of another question"):
        sim.tipping.run("market", place="trapped", out=folder, **SMALL | {"seed": 2})
    with pytest.raises(InputError, match="holds the runs of another question"):
        sim.tipping.run("market", place="trapped", out=folder, **SMALL | {"support": ("street.subsidy=0.07",)})


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"vary": ("street.subsidy=0:1",)}, "--vary is given 1 times"),
        ({"vary": ("street.subsidy=0:1", "street.subsidy")}, "names street.subsidy twice"),
        ({"vary": ("street.subsidy=1:0", "household.b_social")}, "LOW below HIGH"),
        ({"vary": ("street.subsidi", "household.b_social")}, "did you mean street.subsidy"),
        ({"vary": ("network.kind", "household.b_social")}, "is a switch and has no range"),
        ({"vary": ("time.spinup=0:9", "household.b_social")}, "is a constant"),
        ({"ramp": "household.b_social"}, "only a lever can change in a run"),
        ({"support": ("household.b_social=1",)}, "only a lever can change in a run"),
        ({"support": ("street.subsidy",)}, "there is no value"),
        ({"set": ("street.subsidy=0.1",)}, "the analysis sets this itself"),
        ({"set": ("street.subsidy=x",)}, "is text, not a number"),
        ({"low": ("street.subsidy=0.1",)}, "is no start"),
        ({"high": ("start.paid=0.1",)}, "name a higher one"),
        ({"dwell": (6,)}, "looks back so far"),
        ({"dwell": (20, 18)}, "ascending"),
        ({"dwell": (400,)}, "fit into 1200 months"),
        ({"months": 60}, "lies outside 84 to 1200"),
        ({"levels": 2}, "lies outside 3 to 101"),
    ],
)
def test_mistakes_are_told_in_words(change, told):
    with pytest.raises(InputError, match=told):
        Request.of("market", place="trapped", **SMALL | change)


@pytest.mark.thorough
def test_the_command_shows_words_outcomes_and_where_they_are(linli, folder, tmp_path):
    shutil.copytree(folder, tmp_path / "mine")
    options = ["--place", "trapped", "--out", tmp_path / "mine", "--no-figures", "--ramp", "street.subsidy=0:0.2"]
    options += [word for text in SMALL["set"] for word in ("--set", text)]
    options += [word for text in SMALL["vary"] for word in ("--vary", text)]
    options += ["--levels", 3, "--dwell", 15, "--dwell", 16, "--months", 84, "--replicates", 5]
    said = linli("tipping", *options)
    assert said.code == 0
    assert "Phase diagram" in said.out
    assert "Escape from the low start" in said.out
    data = linli("tipping", *options, "--json").data
    assert {row["outcome"] for row in data["stability"]} == set(STABILITY)
    wrong = linli("tipping", "--dwell", "x")
    assert (wrong.code, wrong.err) == (2, "linli: --dwell x: is not a whole number of months.\n")
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "letter.txt").write_text("dear")
    assert "holds letter.txt" in linli("tipping", "--out", tmp_path / "full").err


# --- figures --------------------------------------------------------------------------------------------------------


@pytest.fixture
def ax():
    return Figure().subplots()


@pytest.mark.parametrize("outcome", figures.PHASES)
def test_the_phase_diagram_is_that_of_the_file(outcome, folder, found, ax):
    phase = pd.read_parquet(folder / "phase.parquet")
    drawn = figures.phase_diagram(ax, found.tables["phase"], found.tables["fold"], outcome, across="x", up="y")
    mesh = ax.collections[0]
    expected = phase.sort_values(["up", "across"])[outcome].to_numpy().reshape(3, 3)
    np.testing.assert_array_equal(mesh.get_array(), expected)
    np.testing.assert_array_equal(drawn["values"], expected)
    two = phase.loc[phase["regimes"] == "two", ["across", "up"]].to_numpy()
    np.testing.assert_array_equal(np.column_stack(ax.lines[0].get_data()), two)
    segments = np.array([path.vertices.ravel() for path in ax.collections[1].get_paths()]).reshape(-1, 4)
    np.testing.assert_array_equal(segments, pd.read_parquet(folder / "fold.parquet").to_numpy())


def test_the_loop_is_that_of_the_file(folder, found, ax):
    loop = pd.read_parquet(folder / "loop.parquet")
    figures.hysteresis_loop(ax, found.tables["loop"], found.tables["mean_field"], 16, ramp="x")
    lines = {line.get_label(): line for line in ax.lines}
    mine = loop[loop["dwell"] == 16].set_index("step")["payment_rate"]
    np.testing.assert_array_equal(lines["way up"].get_ydata(), mine[[0, 1, 2]])
    np.testing.assert_array_equal(lines["way down"].get_ydata(), mine[[2, 3, 4]])
    np.testing.assert_array_equal(lines["way down"].get_xdata(), [0.2, 0.1, 0.0])
    stable = pd.read_parquet(folder / "mean_field.parquet").query("stable")
    np.testing.assert_array_equal(lines["mean field, stable"].get_ydata(), stable["share"])


def test_the_gain_after_support_is_that_of_the_file(folder, found, ax):
    support = pd.read_parquet(folder / "support.parquet")
    figures.gain_after_support(ax, found.tables["support"], "service")
    for end, line in zip((36, 60), [line for line in ax.lines if line.get_label().startswith("support")], strict=True):
        mine = support[(support["withdrawn"] == end) & (support["outcome"] == "service")]
        np.testing.assert_array_equal(line.get_ydata(), mine["gain"])
        np.testing.assert_array_equal(line.get_xdata(), mine["month"] / 12)


def test_the_memory_is_that_of_the_file(folder, found, ax):
    stability = pd.read_parquet(folder / "stability.parquet")
    drawn = figures.memory_bars(ax, found.tables["stability"], "memory_lost")
    mine = stability[stability["outcome"] == "memory_lost"].set_index("of")[["value", "low", "high"]]
    assert list(drawn) == list(mine.index)
    np.testing.assert_array_equal(np.array(list(drawn.values())), mine.to_numpy())
