"""What a channel of harm does to a red form: effects and worst points by hand, points run again, and the command."""

from pathlib import Path

import numpy as np
import pytest
from command import linli
from matplotlib.figure import Figure
from small_studies import SMALL

from sim.errors import InputError
from sim.figures.harms import draw_harms, effects_of
from sim.results import Interval
from sim.studies import harms, harms_told, run
from sim.studies import open as open_study
from sim.studies.harms import BILLS, LEFT, Harm, Retold
from sim.studies.patterns_told import rows_of
from sim.studies.sources import read_study
from sim.studies.tolerances import read_harms

__all__ = ["linli"]  # a fixture

FILE = """
confirm = 1
replicates = 12
trait = ["irritation"]
[[form]]
name = "red_alliance"
place = "managed"
rivals = ["market"]
[channels]
press = ["none", "high"]
irritation = ["none", "high"]
capture = ["none", "high"]
"""


def arm(scenario: str, end: str, **values: float):
    own = {path.replace("_of_", "."): value for path, value in values.items()}
    return {"scenario": f"{scenario} @ managed", "name": f"{scenario}: {end}", "set": own}


DRAWS = {
    "scenarios": [
        "market @ managed",
        arm("market", "irritation high", household_of_irritation=1.0),
        arm("red_alliance", "press none", contact_of_press=0.0),
        arm("red_alliance", "press high", contact_of_press=1.0),
        arm("red_alliance", "irritation none", household_of_irritation=0.0),
        arm("red_alliance", "irritation high", household_of_irritation=1.0),
    ],
    "months": 18,
    "replicates": 1,
    "seed": 14,
    "outcomes": [BILLS, LEFT],
    "constants": {"population.n_households": 40, "time.spinup": 12},
    "factors": {"household.b_reactance": {}, "contact.press": {}, "household.irritation": {}},
    "sampling": {"method": "lhs", "n": 24},
}


def read(folder: Path, text: str = FILE):
    path = folder / "mine.toml"
    path.write_text(text, encoding="utf-8")
    return read_harms(path)[0]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    path = tmp_path_factory.mktemp("harms") / "study"
    run(SMALL | DRAWS, path, threads=1)
    return path


@pytest.fixture(scope="module")
def found(folder, tmp_path_factory):
    return harms.harms_of(folder, read(tmp_path_factory.mktemp("told")))


# --- by hand --------------------------------------------------------------------------------------------------------


def ends(bills: list[float], left: list[float]):
    return {BILLS: np.array(bills), LEFT: np.array(left)}


def test_worst_is_worse_than_every_rival_in_both():
    form = ends([0.5, 0.5, 0.5, 0.5], [4.0, 4.0, 4.0, 4.0])
    one = ends([0.6, 0.6, 0.6, 0.5], [3.0, 3.0, 5.0, 3.0])
    other = ends([0.7, 0.4, 0.7, 0.7], [2.0, 2.0, 2.0, 2.0])
    lost = harms.losses(form, [one, other])
    assert lost[0].round(9).tolist() == [[0.1, 0.1, 0.1, 0.0], [0.2, -0.1, 0.2, 0.2]]  # bills: below is worse
    assert lost[1].tolist() == [[1, 1, -1, 1], [2, 2, 2, 2]]  # conflict: above is worse
    assert harms.worst_of(lost).tolist() == [True, False, False, False]
    assert harms.worst_of(harms.losses(form, [one])).tolist() == [True, True, False, False]


def interval(low: float, high: float) -> Interval:
    made = Interval(np.array([low, high]))
    made.low, made.high = low, high
    return made


def harm_of(retold: tuple[Retold, ...] = ()) -> Harm:
    effects = {BILLS: np.array([0.1, -0.3, 0.05]), LEFT: np.array([-1.0, 0.5, 2.0])}
    worst = np.array([False, True, True])
    return Harm("red_station", "trapped", "press", ("market", "custody"), effects, ~worst, worst, retold)


def test_the_most_harmful_point_loses_bills_or_gains_conflict():
    assert harm_of().largest(BILLS) == (-0.3, 1)
    assert harm_of().largest(LEFT) == (2.0, 2)


