"""Small results of every kind, and faults of their files: what disks, copying and careless hands do."""

import hashlib
import shutil
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

import pytest
from function_models import ishigami, put_in_place, study_of
from small_studies import SMALL, written
from test_alternatives import STRUCTURES
from test_studies_harms import DRAWS as HARMS
from test_studies_patterns import DRAWS as PATTERNS

import sim
from sim.cli import main

Fault = Callable[[Path, str, Path], None]
"""Harms a file of a folder, by its name there; the third is a folder of the same kind from another question."""


# --- faults ---------------------------------------------------------------------------------------------------------


def names_in(folder: Path) -> list[str]:
    """Return every file of a folder, by its name there."""
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def kind_of(name: str) -> str:
    """Say what kind of file bears this name: chunks and figures of one table or format are of one kind."""
    path = Path(name)
    in_chunks = path.parent.name in ("runs", "series", "cases", "case_events", "figures")
    return f"{path.parent.as_posix()}/*{path.suffix}" if in_chunks else name


def twin_of(folder: Path, name: str) -> str | None:
    """Return another file of the same folder and format, else any other file of the folder."""
    near = [other for other in names_in(folder) if other != name and Path(other).parent == Path(name).parent]
    alike = [other for other in near if Path(other).suffix == Path(name).suffix]
    return next(iter(alike or near or [other for other in names_in(folder) if other != name]), None)


def _changed(path: Path, where: float) -> None:
    data = path.read_bytes()
    at = int(where * (len(data) - 1))
    path.write_bytes(data[:at] + bytes([data[at] ^ 4]) + data[at + 1 :])


def _place(name: str) -> float:
    return int(hashlib.sha256(name.encode()).hexdigest()[:6], 16) / 16**6


def flip_somewhere(folder: Path, name: str, other: Path) -> None:
    _changed(folder / name, _place(name))


def flip_in_the_middle(folder: Path, name: str, other: Path) -> None:
    _changed(folder / name, 0.5)


