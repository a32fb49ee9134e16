"""The page about a result: is it whole, does it stand alone, and does it say what the files say?"""

import base64
import hashlib
import io
import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import html5lib
import numpy as np
import pandas as pd
import pytest
from command import Command, linli
from matplotlib.image import imread
from scipy import stats
from small_studies import SAMPLED, SMALL, made

from sim import store
from sim.cli import main
from sim.errors import InputError
from sim.outcomes import OUTCOMES
from sim.report import write_report
from sim.report.outcomes import Finding, in_words, outcome_table
from sim.report.page import Number
from sim.studies.store import read_store
from sim.tables import HEADLINES

__all__ = ["linli"]  # a fixture

pytestmark = pytest.mark.thorough

KINDS = ("run", "comparison", "study", "sampled", "undrawn")
ALIKE = ("--set", "population.n_households=40", "--set", "time.spinup=12", "--months", "12", "--seed", "3")
ARMS = ("custody @ trapped", "red_station @ trapped", "market @ managed", "red_alliance @ managed")
ODD = "Is <b>2 & 2</b> < 5, or </title><script>alert('no')</script>?"
BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "chrome")


@pytest.fixture(scope="module")
def folders(tmp_path_factory) -> dict[str, Path]:
    """Make one result of each kind, each with its page."""
    base = tmp_path_factory.mktemp("results")
    found = {kind: base / kind for kind in KINDS}
    quiet = ("--quiet", "--out")
    assert main(["run", "market", *ALIKE, "--replicates", "5", *quiet, str(found["run"])]) == 0
    assert main(["compare", *ARMS, *ALIKE, "--replicates", "7", *quiet, str(found["comparison"])]) == 0
    assert main(["run", "market", *ALIKE, "--replicates", "1", "--no-figures", *quiet, str(found["undrawn"])]) == 0
    made(found["study"], SMALL)
    made(found["sampled"], SAMPLED | {"question": ODD})
    for folder in found.values():
        assert write_report(folder) == folder / "report.html"
    return found


@pytest.fixture(scope="module")
def pages(folders):
    """Parse every page as a browser would, without forgiving a mistake."""
    return {kind: parsed((folder / "report.html").read_text(encoding="utf-8")) for kind, folder in folders.items()}


def parsed(text):
    """Parse a page; the pictures wait outside, which saves seconds."""
    pictures = re.findall(r"base64,([^\"]*)", text)
    text = re.sub(r"base64,[^\"]*", "base64,", text)
    page = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(text)
    for image, picture in zip(page.iter("img"), pictures, strict=True):
        image.set("src", image.get("src") + picture)
    return page


def words_of(element) -> str:
    return " ".join("".join(element.itertext()).split())


def section(page, name):
    return page.find(f".//section[@id='{name}']")


def table_rows(table):
    """Yield (group, scenario, cells) of a table of outcomes, a cell being the list of its numbers."""
    group = ""
    for row in table.iterfind("./tbody/tr"):
        if row.get("class") == "group":
            group = words_of(row)
        else:
            cells = [[float(data.get("value")) for data in cell.iter("data")] for cell in row.iter("td")]
            yield group, words_of(row.find("th")), cells


each_kind = pytest.mark.parametrize("kind", KINDS)


# --- whole, and alone -----------------------------------------------------------------------------------------------


@each_kind
def test_a_page_has_every_part(kind, pages):
    names = [found.get("id") for found in pages[kind].iterfind(".//section")]
    assert names == ["words", "tables", "figures", "design", "not-claimed", "commands", "receipt"]
    assert [link.get("href") for link in pages[kind].iterfind(".//nav//a")] == [f"#{name}" for name in names]
    assert not [name for name in names if len(words_of(section(pages[kind], name))) < 40 and name != "figures"]
    ids = [element.get("id") for element in pages[kind].iter() if element.get("id")]
    assert len(ids) == len(set(ids))


