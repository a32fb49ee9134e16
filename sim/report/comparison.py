"""The page of a run or a comparison."""

import shlex
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from sim.outcomes import OUTCOMES
from sim.report.design import about_scenarios, value_tables
from sim.report.outcomes import Finding, in_words, outcome_table
from sim.report.page import Page, Picture, Section, Table, drawn_picture, picture_of
from sim.report.receipt import NOT_CLAIMED_SECTION, file_table, made_with, worlds_told
from sim.results import Results
from sim.store import RUNS, listed_of, read_results
from sim.tables import HEADLINES, counted, notes


def comparison_page(folder: Path, manifest: Mapping[str, Any]) -> Page:
    """Return the page of the result in a folder.

    Raises InputError where a table or figure is not as it was written.
    """
    results, worlds = read_results(folder), manifest["scenarios"]
    asked = manifest["request"]
    line = (
        f"{counted(len(results.arms), 'scenario')} in {' and '.join(results.places)}: "
        f"{counted(asked['months'], 'month')} after the policy month, {counted(asked['replicates'], 'replicate')} of "
        f"each, seed {asked['seed']}"
    )
    sections = (
        Section("words", "In plain words", tuple(_reading(results)), tuple(_found(results))),
        Section("tables", "Tables", tuple(notes(results)[:-1]), tables=tuple(_tables(results))),
        Section("figures", "Figures", pictures=tuple(_pictures(folder, manifest, results))),
        _design(worlds, asked),
        NOT_CLAIMED_SECTION,
        _made(folder, manifest),
        _receipt(folder, manifest),
    )
    return Page(manifest["question"], line, sections)


def _reading(results: Results) -> Iterator[str]:
    if results.n_failed:
        yield f"{counted(results.n_failed, 'run')} failed and are left out; the column status of {RUNS} says why."
    if len(results.arms) > 1:
        yield (
            "Better and worse: the 95 % interval of the difference, pair by pair on the same households and luck, "
            "leaves out zero. Numbers are mean differences with that interval."
        )
    else:
        yield "Means over the runs with their 95 % intervals."


def _found(results: Results) -> Iterator[str]:
    for place in results.places:
        where = f" in {place}" if len(results.places) > 1 else ""
        yield from in_words(findings_of(results.within(place)), "runs", where)


def findings_of(results: Results) -> list[Finding]:
    """Return what was found for the scenarios of one place."""
    found = []
    for label in results.labels:
        base = results.base(label) or ""
        less = {name: results.differences(name, label, base) for name in OUTCOMES} if base else {}
        alone = base or len(results.labels) == 1
        drifts = {name: results.drift(name, label) for name in OUTCOMES if not alone}
        kept = {name: drift for name, drift in drifts.items() if drift is not None}
        found.append(Finding(label, results.arm(label).judged, base, less, kept))
    return found


def _tables(results: Results) -> Iterator[Table]:
    for place in results.places:
        findings = findings_of(results.within(place))
        caption = f"In {place}: what each scenario leads to"
        yield outcome_table(f"outcomes-{place}", caption, findings, HEADLINES, "runs")
        everything = tuple(OUTCOMES.values())
        caption = f"In {place}: all {len(everything)} outcomes"
        yield outcome_table(f"all-outcomes-{place}", caption, findings, everything, "runs", folded=True)


def _pictures(folder: Path, manifest: Mapping[str, Any], results: Results) -> Iterator[Picture]:
    """Yield the figures that were kept, or where none were, those that the tables allow."""
    from sim import figures

    kept = listed_of(folder, manifest)
    names = [file["name"] for file in manifest["files"] if file["name"].endswith(".png")]
    if not names:
        for name in figures.files(results):
            yield drawn_picture(figures.draw(results, name), name)
    for name in names:
        yield picture_of(kept, name)


def _design(worlds: list[Mapping[str, Any]], asked: Mapping[str, Any]) -> Section:
    words = [
        "Every replicate has households, a network and luck of its own, and these are the same in every scenario. "
        f"A run begins with {counted(worlds[0]['spinup'], 'month')} in which its place is as it was; then comes the "
        f"policy month, and {counted(asked['months'], 'month')} are counted from it. Engine: {asked['engine']}."
    ]
    words += [f"Warning: {text}" for text in dict.fromkeys(text for world in worlds for text in world["warnings"])]
    tables = tuple(value_tables(worlds))
    return Section("design", "Design", tuple(words), tuple(about_scenarios(worlds)), tables=tables)


def _made(folder: Path, manifest: Mapping[str, Any]) -> Section:
    text = f"{manifest['command']}\nlinli report {shlex.quote(str(folder))}"
    words = ("The command that made the result, and the one that made this page:",)
    return Section("commands", "How to make it again", words, code=(text,))


def _receipt(folder: Path, manifest: Mapping[str, Any]) -> Section:
    verdict, files = file_table(folder, manifest["files"])
    rows = (
        ("Begun and ended (UTC)", f"{manifest['started']}, {manifest['ended']}"),
        ("Runs", f"{manifest['runs']:,}, {manifest['failed']} failed, {counted(manifest['threads'], 'thread')}"),
        ("Worlds (fingerprint)", worlds_told(manifest["request"]["worlds"])),
    )
    made = made_with(manifest, manifest["request"]["model_hash"], rows)
    return Section("receipt", "Receipt", (verdict,), tables=(made, files))
