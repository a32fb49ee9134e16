"""Read the table of facts, check it, and hash it and the split into roles."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from sim.errors import InputError
from sim.facts.fact import GRADES, ROLES, Fact, Number, Role, Theme
from sim.scenarios import files
from sim.scenarios.files import ScenarioText, read_text
from sim.scenarios.schema import IN_WORDS
from sim.scenarios.values import did_you_mean, shortened, sort_of, written

FOLDER = "evidence"
SPLIT = "split.sha256"
"""The file that freezes which fact has which role."""
SORT = "table of facts"


@dataclass(frozen=True)
class Facts:
    """The facts that are known."""

    by_id: Mapping[str, Fact]
    """By their code, theme by theme."""
    themes: Mapping[str, Theme]
    """By the name of their file."""
    where: Mapping[str, str]
    """File and line of each."""

    def __getitem__(self, code: str) -> Fact:
        """Return a fact.

        Raises InputError with the nearest code if there is none.
        """
        if code not in self.by_id:
            raise InputError(f"there is no fact {shortened(code)}{nearest_fact(code, self.by_id)}")
        return self.by_id[code]

    def theme_of(self, code: str) -> str:
        """Name the file that a fact stands in."""
        return Path(self.where[code].partition(":")[0]).stem

    def sharing(self, code: str) -> tuple[str, ...]:
        """List the facts that come from the same observations, whichever of the two says so."""
        own = self.by_id[code].shares
        return tuple(other for other, fact in self.by_id.items() if other in own or code in fact.shares)


def facts(folder: Path | None = None) -> Facts:
    """Read the facts that come with linli, or those of another folder.

    Raises
    ------
    InputError
        If a file is missing or wrong, with file and line.
    """
    return _read(folder or files.data_folder() / FOLDER)


@cache
def _read(folder: Path) -> Facts:
    paths = sorted(folder.glob("*.toml"))
    if not paths:
        raise InputError(f"{folder}: no facts are installed: expected files such as collection.toml")
    texts = [read_text(path, f"scenarios/{FOLDER}/{path.name}", SORT) for path in paths]
    found = sorted(((_theme(text), text) for text in texts), key=lambda pair: (pair[0].order, pair[1].name))
    by_id: dict[str, Fact] = {}
    where: dict[str, str] = {}
    for theme, text in found:
        for number, fact in enumerate(theme.fact):
            here = text.where("fact", number, "id")
            if fact.id in where:
                raise InputError(f"{here}: there is a fact {fact.id} already, in {where[fact.id]}")
            by_id[fact.id], where[fact.id] = fact, here
    themes = {text.path.stem: theme for theme, text in found}
    for theme, text in found:
        for number, fact in enumerate(theme.fact):
            _check_shares(fact, by_id, text.where("fact", number, "shares"))
    return Facts(MappingProxyType(by_id), MappingProxyType(themes), MappingProxyType(where))


def roles(table: Facts | None = None) -> dict[str, Role]:
    """Return which fact has which role."""
    return {code: fact.role for code, fact in (table or facts()).by_id.items()}


def evidence_hash(table: Facts | None = None) -> str:
    """Hash all that the facts say, whatever the order and the layout of their files (sha256)."""
    content = {code: fact.as_data() for code, fact in (table or facts()).by_id.items()}
    return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def split_hash(table: Facts | None = None) -> str:
    """Hash which fact has which role and nothing else: the lines `C1 range`, sorted (sha256)."""
    lines = sorted(f"{code} {role}\n" for code, role in roles(table).items())
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def frozen_split(folder: Path | None = None) -> str:
    """Return the hash of the split as it was frozen.

    Raises InputError if the file is missing.
    """
    path = (folder or files.data_folder() / FOLDER) / SPLIT
    try:
        return path.read_text(encoding="utf-8").strip()
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror}; it holds the hash of the roles of facts") from None


def nearest_fact(code: str, known: Mapping[str, Fact]) -> str:
    """End a message with the nearest code, or with how many facts there are of that letter."""
    letter = [other for other in known if other[0] == code.strip()[:1].upper()]
    if code.strip().upper() in letter:
        return f"; did you mean {code.strip().upper()}?"
    if letter:
        return f"; of {letter[0][0]} there are {', '.join(letter)}"
    letters = sorted({other[0] for other in known})
    return f"; codes begin with {', '.join(letters[:-1])} or {letters[-1]}, as in {next(iter(known))}"


def _check_shares(fact: Fact, known: Mapping[str, Fact], where: str) -> None:
    for other in fact.shares:
        if other == fact.id:
            raise InputError(f"{where}: {fact.id} shares observations with itself; name another fact")
        if other not in known:
            raise InputError(f"{where}: {fact.id} shares observations with {other}{nearest_fact(other, known)}")


def _theme(text: ScenarioText) -> Theme:
    """Check a file."""
    try:
        return Theme.model_validate(dict(text.document))
    except ValidationError as error:
        details = error.errors(include_url=False)
        raise _told(min(details, key=lambda detail: detail["type"] != "extra_forbidden"), text) from None


def _told(detail: ErrorDetails, text: ScenarioText) -> InputError:
    """Put one finding of pydantic in our words: file, line, fact and key."""
    keys = detail["loc"]
    where = text.where(*keys)
    names = [str(key) for key in keys if key != "fact" and not isinstance(key, int)]
    who = _who(keys, text)
    last = shortened(names[-1]) if names else ""
    shown = f"{who}{'.'.join(map(shortened, names))}" if names else (who.removesuffix(": ") or "fact")
    value = detail["input"]
    if detail["type"] == "missing":
        return InputError(f"{where}: {who}the key {last} is missing")
    if detail["type"] == "extra_forbidden":
        model = Number if "numbers" in names else Fact if "fact" in keys else Theme
        known = [field.alias or name for name, field in model.model_fields.items()]
        of = {Number: "a figure", Fact: "a fact", Theme: "a file of facts"}[model]
        return InputError(f"{where}: {who}{last} is not a key of {of}{did_you_mean(last, known)}")
    if detail["type"] == "literal_error" and last in ("role", "grade"):
        hint = did_you_mean(str(value), ROLES if last == "role" else GRADES)
        return InputError(f"{where}: {who}{last} = {written(value)} is not a {last} of a fact{hint}")
    if detail["type"] == "value_error":
        return InputError(f"{where}: {shown} {detail['ctx']['error']}")
    if detail["type"] == "string_pattern_mismatch":
        return InputError(f"{where}: {shown} = {written(value)} is no code of a fact: a letter and a number, as in C14")
    problem = IN_WORDS.get(detail["type"], detail["msg"])
    return InputError(f"{where}: {shown} = {written(value)} ({sort_of(value)}) {problem}")


def _who(keys: tuple[str | int, ...], text: ScenarioText) -> str:
    """Name the fact that a finding is about."""
    if len(keys) < 2 or keys[0] != "fact" or not isinstance(keys[1], int):
        return ""
    fact = text.document["fact"][keys[1]]
    code = fact.get("id") if isinstance(fact, dict) else None
    return f"{shortened(code)}: " if isinstance(code, str) and keys[2:] != ("id",) else f"fact {keys[1] + 1}: "
