"""The page of a study."""

import shlex
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.errors import InputError
from sim.outcomes import OUTCOMES
from sim.parameters import PARAMETERS
from sim.report.design import about_scenarios, value_tables
from sim.report.outcomes import Finding, in_words, outcome_table
from sim.report.page import Page, Picture, Section, Table, drawn_picture
from sim.report.receipt import NOT_CLAIMED_SECTION, file_table, made_with, worlds_told
from sim.studies import dataset
from sim.studies.runner import Opened, open_study
from sim.studies.status import status
from sim.studies.store import DESIGN, STUDY, name_of, read_store
from sim.tables import HEADLINES, counted

if TYPE_CHECKING:
    import pandas as pd

MAX_FACTORS = 6
"""Factors that are drawn, each in a figure of its own."""


def study_page(folder: Path) -> Page:
    """Return the page of the study in a folder.

    Raises InputError where it was changed, or holds no runs yet.
    """
    kept = read_store(folder)
    runs = dataset.frame(kept, "runs")
    if runs is None:
        raise InputError(f"{folder} holds no runs yet; linli study resume {folder} makes them.")
    study = StudyRuns(open_study(kept), runs)
    manifest = kept.manifest
    line = (
        f"Study of {counted(len(study.arms), 'scenario')}: {counted(study.n_points, 'point')}, "
        f"{counted(manifest['replicates'], 'replicate')}, {counted(manifest['months'], 'month')} after the policy "
        f"month, seed {manifest['seed']}"
    )
    sections = (
        Section("words", "In plain words", tuple(_reading(study)), tuple(_found(study))),
        Section("tables", "Tables", tuple(_about_tables(study)), tables=tuple(_tables(study))),
        Section("figures", "Figures", tuple(_about_figures(study)), pictures=tuple(_pictures(study))),
        _design(study),
        NOT_CLAIMED_SECTION,
        _commands(study),
        _receipt(study),
    )
    return Page(manifest["question"], line, sections)


class StudyRuns:
    """The runs of a study by point: what its tables and figures are made of."""

    def __init__(self, opened: Opened, runs: "pd.DataFrame") -> None:
        self.opened = opened
        self.folder = opened.store.path
        self.manifest = opened.store.manifest
        self.runs = runs
        self.n_points: int = self.manifest["design"]["points"]
        self.arms = [(label, place) for label, place, _ in self.manifest["arms"]]
        self.outcomes = [outcome for outcome in OUTCOMES.values() if outcome.name in runs]
        self.over = "runs" if self.n_points == 1 else "points"
        self.headlines = [outcome for outcome in self.outcomes if outcome in HEADLINES] or self.outcomes

    @property
    def places(self) -> list[str]:
        """The places in the order asked for."""
        return list(dict.fromkeys(place for _, place in self.arms))

    def label(self, arm: tuple[str, str]) -> str:
        """Name a scenario, with its place where there are several."""
        return arm[0] if len(self.places) == 1 else f"{arm[0]} @ {arm[1]}"

    def values(self, arm: tuple[str, str], outcome: str) -> np.ndarray:
        """Return an outcome of one scenario: of every run of a single point, else the mean at every point."""
        found = self._by_run(arm, outcome)
        return found.to_numpy() if self.over == "runs" else self._by_point(found)

    def differences(self, arm: tuple[str, str], base: tuple[str, str], outcome: str) -> np.ndarray:
        """Return the same of `arm` less `base`, replicate by replicate."""
        found = self._by_run(arm, outcome) - self._by_run(base, outcome)
        return found.to_numpy() if self.over == "runs" else self._by_point(found)

    def _by_run(self, arm: tuple[str, str], outcome: str) -> "pd.Series[float]":
        rows = self.runs[(self.runs["scenario"] == arm[0]) & (self.runs["place"] == arm[1])]
        return rows.set_index(["point", "replicate"])[outcome].astype(float)

    def _by_point(self, found: "pd.Series[float]") -> np.ndarray:
        return found.groupby("point").mean().reindex(range(self.n_points)).to_numpy()

    def findings(self, place: str) -> list[Finding]:
        """Return what was found for the scenarios of one place."""
        arms = [arm for arm in self.arms if arm[1] == place]
        names = [outcome.name for outcome in self.outcomes]
        found = [Finding(arms[0][0], {name: self.values(arms[0], name) for name in names})]
        for arm in arms[1:]:
            less = {name: self.differences(arm, arms[0], name) for name in names}
            found.append(Finding(arm[0], {name: self.values(arm, name) for name in names}, arms[0][0], less))
        return found

    @property
    def design(self) -> Mapping[str, np.ndarray]:
        """The value of every factor at every point, (point,), NaN where the scenario keeps its own."""
        design = self.opened.design
        return {path: np.asarray(design.matrix[:, k], float) for k, path in enumerate(design.paths)}

    def strongest(self) -> list[str]:
        """Return the factors that go along with any headline outcome the most (Spearman), at most MAX_FACTORS."""
        from scipy.stats import spearmanr

        strength = {}
        for path, factor in self.design.items():
            found = [0.0]
            for arm in self.arms:
                for outcome in self.headlines:
                    values = self.values(arm, outcome.name)
                    known = ~np.isnan(factor) & ~np.isnan(values)
                    if len(np.unique(factor[known])) > 1 and len(np.unique(values[known])) > 1:
                        found.append(abs(float(spearmanr(factor[known], values[known]).statistic)))
            strength[path] = max(found)
        order = sorted(strength, key=lambda path: -strength[path])[:MAX_FACTORS]
        return [path for path in strength if path in order]


