"""Cases one by one: do they tell what the totals count, and are they kept the same whatever the threads?"""

import numpy as np
import pyarrow.parquet as pq
import pytest
from command import SMALL, files_under, linli

import sim
from agents.rules.case import (
    CLOSED_ON_PAPER,
    COURT,
    DESK_NAMES,
    ENDED,
    ESCALATED,
    GAVE_UP,
    KIND_NAMES,
    MEDIATION,
    OPENED,
    PROVIDER_DESK,
    REOPENED,
    SENTENCED,
    SUIT,
)
from sim import store, stored
from sim.case_records import FIELDS, STEP, cases_of, events_of
from sim.errors import InputError
from sim.manifest import file_entry
from sim.state import ENDS
from sim.totals import Total

__all__ = ["linli"]  # a fixture

BUSY = (
    "population.n_households=60", "population.n_estates=2", "time.spinup=12", "desk.closure_pressure=0.8",
    "case.reopen=0.3", "firm.suits=0.05",
)  # fmt: skip
SCENARIOS = ["market @ trapped", "red_alliance @ managed"]


@pytest.fixture(scope="module")
def found():
    return sim.compare(SCENARIOS, months=24, replicates=4, set=BUSY, cases=True)


def line(month, case, event, desk, kind=0, estate=0):
    return (month, estate, case, 7, kind, event, desk, 1250)


# --- from the history to the rows -----------------------------------------------------------------------------------


def test_a_life_becomes_a_row():
    history = np.array(
        [
            line(-3, 1, OPENED, PROVIDER_DESK),
            line(-1, 1, ENDED, PROVIDER_DESK),  # over before the policy month: no row
            line(-1, 2, OPENED, PROVIDER_DESK),
            line(0, 3, OPENED, COURT, SUIT),
            line(2, 2, ESCALATED, MEDIATION),
            line(3, 2, CLOSED_ON_PAPER, MEDIATION),
            line(4, 4, OPENED, MEDIATION),
            line(5, 2, REOPENED, MEDIATION),
            line(6, 3, SENTENCED, COURT, SUIT),
            line(7, 4, CLOSED_ON_PAPER, MEDIATION),
            line(8, 2, GAVE_UP, MEDIATION),
            line(8, 1, OPENED, PROVIDER_DESK, estate=1),
        ]
    )
    rows = cases_of(history)
    assert rows["estate"].tolist() == [0, 0, 0, 1]
    assert rows["case"].tolist() == [2, 3, 4, 1]
    assert rows["arisen"].tolist() == [-1, 0, 4, 8]
    assert rows["closed"].tolist() == [8, 6, None, None]
    assert rows["outcome"].tolist() == ["withdrawn", "judged", "closed on paper", "open"]
    assert rows["path"].tolist() == ["provider's desk > mediation", "court", "mediation", "provider's desk"]
    assert rows["desk"].tolist() == ["mediation", "court", "mediation", "provider's desk"]
    assert rows["kind"].tolist() == ["service", "suit for arrears", "service", "service"]
    assert rows["reopened"].tolist() == [1, 0, 0, 0]
    assert rows["severity"].tolist() == [1.25] * 4
    events = events_of(history)
    assert events["case"].tolist() == [2, 3, 2, 2, 4, 2, 3, 4, 2, 1]  # the whole life of each case, and no other's
    assert events["event"].tolist()[:4] == ["opened", "opened", "taken to a higher desk", "closed on paper"]
    assert events["month"].tolist()[:3] == [-1, 0, 2]
    assert events["order"].tolist() == [0] * 10  # estates have an order each


def test_events_of_a_month_keep_their_order():
    history = np.array(
        [
            line(3, 1, OPENED, PROVIDER_DESK),
            line(3, 1, OPENED, PROVIDER_DESK, estate=1),
            line(3, 2, OPENED, PROVIDER_DESK),
            line(3, 1, ENDED, PROVIDER_DESK),
            line(4, 2, ENDED, PROVIDER_DESK),
        ]
    )
    assert events_of(history)["order"].tolist() == [0, 0, 1, 2, 0]
    assert {name: len(column) for name, column in events_of(history[:0]).items()}["order"] == 0


def test_no_history_gives_no_rows_and_a_case_without_beginning_is_an_error():
    empty = cases_of(np.zeros((0, 8), np.int64))
    assert {name: len(column) for name, column in empty.items()} == dict.fromkeys(empty, 0)
    with pytest.raises(ValueError, match="never opened"):
        cases_of(np.array([line(3, 1, ENDED, MEDIATION)]))


