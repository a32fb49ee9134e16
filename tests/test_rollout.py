"""A district of several kinds of estate, and a roll-out over it: who gets what and when, and what it does to whom."""

import numpy as np
import pyarrow.parquet as pq
import pytest
from command import linli as linli

from sim import estates
from sim.dock import dock
from sim.errors import InputError
from sim.layout import layout
from sim.results import Results
from sim.runs import Batch, resolve_all, simulate
from sim.scenarios import World, resolve
from sim.scenarios.catalog import load
from sim.totals import Total

NO_CONTEST = [
    "street.competition=0", "observation.kappa=0", "observation.pulse=0", "observation.staff=0", "street.evaluation=0"
]  # fmt: skip
SMALL = ["population.n_estates=36", "population.n_households=25", "time.spinup=14"]


@pytest.fixture(scope="module")
def batches() -> list[Batch]:
    worlds = resolve_all(["hanshan_rollout"], months=30, set=SMALL)
    return simulate(worlds, replicates=range(3), seed=4)


def reached(world: World, form: str) -> int:
    return sum(len(part.estates) for part in world.parts if form in part.world.label.split(" + "))


def test_the_article_counts_its_estates():
    """Seed article S1 to S5 and S3: 717 estates, 259 in custody, 139 stations, 112 alliances, 67 centres."""
    world = resolve("hanshan_rollout")
    assert world.place == "hanshan"
    assert sorted(estate for part in world.parts for estate in part.estates) == list(range(717))
    custody = [part for part in world.against.parts if part.initial == "custody"]
    assert sum(len(part.estates) for part in custody) == 259
    assert [reached(world, form) for form in ("red_station", "red_alliance", "red_center")] == [139, 112, 67]
    assert [reached(world, form) for form in ("party_branch", "party_group", "instructor")] == [44, 168, 149]
    assert world.feasible
    assert not world.warnings


def test_stations_stand_where_there_was_no_firm_and_alliances_where_no_committee():
    world = resolve("hanshan_rollout")
    forms = ("station", "alliance")
    kinds = {form: {part.initial for part in world.parts if form in part.world.label} for form in forms}
    assert kinds == {"station": {"custody"}, "alliance": {"market"}}


def test_the_other_reading_of_the_centres():
    world = resolve("hanshan_branches")
    assert [reached(world, form) for form in ("red_station", "red_alliance", "red_center_branch")] == [139, 112, 67]
    assert {part.initial for part in world.parts if part.world.label == "red_center_branch"} == {"self_governance"}
    assert world.feasible


def test_those_above_do_the_same_everywhere_from_the_policy_month():
    world = resolve("hanshan_rollout")
    told = load("observation_evaluation", ("programme",)).values
    for path in ("observation.kappa", "street.competition"):
        assert {part.world.segments[0].values[path] for part in world.parts} == {told[path].value}


def test_waves_reach_their_estates_step_by_step():
    world = resolve("hanshan_rollout")
    starts = {form: {} for form in ("red_station", "red_alliance")}
    for part in world.parts:
        form = part.world.label.partition(" + ")[0]
        if form in starts:
            starts[form][part.start] = starts[form].get(part.start, 0) + len(part.estates)
    for found in starts.values():
        assert sorted(found) == [0, 6, 12, 18, 24, 30]
        assert max(found.values()) - min(found.values()) <= 1


def test_every_sub_district_gets_its_share():
    world = resolve("hanshan_rollout")
    where, forms = estates.layout_of(world), estates.forms_of(world, 119)
    stations = np.array(["red_station" in form for form in forms])
    per_street = np.bincount(where.street[stations], minlength=12)
    assert per_street.sum() == 139
    assert per_street.min() >= 139 // 12 - 3


def test_before_its_wave_an_estate_is_what_it_was():
    world = resolve("hanshan_rollout")
    late = next(part for part in world.parts if part.start == 18)
    assert [segment.month for segment in late.world.segments][:2] == [0, 18]
    changed = {path for path, value in late.world.segments[0].values.items() if value != late.world.before[path]}
    assert changed
    assert changed <= set(load("observation_evaluation", ("programme",)).values)


def test_a_smaller_district_keeps_the_shares():
    world = resolve("hanshan_rollout", set=["population.n_estates=72"])
    assert [reached(world, form) for form in ("red_station", "red_alliance")] == [14, 11]


def test_sizes_are_the_place_and_not_luck():
    world = resolve("hanshan_rollout")
    first, second = (estates.layout_of(arm) for arm in (world, world.against))
    assert np.array_equal(first.sizes, second.sizes)
    assert first.sizes.mean() == pytest.approx(206, rel=0.02)
    assert np.log(first.sizes).std() == pytest.approx(0.5, rel=0.02)
    assert first.sizes.min() < 80
    assert first.sizes.max() > 600


