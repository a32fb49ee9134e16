"""The households, firms and buildings a run starts from: drawn once per replicate, the same for every form."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from scipy.special import ndtri

from agents.rules.arrears import NO_DEBT
from agents.rules.estate import EstateWhole as E
from agents.rules.facility import FacilityReal as K
from agents.rules.facility import service_quality, total_quality
from agents.rules.household import (
    CONDITIONAL,
    EMBEDDED,
    FREE_RIDER,
    HIGH_INCOME,
    LET,
    LOW_INCOME,
    N_THIRDS,
    OWNER_OCCUPIED,
    SENT_DOWN,
    UNCONDITIONAL,
    VACANT,
)
from agents.rules.household import HouseholdReal as H
from agents.rules.household import HouseholdWhole as N
from agents.rules.money import Sector
from agents.rules.numeric import clip, fen
from agents.rules.owners_committee import OwnersReal as O
from agents.rules.owners_committee import OwnersWhole as ON
from agents.rules.party_branch import BranchReal as B
from agents.rules.party_branch import BranchWhole as BN
from agents.rules.property_firm import FirmReal as F
from agents.rules.property_firm import FirmWhole as FN
from agents.rules.provider import COMMUNITY, FIRM, NOBODY, STATION, expected_fees, mean_price, seated_kind
from agents.rules.provider import ProviderReal as P
from agents.rules.provider import ProviderWhole as PN
from agents.rules.residents_committee import CommitteeReal as R
from agents.rules.street_committee import StreetWhole
from agents.rules.units import FIRST_ROOM, HALF, HUNDRED
from sim import network
from sim.draws import Draw, stream_key, uniforms
from sim.engine.populating import dispositions, first_decisions, own_readinesses, price_anchors
from sim.layout import Layout, layout
from sim.state import State, allocate

Values = Mapping[str, float | int]
Draws = Callable[[Draw], np.ndarray]


def build_state(
    values: Values,
    seed: int,
    replicate: int,
    ties: network.Network | None = None,
    n_cases: int = 0,
    n_log: int = 0,
    estates: Sequence[int] | None = None,
    district: Layout | None = None,
) -> State:
    """Return the state before the first month of the spin-up.

    values : complete mapping from parameter path to value, those in force during the spin-up. Only
    parameters marked `initial`, prices and the kind of provider are read.
    ties : a network to use in place of the one the values ask for (verification).
    n_cases : open cases per estate the lists have room for, 0 for a guess; n_log : lines of the cases' history.
    estates : numbers of the estates to build, all by default; each is the same whatever others are built.
    district : where all estates lie, worked out from the values by default.
    """
    key = stream_key(seed, replicate)
    ids = np.arange(int(values["population.n_estates"])) if estates is None else np.array(estates)
    if district is None:
        district = layout([(range(int(values["population.n_estates"])), values)])
    n_estates = len(ids)
    sizes = district.sizes[ids]
    first = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
    estate = np.repeat(np.arange(n_estates), sizes)
    number = np.arange(first[-1]) - first[estate]

    def draw(decision: Draw) -> np.ndarray:
        return uniforms(key, decision, month=0, estate=ids[estate], unit=number)

    stair = number // int(values["population.stair_size"])
    building = stair // int(values["population.building_stairs"])
    if ties is None:
        ties = network.build(
            int(values["network.kind"]),
            key=key,
            estate_start=first,
            household_id=number,
            estate_id=ids,
            stair=stair,
            building=building,
            isolate=draw(Draw.ISOLATE) < values["population.share_isolate"],
            stair_share=values["network.stair_share"],
            building_ties=values["network.building_ties"],
            random_ties=values["network.random_ties"],
            degree=int(values["network.degree"]),
            rewire=values["network.rewire"],
            self_ties=int(values["network.self_ties"]),
        )
    n_bidders = int(values["firm.bidders"])
    s = allocate(
        int(first[-1]),
        n_estates,
        n_bidders,
        first,
        (ties.start, ties.target, ties.weight),
        key,
        n_cases or FIRST_ROOM + int(sizes.max()) // 2,
        n_log,
        district.n_streets,
    )
    s.household_n[N.ID] = number
    s.household_n[N.ESTATE] = estate
    s.household_n[N.STAIR] = stair
    s.household_n[N.BUILDING] = building
    _people(s, values, draw)
    s.estate_n[E.ID] = ids
    _estates(s, first)
    _streets(s, district)
    s.branch[B.KEY] = 1.0
    s.committee[R.USUAL_TRUST] = values["start.trust_community"]
    _firms(s, values, key, n_bidders)
    for e in range(n_estates):
        _first_provider(s, values, e)
    _expectations(s, values, draw)
    _owners(s, values, key)
    return s


def _normal(u: np.ndarray) -> np.ndarray:
    return np.asarray(ndtri(u))


def _people(s: State, values: Values, draw: Draws) -> None:
    """Draw who lives where and how they are."""
    area = values["population.area_mean"] * (1.0 + values["population.area_spread"] * _normal(draw(Draw.AREA)))
    s.household_n[N.AREA] = np.maximum(values["population.area_least"], np.rint(area)).astype(np.int64)
    u = draw(Draw.INCOME)
    s.household[H.INCOME] = values["population.income_median"] * np.exp(values["population.income_spread"] * _normal(u))
    s.household_n[N.INCOME_THIRD] = (N_THIRDS * u).astype(np.int64)
    u = draw(Draw.PAYER_TYPE)
    conditional = values["population.share_conditional"]
    unconditional = conditional + values["population.share_unconditional"]
    s.household_n[N.PAYER_TYPE] = np.where(
        u < conditional, CONDITIONAL, np.where(u < unconditional, UNCONDITIONAL, FREE_RIDER)
    )
    deviation = values["household.intercept_spread"] * _normal(draw(Draw.INTERCEPT))
    shift_free, shift_unconditional = values["household.type_shift_free"], values["household.type_shift_unconditional"]
    own_readinesses(s, deviation, float(shift_free), float(shift_unconditional))
    dispositions(
        s, draw(Draw.DISPOSITION), float(values["household.taste_persistence"]), int(values["structure.choice"])
    )
    s.household[H.LOWEST] = NO_DEBT
    s.household[H.TASTE] = 1.0 + values["household.taste_spread"] * _normal(draw(Draw.TASTE))
    u = draw(Draw.TENURE)
    let, vacant = values["population.share_let"], values["population.share_vacant"]
    s.household_n[N.TENURE] = np.where(u < let, LET, np.where(u < let + vacant, VACANT, OWNER_OCCUPIED))
    home = s.household_n[N.TENURE] != VACANT
    u = draw(Draw.MEMBER)
    member, embedded = values["population.share_member"], values["population.share_embedded"]
    s.household_n[N.MEMBER] = home * np.where(u < member * embedded, EMBEDDED, np.where(u < member, SENT_DOWN, 0))
    s.household_n[N.ELDERLY] = draw(Draw.ELDERLY) < values["population.share_elderly"]
    s.household_n[N.VULNERABLE] = draw(Draw.VULNERABLE) < values["population.share_vulnerable"]
    s.household_n[N.DIGITAL] = draw(Draw.DIGITAL) < values["population.share_digital"]


def _streets(s: State, district: Layout) -> None:
    """Put the estates into their sub-districts, and count what all estates of the district have there."""
    ids, streets = s.estate_n[E.ID], np.arange(district.n_streets)
    s.street_n[StreetWhole.N_ESTATES] = np.bincount(district.street, minlength=len(streets))
    in_order = np.cumsum(district.sizes) - district.sizes
    begin = in_order[np.searchsorted(district.street, streets)]
    s.street_n[StreetWhole.N_HOUSEHOLDS] = np.add.reduceat(district.sizes, np.searchsorted(district.street, streets))
    s.street_n[StreetWhole.ALONE] = len(ids) == len(district.sizes)
    s.estate_n[E.STREET] = district.street[ids]
    s.estate_n[E.BEFORE] = in_order[ids] - begin[district.street[ids]]


def _estates(s: State, first: np.ndarray) -> None:
    """Count each estate's dwellings, area, incomes and members."""
    starts = first[:-1]
    low = s.household_n[N.INCOME_THIRD] == LOW_INCOME
    s.estate_n[E.N_LOW] = np.add.reduceat(low, starts, dtype=np.int64)
    s.estate_n[E.N_HIGH] = np.add.reduceat(s.household_n[N.INCOME_THIRD] == HIGH_INCOME, starts, dtype=np.int64)
    s.estate_n[E.AREA_LOW] = np.add.reduceat(low * s.household_n[N.AREA], starts)
    s.estate_n[E.INCOME_LOW] = np.add.reduceat(low * np.rint(HUNDRED * s.household[H.INCOME]).astype(np.int64), starts)
    s.estate_n[E.AREA] = np.add.reduceat(s.household_n[N.AREA], starts)
    s.estate_n[E.N_HOUSEHOLDS] = np.diff(first)
    s.estate_n[E.N_REACHABLE] = np.add.reduceat(s.household_n[N.TENURE] != VACANT, starts)
    s.branch_n[BN.N_EMBEDDED] = np.add.reduceat(s.household_n[N.MEMBER] == EMBEDDED, starts)
    s.branch_n[BN.N_SENT] = np.add.reduceat(s.household_n[N.MEMBER] == SENT_DOWN, starts)