def test_cases_tell_what_the_totals_and_the_ends_count(found):
    for batch in found.batches:
        world = batch.world
        mine = (found.cases["place"] == world.place) & (found.cases["scenario"] == world.label)
        cases = found.cases[mine]
        suits = cases["kind"] == KIND_NAMES[SUIT]
        issues = cases[~suits]
        after = batch.totals[:, batch.first :]
        fresh = issues[issues["arisen"] >= 0]
        outcomes = fresh["outcome"].replace("closed on paper", "open").value_counts()
        ends = dict(zip((*ENDS, "open"), batch.ends.sum(axis=(0, 2)), strict=True))
        for end in ("resolved", "withdrawn", "judged", "open"):
            assert outcomes.get(end, 0) == ends[end]
        assert len(fresh) == after[:, :, Total.OPENED].sum()
        assert (suits & (cases["arisen"] >= 0)).sum() == after[:, :, Total.SUITS].sum()
        still = cases["outcome"].isin(["open", "closed on paper"])
        assert (still & ~suits).sum() == after[:, -1, Total.OPEN_CASES].sum() - (still & suits).sum()
        closed = issues["closed"].value_counts()
        for month in range(world.months):
            ended = sum(after[:, month, total].sum() for total in (Total.RESOLVED, Total.WITHDRAWN, Total.JUDGED))
            assert closed.get(month, 0) == ended
        events = found.case_events
        events = events[(events["place"] == world.place) & (events["scenario"] == world.label)]
        events = events[events["month"] >= 0]
        assert (events["event"] == "taken to a higher desk").sum() == after[:, :, Total.ESCALATED].sum()
        assert (events["event"] == "reopened").sum() == after[:, :, Total.REOPENED].sum()


def test_what_a_row_says_holds_together(found):
    cases = found.cases
    assert not cases.duplicated(["run", "estate", "case"]).any()
    assert cases["case_id"].is_unique
    assert (cases["closed"].isna() == cases["outcome"].isin(["open", "closed on paper"])).all()
    assert (cases["closed"].dropna() >= cases["arisen"][cases["closed"].notna()]).all()
    assert [path.split(STEP)[-1] for path in cases["path"]] == cases["desk"].tolist()
    for path in cases["path"].unique():
        places = [DESK_NAMES.index(desk) for desk in path.split(STEP)]
        assert places == sorted(set(places))
    assert (cases.loc[cases["outcome"] == "judged", "desk"] == "court").all()
    assert cases["severity"].between(0.4, 1.6).all()
    assert cases["reopened"].max() > 0


def mined(events):
    """Return what a tool for process mining makes of events: the traces, by case, in the order of their time.

    It knows no more than case, activity and timestamp (XES: case:concept:name, concept:name, time:timestamp), and
    sorts by the last.
    """
    log = events[["case_id", "event", "time"]].sample(frac=1.0, random_state=1)
    return log.sort_values(["case_id", "time"]).groupby("case_id")["event"].agg(list)


def test_process_mining_finds_every_case_from_its_beginning(found):
    """D9: 145 traces instead of 3,051, 147 without `opened`, and months of a nanosecond after 1970."""
    events, cases = found.case_events, found.cases
    traces = mined(events)
    assert set(traces.index) == set(cases["case_id"])
    assert len(traces) == len(cases) > cases["case"].nunique()
    assert {trace[0] for trace in traces} == {"opened"}
    assert sum(trace.count("opened") for trace in traces) == len(cases)
    endings = cases.set_index("case_id")["outcome"].map(
        {"resolved": "settled", "withdrawn": "given up", "judged": "judged", "closed on paper": "closed on paper"}
    )
    last = traces.map(lambda trace: trace[-1])
    over = endings.dropna().index
    assert (last[over] == endings[over]).all()
    assert (traces.map(lambda trace: trace.count("reopened"))[cases["case_id"]].to_numpy() == cases["reopened"]).all()
    assert (events["month"] < 0).any()
    dates = events["time"].dt
    assert (12 * (dates.year - 2019) + dates.month - 1 == events["month"]).all()  # time.start_year, time.start_month
    assert not events.duplicated(["run", "estate", "time"]).any()


def test_the_calendar_is_that_of_the_world():
    settings = {"months": 2, "replicates": 1, "cases": True}
    events = sim.run("market", set=[*BUSY, "time.start_year=2031", "time.start_month=11"], **settings).case_events
    assert set(events["time"][events["month"] >= 0].dt.strftime("%Y-%m")) == {"2031-11", "2031-12"}