# --- the sections ---------------------------------------------------------------------------------------------------


def _reading(study: StudyRuns) -> Iterator[str]:
    kept = study.opened.store
    for number, what in ((kept.failed, "failed"), (kept.impossible, "cannot be built")):
        if number:
            yield f"{counted(number, 'run')} {what} and are left out; the column message of the runs says why."
    left = status(study.opened.store).left
    if left:
        yield f"The study is not finished: {counted(left, 'run')} are still to be made."
    if study.over == "runs":
        yield (
            "Better and worse: the 95 % interval of the difference, pair by pair on the same households and luck, "
            "leaves out zero. Numbers are mean differences with that interval."
        )
        return
    yield (
        "Better and worse: in the middle 90 % of the points the difference, mean of a point's replicates on the same "
        "households and luck, has one sign. Numbers are means over the points with that range. Points are values that "
        "were sampled, not values that are known: shares of points are no probabilities."
    )


def _found(study: StudyRuns) -> Iterator[str]:
    for place in study.places:
        where = f" in {place}" if len(study.places) > 1 else ""
        yield from in_words(study.findings(place), study.over, where)


def _about_tables(study: StudyRuns) -> Iterator[str]:
    yield "↑ more is better, ↓ less is better. Rates look back on 12 months."
    if study.over == "points":
        yield "A number stands for the points: the mean of a point's replicates, then the mean over points."


def _tables(study: StudyRuns) -> Iterator[Table]:
    for place in study.places:
        findings = study.findings(place)
        caption = f"In {place}: what each scenario leads to"
        yield outcome_table(f"outcomes-{place}", caption, findings, study.headlines, study.over)
        if len(study.headlines) < len(study.outcomes):
            caption = f"In {place}: all {len(study.outcomes)} outcomes"
            yield outcome_table(f"all-outcomes-{place}", caption, findings, study.outcomes, study.over, folded=True)


def _about_figures(study: StudyRuns) -> Iterator[str]:
    drawn, n = study.strongest(), len(study.design)
    if len(drawn) < n:
        yield (
            f"Of {n} factors these {len(drawn)} are drawn, which go along the most with an outcome (Spearman's rank "
            "correlation); that is no sensitivity analysis."
        )


