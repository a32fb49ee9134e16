"""The one door to stored data: nothing is read unless size and SHA-256 are those that a manifest lists.

`Listed` reads the files of a folder of results and refuses a file that is not as listed, with its name, what is wrong
and what to do. A process hashes a file once, for as long as nobody touches it. `manifest_of` reads a manifest, whose
fields are sealed one by one. The seals are no secret: they find accidents and edits, and are no signature.
"""

import hashlib
import json
import os
import stat
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any, TypeVar

from sim.errors import InputError

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

T = TypeVar("T")

MANIFEST = "manifest.json"
SEALS = "seals"
CHANGED = "was changed by hand, so nothing in this folder can be trusted; restore the file"

_SETTLED = 100_000_000
"""Nanoseconds after which a file system tells two writings apart by their time."""
_ASIDE = 1 << 20
"""Bytes from which on a file is hashed beside its reading."""
_UNSEALED = {"result": 2, "tipping": 1, "sensitivity": 1}
"""The newest schema of each kind of manifest that was not yet sealed."""
_whole: set[tuple[object, ...]] = set()
"""What was found whole: path, state of the file, SHA-256."""


# --- files ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Told:
    """What a manifest says of a file; bytes : its size, None where that is not told."""

    sha256: str
    bytes: int | None = None