@each_kind
def test_a_page_asks_nothing_of_the_network(kind, pages):
    """Every address lies in the page itself, and nothing in it is executed."""
    foreign = {"script", "link", "iframe", "object", "embed", "base", "form", "audio", "video", "source"}
    assert not [element.tag for element in pages[kind].iter() if element.tag in foreign]
    for element in pages[kind].iter():
        for name, value in element.attrib.items():
            assert not name.startswith("on")
            if name in ("src", "href", "srcset", "data", "poster", "action", "background"):
                assert value.startswith(("data:image/png;base64,", "#")), (element.tag, value[:80])
    (style,) = pages[kind].iter("style")
    assert "url(" not in style.text
    assert "@import" not in style.text


@each_kind
def test_a_page_s_policy_forbids_all_but_its_own_style_and_pictures(kind, pages):
    """The policy names the style sheet by its hash; nothing in the page would need more than it grants."""
    (found,) = (each for each in pages[kind].iter("meta") if each.get("http-equiv") == "Content-Security-Policy")
    head = [each.tag for each in pages[kind].find("head")]
    before = head[: list(pages[kind].find("head")).index(found)]
    assert set(before) == {"meta"}  # it stands before whatever it is to govern
    (style,) = pages[kind].iter("style")
    digest = base64.b64encode(hashlib.sha256(style.text.encode()).digest()).decode()
    granted = dict(rule.split(" ", 1) for rule in found.get("content").split("; "))
    assert granted == {
        "default-src": "'none'",
        "img-src": "data:",
        "style-src": f"'sha256-{digest}'",
        "base-uri": "'none'",
        "form-action": "'none'",
    }
    assert not [each for each in pages[kind].iter() if each.get("style") is not None]


@each_kind
def test_every_figure_is_there_described_and_not_empty(kind, pages, folders):
    images = list(pages[kind].iter("img"))
    assert len({image.get("alt") for image in images}) == len(images) >= 1
    for image in images:
        assert len(image.get("alt")) > 60
        assert " seed " in image.get("alt")
        pixels = imread(io.BytesIO(base64.b64decode(image.get("src").partition(",")[2])))[..., :3]
        assert pixels.shape[:2] == (int(image.get("height")), int(image.get("width")))
        coloured = np.ptp(pixels, axis=-1) > 0.15  # the house draws text, axes and grid in grey, and data in colour
        assert coloured.mean() > 2e-4, image.get("alt")
    kept = sorted(path.stem for path in folders[kind].glob("figures/*.png"))
    shown = [figure.get("id").removeprefix("figure-") for figure in pages[kind].iter("figure")]
    assert set(kept) <= set(shown)
    assert kept or kind in ("study", "sampled", "undrawn")


def test_figures_are_drawn_where_none_were_kept(pages):
    shown = [figure.get("id") for figure in pages["undrawn"].iter("figure")]
    assert "figure-payment" in shown
    assert "figure-incidence" in shown
    assert [figure.get("id") for figure in pages["study"].iter("figure")] == ["figure-scenarios"]
    assert [figure.get("id") for figure in pages["sampled"].iter("figure")] == [
        "figure-over-household-b_bailout", "figure-over-structure-timing", "figure-over-street-subsidy",
    ]  # fmt: skip


def test_a_question_is_text_and_nothing_else(pages):
    assert words_of(pages["sampled"].find(".//h1")) == ODD
    assert pages["sampled"].find("./head/title").text == ODD


# --- the same as the files ------------------------------------------------------------------------------------------


def summary(values):
    """Give mean and ends of the 95 % interval as pandas and scipy find them."""
    values = values.dropna()
    if len(values) == 1:
        return [values.mean()]  # one value has no interval
    half = stats.t.ppf(0.975, len(values) - 1) * values.std() / len(values) ** 0.5
    return [values.mean(), values.mean() - half, values.mean() + half]