def test_communities_nest_in_sub_districts():
    values = dict(resolve("hanshan_rollout").before)
    where = layout([(range(717), values)])
    assert len(np.unique(where.community)) == 120
    assert np.array_equal(where.community // 10, where.street)
    assert np.ptp(np.bincount(where.street)) <= 1


def test_the_roll_out_and_the_district_without_it_share_households_and_past(batches):
    without, with_it = (batch.totals[:, : batch.first] for batch in batches)
    assert without.sum() > 0
    assert np.array_equal(without, with_it)


def test_untouched_estates_differ_only_through_those_above():
    """Where nothing competes and nothing is divided by show, estates that nothing comes to live the same months."""
    worlds = resolve_all(["hanshan_rollout"], months=30, set=[*SMALL, *NO_CONTEST])
    batches = simulate(worlds, replicates=range(2), seed=4)
    untouched = [n for part in batches[1].world.parts if part.world.label == part.initial for n in part.estates]
    touched = [n for n in range(36) if n not in untouched]
    without, with_it = (batch.totals for batch in batches)
    assert np.array_equal(without[..., untouched], with_it[..., untouched])
    assert not np.array_equal(without[..., touched], with_it[..., touched])


def test_attention_thins_out_with_the_estates_led():
    one = [*SMALL, "population.n_streets=1"]
    worlds = [resolve("hanshan_rollout", months=26, set=[*one, f"branch.span={span}"]) for span in (100.0, 1.0)]
    found = [
        batch.totals[:, -1, Total.ATTENTION].sum() for batch in simulate(worlds, replicates=range(1), seed=4)
    ]
    assert 0 < found[1] < 0.9 * found[0]


def test_threads_do_not_matter(batches):
    again = simulate([batch.world for batch in batches], replicates=range(3), seed=4, threads=1)
    for ours, theirs in zip(batches, again, strict=True):
        assert ours.totals.tobytes() == theirs.totals.tobytes()


def test_the_money_of_the_district_is_never_more_than_its_sum():
    """Two sub-districts that compete for one budget spend that budget, whatever kinds of estate lie in them."""
    size = [*SMALL, "population.n_streets=2", "street.competition=0.8", "observation.kappa=2"]
    batch = simulate([resolve("hanshan_rollout", months=20, set=size)], replicates=range(2), seed=3)[0]
    granted = batch.totals[:, :, Total.REPAIR_MONEY].sum(axis=-1)
    per_household = batch.world.before["street.repair_budget"]
    whole = round(100 * per_household * int(estates.layout_of(batch.world).sizes.sum()))
    assert np.all(granted <= whole)
    assert np.all(granted >= whole - 4)


def test_the_engines_agree():
    size = ["population.n_estates=24", "population.n_households=20", "time.spinup=4"]
    report = dock("hanshan_rollout", months=13, set=size)
    assert report.ok, str(report)
    assert report.n_estates == 24


def test_estate_rows_add_up_to_the_run(batches):
    """Payment rates of estates, weighted by what was due, are that of the run."""
    results = Results.of(batches)
    rows = estates.columns(results)
    months = len(batches[0].months)
    assert len(rows["run"]) == 2 * 3 * months * 36
    last = (rows["run"] == 4) & (rows["month"] == 29)
    due = batches[1].totals[1, -12:, Total.DUE_3].sum(axis=0)
    rate = rows["payment_rate"][last]
    known = due > 0
    expected = results.arms[1].values["payment_rate"][1, -1]
    assert np.sum(rate[known] * due[known]) / due.sum() == pytest.approx(expected, rel=1e-12)
    assert set(rows["form"][last]) <= {part.world.label for part in batches[1].world.parts}


def test_a_form_alone_may_come_to_all_estates():
    world = resolve("market", place="hanshan", set=SMALL)
    assert {part.world.label for part in world.parts} == {"market"}
    assert {part.initial for part in world.parts} == {"custody", "market", "self_governance"}


@pytest.mark.parametrize(
    ("change", "text"),
    [
        ('strata = ["nowhere"]', "no kind of estate is called"),
        ("estates = 600", "but only 259 estates of the kind"),
        ('until = "2018-01"', "is month -12"),
        ("every = 0", "is too small"),
    ],
)
def test_a_wrong_wave_is_told(tmp_path, change, text):
    strata = '["custody, low fee", "custody", "custody, high fee"]'
    lines = {"form": '"red_station"', "strata": strata, "estates": "10", "start": '"2019-01"'}
    key, value = change.split(" = ", 1)
    wave = "\n".join(f"{name} = {found}" for name, found in (lines | {key: value}).items())
    path = tmp_path / "mine.toml"
    path.write_text(f'schema = 1\nkind = "rollout"\ntitle = "mine"\nplace = "hanshan"\n[[wave]]\n{wave}\n')
    with pytest.raises(InputError, match=text):
        resolve(str(path))


def test_a_roll_out_needs_kinds_of_estate():
    with pytest.raises(InputError, match=r"no \[\[stratum\]\]"):
        resolve("hanshan_rollout", place="trapped")


def test_one_mesa_model_cannot_hold_kinds_of_estate():
    from sim.model import GovernanceModel

    with pytest.raises(InputError, match="several kinds of estate"):
        GovernanceModel("hanshan_rollout")


def test_the_command_keeps_every_estate(linli, tmp_path):
    options = [word for setting in SMALL for word in ("--set", setting)]
    found = linli("run", "hanshan_rollout", "--months", 24, "--replicates", 2, "--out", tmp_path / "out", *options)
    assert found.code == 0, found.err
    assert "estates by the form they end under" in found.out
    table = pq.read_table(tmp_path / "out" / "estates.parquet")
    assert {"run", "estate", "sub_district", "form", "month", "payment_rate", "settled_3"} <= set(table.column_names)
    assert table.num_rows == 2 * 2 * 36 * 36
    assert {path.stem for path in (tmp_path / "out" / "figures").glob("district_*.png")} == {
        "district_forms", "district_streets", "district_gains", "district_cost", "district_tree"
    }  # fmt: skip


def test_the_tree_draws_what_the_rows_of_estates_hold(batches):
    from matplotlib.figure import Figure

    from sim.figures import estate_tree

    results = Results.of(batches)
    rows = estates.columns(results)
    found = estate_tree(Figure().subplots(), results, "hanshan_rollout", "payment_rate")
    after = rows["month"] >= 0
    for estate in (0, 7, 35):
        mine = after & (rows["estate"] == estate)
        with_it, without = (
            np.nanmean(rows["payment_rate"][mine & (rows["scenario"] == label)])
            for label in ("hanshan_rollout", "without hanshan_rollout")
        )
        assert found.value[estate] == pytest.approx(with_it - without, abs=1e-12)
