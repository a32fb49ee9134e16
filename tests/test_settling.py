"""Places settled at every point stand where they declare to stand, for whatever else is drawn, and equally for all."""

import pytest
from command import linli
from small_studies import SMALL, made, written

import sim
from sim.errors import InputError
from sim.runs import resolve_in_place
from sim.studies.compute import Work
from sim.studies.odds import starts_of
from sim.studies.settling import CLOSE, INTERCEPT, declared_rates, mean_rate, settled, solved
from sim.studies.sources import read_study
from sim.studies.worlds import base_worlds, with_values

__all__ = ["linli"]  # a fixture

LUCKS = 4
SETTLED = SMALL | {
    "scenarios": ["market @ trapped", "red_station @ trapped"],
    "replicates": LUCKS,
    "outcomes": ["payment_rate"],
    "keep": ["series"],
    "factors": {"household.intercept_spread": {"range": [0.2, 1.5]}, "household.b_trust": {"range": [0.0, 12.0]}},
    "sampling": {"method": "lhs", "n": 3, "settle": LUCKS},
}
KEPT = SETTLED | {"sampling": {"method": "lhs", "n": 3}}


@pytest.mark.parametrize("b_trust", [0.0, 4.0])
def test_a_settled_place_stands_at_its_rate(b_trust):
    world = resolve_in_place("market", "managed", 6, ("population.n_households=60", "time.spinup=24"))
    world = with_values(world, {"household.b_trust": b_trust})
    found = solved(world, 0.7, 1, 6, 1)
    assert mean_rate(with_values(world, {INTERCEPT: found}), 1, 6, 1) == pytest.approx(0.7, abs=CLOSE + 1e-12)


def test_a_rate_that_no_readiness_gives_ends_at_the_end():
    world = resolve_in_place("market", "managed", 6, ("population.n_households=60", "time.spinup=24"))
    found = solved(world, 1.0 - 1e-9, 1, 2, 1)
    assert found == pytest.approx(6.0, abs=0.2) or mean_rate(with_values(world, {INTERCEPT: found}), 1, 2, 1) > 0.99


def test_forms_that_share_a_spin_up_share_its_readiness():
    study = read_study(SETTLED)[0]
    worlds = settled(base_worlds(study), declared_rates(study, base_worlds(study)), study.seed, LUCKS, 1)
    one, other = (world.before[INTERCEPT] for world in worlds)
    assert one == other
    assert one != base_worlds(study)[0].before[INTERCEPT]


def test_draws_of_a_settled_study_start_where_the_place_stands_and_others_do_not(tmp_path):
    made(tmp_path / "settled", SETTLED)
    made(tmp_path / "kept", KEPT)
    (settled_start,), (kept_start,) = starts_of(tmp_path / "settled"), starts_of(tmp_path / "kept")
    assert (settled_start.off, settled_start.draws) == (0, 3)
    assert abs(settled_start.mean - settled_start.declared) < 0.1
    assert kept_start.off > 0


def test_a_settled_study_is_the_same_however_it_is_cut(linli, tmp_path):
    whole = made(tmp_path / "whole", SETTLED, threads=1)
    assert made(tmp_path / "cut", SETTLED, chunk=2, threads=2) == whole
    written(tmp_path, SETTLED)
    for k in (1, 2):
        assert linli("study", "run", "study.toml", "--out", f"part{k}", "--shard", f"{k}/2", "--chunk", 4).code == 0
    assert linli("study", "merge", "part1", "part2", "--out", "joined").code == 0
    assert sim.studies.open(tmp_path / "joined").hash() == whole
    run = sim.studies.open(tmp_path / "whole").runs.iloc[-1]
    said = linli("study", "rerun", "whole", run["run"])
    assert said.code == 0, said.err


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"factors": {INTERCEPT: {}}}, "settling finds household.intercept, which the study sets or draws too"),
        ({"constants": {INTERCEPT: 0.5, "time.spinup": 12}}, "settling finds household.intercept"),
        ({"constants": {"time.spinup": 0}}, "has no spin-up in which it could come to stand"),
    ],
)
def test_what_cannot_be_settled_is_refused_with_its_line_before_the_first_run(linli, tmp_path, change, told):
    written(tmp_path, SETTLED | change)
    said = linli("study", "run", "study.toml", "--out", "out")
    assert said.code == 2
    assert told in said.err.replace("\n", " ")
    assert "study.toml:" in said.err
    assert not (tmp_path / "out").exists()


def test_a_place_that_declares_no_state_cannot_be_settled(tmp_path):
    (tmp_path / "mine.toml").write_text('schema = 1\nkind = "place"\ntitle = "Mine"\ninitial_form = "market"\n')
    study = SETTLED | {"scenarios": ["market"], "places": ["mine.toml"]}
    path = written(tmp_path, study)
    read = read_study(path)[0]
    with pytest.raises(InputError, match="declares no state"):
        Work.of(read, base_worlds(read))


def test_a_place_of_one_s_own_is_settled_and_its_start_is_told(tmp_path):
    text = 'schema = 1\nkind = "place"\ntitle = "Mine"\nextends = "trapped"\n[standing]\npayment = 0.6\n'
    (tmp_path / "mine.toml").write_text(text)
    path = written(tmp_path, SETTLED | {"scenarios": ["market"], "places": ["mine.toml"], "replicates": 4})
    sim.studies.run(path, tmp_path / "out")
    (start,) = starts_of(tmp_path / "out")
    assert (start.place, start.declared, start.off) == ("mine", 0.6, 0)


def test_the_shipped_study_settles_what_the_odds_are_drawn_over():
    odds, again = (read_study(name)[0] for name in ("prior_predictive", "settled_places"))
    assert odds.factors == again.factors
    assert odds.arms == again.arms
    assert (odds.outcomes, odds.months, odds.seed) == (again.outcomes, again.months, again.seed)
    assert (odds.settle, again.settle) == (0, 6)
