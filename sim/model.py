"""A scenario as a Mesa model: `GovernanceModel("market", rng=7)`, then `.step()` month by month."""

from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any, Literal

import mesa
import numpy as np

from agents.rules.estate import EstateWhole
from agents.rules.provider import COMMUNITY, FIRM, NOBODY
from sim.engine.month import run_months
from sim.errors import InputError
from sim.in_force import change
from sim.mesa_model import drawn_seed
from sim.month_collector import MonthCollector
from sim.neighbourhood import AgentClasses, Neighbourhood, run_months_with_agents
from sim.outcomes import OUTCOMES, WINDOW, Months
from sim.population import build_state
from sim.runs import check_seed
from sim.scenarios import World, resolve
from sim.state import State

if TYPE_CHECKING:
    from mesa.space import NetworkGrid

__all__ = ["GovernanceModel", "run_months_with_agents"]

COLLECTED = (*(name for name, outcome in OUTCOMES.items() if outcome.headline), "quality")
"""Outcomes collected every month; the others are at hand in `GovernanceModel.outcome`."""

PROVIDER_NAMES = {NOBODY: "nobody", COMMUNITY: "community", FIRM: "firm"}


class GovernanceModel(Neighbourhood):
    """A scenario in a place, lived through by agents.

    After `model = GovernanceModel("market", rng=7)`, each `model.step()` lives through a month; `model.month` is
    the month that comes next, 0 the policy month; `model.households`, `model.estates` and `model.agents_by_type`
    are who is there; `model.datacollector` holds the outcomes of the months lived through; `model.seed` is the seed,
    `model.changes` what `change` did: month, parameter and value.
    """

    def __init__(
        self,
        world: str | World = "market",
        *,
        place: str | None = None,
        months: int | None = None,
        set: Sequence[str] = (),
        rng: int | None = None,
        replicate: int = 0,
        agent_classes: AgentClasses | None = None,
        agenttype_reporters: Mapping[type[mesa.Agent], Mapping[str, Any]] | None = None,
        spinup: Literal["compiled", "agents"] = "compiled",
        n_cases: int = 0,
        seed: int | None = None,
    ) -> None:
        """Build households, firms and buildings, and live through the spin-up.

        Parameters
        ----------
        world : str or World
            A scenario such as `market + subsidy_taper`, or what `sim.resolve` made of one.
        place, months, set
            As for `sim.resolve`; 120 months unless given.
        rng : int
            Seed, 0 to 2**63 - 1; with `replicate` it decides all that happens. Without one the model draws its own.
            `model.seed` tells it.
        replicate : int
            Number of the replicate.
        agent_classes : mapping
            Your subclass for a kind of agent: `{Household: Stubborn}`.
        agenttype_reporters : mapping
            As for Mesa's DataCollector: `{Household: {"trust": "trust_provider"}}`.
        spinup : "compiled" or "agents"
            By default the compiled engine lives through the months before the policy month, at once; with
            `agents` they are the first steps, and your own classes act in them too.
        n_cases : int
            Open cases that an estate's list has room for, 0 for a guess; it changes nothing else.
        seed : int
            Another name for `rng`.

        Raises
        ------
        InputError
            If an argument is wrong, or an estate has more open cases than its list has room for.
        """
        if spinup not in ("compiled", "agents"):
            raise InputError(f"spinup = {spinup!r} is unknown; choose compiled or agents.")
        seed = _seed(rng, seed)
        self.world = world = _resolved(world, place, months, set)
        if world.parts:
            raise InputError(
                f"{world.label} in {world.place} has several kinds of estate under different values; run it with "
                "sim.compare or linli run, or make a model of one kind, for example market in managed."
            )
        table, rows = world.table(), world.rows()
        if isinstance(n_cases, bool) or not isinstance(n_cases, int | np.integer) or n_cases < 0:
            raise InputError(f"n_cases = {n_cases!r} is no number of cases; give a whole number, or 0 for a guess.")
        state = build_state(world.before, seed, _checked_replicate(replicate), n_cases=int(n_cases))
        first = -world.spinup
        before = np.zeros((0, *state.record.shape), np.int64)
        if spinup == "compiled":
            before = np.zeros((world.spinup, *state.record.shape), np.int64)
            run_months(state, table, rows, first, 0, before)
            first = 0
            _require_room(state)
        super().__init__(state, table, rows[len(before) :], first, seed=seed, agent_classes=agent_classes)
        self._lived = list(before)
        self.changes: list[tuple[int, str, float | int]] = []
        reporters: dict[str, Any] = {name: partial(_outcome, name) for name in COLLECTED}
        if len(self.estates) == 1:
            reporters["provider"] = partial(_provider)
        self.datacollector = MonthCollector(first, reporters, agenttype_reporters or {})

    def step(self) -> None:
        """Live through one month and collect its outcomes."""
        super().step()
        _require_room(self.state)
        self._lived.append(self.state.record.copy())
        self.datacollector.collect(self)  # type: ignore[no-untyped-call]
        self.running = self.month < self.world.months

    def outcome(self, name: str) -> float:
        """Return an outcome (`sim.outcomes.OUTCOMES`) of the last month, looking back where it does; NaN if missing."""
        if name not in OUTCOMES:
            near = get_close_matches(name, OUTCOMES, 1)
            hint = f" Did you mean {near[0]}?" if near else ""
            raise InputError(f"{name!r} is no outcome; there are {', '.join(OUTCOMES)}.{hint}")
        if not self._lived:
            return float("nan")
        outcome, first = OUTCOMES[name], self.world.spinup
        start = 0 if outcome.whole else max(0, len(self._lived) - WINDOW)
        lived = np.stack(self._lived[start:])[None]
        return float(outcome.compute(Months(lived, first - start))[0, -1])


    @cached_property
    def grid(self) -> "NetworkGrid":
        """The households on their network, a node each in the order of `households`, as Mesa's views want it.

        It is made when it is first asked for; the edges are the model's ties, which never change.
        """
        import networkx as nx
        from mesa.space import NetworkGrid

        graph: nx.Graph[int] = nx.Graph()
        graph.add_nodes_from(range(len(self.households)))
        graph.add_edges_from((one.unit, other.unit) for one in self.households for other in one.neighbours)
        grid = NetworkGrid(graph)
        for household in self.households:
            grid.place_agent(household, household.unit)
        return grid

    def change(self, path: str, value: float | int | str) -> None:
        """Give a parameter another value from now on, whatever the schedule says of it, and note it in `changes`.

        path : such as household.b_bailout; value : a number in the parameter's unit, or the word of a switch.

        Raises InputError where there is no such parameter, the value is not allowed, or it cannot change in a run.
        """
        self.changes.append((self.month, path, change(self._parameters, path, value)))
        self._begin_month(self.p)


