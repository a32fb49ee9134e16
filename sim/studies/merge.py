"""Join the parts of a study that were run apart, `--shard 1/16` to `--shard 16/16`.

The whole is a study without runs first, and its manifest lists the chunks of all parts last: a merge that was killed
is repeated, and one that is done is done again without a change.
"""

import shutil
from collections.abc import Sequence
from pathlib import Path

from sim.errors import InputError
from sim.store import locked
from sim.stored import MANIFEST, Told, problem_of, sha256
from sim.studies import store
from sim.studies.chunks import schedule
from sim.studies.store import DESIGN, Store

_SAME = (
    "question", "inputs", "design", "arms", "seed", "months", "replicates", "outcomes", "keep",
    "chunk_runs", "model_hash",
)  # fmt: skip


def merge(parts: Sequence[Path], out: Path) -> int:
    """Join parts into a study in the folder `out` and return how many runs it lacks.

    out : a new folder, or one that a merge of these parts left behind.

    Raises InputError where they are no parts of one study, or a file of theirs was changed.
    """
    if not parts:
        raise InputError("there is nothing to merge; name the folders of the parts.")
    stores = [store.read_store(path) for path in parts]
    first = stores[0]
    numbers: dict[tuple[int, int], Path] = {}
    for part in stores:
        _check(part, first)
        shard = tuple(part.manifest["shard"])
        if shard in numbers:
            raise InputError(f"{part.path} and {numbers[shard]} are both part {shard[0]}/{shard[1]}; leave one out.")
        numbers[shard] = part.path
    if not (out / MANIFEST).exists():
        store.check_free(out, first.manifest["inputs"])
        store.write_folder(out)
    with locked(out):
        whole = _begun(stores, out)
        for part in stores:
            for name in (name for table in store.TABLES for name in part.names(table)):
                _copy(part, name, out)
        whole.manifest["chunks"] = {name: entry for part in stores for name, entry in part.chunks.items()}
        sessions = [session for part in stores for session in part.manifest["sessions"]]
        own = [session for session in whole.manifest["sessions"] if session not in sessions]
        whole.manifest["sessions"] = [*sessions, *own]
        whole.save()
        whole.sweep()
    left = schedule(
        first.manifest["design"]["points"],
        first.manifest["replicates"],
        len(first.manifest["arms"]),
        first.manifest["chunk_runs"],
        whole.blocks,
    )
    return sum(block.n_pairs for block in left) * len(first.manifest["arms"])


def _begun(parts: Sequence[Store], out: Path) -> Store:
    """Return the whole: what a merge of these parts left in `out`, or a new study that has no runs yet.

    Raises InputError where the folder holds another study, or runs that are in none of the parts.
    """
    first = parts[0]
    if (out / MANIFEST).exists():
        there = store.read_store(out)
        other = [key for key in _SAME if there.manifest[key] != first.manifest[key]]
        entries = {name: entry for part in parts for name, entry in part.chunks.items()}
        foreign = [name for name, entry in there.chunks.items() if entries.get(name) != entry]
        if other or foreign or there.manifest["shard"]:
            what = f"differs from the parts in {other[0]}" if other else "is not only made of these parts"
            raise InputError(f"{out} holds a study already, which {what}; name another folder with --out.")
    else:
        store.check_free(out, first.manifest["inputs"])
    mixed = any(part.manifest["mixed"] for part in parts)
    whole = Store(out, dict(first.manifest) | {"shard": None, "mixed": mixed, "chunks": {}, "sessions": []})
    if (out / MANIFEST).exists():
        whole.manifest |= {"chunks": there.chunks, "sessions": there.manifest["sessions"]}
    for name in (*first.manifest["inputs"], DESIGN):
        _copy(first, name, out)
    if not (out / MANIFEST).exists():
        (out / "runs").mkdir(exist_ok=True)
        whole.save()
    return whole


def _check(part: Store, first: Store) -> None:
    """Raise InputError unless this is another part of the same study, whole as far as it goes."""
    if not part.manifest["shard"]:
        raise InputError(f"{part.path} is no part of a study: it was not run with --shard.")
    for key in _SAME:
        if part.manifest[key] != first.manifest[key]:
            raise InputError(f"{part.path} and {first.path} are no parts of one study: they differ in {key}.")
    if part.manifest["shard"][1] != first.manifest["shard"][1]:
        raise InputError(f"{part.path} and {first.path} are parts of another number of parts.")
    part.require_whole()


def _copy(part: Store, name: str, out: Path) -> None:
    """Copy a file of a part, unless it is there; what was copied is compared with the manifest once more."""
    source, told = part.file(name), part.told(name)
    assert told is not None
    target = out / name
    if problem_of(target, told):
        store.write(target, lambda partial: _copied(part, name, source, partial, told))


def _copied(part: Store, name: str, source: Path, partial: Path, told: Told) -> None:
    shutil.copyfile(source, partial)
    if sha256(partial) != told.sha256:
        partial.unlink()
        raise part.refusal(name, "was changed while it was copied")
