"""Commands that write, killed with SIGKILL: before every change of a file, and at random moments.

Whatever the moment: what a folder lists is whole, what was there before is there, and the command repeated (or the
study resumed) ends with the bytes of one that nobody killed. `python tests/kill_loop.py 1000 TABLE` does it a thousand
times and writes a table, each hundred kills anew.
"""

import json
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
from small_studies import SMALL, written
from warm_process import Warm

from sim.draws import stream_key, uniforms
from sim.store import settle
from sim.stored import Listed, manifest_of
from sim.studies.store import read_store

SET = ("--set", "population.n_households=20", "--set", "time.spinup=2", "--months", "3", "--replicates", "2")
HOW = ("--threads", "1", "--quiet")
STUDY = SMALL | {
    "months": 3,
    "replicates": 3,
    "constants": {"population.n_households": 20, "time.spinup": 2},
    "outcomes": ["payment_rate", "service"],
    "keep": ["series", "cases"],
    "factors": {"household.b_bailout": {}},
    "sampling": {"method": "lhs", "n": 2},
}
RUN_STUDY = ["study", "run", "study.toml", "--out", "out", "--chunk", "4", *HOW]
ANALYSIS = STUDY | {
    "scenarios": ["market"],
    "replicates": 2,
    "keep": [],
    "factors": {"household.b_bailout": {}, "street.subsidy": {}},
    "sensitivity": {"method": "morris", "n": 2, "luck": "common"},
}
del ANALYSIS["sampling"]
DRAWS = STUDY | {
    "scenarios": ["market", "red_alliance"],
    "places": ["managed"],
    "months": 36,
    "keep": ["series"],
    "at": [0, 36],
    "outcomes": ["cost_covered", "payment_rate"],
    "factors": {"household.b_bailout": {}},
}
FILES = {"study.toml": STUDY, "analysis.toml": ANALYSIS, "draws.toml": DRAWS}
TABLE = "household.b_bailout,street.subsidy\n0.5,0.1\n0.7,0.0\n"
FINISHED = "it is finished now"
"""What a command says that finds the whole result of a killed one: what was left was to give the files their names."""
PARTS = [["study", "run", "study.toml", "--out", f"part{k}", "--chunk", "4", "--shard", f"{k}/2", *HOW] for k in (1, 2)]


@dataclass(frozen=True)
class Job:
    """A command, what comes before it, and what completes it after a kill."""

    name: str
    words: list[str]
    before: tuple[list[str], ...] = ()
    resumed: bool = False
    """Whether a study that is there is gone on with by `resume`, and not by the command again."""

    replaces: bool = False
    """Whether chunks that were there give way to others: those of failed runs."""

    def again(self, folder: Path) -> list[str]:
        """Return the command that completes what was killed."""
        if self.name == "sensitivity" and (folder / "out" / "study" / "manifest.json").exists():
            return ["sensitivity", "out", "--no-figures", *HOW]
        there = self.resumed and (folder / "out" / "manifest.json").exists()
        return ["study", "resume", "out", *HOW] if there else self.words