def test_a_point_is_found_where_every_interval_lies_beyond_nothing():
    clear = {BILLS: (interval(0.1, 0.2), interval(0.01, 0.1)), LEFT: (interval(1, 2), interval(2, 3))}
    unclear = {BILLS: (interval(0.1, 0.2), interval(-0.01, 0.1)), LEFT: (interval(1, 2), interval(2, 3))}
    harm, none = {BILLS: interval(0.1, 0.2), LEFT: interval(1, 2)}, {BILLS: interval(0.1, 0.2), LEFT: interval(-1, 2)}
    sure, unsure, anyway = (Retold(7, *of, harm) for of in ((clear, unclear), (unclear, unclear), (clear, clear)))
    assert (sure.found, unsure.found, anyway.found) == (True, False, False)  # worst without the harm too: not its doing
    assert not Retold(7, clear, unclear, none).found  # the harm itself does nothing clear
    assert sure.least(BILLS).mean == pytest.approx(0.055)
    assert harm_of((unsure, sure)).found == 7
    assert harm_of((unsure,)).found == harm_of().found == -1


def test_table_lines_and_page_by_hand():
    sure = Retold(7, {BILLS: (interval(0.1, 0.2),), LEFT: (interval(1, 2),)}, {BILLS: (interval(-1, 1),), LEFT: ()}, {})
    rows = rows_of(harms_told.columns([harm_of((sure,)), harm_of()]))
    first, second = rows
    assert (first["worst"], first["worst_without"], first["turned"], first["points"]) == (2, 1, 2, 3)
    assert (first["payment_rate_largest"], first["payment_rate_largest_at"]) == (-0.3, 1)
    assert first["payment_rate_mean"] == pytest.approx(-0.05)
    assert (first["found"], first["run_again"], first["payment_rate_lost"]) == (7, 1, pytest.approx(0.15))
    assert (second["found"], second["run_again"], second["payment_rate_lost"]) == (-1, 0, None)
    lines = harms_told.lines(rows)
    assert "ends worst at 2 of 3 points, at 1 without, at 2 only with; found, point 7" in lines[0]
    assert lines[1].endswith("not found, 0 run again")
    page = harms_told.page(rows)
    assert "## `red_station` in `trapped`, against market, custody" in page
    assert "| 66.7 % (20.8 to 93.9) | 33.3 % (6.1 to 79.2) | point 7: behind the nearest rival by 0.150" in page


# --- a study --------------------------------------------------------------------------------------------------------


def test_effects_are_paired_differences_at_the_points(folder, found):
    runs = open_study(folder).runs.set_index(["scenario", "point"])
    assert [(harm.form, harm.channel) for harm in found] == [("red_alliance", "press"), ("red_alliance", "irritation")]
    for harm in found:
        for outcome in (BILLS, LEFT):
            pair = [f"red_alliance: {harm.channel} {end}" for end in ("none", "high")]
            none, high = (runs.loc[name][outcome].to_numpy() for name in pair)
            assert harm.effects[outcome].tolist() == (high - none).tolist()
    assert any(harm.effects[BILLS].any() for harm in found)


def test_rivals_share_a_trait_and_only_a_trait(folder, found):
    runs = open_study(folder).runs.set_index(["scenario", "point"])
    for harm, rival in zip(found, ("market", "market: irritation high"), strict=True):
        ours, theirs = runs.loc[f"red_alliance: {harm.channel} high"], runs.loc[rival]
        worst = (ours[BILLS] < theirs[BILLS]) & (ours[LEFT] > theirs[LEFT])
        assert harm.worst.tolist() == worst.tolist()
        without = runs.loc[f"red_alliance: {harm.channel} none"]
        plain = runs.loc["market"]
        expected = (without[BILLS] < plain[BILLS]) & (without[LEFT] > plain[LEFT])
        assert harm.worst_without.tolist() == expected.tolist()


