"""Mesa's data collector with months for its index, the same on every version of Mesa."""

from collections.abc import Mapping
from functools import partial
from typing import Any

import mesa
import pandas as pd


class MonthCollector(mesa.DataCollector):
    """A DataCollector whose tables are indexed by whole months, 0 being the policy month.

    Mesa numbers rows, steps (3.3) or a time in decimals (3.5) instead.
    """

    def __init__(
        self,
        first: int,
        model_reporters: Mapping[str, Any],
        agenttype_reporters: Mapping[type[mesa.Agent], Mapping[str, Any]],
    ) -> None:
        """Collect from month `first` on."""
        by_kind = {
            kind: {name: _readable(reporter) for name, reporter in chosen.items()}
            for kind, chosen in agenttype_reporters.items()
        }
        super().__init__(  # type: ignore[no-untyped-call]
            model_reporters=dict(model_reporters), agenttype_reporters=by_kind
        )
        self._first = first

    def get_model_vars_dataframe(self) -> pd.DataFrame:
        """Return one row per month."""
        frame: pd.DataFrame = super().get_model_vars_dataframe()  # type: ignore[no-untyped-call]
        frame.index = pd.RangeIndex(self._first, self._first + len(frame), name="month")
        return frame

    def get_agenttype_vars_dataframe(self, agent_type: type[mesa.Agent]) -> pd.DataFrame:
        """Return one row per month and agent of a type."""
        frame: pd.DataFrame = super().get_agenttype_vars_dataframe(agent_type)  # type: ignore[no-untyped-call]
        steps, agents = frame.index.get_level_values("Step"), frame.index.get_level_values("AgentID")
        months = steps.astype("int64") + (self._first - 1)
        frame.index = pd.MultiIndex.from_arrays([months, agents], names=["month", "AgentID"])
        return frame


def _readable(reporter: Any) -> Any:
    """Return a reporter that can be pickled, as Mesa's own for the name of an attribute cannot."""
    return partial(_attribute, reporter) if isinstance(reporter, str) else reporter


def _attribute(name: str, agent: mesa.Agent) -> Any:
    return getattr(agent, name, None)