JOBS = (
    Job("run", ["run", "market", *SET, *HOW, "--no-figures", "--out", "out"]),
    Job("compare", ["compare", "custody", "market", *SET, *HOW, "--cases", "--no-figures", "--out", "out"]),
    Job("crossing", ["crossing", "red_station", "market", "--over", "street.subsidy", "--values", "0:0.2:2", *SET, *HOW,
                     "--no-figures", "--out", "out"]),
    Job("ablate", ["ablate", "red_station", "--rival", "custody", *SET, *HOW, "--no-figures", "--out", "out"]),
    Job("sensitivity", ["sensitivity", "analysis.toml", "--no-figures", "--out", "out", *HOW]),
    Job("tipping", ["tipping", "market", "--place", "managed", "--levels", "3", "--set",
                    "population.n_households=20", "--months", "84", "--replicates", "2", *HOW, "--no-figures",
                    "--out", "out"]),
    Job("convert", ["study", "convert", "table.csv", "--out", "out", "--quiet"]),
    Job("odds", ["study", "odds", "draws", "--out", "out"], (["study", "run", "draws.toml", "--out", "draws", *HOW],)),
    Job("retry", ["study", "retry", "out", *HOW], (["failing", *RUN_STUDY],), replaces=True),
    Job("replace a result", ["replace", "out", "new"], (["replace", "out", "old"],)),
    Job("study run", RUN_STUDY, resumed=True),
    Job("merge", ["study", "merge", "part1", "part2", "--out", "out"], tuple(PARTS)),
    Job("extend replicates", ["study", "extend", "out", "--replicates", "5", *HOW], (RUN_STUDY,)),
    Job("extend points", ["study", "extend", "out", "--points", "4", *HOW], (RUN_STUDY,)),
    Job("report", ["report", "out", "--quiet"], (["run", "market", *SET, *HOW, "--no-figures", "--out", "out"],)),
    Job("export", ["study", "export", "out"], (RUN_STUDY,)),
)


def is_study(folder: Path) -> bool:
    manifest = folder / "manifest.json"
    return manifest.exists() and json.loads(manifest.read_text()).get("kind") == "study"