def sha256(path: Path) -> str:
    """Return the SHA-256 of a file, hexadecimal, without holding it in memory."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def problem_of(path: Path, told: Told) -> str:
    """Say what is wrong with a file, "" where it is as told."""
    try:
        about = path.stat()
        what = _strange(about, told)
        if what or _key(path, about, told) in _whole:
            return what
        if sha256(path) != told.sha256:
            return "is not what was written (SHA-256)"
    except (FileNotFoundError, NotADirectoryError):
        return "is missing"
    except OSError as error:
        return f"cannot be read: {error.strerror or error}"
    _remember(path, about, told)
    return ""


def _strange(about: os.stat_result, told: Told) -> str:
    """Say what can be seen to be wrong with a file that has not been read."""
    if not stat.S_ISREG(about.st_mode):
        return "is no ordinary file"
    if told.bytes is not None and about.st_size != told.bytes:
        return f"has {about.st_size} bytes, not the {told.bytes} listed"
    return ""


def _key(path: Path, about: os.stat_result, told: Told) -> tuple[object, ...]:
    state = about.st_dev, about.st_ino, about.st_size, about.st_mtime_ns, about.st_ctime_ns
    return str(path.absolute()), *state, told.sha256


def _remember(path: Path, about: os.stat_result, told: Told) -> None:
    """Remember a file that was found whole, unless it is so young that its time would not show a later writing."""
    if time.time_ns() - about.st_ctime_ns > _SETTLED:
        _whole.add(_key(path, about, told))


def _read_once(path: Path, told: Told, read: "Callable[[Any], T]") -> "T | None":
    """Read a file into memory once, and hash it while `read` makes of its bytes what is wanted; None where it is wrong.

    What was read is handed out only if the hash is right, and it is of the very bytes that were hashed.
    """
    import pyarrow as pa

    try:
        with path.open("rb") as file:
            about = os.fstat(file.fileno())
            data = b"" if _strange(about, told) else file.read()
    except OSError:
        return None
    if _strange(about, told):
        return None
    found: list[str] = []
    hashing = threading.Thread(target=lambda: found.append(hashlib.sha256(data).hexdigest()))
    if len(data) < _ASIDE:
        hashing.run()
        if found != [told.sha256]:
            return None
    else:
        hashing.start()
    try:
        wanted = read(pa.BufferReader(data))
    except (OSError, pa.ArrowException):
        return None
    finally:
        if hashing.ident is not None:
            hashing.join()
    if found != [told.sha256]:
        return None
    _remember(path, about, told)
    return wanted


class Listed:
    """A folder whose files a manifest lists.

    path : the folder; files : what is told of each, by its name, with slashes; remedy : says what to do about a file
    that is not as told.
    """

    def __init__(self, path: Path, files: Mapping[str, Told], remedy: Callable[[str], str]) -> None:
        self.path = path
        self._files = files
        self._remedy = remedy

    @classmethod
    def of(cls, path: Path, files: Iterable[Mapping[str, Any]], remedy: Callable[[str], str]) -> "Listed":
        """Read the entry `files` of a manifest: name, sha256 and, where it is known, bytes.

        Raises InputError for a name that leads out of the folder.
        """
        told = {str(file["name"]): Told(str(file["sha256"]), file.get("bytes")) for file in files}
        for name in told:
            parts = PurePosixPath(name).parts
            if name.startswith("/") or ".." in parts or "\0" in name or not parts:
                raise InputError(f"{path / MANIFEST}: lists {name!r}, which does not lie in this folder.")
        return cls(path, told, remedy)

    def told(self, name: str) -> Told | None:
        """Return what the manifest says of a file, None where it does not list it."""
        return self._files.get(name)

    def remedy(self, name: str) -> str:
        """Say what to do about a file that is not as told."""
        return self._remedy(name)

    def problem(self, name: str) -> str:
        """Say what is wrong with a file, "" where it is as told."""
        told = self.told(name)
        return "is not listed in the manifest" if told is None else problem_of(self.path / name, told)

    def _is_known(self, name: str, told: Told) -> bool:
        """Say whether this process has found a file whole before."""
        path = self.path / name
        with suppress(OSError):
            return _key(path, path.stat(), told) in _whole
        return False

    def file(self, name: str) -> Path:
        """Return the path of a file that is as told.

        Raises InputError where it is not.
        """
        what = self.problem(name)
        if what:
            raise self.refusal(name, what)
        return self.path / name

    def refusal(self, name: str, what: str) -> InputError:
        """Return the error that says what is wrong with a file and what to do."""
        return InputError(f"{self.path / name}: {what}; {self.remedy(name)}.")

    def data(self, name: str) -> bytes:
        """Return the bytes of a small file.

        Raises InputError where it is not as told.
        """
        path, told = self.file(name), self.told(name)
        data = path.read_bytes()
        if told is None or hashlib.sha256(data).hexdigest() != told.sha256:
            raise self.refusal(name, "was changed while it was read")
        return data

    def table(self, name: str, columns: Sequence[str] | None = None) -> "pa.Table":
        """Return a table, or some of its columns.

        Raises InputError where it is not as told, or this version of pyarrow cannot read it.
        """
        import pyarrow as pa
        import pyarrow.parquet as pq

        def read(source: Any) -> "pa.Table":
            return pq.read_table(source, columns=None if columns is None else list(columns), partitioning=None)

        told = self.told(name)
        found = None if told is None or self._is_known(name, told) else _read_once(self.path / name, told, read)
        if found is not None:
            return found
        path = self.file(name)
        try:
            return read(path)
        except (OSError, pa.ArrowException) as error:
            raise self._unreadable(name, error) from None

    def columns(self, name: str) -> list[str]:
        """Return the names of a table's columns, sorted.

        Raises InputError as `table` does.
        """
        import pyarrow as pa
        import pyarrow.parquet as pq

        path = self.file(name)
        try:
            return sorted(pq.read_schema(path).names)
        except (OSError, pa.ArrowException) as error:
            raise self._unreadable(name, error) from None

    def frame(self, name: str) -> "pd.DataFrame":
        """Return a table as a pandas frame.

        Raises InputError as `table` does.
        """
        frame: pd.DataFrame = self.table(name).to_pandas()
        return frame

    def _unreadable(self, name: str, error: Exception) -> InputError:
        return self.refusal(name, f"is as it was written, and cannot be read here ({' '.join(str(error).split())})")


# --- manifests ------------------------------------------------------------------------------------------------------


def seal(value: object) -> str:
    """Hash a value of a manifest (16 hexadecimal digits)."""
    text = json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def seals_of(manifest: Mapping[str, Any]) -> dict[str, str]:
    """Return the seal of every field; that of `chunks` is made of the seals of the chunks."""
    seals = {key: seal(value) for key, value in manifest.items() if key not in ("chunks", SEALS)}
    if "chunks" in manifest:
        seals["chunks"] = seal([[name, entry["seal"]] for name, entry in manifest["chunks"].items()])
    return seals


def manifest_text(manifest: Mapping[str, Any]) -> str:
    """Return the text of a manifest, sealed, a value to a line."""
    plain = {key: value for key, value in manifest.items() if key != SEALS}
    return json.dumps(plain | {SEALS: seals_of(plain)}, indent=1, ensure_ascii=False, allow_nan=False) + "\n"


def parsed(data: bytes, where: str) -> dict[str, Any]:
    """Read the text of a manifest.

    Raises InputError where it is not the JSON text of a table.
    """
    try:
        manifest = json.loads(data.decode("utf-8"), parse_constant=_refuse_constant)
    except (ValueError, RecursionError):
        raise InputError(f"{where}: is no JSON text; it {CHANGED}.") from None
    if not isinstance(manifest, dict):
        raise InputError(f"{where}: is no table of JSON; it {CHANGED}.")
    return manifest


def _refuse_constant(name: str) -> None:
    raise ValueError(name)


def changed_field(manifest: Mapping[str, Any]) -> str | None:
    """Return the first field whose seal is not that of its value, None where all are as they were sealed."""
    seals = manifest.get(SEALS)
    if not isinstance(seals, dict):
        return SEALS
    try:
        found = seals_of(manifest)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return "a field"
    return next((key for key in {**seals, **found} if seals.get(key) != found.get(key)), None)


def manifest_of(folder: Path) -> dict[str, Any] | None:
    """Return the manifest of a folder of results, None where there is none.

    Raises InputError, with the field, where it is not as it was written.
    """
    path = folder / MANIFEST
    data = bytes_of(path)
    return None if data is None else checked_manifest(data, str(path))


def checked_manifest(data: bytes, where: str) -> dict[str, Any]:
    """Read the text of a manifest and compare it with its seals; those from before there were seals have none.

    Raises InputError, with the field, where it is not as it was written.
    """
    manifest = parsed(data, where)
    field = None if SEALS not in manifest and _from_before_seals(manifest) else changed_field(manifest)
    if field is not None:
        raise InputError(f"{where}: {field} {CHANGED}.")
    return manifest


def bytes_of(path: Path) -> bytes | None:
    """Return the bytes of a manifest, None where there is no such file.

    Raises InputError where it cannot be read.
    """
    try:
        return path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror or error}; restore the file.") from None


@contextmanager
def reading(folder: Path, manifest: Mapping[str, Any]) -> Iterator[None]:
    """Read what a manifest tells; of one from before there were seals nobody knows whether it is as it was written.

    Raises InputError where such a one lacks a field, or has another kind of value in it.
    """
    try:
        yield
    except InputError:
        raise
    except (KeyError, TypeError, ValueError, AttributeError, IndexError) as error:
        if SEALS in manifest:
            raise
        what = f"{type(error).__name__}: {' '.join(str(error).split())[:60]}"
        raise InputError(
            f"{folder / MANIFEST}: is from before manifests were sealed, or was changed by hand, and does not tell "
            f"what is read here ({what}); make the result again."
        ) from None


def _from_before_seals(manifest: Mapping[str, Any]) -> bool:
    """Say whether a manifest is of a kind and a time without seals; what is no receipt of ours has none either."""
    asked = manifest.get("request")
    kind = "result" if isinstance(asked, dict) else manifest.get("kind")
    if kind == "study":
        return False
    schema = asked.get("schema") if isinstance(asked, dict) else manifest.get("schema")
    newest = _UNSEALED.get(kind) if isinstance(kind, str) else None
    return newest is None or (isinstance(schema, int) and schema <= newest)


# --- pages ----------------------------------------------------------------------------------------------------------

_PAGE_SEAL = b"<!-- SHA-256 of all above: "


def page_bytes(text: str) -> bytes:
    """Return a page with its own SHA-256 in a last comment."""
    body = text.encode("utf-8")
    return body + _PAGE_SEAL + hashlib.sha256(body).hexdigest().encode() + b" -->\n"


def is_whole_page(data: bytes) -> bool:
    """Say whether a page is as `page_bytes` made it."""
    body, found, told = data.rpartition(_PAGE_SEAL)
    return bool(found) and told == hashlib.sha256(body).hexdigest().encode() + b" -->\n"