def _firms(s: State, values: Values, key: np.uint64, n_bidders: int) -> None:
    """Draw the firms that hear of a tender in each estate."""
    n_estates = s.estate_n.shape[1]
    estate = np.repeat(s.estate_n[E.ID], n_bidders)
    number = np.tile(np.arange(n_bidders), n_estates)

    def z(decision: Draw) -> np.ndarray:
        return _normal(uniforms(key, decision, month=0, estate=estate, unit=number))

    s.firm_n[FN.ID] = number
    s.firm[F.COST_LEVEL] = np.maximum(values["firm.least_level"], 1.0 + values["firm.cost_spread"] * z(Draw.FIRM_COST))
    s.firm[F.SKILL] = np.maximum(values["firm.least_level"], 1.0 + values["firm.skill_spread"] * z(Draw.FIRM_SKILL))
    s.firm[F.MARGIN] = values["firm.margin"]
    patience = values["firm.loss_months"] * (1.0 + values["firm.loss_spread"] * z(Draw.FIRM_TOLERANCE))
    s.firm_n[FN.PATIENCE] = np.maximum(1, np.rint(patience)).astype(np.int64)


def _first_provider(s: State, values: Values, e: int) -> None:
    """Seat the provider the place starts with, with its opening money."""
    wanted = int(values["provider.kind"])
    kind = seated_kind(wanted)
    if wanted == FIRM and not values["start.firm_serves"]:
        kind = COMMUNITY if values["provider.fallback"] else NOBODY
    s.provider_n[PN.WANTED, e] = wanted
    s.provider_n[PN.KIND, e] = kind
    s.provider_n[PN.FIRM, e] = -1
    s.provider[P.EXPECTED, e] = values["start.paid"]
    s.provider[P.PUBLISHED, e] = values["start.paid"]
    s.provider[P.COST_LEVEL, e] = 1.0
    s.provider[P.FEE_LEVEL, e] = 1.0
    s.provider[P.OPEN_BOOKS, e] = values["provider.open_books"]
    area = int(s.estate_n[E.AREA, e])
    cost = values["provider.cost"]
    opening, source = 0, Sector.STREET
    if kind == FIRM:
        f = e * (s.firm.shape[1] // s.estate_n.shape[1])
        s.provider_n[PN.FIRM, e] = f
        s.provider_n[PN.PATIENCE, e] = s.firm_n[FN.PATIENCE, f]
        for ours, firms in ((P.COST_LEVEL, F.COST_LEVEL), (P.SKILL, F.SKILL), (P.MARGIN, F.MARGIN)):
            s.provider[ours, e] = s.firm[firms, f]
        fee = values["firm.fee"] * values["firm.fee_factor"]
        s.provider_n[PN.RATE, e] = fen(fee)
        spend = values["start.paid"] * fee + values["provider.common_income"]
        opening, source = fen(values["firm.working_capital"] * cost * area), Sector.INSIDERS
    else:
        group = "station" if wanted == STATION else "custody"
        s.provider_n[PN.RATE, e] = fen(values[f"{group}.fee"])
        s.provider_n[PN.FLAT, e] = fen(values[f"{group}.flat_fee"])
        s.provider_n[PN.WITHOUT_FIRM, e] = int(values["firm.handover"])
        flat = values[f"{group}.flat_fee"] * int(s.estate_n[E.N_HOUSEHOLDS, e]) / area
        spend = values["start.paid"] * (values[f"{group}.fee"] + flat) + values[f"{group}.grant"]
        opening = fen(values["community.cash_months"] * values[f"{group}.grant"] * area)
    s.provider[P.SPEND, e] = 0.0 if kind == NOBODY else clip(spend, 0.0, values["firm.spend_limit"] * cost)
    if kind != NOBODY:
        rate, flat_fee = int(s.provider_n[PN.RATE, e]), int(s.provider_n[PN.FLAT, e])
        s.provider[P.ACCRUAL, e] = expected_fees(
            values["start.paid"], mean_price(rate, flat_fee, int(s.estate_n[E.N_HOUSEHOLDS, e]), area)
        )
        s.cash[Sector.PROVIDER, e] += opening
        s.cash[source, e] -= opening
    stock = values["start.facility"]
    service = service_quality(float(s.provider[P.SPEND, e]) / cost, values["provider.service_power"])
    s.facility[K.VISIBLE, e] = s.facility[K.INVISIBLE, e] = stock
    s.facility[K.SERVICE, e] = service
    s.facility[K.QUALITY, e] = total_quality(
        service, stock, stock, values["facility.service_weight"], values["facility.quality_floor"]
    )


def _expectations(s: State, values: Values, draw: Draws) -> None:
    """Draw what households expect, believe and do when the spin-up begins."""
    estate = s.household_n[N.ESTATE]
    price_anchors(
        s,
        float(values["household.reference_base"]),
        float(values["household.reference_price"]),
        float(values["household.price_reference"]),
        float(values["household.price_floor"]),
        int(values["structure.price_channel"]),
    )
    s.household[H.QUALITY] = s.facility[K.QUALITY][estate]
    absorbed = values["household.absorbed"]
    s.household[H.REFERENCE] = (1.0 - absorbed) * s.household[H.ANCHOR] + absorbed * s.household[H.QUALITY]

    def around(path: str, decision: Draw) -> np.ndarray:
        return np.clip(values[path] + values["start.spread"] * (draw(decision) - HALF), 0.0, 1.0)

    s.household[H.TRUST_PROVIDER] = around("start.trust_provider", Draw.TRUST_START)
    s.household[H.TRUST_COMMITTEE] = s.household[H.TRUST_BRANCH] = values["start.trust_community"]
    s.household[H.TRUST_STREET] = values["start.trust_street"]
    s.household[H.TRUST_OWNERS] = values["start.trust_owners"]
    s.household[H.TRUST_SOCIAL] = values["start.trust_social"]
    s.household[H.BAILOUT] = around("start.bailout", Draw.BAILOUT_START)
    s.household[H.VOICE] = values["start.voice"]
    s.household[H.GRIEVANCE] = values["start.grievance"] * (s.household_n[N.TENURE] != VACANT)
    s.household[H.ENFORCEMENT] = values["start.enforcement"]
    first_decisions(
        s,
        draw(Draw.PAID_START),
        float(values["start.paid"]),
        float(values["household.taste_persistence"]),
        int(values["structure.choice"]),
    )
    s.household_n[N.DECIDED] = s.household_n[N.PAID]
    s.household[H.HABIT] = s.household_n[N.PAID]
    s.household[H.BELIEF] = values["start.paid"]


def _owners(s: State, values: Values, key: np.uint64) -> None:
    """Set up the owners' side: an owners' committee where the place has one, and the estate's own readiness."""
    u = uniforms(key, Draw.ESTATE_TURNOUT, month=0, estate=s.estate_n[E.ID], unit=0)
    s.owners[O.ESTATE_EFFECT] = values["owners.turnout_spread"] * _normal(u)
    s.owners[O.EFFICACY] = values["start.efficacy"]
    s.owners_n[ON.COMMITTEE] = int(values["start.committee"])
    if values["start.committee"]:
        s.owners_n[ON.TERM] = int(values["owners.term"])
        s.owners_n[ON.ACTIVISTS] = int(np.ceil(values["owners.initiators"]))
        s.owners[O.EFFORT] = values["start.effort"]
        u = uniforms(key, Draw.COMPETENCE, month=0, estate=s.estate_n[E.ID], unit=1)  # later ones have unit 0
        mean, spread = values["owners.competence"], values["owners.competence_spread"]
        s.owners[O.COMPETENCE] = np.clip(mean + spread * (2.0 * u - 1.0), 0.0, 1.0)
