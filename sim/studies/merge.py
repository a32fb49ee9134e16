"""Join the parts of a study that were run apart, `--shard 1/16` to `--shard 16/16`."""

import shutil
from collections.abc import Sequence
from pathlib import Path

from sim.errors import InputError
from sim.store import locked
from sim.studies import ledger, store
from sim.studies.chunks import schedule
from sim.studies.store import DESIGN, Store

_SAME = (
    "question", "inputs", "design", "arms", "seed", "months", "replicates", "outcomes", "keep",
    "chunk_runs", "model_hash",
)  # fmt: skip


def merge(parts: Sequence[Path], out: Path) -> int:
    """Join parts into a study in the new folder `out`, and return how many runs it lacks.

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
    store.check_free(out)
    store.write_folder(out)
    with locked(out):
        mixed = any(part.manifest["mixed"] for part in stores)
        manifest = dict(first.manifest) | {"shard": None, "mixed": mixed, "chunks": {}, "sessions": []}
        for name in (*first.manifest["inputs"], DESIGN):
            _copy(first.path / name, out / name)
        whole = Store(out, manifest)
        for part in stores:
            manifest["sessions"] = [*manifest["sessions"], *part.manifest["sessions"]]
            for name, entry in part.chunks.items():
                for table in entry["files"]:
                    _copy(part.file(table, name), whole.file(table, name))
                whole.chunks[name] = ledger.sealed_entry(entry)
        whole.save()
        whole.sweep()
    left = schedule(
        manifest["design"]["points"],
        manifest["replicates"],
        len(manifest["arms"]),
        manifest["chunk_runs"],
        whole.blocks,
    )
    return sum(block.n_pairs for block in left) * len(manifest["arms"])


def _check(part: Store, first: Store) -> None:
    """Raise InputError unless this is another part of the same study, whole as far as it goes."""
    if not part.manifest["shard"]:
        raise InputError(f"{part.path} is no part of a study: it was not run with --shard.")
    for key in _SAME:
        if part.manifest[key] != first.manifest[key]:
            raise InputError(f"{part.path} and {first.path} are no parts of one study: they differ in {key}.")
    if part.manifest["shard"][1] != first.manifest["shard"][1]:
        raise InputError(f"{part.path} and {first.path} are parts of another number of parts.")
    for name, entry in part.chunks.items():
        problem = part.problem(name, entry)
        if problem:
            raise InputError(f"{part.path}: {problem}; linli study resume {part.path} makes it again.")


def _copy(source: Path, target: Path) -> None:
    store.write(target, lambda partial: shutil.copyfile(source, partial))
