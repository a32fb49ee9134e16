"""Findings of the searches are those of their committed tables, and the tables those of the shipped studies."""

import math
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from sim.scenarios import data_folder
from sim.studies import harms_told, patterns_told
from sim.studies.tolerances import read_harms, read_patterns

ROOT = Path(__file__).parent.parent
REFERENCE = ROOT / "results" / "reference"


def rows(search: str, name: str):
    return pq.read_table(REFERENCE / search / f"{name}.parquet").to_pylist()


def finding(name: str) -> str:
    return (ROOT / "docs" / "findings" / f"{name}.md").read_text(encoding="utf-8")


def test_the_finding_about_patterns_is_that_of_its_tables():
    table = rows("search_patterns", "patterns")
    more = [rows("search_patterns", name) for name in ("together", "by")]
    assert finding("patterns") == patterns_told.page(table, *more)
    assert {row["all"] for row in table if row["kind"] != patterns_told.KEEPS} == {2000}
    told = read_patterns()
    assert [row["name"] for row in table if row["kind"] == patterns_told.ROW] == [row.name for row in told.rows]
    assert [(row["target"], row["low"], row["high"]) for row in table if row["kind"] == patterns_told.ROW] == [
        (row.target, row.low, row.high) for row in told.rows
    ]


def test_the_finding_about_harms_is_that_of_its_tables():
    table = rows("search_harms", "harms")
    assert finding("harms") == harms_told.page(table)
    assert {row["points"] for row in table} == {2000}
    told, _ = read_harms()
    assert {row["form"] for row in table} == {form.name for form in told.form}
    assert len(table) == 30
    found = {(row["form"], row["channel"], row["found"]) for row in table if row["found"] != -1}
    witness = rows("search_harms", "witness")
    assert {(row["form"], row["channel"], row["point"]) for row in witness} == found
    assert all(math.isfinite(row["value"]) for row in witness)


@pytest.mark.parametrize("name", ["search_patterns", "search_harms"])
def test_the_tables_are_those_of_the_shipped_study(name):
    assert (REFERENCE / name / "study.toml").read_bytes() == (data_folder() / "studies" / f"{name}.toml").read_bytes()
