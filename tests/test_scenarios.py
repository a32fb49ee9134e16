"""Scenario files and how an expression resolves to values per month."""

import pickle
import re
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from shipped import in_use
from small_scenarios import TABLE, install, write

from sim.errors import InputError
from sim.parameters import PARAMETERS
from sim.scenarios import Origin, World, data_folder, list_scenarios, resolve
from sim.scenarios.catalog import load, names
from sim.scenarios.files import FOLDERS

ROOT = Path(__file__).parent.parent


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Folder of small scenarios that stands for the shipped one."""
    return install(monkeypatch, tmp_path / "scenarios")


def course(world: World, path: str) -> list[float]:
    """Values of one parameter over the months after the spin-up."""
    rows = world.rows()[world.spinup :]
    return [world.segments[row - 1].values[path] for row in rows]


# --- layers ---------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("folder")
class TestLayers:
    def test_every_mapping_is_complete(self) -> None:
        world = resolve("market + subsidy_taper")
        for values in (world.before, *(segment.values for segment in world.segments)):
            assert list(values) == list(TABLE)

    def test_each_layer_replaces_the_one_before(self) -> None:
        assert resolve("payment_only").segments[0].values["provider.fee"] == 1.0
        world = resolve("market + inspection", set=["street.inspectors=7"], months=5)
        values = world.segments[0].values
        assert values["street.subsidy"] == 0.0  # default
        assert values["provider.roster"] == 0.5  # place
        assert values["provider.fee"] == 0.5  # form
        assert course(world, "street.inspectors") == [7] * 5  # --set over the programme

    def test_spin_up_has_the_levers_of_the_initial_form(self) -> None:
        world = resolve("market")
        assert (world.before["provider.kind"], world.before["provider.fee"]) == (1, 0.1)
        assert (world.segments[0].values["provider.kind"], world.segments[0].values["provider.fee"]) == (2, 0.5)

    def test_levers_of_the_initial_form_end_at_the_policy_month(self, folder: Path) -> None:
        write(folder, "forms/bare.toml", "[street]\ninspectors = 3")
        assert resolve("bare").segments[0].values["provider.fee"] == TABLE["provider.fee"].default

    def test_values_of_the_place_hold_before_and_after(self) -> None:
        world = resolve("market")
        assert world.before["provider.roster"] == world.segments[0].values["provider.roster"] == 0.5

    def test_place_without_initial_form_keeps_its_own_levers_in_the_spin_up(self) -> None:
        world = resolve("custody", place="managed")
        assert (world.before["provider.fee"], world.segments[0].values["provider.fee"]) == (0.6, 0.1)

    def test_what_is_no_lever_in_a_form_holds_in_the_spin_up_too(self, folder: Path) -> None:
        write(folder, "forms/keen.toml", "[household]\nb_quality = 4.0\n[population]\nshare_elderly = 0.1")
        world = resolve("keen")
        for values in (world.before, world.segments[0].values):
            assert (values["household.b_quality"], values["population.share_elderly"]) == (4.0, 0.1)

    def test_a_lever_that_shapes_the_start_holds_in_the_spin_up_too(self, folder: Path) -> None:
        write(folder, "forms/renewed.toml", "[street]\nrenovated = 0.4\nsubsidy = 0.2")
        world = resolve("renewed", set=["street.renovated=0.5"])
        assert [values["street.renovated"] for values in (world.before, world.segments[0].values)] == [0.5, 0.5]
        assert resolve("renewed").before["street.renovated"] == 0.4

    def test_only_the_levers_of_the_initial_form_count(self, folder: Path) -> None:
        write(folder, "forms/custody.toml", "[household]\nb_quality = 4.0\n[provider]\nfee = 0.2")
        world = resolve("market")
        assert (world.before["household.b_quality"], world.before["provider.fee"]) == (3.2, 0.2)

    def test_set_on_a_lever_waits_for_the_policy_month(self) -> None:
        world = resolve("market", set=["provider.fee=2"])
        assert (world.before["provider.fee"], world.segments[0].values["provider.fee"]) == (0.1, 2.0)

    def test_set_on_anything_else_holds_from_the_spin_up_on(self) -> None:
        world = resolve("market", set=["household.b_quality = 1.5", "time.spinup=3", "population.n_households=50"])
        assert world.before["household.b_quality"] == world.segments[0].values["household.b_quality"] == 1.5
        assert world.spinup == 3
        assert world.initial_values() == {
            "population.n_households": 50,
            "population.share_elderly": 0.45,
            "street.renovated": 0.1,
        }

    def test_a_model_is_one_regime_throughout(self) -> None:
        world = resolve("payment_only")
        assert world.before == world.segments[0].values
        assert (world.before["provider.fee"], world.before["household.b_quality"]) == (1.0, 0.0)

    def test_a_model_brings_its_place_and_can_be_put_elsewhere(self) -> None:
        assert resolve("payment_only").place == "managed"
        elsewhere = resolve("payment_only", place="trapped")
        assert (elsewhere.place, elsewhere.before["provider.roster"]) == ("trapped", 0.5)
        assert elsewhere.before["provider.kind"] == 0  # not that of the initial form

    def test_a_switch_is_stored_as_its_position(self) -> None:
        assert resolve("market", set=["provider.kind=community"]).segments[0].values["provider.kind"] == 1

    def test_types_follow_the_declaration(self) -> None:
        values = resolve("market", set=["provider.fee=1", "street.inspectors=3"]).segments[0].values
        for path, parameter in TABLE.items():
            assert type(values[path]) is (int if parameter.integer else float), path


# --- months ---------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("folder")
class TestSchedule:
    def test_start_and_stop_return_the_value_underneath(self) -> None:
        world = resolve("market + inspection", months=12)
        assert course(world, "street.inspectors") == [2] * 3 + [5] * 6 + [2] * 3
        assert [segment.month for segment in world.segments] == [0, 3, 9]

    def test_what_lies_underneath_a_programme_is_the_form(self, folder: Path) -> None:
        write(folder, "programmes/cheap.toml", "[schedule]\nstop = 2\n[provider]\nfee = 0.3")
        assert course(resolve("market + cheap", months=4), "provider.fee") == [0.3, 0.3, 0.5, 0.5]

    def test_what_lies_underneath_a_form_is_the_initial_form(self, folder: Path) -> None:
        write(folder, "forms/visit.toml", "[schedule]\nstart = 1\nstop = 3\n[provider]\nfee = 0.9\nkind = 'firm'")
        world = resolve("visit", months=5)
        assert course(world, "provider.fee") == [0.1, 0.9, 0.9, 0.1, 0.1]
        assert course(world, "provider.kind") == [1, 2, 2, 1, 1]

    def test_what_lies_underneath_a_model_is_its_place(self, folder: Path) -> None:
        write(folder, "models/short.toml", "[schedule]\nstop = 2\n[provider]\nroster = 0.9")
        assert course(resolve("short", months=3), "provider.roster") == [0.9, 0.9, 0.5]

    def test_no_levers_stop_what_is_no_lever(self, folder: Path) -> None:
        write(folder, "forms/visit.toml", "[schedule]\nstop = 2\n[household]\nb_quality = 4.0\n[provider]\nfee = 0.9")
        assert course(resolve("visit", months=4), "household.b_quality") == [4.0] * 4

    def test_a_taper_steps_down_by_month_and_by_date(self) -> None:
        taper = course(resolve("market + subsidy_taper", months=30), "street.subsidy")
        assert taper == [0.1] * 12 + [0.05] * 12 + [0.0] * 6

    def test_a_step_leaves_other_levers_alone(self, folder: Path) -> None:
        body = "[provider]\nfee = 0.3\nroster = 0.6\n[[step]]\nat = 1\n[step.provider]\nfee = 0.4"
        write(folder, "programmes/stepped.toml", body)
        world = resolve("market + stepped", months=2)
        assert (course(world, "provider.fee"), course(world, "provider.roster")) == ([0.3, 0.4], [0.6, 0.6])

    def test_a_step_may_bring_a_new_lever(self, folder: Path) -> None:
        write(folder, "programmes/late.toml", "[[step]]\nat = 2\n[step.street]\nsubsidy = 0.2")
        assert course(resolve("market + late", months=4), "street.subsidy") == [0.0, 0.0, 0.2, 0.2]

    def test_steps_are_taken_in_order_of_time(self, folder: Path) -> None:
        body = "[[step]]\nat = 2\n[step.street]\nsubsidy = 0.2\n[[step]]\nat = 1\n[step.street]\nsubsidy = 0.1"
        write(folder, "programmes/late.toml", body)
        assert course(resolve("market + late", months=4), "street.subsidy") == [0.0, 0.1, 0.2, 0.2]

    @pytest.mark.parametrize(
        ("date", "options", "month"),
        [
            ("2019-01", (), 0),
            ("2019-07", (), 6),
            ("2021-01", (), 24),
            ("2021-01", ("time.start_year=2020", "time.start_month=11"), 2),
        ],
    )
    def test_dates_count_from_the_policy_month(
        self, folder: Path, date: str, options: tuple[str, ...], month: int
    ) -> None:
        write(folder, "programmes/dated.toml", f'[schedule]\nstart = "{date}"\n[street]\nsubsidy = 0.3')
        world = resolve("market + dated", months=30, set=options)
        assert course(world, "street.subsidy").index(0.3) == month

    def test_what_happens_after_the_run_leaves_no_segment(self) -> None:
        short = resolve("market + subsidy_taper", months=12)
        assert [segment.month for segment in short.segments] == [0]

    def test_what_changes_nothing_leaves_no_segment(self, folder: Path) -> None:
        write(folder, "programmes/same.toml", "[schedule]\nstart = 4\n[provider]\nfee = 0.5")
        assert resolve("market + same").segments == resolve("market").segments

    def test_rows_name_the_row_of_the_table_in_force(self) -> None:
        world = resolve("market + inspection", months=12)
        rows = world.rows()
        assert rows.dtype == np.int64
        assert rows.tolist() == [0] * 6 + [1] * 3 + [2] * 6 + [3] * 3
        inspectors = world.table()["street_inspectors"][rows]
        assert inspectors.tolist() == [2] * 9 + [5] * 6 + [2] * 3

    def test_without_spin_up_there_is_no_month_of_row_0(self) -> None:
        assert resolve("market", set=["time.spinup=0"], months=2).rows().tolist() == [1, 1]


# --- programmes together --------------------------------------------------------------------------------------


@pytest.mark.usefixtures("folder")
class TestProgrammes:
    def test_their_order_is_irrelevant(self, folder: Path) -> None:
        write(folder, "programmes/same.toml", "[street]\ninspectors = 5\n[schedule]\nstart = 3\nstop = 9")
        worlds = [
            resolve(f"market + {' + '.join(order)}")
            for order in (("inspection", "subsidy_taper", "same"), ("same", "inspection", "subsidy_taper"))
        ]
        assert worlds[0].segments == worlds[1].segments
        assert worlds[0].fingerprint() == worlds[1].fingerprint()

    def test_equal_values_count_once(self, folder: Path) -> None:
        write(folder, "programmes/grant.toml", "[street]\nsubsidy = 0.1")
        twice = resolve("market + subsidy + grant + subsidy")
        assert twice.fingerprint() == resolve("market + subsidy").fingerprint()

    def test_different_values_in_one_month_are_an_error_that_names_both(self, folder: Path) -> None:
        write(folder, "programmes/grant.toml", "[schedule]\nstart = 5\n[street]\nsubsidy = 0.3")
        with pytest.raises(InputError) as raised:
            resolve("market + subsidy + grant")
        assert str(raised.value) == (
            "scenarios/programmes/grant.toml:7 and scenarios/programmes/subsidy.toml:5 disagree in month 5: "
            "street.subsidy = 0.3 against 0.1; leave one of the two programmes out, give them different months, "
            "or write one programme that holds both"
        )

    def test_a_step_can_make_them_disagree(self, folder: Path) -> None:
        write(folder, "programmes/grant.toml", "[street]\nsubsidy = 0.1")
        with pytest.raises(InputError, match=r"disagree in month 12: street\.subsidy = 0\.1 against 0\.05"):
            resolve("market + subsidy_taper + grant")

    def test_different_values_in_different_months_follow_each_other(self, folder: Path) -> None:
        write(folder, "programmes/first.toml", "[schedule]\nstop = 2\n[street]\nsubsidy = 0.3")
        write(folder, "programmes/second.toml", "[schedule]\nstart = 2\n[street]\nsubsidy = 0.2")
        assert course(resolve("market + second + first", months=4), "street.subsidy") == [0.3, 0.3, 0.2, 0.2]

    def test_they_stack_on_a_model_from_the_policy_month_on(self) -> None:
        world = resolve("payment_only + subsidy")
        assert (world.before["street.subsidy"], world.segments[0].values["street.subsidy"]) == (0.0, 0.1)


# --- files ----------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("folder")
class TestFiles:
    def test_extends_lays_a_file_over_its_base(self, folder: Path) -> None:
        write(folder, "forms/dear.toml", 'extends = "custody"\n[provider]\nfee = 0.8')
        dear = load("dear", ("form",))
        assert {path: origin.value for path, origin in dear.values.items()} == {"provider.kind": 1, "provider.fee": 0.8}
        assert (dear.title, dear.feasible_in) == ("dear", ("trapped",))

    def test_extends_inherits_steps_unless_the_file_has_its_own(self, folder: Path) -> None:
        write(folder, "programmes/same.toml", 'extends = "subsidy_taper"\n[schedule]\nstart = 1')
        write(folder, "programmes/none.toml", 'extends = "subsidy_taper"\nstep = []')
        assert course(resolve("market + same", months=14), "street.subsidy") == [0.0] + [0.1] * 12 + [0.05]
        assert course(resolve("market + none", months=13), "street.subsidy") == [0.1] * 13

    def test_an_own_file_goes_by_its_path(self, tmp_path: Path) -> None:
        base = write(tmp_path, "mine/forms/base.toml", 'extends = "market"\n[provider]\nroster = 0.4')
        own = write(tmp_path, "mine/forms/own.toml", 'extends = "base.toml"\n[provider]\nfee = 0.7')
        world = resolve(f"{own} + subsidy")
        values = world.segments[0].values
        assert (values["provider.fee"], values["provider.roster"], values["provider.kind"]) == (0.7, 0.4, 2)
        assert world.label == "own + subsidy"
        assert world.origins["provider.roster"].where == f"{base.as_posix()}:6"

    def test_an_own_file_may_bear_the_name_of_the_shipped_one_it_extends(self, tmp_path: Path) -> None:
        own = write(tmp_path, "forms/custody.toml", 'extends = "custody"\n[provider]\nfee = 0.7')
        assert resolve(str(own)).segments[0].values["provider.fee"] == 0.7

    def test_an_own_place_with_an_own_initial_form(self, tmp_path: Path) -> None:
        write(tmp_path, "mine/forms/old.toml", "[provider]\nfee = 0.05")
        place = write(tmp_path, "mine/places/here.toml", 'initial_form = "../forms/old.toml"')
        world = resolve("market", place=str(place))
        assert (world.place, world.before["provider.fee"]) == ("here", 0.05)

    def test_a_form_may_name_the_own_place_that_stands_beside_it(self, tmp_path: Path) -> None:
        place = write(tmp_path, "here.toml", 'kind = "place"')
        form = write(tmp_path, "own.toml", 'kind = "form"\nfeasible_in = ["here"]')
        assert resolve(str(form), place=str(place)).feasible

    def test_every_file_read_is_listed_with_its_hash(self) -> None:
        files = dict(resolve("market + subsidy_taper").files)
        assert sorted(files) == [
            "scenarios/forms/custody.toml",
            "scenarios/forms/market.toml",
            "scenarios/places/trapped.toml",
            "scenarios/programmes/subsidy.toml",
            "scenarios/programmes/subsidy_taper.toml",
        ]
        assert {len(digest) for digest in files.values()} == {64}

    def test_windows_line_ends_and_a_byte_order_mark_change_nothing(self, folder: Path) -> None:
        before = resolve("market")
        path = folder / "forms/market.toml"
        path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
        assert resolve("market").origins == before.origins

    def test_the_list_gives_kind_name_title_and_first_line(self, folder: Path) -> None:
        write(folder, "forms/market.toml", 'title = "Market"\nabout = """\nFirms compete.\nThey can leave."""\n')
        write(folder, "forms/station.toml", 'null_base = "custody"')
        found = {info.name: info for info in list_scenarios()}
        assert [info.kind for info in found.values()] == ["form"] * 3 + ["programme"] * 3 + ["place"] * 2 + ["model"]
        assert (found["market"].title, found["market"].about) == ("Market", "Firms compete.")
        assert found["custody"].feasible_in == ("trapped",)
        assert found["station"].null_base == "custody"


# --- origins --------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("folder")
class TestOrigins:
    def test_each_value_says_where_it_comes_from(self) -> None:
        world = resolve("market + subsidy", set=["street.inspectors=3"])
        assert world.origins["provider.fee"] == Origin(0.5, "P3", "scenarios/forms/market.toml:6")
        assert world.origins["provider.kind"] == Origin(2, "", "scenarios/forms/market.toml:5")
        assert world.origins["provider.roster"] == Origin(0.5, "P5", "scenarios/places/trapped.toml:8")
        assert world.origins["street.subsidy"] == Origin(0.1, "S1", "scenarios/programmes/subsidy.toml:5")
        assert world.origins["street.inspectors"] == Origin(3, "", "--set street.inspectors=3")
        assert world.origins["household.b_quality"] == Origin(3.2, "1c", "default")
        assert world.origins_before["provider.fee"] == Origin(0.1, "P1", "scenarios/forms/custody.toml:7")

    def test_a_step_and_an_inherited_value_keep_their_own_line(self) -> None:
        world = resolve("market + subsidy_taper")
        lines = [segment.origins["street.subsidy"].where for segment in world.segments]
        taper = "scenarios/programmes/subsidy_taper.toml"
        assert lines == ["scenarios/programmes/subsidy.toml:5", f"{taper}:8", f"{taper}:12"]

    @pytest.mark.parametrize(
        ("body", "line"),
        [
            ("[provider]\nfee = 0.3", 5),
            ("provider.fee = 0.3", 4),
            ("provider = { fee = 0.3 }", 4),
            ("[provider.fee]\nvalue = 0.3\nsource = 'x'", 4),
            ("# fee = 0.1\n[provider] # fee\n  fee=0.3 # [street]", 6),
            ('about = """\n[provider]\nfee = 0.1\n"""\n[provider]\nfee = 0.3', 9),
            ("about = '''\n[provider]\nfee = 0.1 \"\"\"'''\n[provider]\nfee = 0.3", 8),
            ('["provider"]\n"fee" = 0.3', 5),
            ('"about" = """\ntwo\nlines"""\nprovider = { "fee" = 0.3 }', 7),
            ('["provider"]\n"fee" = {value=0.3, source="""x\ny"""}', 5),
            ('feasible_in = [\n"trapped",\n]\n[ provider ]\nfee = 0.3', 8),
            ("step = [\n{ at = 2, street = { subsidy = 1 } },\n]\n[provider]\nfee = 0.3", 8),
        ],
    )
    def test_lines_are_found_in_any_way_of_writing(self, folder: Path, body: str, line: int) -> None:
        write(folder, "forms/odd.toml", body)
        assert resolve("odd").origins["provider.fee"].where == f"scenarios/forms/odd.toml:{line}"


# --- the world as a whole -------------------------------------------------------------------------------------


@pytest.mark.usefixtures("folder")
class TestWorld:
    def test_the_fingerprint_is_blind_to_label_lines_and_path(self, tmp_path: Path) -> None:
        own = write(tmp_path, "own.toml", 'kind = "form"\n\n\n[provider]\nkind = "firm"\nfee = 0.5')
        assert resolve(str(own)).fingerprint() == resolve("market").fingerprint()

    @pytest.mark.parametrize(
        "other",
        [
            {"months": 121},
            {"place": "managed"},
            {"set": ["provider.fee=0.51"]},
            {"set": ["time.spinup=7"]},
            {"expression": "market + subsidy"},
        ],
    )
    def test_the_fingerprint_sees_what_the_world_does(self, other: dict[str, object]) -> None:
        changed = resolve(**{"expression": "market", **other})  # type: ignore[arg-type]
        assert changed.fingerprint() != resolve("market").fingerprint()

    def test_the_fingerprint_sees_the_name_of_the_place(self, tmp_path: Path) -> None:
        body = 'kind = "place"\ninitial_form = "custody"'
        worlds = [resolve("market", place=str(write(tmp_path, name, body))) for name in ("here.toml", "there.toml")]
        assert worlds[0].segments[0].values == worlds[1].segments[0].values
        assert worlds[0].fingerprint() != worlds[1].fingerprint()

    def test_the_fingerprint_sees_when_a_programme_starts(self, folder: Path) -> None:
        before = resolve("market + inspection").fingerprint()
        write(folder, "programmes/inspection.toml", "[schedule]\nstart = 4\nstop = 9\n[street]\ninspectors = 5")
        assert resolve("market + inspection").fingerprint() != before

    def test_forms_in_one_place_share_their_initial_values(self) -> None:
        expected = {"population.n_households": 200, "population.share_elderly": 0.45, "street.renovated": 0.1}
        assert resolve("market").initial_values() == resolve("custody + subsidy").initial_values() == expected

    def test_an_infeasible_form_warns_and_says_what_is_feasible(self) -> None:
        world = resolve("custody", place="managed")
        assert not world.feasible
        assert world.warnings == (
            "scenarios/forms/custody.toml:4: the form custody could not exist in the place managed, so this is not a "
            "fair comparison; custody can exist in: trapped; forms that can exist in managed: market; a place "
            'of your own where it can says feasible = ["custody"]',
        )

    def test_a_feasible_form_does_not_warn(self) -> None:
        for world in (resolve("custody"), resolve("market", place="managed")):
            assert (world.feasible, world.warnings) == (True, ())

    def test_a_programme_that_starts_after_the_run_warns(self) -> None:
        assert resolve("market + inspection", months=3).warnings == (
            "scenarios/programmes/inspection.toml:5: inspection starts in month 3, after the 3 months of this run, "
            "and has no effect",
        )
        assert resolve("market + inspection", months=4).warnings == ()

    def test_it_travels_to_other_processes(self) -> None:
        world = resolve("market + subsidy_taper")
        assert pickle.loads(pickle.dumps(world)) == world

    def test_blanks_in_an_expression_are_free(self) -> None:
        assert resolve(" market+subsidy ").label == resolve("market + subsidy").label == "market + subsidy"


def test_importing_scenarios_loads_nothing_heavy() -> None:
    heavy = {"mesa", "pandas", "numba", "scipy", "networkx", "matplotlib"}
    code = f"import sys, sim.scenarios; print(sorted({heavy!r} & sys.modules.keys()))"
    assert subprocess.check_output([sys.executable, "-c", code], text=True, cwd=ROOT).strip() == "[]"


@pytest.mark.usefixtures("folder")
def test_resolving_is_cheap() -> None:
    best = float("inf")
    for _ in range(5):
        begin = time.perf_counter()
        resolve("market + subsidy_taper + inspection", set=["provider.fee=1"])
        best = min(best, time.perf_counter() - begin)
    assert best < 0.03


# --- the shipped files ----------------------------------------------------------------------------------------

SHIPPED = [(kind, name) for kind in FOLDERS for name in names(kind)]


@pytest.mark.parametrize(("kind", "name"), SHIPPED)
def test_a_shipped_file_is_valid_and_cites_every_number(kind: str, name: str) -> None:
    scenario = load(name, (kind,))
    assert scenario.about
    for values in (
        scenario.values, scenario.cause, *(part.values for part in (*scenario.steps, *scenario.strata)),
    ):  # fmt: skip
        unsourced = [path for path, origin in values.items() if not origin.source and not PARAMETERS[path].choices]
        assert unsourced == []


@pytest.mark.parametrize(("kind", "name"), SHIPPED)
def test_a_shipped_file_resolves(kind: str, name: str) -> None:
    expression, place, _ = in_use(next(info for info in list_scenarios() if (info.kind, info.name) == (kind, name)))
    world = resolve(expression, place=place)
    assert len(world.table()) == 1 + len(world.segments)
    assert world.rows().max() == len(world.segments)


@pytest.mark.parametrize(("kind", "name"), [shipped for shipped in SHIPPED if shipped[0] in ("form", "programme")])
def test_a_shipped_form_says_which_row_of_the_article_or_of_evidence_it_stands_for(kind: str, name: str) -> None:
    about = load(name, (kind,)).about
    assert re.search(r"[Ss]eed article|[Ee]vidence [A-Z]\d", about), about


def test_the_shipped_folder_is_found() -> None:
    assert (data_folder() / "forms").is_dir()


def test_forms_are_at_home_where_their_bodies_could_exist() -> None:
    """No firm: custody, station; a firm and no committee: alliance; both: branch, trust, self-governance."""
    at_home = {form.name: set(form.feasible_in) for form in list_scenarios() if form.kind == "form"}
    with_committee = {name for name in names("place") if load(name, ("place",)).values.get("start.committee")}
    for form in ("self_governance", "trust", "red_branch", "red_center_branch"):
        assert at_home[form] == with_committee
    assert at_home["catalysed"] & with_committee == set()
    assert at_home["red_alliance"] == {"managed"}
    for form in ("custody", "red_station"):
        assert {load(name, ("place",)).initial_form for name in at_home[form]} == {"custody"}