def _pictures(study: StudyRuns) -> Iterator[Picture]:
    """Yield the figures of scenarios and factors."""
    from sim.figures.study import draw_factor, draw_scenarios

    samples = {
        outcome.name: {study.label(arm): study.values(arm, outcome.name) for arm in study.arms}
        for outcome in study.headlines
    }
    told = f"{counted(study.n_points, 'point')}, {counted(study.manifest['replicates'], 'replicate')} of each scenario"
    caption = f"{told}, seed {study.manifest['seed']}."
    if study.over == "runs":
        yield drawn_picture(draw_scenarios(samples, caption), "scenarios")
    for path in study.strongest():
        parameter = PARAMETERS[path]
        title = path if parameter.choices else f"{path}, {parameter.unit}"
        figure = draw_factor(study.design[path], samples, caption, title=title, words=parameter.choices)
        yield drawn_picture(figure, f"over-{path.replace('.', '-')}")


def _design(study: StudyRuns) -> Section:
    from sim.explanation import world_as_data

    worlds = [world_as_data(world) for world in study.opened.work.worlds]
    told = [fingerprint for _, _, fingerprint in study.manifest["arms"]]
    same = [world["fingerprint"] for world in worlds] == told
    words = ["Replicate 7 is the same households, network and luck at every point and in every scenario."]
    words += [f"Warning: {text}" for text in study.manifest["warnings"]]
    if not same:
        words.append("The scenarios' values are left out: this version of linli has others than the study began with.")
    text = study.opened.store.data(STUDY).decode("utf-8")
    tables = (*factor_table(study.manifest["design"]), *(value_tables(worlds) if same else ()))
    about = tuple(about_scenarios(worlds) if same else ())
    return Section("design", "Design", tuple(words), about, (text.strip(),), tables)


def factor_table(design: Mapping[str, Any]) -> Iterator[Table]:
    """Yield the table of what varies between the points of a design, as a manifest holds it; none if nothing does."""
    factors = design["factors"]
    if factors:
        rows = tuple(
            (factor["path"], factor["role"], factor["sampled"], PARAMETERS[factor["path"]].about,
             PARAMETERS[factor["path"]].source)
            for factor in factors
        )  # fmt: skip
        caption = f"What varies between the {design['points']} points, chosen by {design['method']}"
        yield Table("factors", caption, ("Factor", "Role", "Sampled", "Meaning", "Source"), rows)


def _commands(study: StudyRuns) -> Section:
    folder = shlex.quote(str(study.folder))
    sessions = [session["command"] or "sim.studies, from Python" for session in study.manifest["sessions"]]
    words = (
        "What made the runs, session by session; then what makes some runs again, to compare them bit for bit; then "
        "what made this page:",
    )
    text = "\n".join([*sessions, f"linli study verify {folder}", f"linli report {folder}"])
    return Section("commands", "How to make it again", words, code=(text,))


def _receipt(study: StudyRuns) -> Section:
    manifest, store = study.manifest, study.opened.store
    listed: list[dict[str, Any]] = [{"name": name, "sha256": told} for name, told in manifest["inputs"].items()]
    listed.append({"name": DESIGN, "sha256": manifest["design"]["sha256"], "rows": study.n_points})
    listed += [
        {"name": name_of(table, name), **told}
        for name, entry in store.chunks.items()
        for table, told in entry["files"].items()
    ]
    verdict, files = file_table(study.folder, listed)
    sessions = manifest["sessions"]
    rows = (
        ("Begun and ended (UTC)", f"{manifest['started']}, {sessions[-1]['ended'] if sessions else 'not ended'}"),
        ("Runs", f"{len(study.runs):,} in {counted(len(store.chunks), 'chunk')}, {counted(len(sessions), 'session')}"),
        ("Hash of all rows, sorted", dataset.dataset_hash(store)),
        ("Worlds (fingerprint)", worlds_told(manifest["arms"])),
    )
    return Section("receipt", "Receipt", (verdict,), tables=(made_with(manifest, manifest["model_hash"], rows), files))
