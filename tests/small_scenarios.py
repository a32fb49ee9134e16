"""A small table of parameters and a folder of small scenarios, so that tests of the resolver need no shipped file."""

import itertools
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np
import pytest

from sim.errors import InputError
from sim.parameters.declaration import Parameter, Role, constant, lever, structural, switch, uncertainty

TABLE: dict[str, Parameter] = {
    parameter.path: parameter
    for parameter in (
        constant("time.spinup", 6, (0, 600), None, "months", "model", "spin-up", integer=True),
        constant("time.start_year", 2019, (1900, 2200), None, "year", "model", "policy year", integer=True),
        constant("time.start_month", 1, (1, 12), None, "month", "model", "policy month", integer=True),
        structural(
            "population.n_households", 206, (1, 5000), None, "dwellings", "P7", "size", initial=True, integer=True
        ),
        uncertainty("population.share_elderly", 0.45, (0, 1), (0.3, 0.6), "share", "H2", "elderly", initial=True),
        uncertainty("household.b_quality", 3.2, (-50, 50), (1, 4), "logit", "1c", "weight of quality"),
        switch("provider.kind", ("none", "community", "firm"), "who serves", "model", role=Role.LEVER),
        lever("provider.fee", 0.25, (0, 5), (0.1, 1), "yuan/m2/month", "P2", "fee"),
        lever("provider.roster", 0.58, (0, 1), (0.4, 0.7), "share", "P4", "contracted roster"),
        lever("street.subsidy", 0.0, (-1, 10), (0, 0.2), "yuan/m2/month", "assumed", "subsidy"),
        lever("street.inspectors", 2, (0, 50), (0, 6), "persons", "assumed", "inspectors", integer=True),
        lever("street.renovated", 0.1, (0, 1), None, "share", "assumed", "renovated stairs at the start", initial=True),
        lever("street.floor", 0.0, (0, float("inf")), (0, 1), "yuan", "assumed", "no upper bound"),
    )
}

FILES: dict[str, str] = {
    "places/trapped.toml": """
        initial_form = "custody"
        [population]
        n_households = { value = 200, source = "P7" }
        [provider]
        roster = { value = 0.5, source = "P5" }
        """,
    "places/managed.toml": """
        [provider]
        kind = "firm"
        fee = { value = 0.6, source = "P3" }
        """,
    "forms/custody.toml": """
        feasible_in = ["trapped"]
        [provider]
        kind = "community"
        fee = { value = 0.1, source = "P1" }
        """,
    "forms/market.toml": """
        [provider]
        kind = "firm"
        fee = { value = 0.5, source = "P3" }
        """,
    "models/payment_only.toml": """
        place = "managed"
        [household]
        b_quality = { value = 0.0, source = "limit" }
        [provider]
        fee = { value = 1.0, source = "limit" }
        """,
    "programmes/subsidy.toml": """
        [street]
        subsidy = { value = 0.1, source = "S1" }
        """,
    "programmes/subsidy_taper.toml": """
        extends = "subsidy"
        [[step]]
        at = 12
        [step.street]
        subsidy = { value = 0.05, source = "S1, halved" }
        [[step]]
        at = "2021-01"
        [step.street]
        subsidy = { value = 0.0, source = "S1, ended" }
        """,
    "programmes/inspection.toml": """
        [schedule]
        start = 3
        stop = 9
        [street]
        inspectors = { value = 5, source = "assumed" }
        """,
}


def write(folder: Path, name: str, body: str) -> Path:
    """Write one scenario; schema, kind and title come from its folder and name where it does not give them."""
    path = folder / name
    lines = [line.strip() for line in body.strip().splitlines()]
    head = {"schema": "1", "kind": f'"{path.parent.name.removesuffix("s")}"', "title": f'"{path.stem}"'}
    own = {line.partition(" ")[0] for line in itertools.takewhile(lambda line: not line.startswith("["), lines)}
    missing = [f"{key} = {value}" for key, value in head.items() if key not in own]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join([*missing, *lines, ""]), encoding="utf-8")
    return path


def complaint(call: Callable[[], object]) -> str:
    """Text of the InputError that a call must raise; one paragraph."""
    with pytest.raises(InputError) as raised:
        call()
    text = str(raised.value)
    assert "\n" not in text
    return text


def small_table(rows: Sequence[Mapping[str, float | int]]) -> np.recarray:
    """Do what `sim.parameters.table` does, for the small table."""
    kinds = [(path.replace(".", "_"), "i8" if parameter.integer else "f8") for path, parameter in TABLE.items()]
    return np.array([tuple(row[path] for path in TABLE) for row in rows], dtype=kinds).view(np.recarray)


def install(patch: pytest.MonkeyPatch, folder: Path) -> Path:
    """Put the small table and a fresh folder of small scenarios in the place of the shipped ones."""
    for name, body in FILES.items():
        write(folder, name, body)
    patch.setattr("sim.parameters.PARAMETERS", TABLE)
    patch.setattr("sim.parameters.DEFAULTS", {path: parameter.default for path, parameter in TABLE.items()})
    patch.setattr("sim.parameters.table", small_table)
    patch.setattr("sim.scenarios.files.data_folder", lambda: folder)
    return folder
