"""`linli report` of what was found in a study: money, odds, alternatives, patterns and harms."""

import re
import shutil

import html5lib
import pandas as pd
import pytest
from command import ROOT, linli
from test_report import words_of

from sim.report import page_of
from sim.report.page import rendered
from sim.stored import manifest_of

__all__ = ["linli"]  # a fixture

REFERENCE = ROOT / "results" / "reference"
FOUND = sorted(
    path.parent.relative_to(REFERENCE).as_posix()
    for path in REFERENCE.glob("*/manifest.json")
    if "rows_sha256" in (manifest_of(path.parent) or {})
)


def test_there_is_one_of_each_kind():
    kinds = {manifest_of(REFERENCE / name)["kind"] for name in FOUND}
    assert kinds == {"money", "odds", "alternatives", "patterns", "harms"}


@pytest.mark.parametrize("name", FOUND)
def test_the_page_shows_every_row_and_the_figure(name):
    page = html5lib.parse(rendered(page_of(REFERENCE / name)), namespaceHTMLElements=False)
    for path in (REFERENCE / name).glob("*.parquet"):
        frame = pd.read_parquet(path)
        table = next(each for each in page.iter("table") if each.get("id") == f"finding-{path.stem}")
        assert [words_of(cell) for cell in table.iterfind("./thead//th")] == list(frame.columns)
        rows = table.findall("./tbody/tr")
        assert len(rows) == len(frame)
        for row, (_, kept) in zip(rows[:3], frame.iterrows(), strict=False):
            shown = [float(data.get("value")) for data in row.iter("data")]
            numbers = [value for value in kept if isinstance(value, float) and value == value]
            assert shown == pytest.approx(numbers, rel=1e-12)
    assert len(list(page.iter("img"))) == len(list((REFERENCE / name).glob("figures/*.png"))) > 0


def test_a_harmed_finding_is_refused(linli, tmp_path):
    shutil.copytree(REFERENCE / "equal_money", tmp_path / "money")
    table = tmp_path / "money" / "money.parquet"
    table.write_bytes(table.read_bytes()[:-1] + b"x")
    said = linli("report", "money")
    assert said.code == 2
    assert re.search(r"money\.parquet: .*linli study money makes it again", said.err)
    assert not (tmp_path / "money" / "report.html").exists()