def cut(folder: Path, name: str, other: Path) -> None:
    data = (folder / name).read_bytes()
    (folder / name).write_bytes(data[: 2 * len(data) // 3])


def empty(folder: Path, name: str, other: Path) -> None:
    (folder / name).write_bytes(b"")


def swap(folder: Path, name: str, other: Path) -> None:
    twin = twin_of(folder, name)
    if twin:
        one, two = (folder / name).read_bytes(), (folder / twin).read_bytes()
        (folder / name).write_bytes(two)
        (folder / twin).write_bytes(one)


def rename(folder: Path, name: str, other: Path) -> None:
    path = folder / name
    path.rename(path.with_name(f"again_{path.name}"))


def copy_over_it(folder: Path, name: str, other: Path) -> None:
    twin = twin_of(folder, name)
    if twin:
        shutil.copyfile(folder / twin, folder / name)


def copy_beside_it(folder: Path, name: str, other: Path) -> None:
    path = folder / name
    shutil.copyfile(path, path.with_name(f"copy_{path.name}"))


def take_from_another_result(folder: Path, name: str, other: Path) -> None:
    theirs = [one for one in names_in(other) if kind_of(one) == kind_of(name)]
    if theirs:
        shutil.copyfile(other / theirs[min(len(theirs) - 1, names_in(folder).index(name) % len(theirs))], folder / name)


def remove(folder: Path, name: str, other: Path) -> None:
    (folder / name).unlink()


def a_folder_in_its_place(folder: Path, name: str, other: Path) -> None:
    (folder / name).unlink()
    (folder / name).mkdir()


FAULTS: tuple[Fault, ...] = (
    flip_somewhere, flip_in_the_middle, cut, empty, swap, rename, copy_over_it, copy_beside_it,
    take_from_another_result, remove, a_folder_in_its_place,
)  # fmt: skip


def harmed(whole: Path, to: Path, fault: Fault, name: str, other: Path) -> bool:
    """Copy a folder and harm one of its files; say whether that changed anything."""
    shutil.copytree(whole, to)
    fault(to, name, other)
    return contents(to) != contents(whole)


def contents(folder: Path) -> Mapping[str, bytes]:
    """Return the bytes of every file of a folder; folders in the place of a file count as such."""
    files = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*")}
    return {name: path.read_bytes() if path.is_file() else b"folder" for name, path in files.items()}


# --- results --------------------------------------------------------------------------------------------------------

FORM = 'schema = 1\nkind = "form"\ntitle = "Mine"\nextends = "market"\n'
POINTS = "household.b_bailout,street.subsidy\n0.2,\n,0.1\n"
STUDY = SMALL | {
    "scenarios": ["market", "mine.toml"],
    "replicates": 3,
    "outcomes": ["payment_rate", "service"],
    "keep": ["series", "cases"],
    "sampling": {"method": "csv", "file": "points.csv"},
}
ODDS = SMALL | {
    "scenarios": ["market @ managed", "red_alliance @ managed"],
    "months": 36,
    "replicates": 2,
    "outcomes": ["cost_covered", "payment_rate"],
    "keep": ["series"],
    "factors": {"household.b_bailout": {}},
    "sampling": {"method": "lhs", "n": 2},
}
MONEY = SMALL | {"scenarios": ["market @ managed", "red_alliance @ managed"], "months": 24, "replicates": 3}
TINY = ("--set", "population.n_households=24", "--set", "time.spinup=4", "--months", "4", "--quiet")
FORMS = ("--place", "trapped", *TINY[:4], "--months", "2", "--replicates", "2", "--quiet")
TIPPING = {
    "set": ("population.n_households=20", "household.intercept=0.6"), "levels": 3, "dwell": (15,), "months": 84,
    "replicates": 2,
}  # fmt: skip


def make_run(folder: Path, seed: int) -> None:
    """Make a run with its first figures: the others are files of the same kind."""
    from sim import figures

    files = figures.files
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sim.figures.files", lambda results: list(files(results))[:2])
        _make_run(folder, seed)


def _make_run(folder: Path, seed: int) -> None:
    assert main(["run", "market", *TINY, "--replicates", "3", "--seed", str(seed), "--out", str(folder)]) == 0


def make_compare(folder: Path, seed: int) -> None:
    words = ["compare", "custody", "market", *TINY, "--replicates", "3", "--cases", "--no-figures"]
    assert main([*words, "--seed", str(seed), "--out", str(folder)]) == 0


def make_district(folder: Path, seed: int) -> None:
    words = ["run", "hanshan_rollout", "--set", "population.n_households=12", "--set", "time.spinup=2", "--quiet"]
    words += ["--months", "3", "--replicates", "2", "--no-figures", "--seed", str(seed), "--out", str(folder)]
    assert main(words) == 0


def make_study(folder: Path, seed: int, **how: object) -> None:
    beside = folder.parent / f"asked_{folder.name}"
    beside.mkdir()
    (beside / "mine.toml").write_text(FORM)
    (beside / "points.csv").write_text(POINTS)
    path = written(beside, STUDY | {"seed": seed})
    from sim.studies.runner import How, start

    start(path, folder, How(threads=1), chunk=6, **how)


def make_odds_study(folder: Path, seed: int) -> None:
    sim.studies.run(ODDS | {"seed": seed}, folder, threads=1, chunk=4)


def make_money_study(folder: Path, seed: int) -> None:
    from sim.studies import equal_money

    sim.studies.run(MONEY | {"seed": seed, "outcomes": list(equal_money.NEEDED)}, folder, threads=1)


def make_sensitivity(folder: Path, seed: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        put_in_place(patch, ishigami, noise=1.0)
        (folder.parent / f"{folder.name}.toml").write_text(written_study(seed))
        words = ["sensitivity", str(folder.parent / f"{folder.name}.toml"), "--out", str(folder), "--quiet"]
        assert main(words) == 0


def written_study(seed: int) -> str:
    from sim.studies.sources import toml

    return toml(study_of(ishigami, "sobol", 16, seed=seed))


def make_tipping(folder: Path, seed: int) -> None:
    import sim.tipping

    sim.tipping.run("market", place="trapped", out=folder, seed=seed, **TIPPING)


def make_alternatives_study(folder: Path, seed: int) -> None:
    sim.studies.run(STRUCTURES | {"seed": seed}, folder, threads=1)


def make_patterns_study(folder: Path, seed: int) -> None:
    sim.studies.run(SMALL | PATTERNS | {"seed": seed}, folder, threads=1)


def make_harms_study(folder: Path, seed: int) -> None:
    few = {"sampling": {"method": "lhs", "n": 3}, "months": 13}
    sim.studies.run(SMALL | HARMS | few | {"seed": seed}, folder, threads=1)


def make_ablation(folder: Path, seed: int) -> None:
    _make_of_forms(["ablate", "custody", "--rival", "market"], folder, seed)


def make_crossing(folder: Path, seed: int) -> None:
    _make_of_forms(["crossing", "red_station", "market", "--over", "fee", "--values", "0.4:0.6:3"], folder, seed)


def _make_of_forms(words: list[str], folder: Path, seed: int) -> None:
    """Make an analysis of forms with figures that are not drawn, which takes long."""
    with pytest.MonkeyPatch.context() as patch:
        drawn = {f"figure.{kind}": partial(_write_figure, seed=seed, kind=kind) for kind in ("png", "svg")}
        patch.setattr(f"sim.cli.{words[0]}.figures", lambda found: drawn)
        assert main([*words, *FORMS, "--seed", str(seed), "--out", str(folder)]) == 0


def _write_figure(path: Path, *, seed: int, kind: str) -> None:
    from PIL import Image

    if kind == "png":
        Image.new("RGB", (40, 30), (seed, 0, 0)).save(path, "png")
    else:
        path.write_text(f'<svg xmlns="http://www.w3.org/2000/svg" width="{seed}"/>', encoding="utf-8")


def made_twice(make: Callable[[Path, int], None], folder: Path) -> tuple[Path, Path]:
    """Make a result and one of the same kind to another question."""
    for name, seed in (("whole", 11), ("other", 12)):
        make(folder / name, seed)
    return folder / "whole", folder / "other"