def check_table(table, places, runs, summarised, series=None):
    """Compare each number of a table with the runs; `summarised` makes three numbers of a column by key.

    series : month by month; how far the scenario that others are compared with moved is worked out again from it.
    """
    n = 0
    label = {f"{outcome.label}: {outcome.unit}": name for name, outcome in OUTCOMES.items()}
    arms = runs.set_index(["point", "replicate"]).groupby("scenario", sort=False)
    assert {place for place, _ in runs.groupby("place")} == places
    base = None
    for group, scenario, (level, count, *less) in table_rows(table):
        outcome = label[group.lstrip("↑↓ ").rpartition(";")[0]]
        mine = arms.get_group(scenario)[outcome]
        base = base or scenario
        wanted = summarised(mine)
        assert count == [mine.dropna().groupby("point").ngroups if summarised is points else mine.count()]
        if level:
            np.testing.assert_allclose(level, wanted, rtol=1e-9, atol=1e-12)
            n += 1
        else:
            assert count == [0]
        if less and less[0] and scenario == base:
            of = series[series["scenario"] == base].pivot(index="replicate", columns="month", values=outcome)
            np.testing.assert_allclose(less[0], [(of[of.columns.max()] - of[-1]).mean()], rtol=1e-9, atol=1e-12)
            n += 1
        elif less and less[0]:
            difference = mine - arms.get_group(base)[outcome]
            np.testing.assert_allclose(less[0], summarised(difference), rtol=1e-7, atol=1e-12)
            n += 1
    return n


def points(values):
    by_point = values.groupby("point").mean().dropna()
    return [by_point.mean(), by_point.quantile(0.05), by_point.quantile(0.95)]


@pytest.mark.parametrize("place", ["trapped", "managed"])
def test_the_tables_of_a_comparison_are_those_of_the_file(place, pages, folders):
    runs = pd.read_parquet(folders["comparison"] / "runs.parquet").assign(point=0)
    runs = runs[runs["place"] == place]
    series = pd.read_parquet(folders["comparison"] / "series.parquet")
    series = series[series["place"] == place]
    for name, outcomes in ((f"outcomes-{place}", HEADLINES), (f"all-outcomes-{place}", OUTCOMES)):
        table = pages["comparison"].find(f".//table[@id='{name}']")
        assert len(list(table_rows(table))) == 2 * len(outcomes)
        assert check_table(table, {place}, runs, summary, series) > 3 * len(outcomes) * (name[0] == "o")


def test_the_tables_of_a_run_are_those_of_the_file(pages, folders):
    runs = pd.read_parquet(folders["run"] / "runs.parquet").assign(point=0)
    table = pages["run"].find(".//table[@id='outcomes-trapped']")
    assert check_table(table, {"trapped"}, runs, summary) == len(HEADLINES)


@pytest.mark.parametrize(("kind", "summarised"), [("study", summary), ("sampled", points)])
def test_the_tables_of_a_study_are_those_of_its_files(kind, summarised, pages, folders):
    runs = pd.concat(pd.read_parquet(path) for path in sorted((folders[kind] / "runs").glob("*.parquet")))
    table = pages[kind].find(".//table[@id='outcomes-trapped']")
    assert check_table(table, {"trapped"}, runs, summarised) > 2.5 * len(HEADLINES)


def test_groups_of_runs_are_told_in_place_of_a_mean():
    apart = np.concatenate([np.linspace(0.1, 0.2, 40), np.linspace(0.8, 0.9, 60)])
    values = {outcome.name: apart for outcome in HEADLINES}
    table = outcome_table("x", "x", [Finding("market", values)], HEADLINES, "runs")
    cell = table.rows[1][1]
    assert [part.value for part in cell if isinstance(part, Number)] == pytest.approx([0.15, 0.85])
    assert cell[1] == " low in 40 % (31 to 50); "
    *_, told = in_words([Finding("market", values)], "runs", "")
    assert told.startswith("Runs of market end in separate groups in Bills paid, ")


