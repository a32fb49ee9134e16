"""Docking: both engines live through the same months, and every bit of their states is compared after each.

It proves the orchestration - who acts when, on what - and not the rules, which both engines share.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import partial

import numpy as np

from agents.rules.case import DESK_NAMES, N_DESKS
from agents.rules.household import HouseholdWhole as N
from agents.rules.money import Item, Sector
from agents.rules.property_firm import FirmWhole as FN
from sim.district import District
from sim.engine.month import run_months
from sim.errors import InputError
from sim.model import GovernanceModel
from sim.neighbourhood import AgentClasses, run_months_with_agents
from sim.population import build_state
from sim.runs import resolve_in_place
from sim.scenarios import World
from sim.state import COLUMNS, ENDS, FIXED, HORIZONS, ISSUE_MEMORY, LOG_FIELDS, State
from sim.totals import Total

_ROWS: dict[str, type[IntEnum]] = {**COLUMNS, "cash": Sector, "flow": Item, "record": Total}


@dataclass(frozen=True)
class Difference:
    """The first cell in which the engines part, and how many part in the same month."""

    month: int
    matrix: str
    column: str
    unit: str
    row: int
    """Place of the unit in the matrix."""
    agents: float | int
    compiled: float | int
    n_cells: int


@dataclass(frozen=True)
class DockReport:
    """What docking found; months counts those compared, the spin-up included."""

    label: str
    place: str
    n_households: int
    n_estates: int
    months: int
    difference: Difference | None

    @property
    def ok(self) -> bool:
        """Say whether both engines gave the same bits."""
        return self.difference is None

    def __str__(self) -> str:
        """Say it in one paragraph."""
        size = f"{self.n_households} households" + (f" in {self.n_estates} estates" if self.n_estates > 1 else "")
        what = f"{self.label} @ {self.place}, {size}"
        d = self.difference
        if d is None:
            return f"{what}: both engines give the same bits in all {self.months} months, spin-up included."
        others = f" ({d.n_cells - 1} more cells differ in this month)" if d.n_cells > 1 else ""
        return (
            f"{what}: the engines part in month {d.month}, {d.matrix} {d.column}, row {d.row} ({d.unit}): "
            f"agents {d.agents!r}, compiled {d.compiled!r}{others}."
        )


def dock(
    world: str | World,
    *,
    place: str | None = None,
    months: int = 24,
    households: int | None = None,
    seed: int = 1,
    replicate: int = 0,
    set: Sequence[str] = (),
    agent_classes: AgentClasses | None = None,
) -> DockReport:
    """Run both engines side by side, from the first month of the spin-up, and stop where they part.

    world : a scenario as for `sim.compare`, or a resolved one; months : after the policy month;
    households : in each estate, in place of the scenario's own; agent_classes : as for `GovernanceModel`.

    Raises InputError where an argument is wrong.
    """
    if isinstance(world, str):
        size = () if households is None else (f"population.n_households={households}",)
        world = resolve_in_place(world, place, months, (*set, *size))
    elif place is not None or households is not None or set:
        raise InputError("place, households and set belong to a scenario's name; this world has them already.")
    if world.parts:
        return _dock_district(world, seed, replicate, agent_classes)
    room = 4 * int(world.before["population.n_households"]) + 64  # the longest lists; they change no draw
    model = GovernanceModel(
        world, rng=seed, replicate=replicate, agent_classes=agent_classes, spinup="agents", n_cases=room
    )
    compiled = build_state(world.before, seed, replicate, n_cases=room)
    table, rows = world.table(), world.rows()
    nothing = np.zeros((0, *compiled.record.shape), np.int64)
    difference = first_difference(model.state, compiled, -world.spinup)
    n_months = 0
    while difference is None and n_months < len(rows):
        month = n_months - world.spinup
        model.step()
        run_months(compiled, table, rows[n_months : n_months + 1], month, month + 1, nothing)
        difference = first_difference(model.state, compiled, month)
        n_months += 1
    n_estates = compiled.estate_n.shape[1]
    n_households = compiled.household.shape[1]
    return DockReport(world.label, world.place, n_households, n_estates, n_months, difference)


def _dock_district(world: World, seed: int, replicate: int, agent_classes: AgentClasses | None) -> DockReport:
    """Dock a district, each kind of estate in a block of its own, half-year by half-year."""
    parts = [(part.estates, part.world.before) for part in world.parts]
    schedules = [(part.world.table(), part.world.rows()) for part in world.parts]
    with_agents, compiled = (District.build(parts, seed, replicate, whole=True) for _ in range(2))
    agents = partial(run_months_with_agents, agent_classes=agent_classes)
    nothing = np.zeros((0, len(Total), int(world.before["population.n_estates"])), np.int64)
    difference, month = None, -world.spinup
    while difference is None and month < world.months:
        last = min(month + 6, world.months)
        at = slice(month + world.spinup, last + world.spinup)
        between = [(table, rows[at]) for table, rows in schedules]
        with_agents.run(agents, between, month, last, nothing)
        compiled.run(run_months, between, month, last, nothing)
        found = (
            first_difference(ours, theirs, last - 1)
            for ours, theirs in zip(with_agents.blocks, compiled.blocks, strict=True)
        )
        difference, month = next((one for one in found if one is not None), None), last
    n_households = sum(block.household.shape[1] for block in compiled.blocks)
    return DockReport(world.label, world.place, n_households, nothing.shape[2], month + world.spinup, difference)


def first_difference(agents: State, compiled: State, month: int) -> Difference | None:
    """Return the first cell, in the order of the parts of a state, whose bits differ after a month."""
    found: Difference | None = None
    n_cells = 0
    for matrix in State._fields:
        if matrix in FIXED:
            continue
        ours, theirs = getattr(agents, matrix), getattr(compiled, matrix)
        cells = np.argwhere(ours.view(np.int64) != theirs.view(np.int64))
        n_cells += len(cells)
        if found is None and len(cells):
            place = tuple(int(index) for index in cells[0])
            found = Difference(
                month=month,
                matrix=matrix,
                column=_column(matrix, place, len(ours)),
                unit=_unit(agents, matrix, place[-1]),
                row=place[-1],
                agents=ours[place].item(),
                compiled=theirs[place].item(),
                n_cells=0,
            )
    return None if found is None else Difference(**{**vars(found), "n_cells": n_cells})


def _column(matrix: str, place: tuple[int, ...], length: int) -> str:
    """Say what is counted at a place of a matrix."""
    if matrix in _ROWS:
        return _ROWS[matrix](place[0]).name
    if matrix == "log":
        return f"{LOG_FIELDS[place[1]]} of line {place[0]}"
    if matrix == "log_n":
        return "lines"
    if matrix == "life":
        return f"{ENDS[place[0]]} at {place[1]} months"
    if matrix == "settled_within":
        return f"{HORIZONS[place[0]]} months, of month {place[1]} modulo {ISSUE_MEMORY}"
    return f"of month {place[0]} modulo {length}"


def _unit(state: State, matrix: str, row: int) -> str:
    """Say whose column it is."""
    kind = matrix.removesuffix("_n")
    if kind == "household":
        return f"household {state.household_n[N.ID, row]} of estate {state.household_n[N.ESTATE, row]}"
    if kind == "firm":
        n_bidders = state.firm.shape[1] // state.estate_n.shape[1]
        return f"firm {state.firm_n[FN.ID, row]} of estate {row // n_bidders}"
    if kind == "desk":
        return f"{DESK_NAMES[row % N_DESKS]} of estate {row // N_DESKS}"
    if kind == "case":
        n_cases = state.case.shape[1] // state.estate_n.shape[1]
        return f"place {row % n_cases} in the list of estate {row // n_cases}"
    if kind in ("life", "log"):
        return "all estates"
    return f"estate {row}"