def _resolved(world: str | World, place: str | None, months: int | None, set: Sequence[str]) -> World:
    """Return the world meant by the arguments."""
    if isinstance(world, World):
        if place is not None or months is not None or set:
            raise InputError("place, months and set belong to a scenario's name; this world has them already.")
        return world
    return resolve(world, place=place, months=120 if months is None else months, set=set)


def _require_room(state: State) -> None:
    """Raise InputError where a case found no place in the list of its estate."""
    full = np.flatnonzero(state.estate_n[EstateWhole.OVERFLOW])
    if len(full):
        room = state.case.shape[1] // state.estate_n.shape[1]
        raise InputError(
            f"The list of cases of estate {full[0]} is full, it has room for {room}; make the model again with a "
            f"longer one, n_cases = {2 * room} or more. All draws stay the same."
        )


def _checked_replicate(replicate: int) -> int:
    if isinstance(replicate, bool) or not isinstance(replicate, int | np.integer) or not 0 <= replicate < 2**32:
        raise InputError(f"replicate = {replicate!r} is no whole number from 0 to {2**32 - 1}.")
    return int(replicate)


def _seed(rng: int | None, seed: int | None) -> int:
    """Return the seed given under either name, or a drawn one."""
    if rng is not None and seed is not None:
        raise InputError(f"rng = {rng!r} and seed = {seed!r} are two names of one thing; give one of them.")
    given = seed if rng is None else rng
    return drawn_seed() if given is None else check_seed(given)


def _outcome(name: str, model: GovernanceModel) -> float:
    return model.outcome(name)


def _provider(model: GovernanceModel) -> str:
    return PROVIDER_NAMES[model.estates[0].provider.kind]