def test_words_follow_the_intervals():
    """Better and worse turn with the direction of an outcome; what crosses zero is neither."""
    rng = np.linspace(-1, 1, 9)
    shift = {"payment_rate": 3.0, "unresolved": 3.0, "service": 0.0, "full_cost": 3.0}
    less = {outcome.name: rng + shift.get(outcome.name, -3.0) for outcome in HEADLINES}
    less["settled_3"] = np.zeros(9)
    (told,) = in_words([Finding("red", less, "market", less)], "runs", " in x")
    assert told.startswith("red against market in x: better in Bills paid +3.00 (+2.47 to +3.53), ")
    worse = told.partition("worse in ")[2].partition(";")[0]
    assert "Trouble left over +3.00" in worse
    assert "Full cost +3.00" in worse
    assert "Public money" not in worse
    assert "; another level, neither better nor worse, in Complaints -3.00 (-3.53 to -2.47);" in told
    assert "not told apart from chance in Service;" in told
    assert told.endswith("equal in every run in Settled of complaints.")


# --- design, commands, receipt --------------------------------------------------------------------------------------


def test_the_design_says_what_scenarios_are_and_where_they_differ(pages, folders):
    design = section(pages["comparison"], "design")
    assert "red_station, a form: Red service station" in words_of(design)
    worlds = json.loads((folders["comparison"] / "manifest.json").read_text())["scenarios"]
    rows = [[words_of(cell) for cell in row] for row in design.iterfind(".//table[@id='values-differing']/tbody/tr")]
    wanted = [path for path in worlds[0]["after"] if len({str(world["after"][path]["value"]) for world in worlds}) > 1]
    assert [row[0] for row in rows] == wanted
    assert ["provider.kind", "switch", *(world["after"]["provider.kind"]["value"] for world in worlds)] in rows
    every = design.findall(".//table[@id='values-all']/tbody/tr")
    assert len(every) == len(worlds[0]["after"])


def test_a_study_shows_its_file_and_its_factors(pages, folders):
    design = section(pages["sampled"], "design")
    assert design.find("pre").find("code").text == (folders["sampled"] / "inputs" / "study.toml").read_text().strip()
    rows = [words_of(row.find("th")) for row in design.iterfind(".//table[@id='factors']/tbody/tr")]
    assert rows == ["household.b_bailout", "structure.timing", "street.subsidy"]


@each_kind
def test_a_page_says_what_made_it(kind, pages, folders):
    manifest = json.loads((folders[kind] / "manifest.json").read_text())
    text = "".join(section(pages[kind], "commands").itertext())
    assert f"linli report {folders[kind]}" in text
    assert manifest.get("command", f"linli study verify {folders[kind]}") in text
    receipt = words_of(section(pages[kind], "receipt"))
    assert manifest["versions"]["numpy"] in receipt
    listed = manifest["files"] if "files" in manifest else next(iter(manifest["chunks"].values()))["files"].values()
    assert all(file["sha256"] in receipt for file in listed)
    assert " were as the receipt lists them." in receipt


def test_a_file_that_was_changed_is_told(folders, tmp_path):
    folder = shutil.copytree(folders["run"], tmp_path / "run")
    with (folder / "governance_network_market.graphml").open("ab") as file:
        file.write(b"more")
    (folder / "figures" / "payment.svg").unlink()
    receipt = words_of(section(parsed(write_report(folder).read_text()), "receipt"))
    told = "governance_network_market.graphml is changed; figures/payment.svg is missing."
    assert f"2 files of {len(list(folder.rglob('*.*'))) - 1} are not as the receipt lists them: {told}" in receipt


def test_a_study_that_is_not_finished_says_so(tmp_path):
    made(tmp_path / "part", SMALL, chunk=4)
    max((tmp_path / "part" / "runs").iterdir()).unlink()
    read_store(tmp_path / "part").drop_broken()
    words = words_of(section(parsed(write_report(tmp_path / "part").read_text()), "words"))
    assert "The study is not finished: 4 runs are still to be made." in words


