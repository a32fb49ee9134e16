"""The state of a run: one matrix per stakeholder and kind of number, rows named by the stakeholder's columns.

Allocation happens here and nowhere else. A row is a contiguous column of one quantity over all units.
"""

from typing import NamedTuple

import numpy as np

from agents.rules.case import N_DESKS, SEEN_MONTHS, CaseReal, CaseWhole, DeskReal, DeskWhole
from agents.rules.columns import Column
from agents.rules.estate import EstateWhole
from agents.rules.facility import FacilityReal
from agents.rules.household import HouseholdReal, HouseholdWhole
from agents.rules.joint_branch import JointReal
from agents.rules.money import Item, Sector
from agents.rules.owners_committee import OwnersReal, OwnersWhole
from agents.rules.party_branch import BranchReal, BranchWhole
from agents.rules.platform import PlatformReal
from agents.rules.property_firm import FirmReal, FirmWhole
from agents.rules.provider import ProviderReal, ProviderWhole
from agents.rules.residents_assembly import AssemblyReal, AssemblyWhole
from agents.rules.residents_committee import CommitteeReal
from agents.rules.social_organization import SocialReal
from agents.rules.street_committee import StreetReal, StreetWhole
from sim.totals import Total

BILL_MEMORY = 64
"""Months of bills kept, a power of two above the memory of debts."""

HORIZONS = (1, 3, 6, 12)
"""Months within which settlements are counted for the issues of one month."""

ISSUE_MEMORY = 16
"""Months of issues kept for that count."""

LIFE_MONTHS = 61
"""Ages in months that the table of ends distinguishes; older ends count in the last."""

ENDS = ("lumped", "resolved", "withdrawn", "judged")
"""How an issue may end, rows of the table of ends."""

LOG_FIELDS = ("month", "estate", "case", "household", "kind", "event", "desk", "severity_thousandths")
"""Fields of one line of the cases' history."""


class State(NamedTuple):
    """Everything that changes during a run, and the network it runs on.

    Shapes: matrices are (column, unit); `flow` and `record` hold the current month; `bill_rate` and
    `bill_flat` are (month modulo BILL_MEMORY, estate); `endings` are cases settled and cases ended,
    (2, month modulo SEEN_MONTHS, estate); `firm` units are estate-major, bidders inside.
    """

    household: np.ndarray
    household_n: np.ndarray
    provider: np.ndarray
    provider_n: np.ndarray
    facility: np.ndarray
    branch: np.ndarray
    branch_n: np.ndarray
    joint: np.ndarray
    firm: np.ndarray
    firm_n: np.ndarray
    committee: np.ndarray
    assembly: np.ndarray
    assembly_n: np.ndarray
    platform: np.ndarray
    owners: np.ndarray
    owners_n: np.ndarray
    social: np.ndarray
    street: np.ndarray
    street_n: np.ndarray
    desk: np.ndarray
    desk_n: np.ndarray
    case: np.ndarray
    case_n: np.ndarray
    estate_n: np.ndarray
    cash: np.ndarray
    flow: np.ndarray
    bill_rate: np.ndarray
    bill_flat: np.ndarray
    record: np.ndarray
    arisen: np.ndarray
    settled_within: np.ndarray
    spared: np.ndarray
    opened: np.ndarray
    endings: np.ndarray
    life: np.ndarray
    log: np.ndarray
    log_n: np.ndarray
    key: np.ndarray
    first: np.ndarray
    tie_start: np.ndarray
    tie: np.ndarray
    tie_weight: np.ndarray


FIXED = ("key", "first", "tie_start", "tie", "tie_weight")
"""Parts of a state that never change in a run; copies share them."""

COLUMNS: dict[str, type[Column]] = {
    "household": HouseholdReal,
    "household_n": HouseholdWhole,
    "provider": ProviderReal,
    "provider_n": ProviderWhole,
    "facility": FacilityReal,
    "branch": BranchReal,
    "branch_n": BranchWhole,
    "joint": JointReal,
    "firm": FirmReal,
    "firm_n": FirmWhole,
    "committee": CommitteeReal,
    "assembly": AssemblyReal,
    "assembly_n": AssemblyWhole,
    "platform": PlatformReal,
    "owners": OwnersReal,
    "owners_n": OwnersWhole,
    "social": SocialReal,
    "street": StreetReal,
    "street_n": StreetWhole,
    "desk": DeskReal,
    "desk_n": DeskWhole,
    "case": CaseReal,
    "case_n": CaseWhole,
    "estate_n": EstateWhole,
}
"""The columns of each matrix of the state."""


def allocate(
    n_households: int,
    n_estates: int,
    n_bidders: int,
    first: np.ndarray,
    ties: tuple[np.ndarray, np.ndarray, np.ndarray],
    key: np.uint64,
    n_cases: int = 128,
    n_log: int = 0,
    n_streets: int = 1,
) -> State:
    """Return a state of zeros for n_households in n_estates, with n_bidders firms and n_cases open cases per estate.

    first : (n_estates + 1,) row of each estate's first household; ties : CSR starts, targets and weights;
    n_log : lines of the cases' history, 0 to keep none; n_streets : sub-districts.
    """
    units = {
        "household": n_households,
        "firm": n_estates * n_bidders,
        "desk": n_estates * N_DESKS,
        "case": n_estates * n_cases,
        "street": n_streets,
    }
    parts: dict[str, np.ndarray] = {}
    for name, columns in COLUMNS.items():
        whole = name.endswith("_n")
        n_units = units.get(name.removesuffix("_n"), n_estates)
        parts[name] = np.zeros((len(columns), n_units), np.int64 if whole else np.float64)
    parts["cash"] = np.zeros((len(Sector), n_estates), np.int64)
    parts["flow"] = np.zeros((len(Item), n_estates), np.int64)
    parts["bill_rate"] = np.zeros((BILL_MEMORY, n_estates), np.int64)
    parts["bill_flat"] = np.zeros((BILL_MEMORY, n_estates), np.int64)
    parts["arisen"] = np.zeros((ISSUE_MEMORY, n_estates), np.int64)
    parts["settled_within"] = np.zeros((len(HORIZONS), ISSUE_MEMORY, n_estates), np.int64)
    parts["spared"] = np.zeros((ISSUE_MEMORY, n_estates), np.int64)
    parts["opened"] = np.zeros((ISSUE_MEMORY, n_estates), np.int64)
    parts["endings"] = np.zeros((2, SEEN_MONTHS, n_estates), np.int64)
    parts["life"] = np.zeros((len(ENDS), LIFE_MONTHS), np.int64)
    parts["log"] = np.zeros((n_log, len(LOG_FIELDS)), np.int64)
    parts["log_n"] = np.zeros(1, np.int64)
    parts["record"] = np.zeros((len(Total), n_estates), np.int64)
    start, target, weight = ties
    return State(
        **parts,
        key=np.array([key], np.uint64),
        first=np.ascontiguousarray(first, np.int64),
        tie_start=np.ascontiguousarray(start, np.int64),
        tie=np.ascontiguousarray(target, np.int32),
        tie_weight=np.ascontiguousarray(weight, np.float64),
    )


def copy_state(state: State) -> State:
    """Return an independent copy; what never changes is shared."""
    return State(*(part if name in FIXED else part.copy() for name, part in state._asdict().items()))


def copy_into(source: State, target: State) -> None:
    """Write the changing parts of `source` over those of `target` of the same shape."""
    for name, part in source._asdict().items():
        if name not in FIXED:
            np.copyto(getattr(target, name), part)
