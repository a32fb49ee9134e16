"""What a search counts as reached: a file beside the shipped studies, written before the runs."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

from pydantic import Field

from sim.errors import InputError
from sim.outcomes import OUTCOMES
from sim.scenarios.files import ScenarioText, data_folder, read_text
from sim.scenarios.schema import Strict, Word
from sim.scenarios.values import did_you_mean, shortened
from sim.studies.catalog import FOLDER
from sim.studies.findings import as_table, validated

Measure = Literal["end", "after", "first_exit", "longest_exit", "second_stay", "none_after", "none_before"]
_WITH_OUTCOME = ("end", "after")
_WITH_MONTHS = ("after", "none_after", "none_before")


class Row(Strict):
    """`[[row]]`: a number that was observed, where the model is asked for it, and how near counts as reached.

    source : code of the fact; arm : name of an arm of the study; months : what `measure` needs of them.
    """

    name: Word
    source: Word
    arm: Word
    measure: Measure
    outcome: Word | None = None
    months: int | None = Field(default=None, ge=1)
    target: float = Field(allow_inf_nan=False)
    below: float = Field(ge=0, allow_inf_nan=False)
    above: float = Field(ge=0, allow_inf_nan=False)

    @property
    def low(self) -> float:
        """Return the lowest value that counts as reached."""
        return self.target - self.below

    @property
    def high(self) -> float:
        """Return the highest value that counts as reached."""
        return self.target + self.above


class Keeps(Strict):
    """`[keeps]`: in `arm`, where the patterns of `where` are matched, a firm stays in at least `share` of the runs.

    paid, near : runs count that pay no more than `near` above or below `paid` in the last month before the policy.
    """

    arm: Word
    where: list[Word] = Field(min_length=1)
    share: float = Field(ge=0, le=1)
    paid: float = Field(ge=0, le=1)
    near: float = Field(ge=0, le=1)


class PatternsFile(Strict):
    """The keys of a file of patterns; `patterns` : rows that are to be reached at one and the same point, by name."""

    row: list[Any] = Field(min_length=1)
    patterns: dict[str, list[Word]] = Field(min_length=1)
    keeps: Any


class Patterns:
    """A checked file of patterns."""

    def __init__(self, text: ScenarioText) -> None:
        head = validated(PatternsFile, text.document, text)
        self.rows = tuple(_row(raw, number, text) for number, raw in enumerate(head.row))
        self.patterns: Mapping[str, tuple[str, ...]] = {name: tuple(of) for name, of in head.patterns.items()}
        self.keeps = validated(Keeps, as_table(head.keeps, "keeps", text), text, "keeps")
        self.sha256 = text.sha256
        names = [row.name for row in self.rows]
        for name in names:
            if names.count(name) > 1:
                raise InputError(f"{text.where('row')}: two rows are called {shortened(name)}; rename one")
        for pattern, of in self.patterns.items():
            _known(of, names, text.where("patterns", pattern), "a row")
        _known(self.keeps.where, list(self.patterns), text.where("keeps", "where"), "a pattern")


def _row(raw: object, number: int, text: ScenarioText) -> Row:
    row = validated(Row, as_table(raw, f"row.{number}", text, text.where("row", number)), text, "row", str(number))
    where = text.where("row", number)
    for key, given, wanted in (("outcome", row.outcome, _WITH_OUTCOME), ("months", row.months, _WITH_MONTHS)):
        if (given is not None) != (row.measure in wanted):
            right = f"needs {key}" if given is None else f"has no {key}; leave it out"
            raise InputError(f'{where}: measure = "{row.measure}" {right}')
    if row.outcome is not None:
        _known([row.outcome], list(OUTCOMES), where, "an outcome")
    return row


def _known(names: list[str] | tuple[str, ...], there: list[str], where: str, what: str) -> None:
    for name in names:
        if name not in there:
            raise InputError(f"{where}: {shortened(name)} is not {what}{did_you_mean(name, there)}")


class FormTable(Strict):
    """`[[form]]`: a form, its place, and the rivals that it is held against there."""

    name: Word
    place: Word
    rivals: list[Word] = Field(min_length=1)


class HarmsFile(Strict):
    """The keys of a file of harms.

    channels : by name, how the two arms that differ in it end, without and with the harm; trait : channels that are
    traits of households, which rivals share; confirm : points that are run again, `replicates` times each.
    """

    confirm: int = Field(ge=0, le=100)
    replicates: int = Field(ge=10, le=10_000)
    trait: list[Word] = Field(default_factory=list)
    form: list[FormTable] = Field(min_length=1)
    channels: dict[str, list[Word]] = Field(min_length=1)


def read_patterns(path: Path | None = None) -> Patterns:
    """Read a file of patterns, the shipped one by default; raise InputError for the first thing that is wrong."""
    return Patterns(_text("patterns", path))


def read_harms(path: Path | None = None) -> tuple[HarmsFile, str]:
    """Read a file of harms, the shipped one by default, and its hash; raise InputError where it is wrong."""
    text = _text("harms", path)
    found = validated(HarmsFile, text.document, text)
    _known(found.trait, list(found.channels), text.where("trait"), "a channel")
    for channel, ends in found.channels.items():
        if len(ends) != 2:
            raise InputError(f"{text.where('channels', channel)}: {channel} needs two ends, without and with the harm")
    return found, text.sha256


def _text(name: str, path: Path | None) -> ScenarioText:
    if path is not None:
        return read_text(path, path.as_posix(), sort="file of tolerances")
    shipped = data_folder() / FOLDER / "tolerances" / f"{name}.toml"
    return read_text(shipped, f"scenarios/{FOLDER}/tolerances/{name}.toml", sort="file of tolerances")