def test_the_page_of_tipping_points_holds_words_figures_and_table(tmp_path):
    import sim.tipping

    size = {"levels": 3, "months": 84, "replicates": 3, "dwell": (15,)}
    small = ["population.n_households=30"]
    sim.tipping.run("market", place="trapped", out=tmp_path / "tip", set=small, **size)
    page = parsed(write_report(tmp_path / "tip").read_text())
    assert "Figures" in [heading.text for heading in page.iter("h2")]
    manifest = json.loads((tmp_path / "tip" / "manifest.json").read_text())
    assert all(told in words_of(section(page, "words")) for told in manifest["words"].values())
    assert len(list(page.iter("img"))) == len(list((tmp_path / "tip" / "figures").glob("*.png"))) == 4
    frame = pd.read_parquet(tmp_path / "tip" / "stability.parquet")
    shown = [float(data.get("value")) for data in page.iterfind(".//table[@id='stability']//data")]
    wanted = frame[["value", "low", "high"]].to_numpy(float).ravel()
    assert shown == pytest.approx(wanted[~np.isnan(wanted)].tolist())
    sim.tipping.run("market", place="trapped", out=tmp_path / "tip", set=small, **size)  # the page is in nobody's way
    sim.tipping.run("market", place="trapped", out=tmp_path / "tip", set=small, figures=False, **size)
    page = parsed(write_report(tmp_path / "tip").read_text())
    assert [heading.text for heading in page.iter("h2") if heading.text == "Figures"] == []
    # Of an analysis of which only tables are left, another question does not take the place.
    shutil.rmtree(tmp_path / "tip" / "studies")
    before = (tmp_path / "tip" / "manifest.json").read_bytes()
    with pytest.raises(InputError, match=r"the analysis of another question \(seed there is 1\); name another folder"):
        sim.tipping.run("market", place="trapped", out=tmp_path / "tip", set=small, seed=2, **size)
    assert (tmp_path / "tip" / "manifest.json").read_bytes() == before
    sim.tipping.run("market", place="trapped", out=tmp_path / "tip", set=small, **size)


def test_the_page_of_a_sensitivity_analysis_holds_words_figures_and_leading_factors(tmp_path, monkeypatch):
    """A real one, small: the page tells what the tables hold, and which file was changed since."""
    import sim.sensitivity

    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine.toml").write_text(SENSITIVE)
    words = ["sensitivity", "mine.toml", "--out", "found", "--quiet"]
    monkeypatch.setattr("sys.argv", ["linli", *words])
    assert main(words) == 0
    page = parsed(write_report(tmp_path / "found").read_text())
    manifest = json.loads((tmp_path / "found" / "manifest.json").read_text())
    assert manifest["command"] == "linli sensitivity mine.toml --out found --quiet"
    text = words_of(section(page, "words"))
    assert all(" ".join(told.split()) in " ".join(text.split()) for told in manifest["words"])
    drawn = {file["name"] for file in manifest["files"] if file["name"].endswith(".png")}
    assert drawn == {path.name for path in (tmp_path / "found").glob("*.png")}
    assert len(list(page.iter("img"))) == sum("_minus_" in name or "overview" in name for name in drawn) > 0
    indices = pd.read_parquet(tmp_path / "found" / "indices.parquet")
    wanted = indices[indices["ranks"] & (indices["statistic"] == "mean") & indices["target"].str.contains("−")]
    wanted = wanted.sort_values("value", ascending=False, kind="stable")[["value", "low", "high"]].to_numpy(float)
    shown = [float(data.get("value")) for data in page.iterfind(".//table[@id='leading-0']//data")]
    assert shown == pytest.approx(wanted[~np.isnan(wanted)].tolist())
    assert f"all {len(manifest['files'])} files were as the receipt lists them" in words_of(section(page, "receipt"))
    (tmp_path / "found" / "stopping.parquet").write_bytes(b"")
    with pytest.raises(InputError, match=r"stopping.parquet: has 0 bytes, not the \d+ listed; linli sensitivity"):
        write_report(tmp_path / "found")
    sim.sensitivity.run("mine.toml", tmp_path / "found")  # what is harmed is made again
    assert "found" in write_report(tmp_path / "found").read_text()


SENSITIVE = """
question = "What moves the difference?"
scenarios = ["market @ trapped", "red_station @ trapped"]
months = 12
replicates = 2
seed = 0
outcomes = ["payment_rate"]

[constants]
"population.n_households" = 30
"time.spinup" = 12

[factors]
"household.b_trust" = {}
"street.subsidy" = {}

[sensitivity]
method = "morris"
n = 8
luck = "common"
missing = { payment_rate = 0.0 }
differences = [["red_station @ trapped", "market @ trapped"]]
"""