def data_of(folder: Path) -> dict[str, bytes]:
    """Return what has to be equal: every file but for what tells the time; of manifests what they list."""
    if not folder.exists():
        return {}
    found = {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    for name in [name for name in found if name.endswith("manifest.json")]:
        manifest = json.loads(found[name])
        listed = {key: manifest.get(key) for key in ("files", "chunks", "design")}
        found[name] = json.dumps(listed, sort_keys=True).encode()
    found.pop("ro-crate-metadata.json", None)
    page = found.pop("report.html", None)
    return found | ({"report.html": page[:100]} if page else {})


def require_nothing_half(job: Job, folder: Path, before: dict[str, bytes]) -> None:
    """Raise AssertionError where a folder lists what is not whole, or has lost what was there before the command."""
    out = folder / "out"
    if is_study(out):
        study = read_store(out)
        assert all(not study.problem_of_chunk(chunk) for chunk in study.chunks), "a listed chunk is not whole"
        there = data_of(out)
        lost = not job.replaces and [name for name, data in before.items() if "/" in name and there.get(name) != data]
        assert not lost, f"{lost} are lost"
    elif out.exists():
        settled = folder / "settled"
        shutil.copytree(out, settled)
        settle(settled)
        manifest = manifest_of(settled)
        assert manifest is not None or "manifest.json" not in before, "the earlier result is lost"
        if manifest is not None:
            kept = Listed.of(settled, manifest["files"], str)
            assert not any(kept.problem(file["name"]) for file in manifest["files"]), "a listed file is not whole"
        shutil.rmtree(settled)


@dataclass
class Tried:
    """How often a command was killed, and in how many of these kills it had begun and not ended."""

    name: str
    moments: int = 0
    killed: int = 0
    changes: int = 0
    seconds: float = 0.0


class Bench:
    """A job with its starting point and its outcome, ready to be killed many times."""

    def __init__(self, job: Job, warm: Warm, folder: Path) -> None:
        self.job, self.warm, self.folder = job, warm, folder
        self.start = folder / "start"
        self.start.mkdir(parents=True)
        for name, study in FILES.items():
            written(self.start, study, name)
        (self.start / "table.csv").write_text(TABLE)
        for words in job.before:
            warm.changes(list(words), self.start)
        self.before = data_of(self.start / "out")
        whole = self._fresh()
        self.changes, self.seconds = warm.changes(job.words, whole)
        self.wanted = data_of(whole / "out")
        self.tried = Tried(job.name, changes=self.changes)
        assert self.wanted != self.before or job.name in ("report", "export")
        assert self.changes > 2

    def _fresh(self) -> Path:
        folder = self.folder / "work"
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(self.start, folder)
        return folder

    def kill(self, *, at: int = 0, after: float | None = None, again: int | None = None) -> None:
        """Kill the command once, or its repetition once more, look at what is left, and complete it."""
        folder, job = self._fresh(), self.job
        began = time.monotonic()
        self._killed(job.words, folder, at, after)
        if again is not None:
            self._killed(job.again(folder), folder, again, None)
        if data_of(folder / "out") != self.wanted:  # a new folder that is complete is not written again
            code = self.warm.run(job.again(folder), folder)
            said = Path(f"{folder}.log").read_text()
            assert code == 0 or FINISHED in said, f"{job.name} killed at {at or after}, repeated: {said}"
        found = data_of(folder / "out")
        assert found.keys() == self.wanted.keys(), (job.name, at, after, found.keys() ^ self.wanted.keys())
        other = [name for name in found if found[name] != self.wanted[name]]
        assert not other, f"{job.name} killed at {at or after}: {other} differ"
        if is_study(folder / "out"):
            read_store(folder / "out").require_whole()
        assert not list((folder / "out").rglob("*.partial"))
        self.tried.seconds += time.monotonic() - began

    def _killed(self, words: list[str], folder: Path, at: int, after: float | None) -> None:
        code = self.warm.run(words, folder, at=at, after=after)
        said = Path(f"{folder}.log").read_text()
        self.tried.moments += 1
        self.tried.killed += code == -9
        assert code in (0, -9) or FINISHED in said, said
        require_nothing_half(self.job, folder, self.before)


def shares(seed: int, n: int, which: int) -> np.ndarray:
    """Return n numbers from 0 to 1."""
    return np.asarray(uniforms(stream_key(seed, which), 0, month=0, estate=0, unit=np.arange(n)))


def moments(benches: list[Bench], n: int, seed: int) -> Iterator[Callable[[], None]]:
    """Yield n kills: before changes of files in a random order, every fourth at a random moment, every fifth twice."""
    boundaries = [(bench, at) for bench in benches for at in range(1, bench.changes + 1)]
    order = np.argsort(shares(seed, len(boundaries), 0), kind="stable")
    for number, (one, two) in enumerate(zip(shares(seed, n, 1).tolist(), shares(seed, n, 2).tolist(), strict=True)):
        if number % 4 < 3:
            bench, at = boundaries[order[number % len(boundaries)]]
            again = 1 + int(one * bench.changes) if number % 5 == 0 else None
            yield lambda bench=bench, at=at, again=again: bench.kill(at=at, again=again)
        else:
            bench = benches[int(two * len(benches))]
            yield lambda bench=bench, share=one: bench.kill(after=share * bench.seconds)


def killed(
    n: int, folder: Path, *, seed: int = 1, so_far: Callable[[list[Tried]], object] | None = None
) -> list[Tried]:
    """Kill n times, and return how often each job was; tell so far after each hundred."""
    with Warm() as warm:
        benches = [Bench(job, warm, folder / job.name.replace(" ", "_")) for job in JOBS]
        for number, kill in enumerate(moments(benches, n, seed)):
            kill()
            if so_far is not None and number % 100 == 99:
                so_far([bench.tried for bench in benches])
    return [bench.tried for bench in benches]


def table(tried: list[Tried], seed: int) -> str:
    """Return what was found as a table in Markdown."""
    lines = ["# Commands killed by `make weekly-kills`", ""]
    lines += ["After each kill nothing listed was half-written or lost; the command, repeated, ended with equal bytes."]
    lines += [""]
    lines += ["| command | kills | died of it | changes of files |", "|---|---:|---:|---:|"]
    lines += [f"| {one.name} | {one.moments} | {one.killed} | {one.changes} |" for one in tried]
    total = f"| all | {sum(one.moments for one in tried)} | {sum(one.killed for one in tried)} | seed {seed} |"
    return "\n".join([*lines, total]) + "\n"


if __name__ == "__main__":
    kills, page = int(sys.argv[1]), Path(sys.argv[2])
    with tempfile.TemporaryDirectory() as place:
        keep = partial(page.write_text, encoding="utf-8")
        keep(table(killed(kills, Path(place), so_far=lambda tried: keep(table(tried, 1))), 1))
