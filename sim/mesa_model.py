"""What a user of Mesa expects of any model: a seed, numbers for agents, copies, and agents that leave or say why not.

It is the same on Mesa 3.3 and 3.5. What an estate, a household or a month is stands in `sim.neighbourhood`.
"""

import copy
import functools
import secrets
from collections.abc import Callable
from typing import Any, NoReturn, Self

import mesa

from agents.household import Household
from agents.stakeholder import Stakeholder
from sim.errors import InputError

_COUNTS_BY_CLASS = hasattr(mesa.Agent, "_ids")
"""Mesa 3.3 counts agents in a table of each class, which also keeps every model alive for good; 3.5 in the model."""

LARGEST_DRAWN = 2**53
"""Seeds that are drawn lie below it, so that every table and file holds them exactly."""


def drawn_seed() -> int:
    """Return a seed drawn from the operating system, 0 to 2**53 - 1."""
    return secrets.randbelow(LARGEST_DRAWN)


@functools.cache
def _machinery() -> frozenset[str]:
    """Name what Mesa itself keeps in every model; a copy gets its own."""
    return frozenset(vars(mesa.Model(rng=0)))


class MesaModel(mesa.Model):
    """A Mesa model whose agents are units of a state.

    seed : what decides all that happens, given or drawn.
    """

    seed: int
    _next_id = 1
    _n_settled = 0
    """Agents 1 to this many are the model's own; a user's come after them."""

    def __init__(self, seed: int) -> None:
        """Begin without agents; seed : of Mesa's own generators too, which nothing here uses."""
        super().__init__(rng=seed)
        self.seed = seed

    # --- agents come and go ---------------------------------------------------------------------------------

    def register_agent(self, agent: mesa.Agent) -> None:
        """Take an agent in, under the next number of this model, whatever its class."""
        if _COUNTS_BY_CLASS:
            type(agent)._ids.pop(self, None)
            agent.unique_id = self._next_id
        super().register_agent(agent)  # type: ignore[no-untyped-call]
        self._next_id += 1

    def deregister_agent(self, agent: mesa.Agent) -> None:
        """Let an agent of a user's go, or raise InputError where it is one of the model's own."""
        if self._is_own(agent):
            raise _cannot_leave(agent, "cannot be removed")
        super().deregister_agent(agent)  # type: ignore[no-untyped-call]

    def settle(self) -> None:
        """Declare those here now the model's own."""
        self._n_settled = self._next_id - 1
        self._own = tuple(self.agents)

    def require_all(self) -> None:
        """Raise InputError where one of the model's own was taken out of `agents` or `agents_by_type`."""
        by_type = self.agents_by_type
        for agent in self._own:
            if agent not in self.agents or agent not in by_type[type(agent)]:
                raise _cannot_leave(agent, "was taken out of the model's set of agents, and would act on")

    def refuse_turn(self, agent: Stakeholder, method: str) -> NoReturn:
        """Raise InputError: nobody has a step alone."""
        raise InputError(
            f"{_shown(agent)} has no {method}() of its own, since a month goes phase by phase over all agents; call "
            f'model.step(), and model.agents_by_type[Yours].do("{method}") for agents of a class of yours.'
        )

    def _is_own(self, agent: mesa.Agent) -> bool:
        return isinstance(agent, Stakeholder) and agent.unique_id <= self._n_settled

    # --- copies ---------------------------------------------------------------------------------------------

    def copy(self) -> Self:
        """Return an independent copy, agents and data collected included, which goes on as the original does.

        Raises InputError where events or datasets of Mesa's that a user added would be lost.
        """
        return copy.deepcopy(self)

    def __copy__(self) -> Self:
        """Copy all: a model that shared its agents with another could not live on."""
        return self.copy()

    def __getstate__(self) -> dict[str, Any]:
        """Return what a copy or a pickle keeps; Mesa's machinery is left out and made anew."""
        if len(getattr(self, "_event_list", ())) > 1:
            raise InputError(
                "A model with events of schedule_event or schedule_recurring cannot be copied or pickled; copy it "
                "before they are scheduled, or change the model between two steps instead."
            )
        if getattr(getattr(self, "data_registry", None), "datasets", None):
            raise InputError("A model with datasets of Mesa's cannot be copied or pickled; use its datacollector.")
        return {
            "kept": {name: value for name, value in vars(self).items() if name not in _machinery()},
            "running": self.running,
            "steps": self.steps,
            "time": getattr(self, "time", 0.0),
            "random": self.random.getstate(),
            "rng": self.rng,
            "agents": [(agent, agent.unique_id, getattr(agent, "neighbours", None)) for agent in self.agents],
        }

    def __setstate__(self, state: dict[str, Any]) -> None:
        """Make Mesa's machinery, bring it to the month of the original, and take the agents in."""
        super().__init__(rng=state["kept"]["seed"])
        self._let_time_pass(state["time"])
        self.running, self.steps, self.rng = state["running"], state["steps"], state["rng"]
        self.random.setstate(state["random"])
        for agent, number, neighbours in state["agents"]:
            self.register_agent(agent)
            agent.unique_id = number
            if isinstance(agent, Household):
                agent.neighbours = neighbours
        vars(self).update(state["kept"])
        if not _COUNTS_BY_CLASS:
            self.agent_id_counter = self._next_id

    def _let_time_pass(self, time: float) -> None:
        """Bring the clock of Mesa 3.5 to `time`, without living through any month."""
        run_for: Callable[[float], None] | None = getattr(self, "run_for", None)
        if run_for is not None and time > 0.0:
            lives, self._user_step = self._user_step, _pass
            run_for(time)
            self._user_step = lives


def _pass() -> None:
    """Let a month go by."""


def _shown(agent: mesa.Agent) -> str:
    return f"{type(agent).__name__} {agent.unique_id}"


def _cannot_leave(agent: mesa.Agent, fault: str) -> InputError:
    """Make the error for one of the model's own that is to leave."""
    instead = (
        'make a model with set=["population.n_households=..."] for fewer, or give the dwelling another mind with '
        "agent_classes"
        if isinstance(agent, Household)
        else "choose a scenario in which it does nothing, or give it a class in agent_classes that does nothing"
    )
    return InputError(
        f"{_shown(agent)} {fault}: its bills, ties, votes and cases stand in the books of the estate; {instead}."
    )