# --- pages as files -------------------------------------------------------------------------------------------------


@each_kind
def test_equal_folders_give_equal_pages(kind, folders):
    before = (folders[kind] / "report.html").read_bytes()
    assert write_report(folders[kind]).read_bytes() == before


def test_the_command_writes_the_page_and_says_where(linli: Command, folders):
    said = linli("report", folders["run"], "--out", "mine.html")
    assert (said.code, said.err) == (0, "")
    assert said.out.startswith("written: mine.html (")
    assert Path("mine.html").read_bytes() == (folders["run"] / "report.html").read_bytes()
    assert linli("report", folders["run"], "--out", "mine.html", "--quiet").out == ""  # a page of ours is made anew


def test_a_page_stands_in_no_result_s_way(folders, tmp_path):
    folder = shutil.copytree(folders["undrawn"], tmp_path / "kept")
    with store.fill(folder, replace=True) as filled:
        filled.publish({"files": []})
    assert not (folder / "report.html").exists()  # it was about the earlier result


def wrong(folders, tmp_path):
    """Give by name what a user may do wrong, and a part of what is said."""
    (tmp_path / "text.html").write_text("<html>")
    (tmp_path / "empty").mkdir()
    (tmp_path / "foreign").mkdir()
    (tmp_path / "foreign" / "manifest.json").write_text('{"name": "else"}')
    (tmp_path / "cut").mkdir()
    (tmp_path / "cut" / "manifest.json").write_text('{"name": ')
    lost = shutil.copytree(folders["run"], tmp_path / "lost")
    (lost / "runs.parquet").unlink()
    harmed = shutil.copytree(folders["study"], tmp_path / "harmed")
    next((harmed / "runs").iterdir()).write_bytes(b"PAR1")
    edited = shutil.copytree(folders["study"], tmp_path / "edited")
    manifest = edited / "manifest.json"
    manifest.write_text(manifest.read_text().replace('"seed": 11', '"seed": 12'))
    undrawn = shutil.copytree(folders["run"], tmp_path / "drawn")
    (undrawn / "figures" / "payment.png").write_bytes(b"no picture")
    return {
        "gone": (["gone"], "gone is not there; name the folder of a result"),
        "file": (["text.html"], "text.html is a file; name the folder of a result"),
        "empty": (["empty"], "empty holds no manifest.json, so it is no result of linli"),
        "above": (["."], "there are results in cut, "),
        "inside": ([lost / "figures"], f"there are results in {lost}."),
        "foreign": (["foreign"], "is not the receipt of a run, a comparison or a study of linli"),
        "cut": (["cut"], "is no JSON text"),
        "lost": (["lost"], "lost/runs.parquet: is missing; restore it, or make the result again: linli"),
        "harmed": (["harmed"], "has 4 bytes, not the "),
        "edited": (["edited"], "seed was changed by hand"),
        "picture": (["drawn"], "payment.png: has 10 bytes, not the "),
        "theirs": ([folders["run"], "--out", "text.html"], "text.html is no report of linli and will not be overwr"),
        "folder": ([folders["run"], "--out", "empty"], "--out empty is a folder; name a file"),
        "nowhere": ([folders["run"], "--out", "no/such/place.html"], "cannot write no/such/place.html"),
    }


def test_what_is_wrong_is_told_in_one_paragraph(linli: Command, folders, tmp_path):
    for name, (arguments, told) in wrong(folders, tmp_path).items():
        said = linli("report", *arguments)
        assert (said.code, said.out) == (2, ""), name
        assert told in said.err, name
        assert said.err.startswith("linli: ")
        assert said.err.count("\n") == 1
    assert (tmp_path / "text.html").read_text() == "<html>"
    assert not list(tmp_path.glob("**/*.partial"))


