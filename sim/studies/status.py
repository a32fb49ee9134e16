"""How far a study is, from its manifest alone."""

from dataclasses import dataclass
from typing import Any

from sim.studies.chunks import Shard, schedule
from sim.studies.schema import Rule
from sim.studies.store import Store
from sim.tables import counted


@dataclass(frozen=True)
class Status:
    """Runs wanted, there and failed, and what the study is about."""

    question: str
    scenarios: tuple[str, ...]
    points: int
    replicates: int
    rule: dict[str, Any] | None
    reached: str | None
    shard: str | None
    there: int
    left: int
    failed: int
    impossible: int
    """Runs of combinations of values that cannot be built."""
    chunks: int
    bytes: int
    model_hash: str
    mixed: bool
    """Whether runs of different versions of the model or of its values stand side by side."""

    def as_data(self) -> dict[str, Any]:
        """Return it for JSON."""
        from dataclasses import asdict

        return asdict(self)

    def lines(self) -> list[str]:
        """Return it for people."""
        whole = self.there + self.left
        share = 100 * self.there / whole if whole else 100.0
        by = " x ".join(
            counted(n, thing)
            for n, thing in ((self.points, "point"), (len(self.scenarios), "scenario"), (self.replicates, "replicate"))
        )
        cannot = f", {self.impossible} cannot be built" if self.impossible else ""
        found = [
            self.question,
            f"{by}, with {', '.join(self.scenarios)}" + (f"; part {self.shard}" if self.shard else ""),
            f"{self.there} of {whole} runs are there ({share:.0f} %), {self.failed} failed{cannot}; "
            f"{self.chunks} chunks, {self.bytes / 1e6:.1f} MB; model {self.model_hash}",
        ]
        if self.rule:
            told = self.reached or "not yet met"
            found.append(f"replicates until {self.rule['outcome']} is known to {Rule(**self.rule).in_words()}: {told}")
        if self.mixed:
            found.append("Runs of different versions of the model or its values stand side by side (--allow-mixed).")
        return found


def status(store: Store) -> Status:
    """Work out how far a study is."""
    manifest = store.manifest
    arms = [f"{label} @ {place}" for label, place, _ in manifest["arms"]]
    shard = manifest["shard"]
    left = schedule(
        manifest["design"]["points"],
        manifest["replicates"],
        len(arms),
        manifest["chunk_runs"],
        store.blocks,
        Shard(*shard) if shard else None,
    )
    entries = store.chunks.values()
    return Status(
        question=manifest["question"],
        scenarios=tuple(arms),
        points=manifest["design"]["points"],
        replicates=manifest["replicates"],
        rule=manifest["rule"],
        reached=manifest["reached"],
        shard=f"{shard[0]}/{shard[1]}" if shard else None,
        there=sum(block.n_pairs for block in store.blocks) * len(arms),
        left=sum(block.n_pairs for block in left) * len(arms),
        failed=store.failed,
        impossible=store.impossible,
        chunks=len(entries),
        bytes=sum(file["bytes"] for entry in entries for file in entry["files"].values()),
        model_hash=manifest["model_hash"],
        mixed=manifest["mixed"],
    )