def test_cases_of_a_study_have_ids_of_their_own(tmp_path):
    from small_studies import SAMPLED

    found = sim.studies.run(SAMPLED | {"replicates": 2, "keep": ["cases"]}, tmp_path / "out", threads=1)
    assert found.cases["case_id"].is_unique
    assert set(found.case_events["case_id"]) == set(found.cases["case_id"])
    first = found.cases.iloc[0]
    assert first["case_id"] == f"{first['run']}/{first['estate']}/{first['case']}"
    assert {trace[0] for trace in mined(found.case_events)} == {"opened"}


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")  # those of pm4py and of what it stands on
def test_pm4py_reads_them(found):
    pm4py = pytest.importorskip("pm4py")
    log = pm4py.format_dataframe(
        found.case_events, case_id="case_id", activity_key="event", timestamp_key="time"
    )
    assert log["case:concept:name"].nunique() == len(found.cases)
    assert set(pm4py.get_start_activities(log)) == {"opened"}


def test_cases_must_be_asked_for():
    quiet = sim.run("market", months=2, replicates=1, set=BUSY)
    with pytest.raises(InputError, match="cases=True"):
        _ = quiet.cases


# --- the files ------------------------------------------------------------------------------------------------------


def kept(results, folder):
    with store.fill(folder) as filling:
        store.add_tables(filling, results)
        filling.publish({"files": [file_entry(filling, name) for name in filling.names]})
    return {name: data for name, data in files_under(folder).items() if name.endswith(".parquet")}


def test_the_files_hold_the_frames_with_units_and_nulls(found, tmp_path):
    assert set(kept(found, tmp_path)) == set(store.DATA) - {store.ESTATES}
    for name, frame in (("cases", found.cases), ("case_events", found.case_events)):
        table = pq.read_table(tmp_path / f"{name}.parquet")
        read = table.to_pandas()
        assert list(read) == list(frame)
        for column in frame:
            field = table.schema.field(column)
            if column in FIELDS:
                assert field.metadata[b"unit"].decode() == FIELDS[column][0]
                assert field.metadata[b"about"].decode() == FIELDS[column][1]
            assert field.nullable == (column == "closed")
            assert (read[column].isna() == frame[column].isna()).all()
            assert (read[column].dropna() == frame[column].dropna()).all()
    table = pq.read_table(tmp_path / "cases.parquet")
    assert str(table.schema.field("closed").type) == "int64"
    assert int(table.schema.field("closed").metadata[b"missing"]) == table["closed"].null_count > 0


def test_ends_are_read_back(found, tmp_path):
    kept(found, tmp_path)
    for ours, theirs in zip(store.read_results(tmp_path).arms, found.arms, strict=True):
        np.testing.assert_array_equal(ours.ends, theirs.ends)


def test_one_thread_and_two_give_the_same_bytes_and_another_seed_others(tmp_path):
    options = {"months": 12, "replicates": 4, "set": BUSY, "cases": True}
    one, two, other = (
        kept(sim.compare(SCENARIOS, **options, **more), tmp_path / str(k))
        for k, more in enumerate(({"threads": 1}, {"threads": 2}, {"seed": 2}))
    )
    assert one == two
    assert all(one[name] != other[name] for name in one)


@pytest.mark.thorough
def test_the_agents_give_the_same_cases():
    options = {"months": 6, "replicates": 1, "set": BUSY, "cases": True}
    one, two = (sim.run("market", engine=engine, **options).cases for engine in ("compiled", "agents"))
    assert one.equals(two)
    assert len(one) > 0


# --- the command ----------------------------------------------------------------------------------------------------


def test_cases_are_kept_on_request_and_only_then(linli, tmp_path):
    said = linli("run", "market", *SMALL, "--cases", "--out", "with", "--no-figures")
    assert "cases.parquet (" in said.out
    assert {"cases.parquet", "case_events.parquet"} <= set(files_under(tmp_path / "with"))
    linli("run", "market", *SMALL, "--out", "without", "--no-figures")
    assert not {"cases.parquet", "case_events.parquet"} & set(files_under(tmp_path / "without"))
    receipt = stored.manifest_of(tmp_path / "with")
    assert {file["name"] for file in receipt["files"]} == set(files_under(tmp_path / "with")) - {"manifest.json"}
    rows = {file["name"]: file.get("rows") for file in receipt["files"]}
    assert rows["cases.parquet"] == pq.read_metadata(tmp_path / "with" / "cases.parquet").num_rows


def test_cases_without_a_folder_are_refused(linli):
    said = linli("compare", "market", *SMALL, "--cases")
    assert said.code == 2
    assert "--out" in said.err


def test_the_main_job_with_cases_is_another_job_and_without_leaves_none_behind(linli, tmp_path):
    job = ("compare", "--months", "2", "--replicates", "2", "--no-figures")
    folder = tmp_path / "results" / "compare"
    linli(*job)
    assert "written to" in linli(*job, "--cases").out
    assert (folder / "cases.parquet").exists()
    assert "unchanged" in linli(*job, "--cases").out
    assert "written to" in linli(*job).out
    assert not (folder / "cases.parquet").exists()
    assert not (folder / "case_events.parquet").exists()