def test_python_is_told_as_the_command_line_is(tmp_path):
    with pytest.raises(InputError, match=r"holds no manifest\.json"):
        write_report(tmp_path)


# --- in a browser ---------------------------------------------------------------------------------------------------

LOOK = """<script>addEventListener("load", () => {
  const images = [...document.images].filter(image => !(image.complete && image.naturalWidth > 100)).length;
  const wide = document.documentElement.scrollWidth - document.documentElement.clientWidth;
  const asked = performance.getEntriesByType("resource").map(entry => entry.name).filter(name => !/^data:/.test(name));
  for (const fold of document.querySelectorAll("details")) fold.open = true;
  const numbers = [...document.querySelectorAll("td data")].filter(cell => cell.getClientRects().length).length;
  document.title = JSON.stringify({images: images, wide: wide, asked: asked, numbers: numbers});
})</script></body>"""


STRANGER = """<script>document.title = "ran"</script><img src="x" onerror="document.title = 'ran'">
<style>body { color: red }</style><img src="https://example.org/x.png"></body>"""
FORBIDDEN = ("inline script", "inline event handler", "inline style", "file:///", "https://example.org/x.png")


def in_browser(page: Path, tmp_path: Path, *asked: str) -> subprocess.CompletedProcess[bytes]:
    """Open a page in a real browser that is cut off from every network."""
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    if browser is None:
        pytest.skip(f"no browser is installed: none of {', '.join(BROWSERS)}")
    how = ["--headless", "--disable-gpu", "--no-sandbox", "--host-resolver-rules=MAP * ~NOTFOUND"]
    how += ["--window-size=900,2000", f"--user-data-dir={tmp_path / 'profile'}", "--no-first-run"]
    home = os.environ | {"HOME": str(tmp_path)}
    words = [browser, *how, *asked, page.as_uri()]
    return subprocess.run(words, capture_output=True, timeout=120, env=home, check=True)


@each_kind
def test_a_browser_keeps_the_policy_of_the_page(kind, folders, tmp_path):
    """It refuses nothing of the page as written, and all that a stranger put into it: the policy works."""
    text = (folders[kind] / "report.html").read_text(encoding="utf-8")
    for name, page in (("own", text), ("strange", text.replace("</body>", STRANGER))):
        (tmp_path / f"{name}.html").write_text(page, encoding="utf-8")
    asked = ("--enable-logging=stderr", "--dump-dom")
    own, strange = (in_browser(tmp_path / f"{name}.html", tmp_path, *asked) for name in ("own", "strange"))
    assert b"Content Security Policy" not in own.stderr
    told = [line for line in strange.stderr.decode().splitlines() if "Content Security Policy" in line]
    assert all(any(each in line for line in told) for each in FORBIDDEN), told
    pages = [html5lib.parse(each.stdout, namespaceHTMLElements=False) for each in (own, strange)]
    titles = [page.find("./head/title").text for page in pages]
    assert titles[0] == titles[1] != "ran"


@pytest.mark.slow
@each_kind
def test_a_browser_shows_the_page(kind, folders, pages, tmp_path):
    """A real browser, cut off from every network, draws all images and no line wider than its window."""
    text = (folders[kind] / "report.html").read_text(encoding="utf-8")
    assert LOOK not in text
    looked = text.replace("</body>", LOOK).replace("default-src", "script-src 'unsafe-inline'; default-src")
    (tmp_path / "page.html").write_text(looked, encoding="utf-8")
    page, patience = tmp_path / "page.html", "--virtual-time-budget=5000"
    done = in_browser(page, tmp_path, patience, "--dump-dom")
    seen = json.loads(html5lib.parse(done.stdout, namespaceHTMLElements=False).find("./head/title").text)
    numbers = len(list(pages[kind].iterfind(".//td/data")))
    assert seen == {"images": 0, "wide": 0, "asked": [], "numbers": numbers}
    shot = tmp_path / "page.png"
    in_browser(page, tmp_path, patience, f"--screenshot={shot}")
    assert (imread(shot)[..., :3] < 0.9).any(axis=-1).mean() > 0.01  # something is written on the page