def test_points_are_run_again_with_luck_of_their_own(folder, tmp_path):
    """Points at which a form ends worst are run in replicates that the study did not have.

    The seed is one at which some points turn.
    """
    turned_round = FILE.replace('press = ["none", "high"]', 'press = ["high", "none"]')  # so that some points turn
    told = read(tmp_path, turned_round.replace("confirm = 1", "confirm = 24"))
    found = harms.harms_of(folder, told)
    more = run(SMALL | DRAWS | {"replicates": 13}, tmp_path / "more", threads=1).runs
    assert any(harm.retold for harm in found)
    for harm, rival in zip(found, ("market", "market: irritation high"), strict=True):
        turned = harm.worst & ~harm.worst_without
        assert {each.point for each in harm.retold} == set(np.flatnonzero(turned).tolist())
        for each in harm.retold:
            again = more[(more["point"] == each.point) & (more["replicate"] > 0)].set_index("scenario")
            none, high = told.channels[harm.channel]
            ours, theirs = again.loc[f"red_alliance: {harm.channel} {high}"], again.loc[rival]
            lost = theirs[BILLS].to_numpy() - ours[BILLS].to_numpy()
            assert each.lost[BILLS][0].mean == pytest.approx(lost.mean())
            assert each.lost[BILLS][0].n == 12
            without, plain = again.loc[f"red_alliance: {harm.channel} {none}"], again.loc["market"]
            lost = plain[BILLS].to_numpy() - without[BILLS].to_numpy()
            assert each.lost_without[BILLS][0].mean == pytest.approx(lost.mean())
            assert each.harm[BILLS].mean == pytest.approx((without[BILLS].to_numpy() - ours[BILLS].to_numpy()).mean())


def test_the_figure_draws_means_and_the_middle_of_the_points(found):
    ax = Figure().subplots()
    drawn = effects_of(ax, found, BILLS)
    for harm in found:
        expected = (harm.effects[BILLS].mean(), *np.percentile(harm.effects[BILLS], (2.5, 97.5)))
        assert drawn[harm.channel] == pytest.approx(expected)
    assert len(draw_harms(found).axes) == 2


def test_the_command(linli, folder, tmp_path):
    read(tmp_path)
    told = linli("study", "harms", folder, "--tolerances", tmp_path / "mine.toml", "--out", tmp_path / "found")
    assert told.code == 0
    assert "red_alliance in managed, press: bills paid" in told.out
    kept = {path.name for path in (tmp_path / "found").iterdir()}
    assert kept == {"harms.parquet", "witness.parquet", "figures", "study.toml", "words.md", "manifest.json"}


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ('trait = ["irritation"]', 'trait = ["irritations"]', "irritations is not a channel; did you mean irritation?"),
        ('press = ["none", "high"]', 'press = ["none"]', "press needs two ends, without and with the harm"),
        ("replicates = 12", "replicates = 2", "replicates = 2 (a number) must be at least 10"),
        ('rivals = ["market"]', 'rivals = ["custody"]', "no arm of the study is called custody @ managed"),
        ('name = "red_alliance"', 'name = "red_station"', "no two arms of the study are called"),
    ],
)
def test_what_is_wrong_is_told(folder, tmp_path, old, new, why):
    assert old in FILE
    with pytest.raises(InputError) as error:
        harms.harms_of(folder, read(tmp_path, FILE.replace(old, new)))
    assert why in str(error.value)


# --- what is looked for ---------------------------------------------------------------------------------------------


def test_the_shipped_file_looks_for_every_channel_of_every_red_form():
    told, _ = read_harms()
    assert [form.name for form in told.form] == ["red_station", "red_alliance", "red_branch"]
    assert set(told.channels) == {
        "attention", "capture", "press", "labour", "politics", "irritation", "favours", "statutory", "vouching",
        "audit", "closure",
    }  # fmt: skip
    names = set(read_study("search_harms")[0].names)
    lacking = {
        (form.name, channel)
        for form in told.form
        for channel, two in told.channels.items()
        if not {f"{form.name}: {channel} {end}" for end in two} <= names
    }
    assert lacking == {
        ("red_station", "capture"), ("red_station", "politics"), ("red_station", "audit"),
    }  # fmt: skip
