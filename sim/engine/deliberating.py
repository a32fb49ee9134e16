"""Parts of several phases: residents meet, take seats, and sign; hours of all that."""

from typing import Any

from agents.rules.case import learned_voice, seen_speed
from agents.rules.contact import total_hours
from agents.rules.covenant import drive_hours, is_sanctioned, is_signed, signs_chance
from agents.rules.estate import EstateWhole as E
from agents.rules.forum import is_forum, is_loud, next_practice, told_openly
from agents.rules.household import (
    COMMITTEE,
    OWNER_OCCUPIED,
    VACANT,
    aggrieved,
    informed_belief,
    is_aggrieved,
    notified,
    pressed,
)
from agents.rules.household import HouseholdReal as H
from agents.rules.household import HouseholdWhole as N
from agents.rules.numeric import share
from agents.rules.owners_committee import OwnersReal as O
from agents.rules.party_branch import BranchReal as B
from agents.rules.provider import ProviderReal as P
from agents.rules.residents_assembly import AssemblyReal as A
from agents.rules.residents_assembly import AssemblyWhole as AN
from agents.rules.residents_assembly import hours_while, takes_part_chance, time_of
from agents.rules.supervision import council_filled, elects_now, others_supervise, seats_of, sitting
from agents.rules.voting import proxy_competence
from sim.draws import Draw, uniform
from sim.engine import kernel
from sim.engine.seeing import outcomes_seen

_ATTENDS = int(Draw.ATTENDS)
_STANDS = int(Draw.STANDS)
_ASKED = int(Draw.ASKED_TO_SIGN)
_SIGNS = int(Draw.SIGNS)


@kernel
def call_meetings(s: Any, p: Any, i: int, e: int, month: int) -> None:
    """Settle what meetings take this month, of the residents' committee and of who sits in council or supervision."""
    asking = drive_hours(p[i].covenant_drive, s.estate_n[E.N_HOUSEHOLDS, e], p[i].covenant_committee_time)
    s.assembly[A.MEETINGS, e] = total_hours(
        hours_while(p[i].consultation_hours, is_forum(month, p[i].consultation_interval)),
        hours_while(p[i].core_sessions, s.assembly_n[AN.IN_OFFICE, e] > 0),
        hours_while(asking, is_signed(month)),
    )
    n = s.estate_n[E.N_HOUSEHOLDS, e]
    persons = sitting(
        s.assembly[A.COUNCIL, e],
        seats_of(p[i].core_council, n),
        s.assembly[A.SUPERVISED, e],
        seats_of(p[i].core_supervisors, n),
    )
    s.assembly[A.GIVEN, e] = time_of(persons, p[i].core_hours)


@kernel
def hold_forum(s: Any, p: Any, i: int, e: int, month: int) -> None:
    """Residents talk things over where it is the month for it; people get used to it, or out of it."""
    n = s.estate_n[E.N_HOUSEHOLDS, e]
    if is_forum(month, p[i].consultation_interval):
        seen, helped = outcomes_seen(s, p, i, e)
        speed = seen_speed(p[i].case_voice_speed, p[i].consultation_seen)
        told = told_openly(p[i].consultation_openness)
        came = 0
        loud = 0
        for j in range(s.first[e], s.first[e + 1]):
            if s.household_n[N.TENURE, j] == VACANT:
                continue
            u = uniform(s.key[0], _ATTENDS, month, s.estate_n[E.ID, e], s.household_n[N.ID, j], 0)
            if u >= _takes_part(s, p, i, e, j, p[i].consultation_attend, p[i].consultation_by_grievance):
                continue
            came += 1
            angry = is_aggrieved(s.household[H.GRIEVANCE, j], p[i].case_aggrieved)
            loud += 1 if is_loud(angry, s.household_n[N.PAID, j]) else 0
            s.household[H.BELIEF, j] = informed_belief(
                s.household[H.BELIEF, j], s.provider[P.PUBLISHED, e], told, p[i].consultation_informed
            )
            if seen:
                s.household[H.VOICE, j] = learned_voice(s.household[H.VOICE, j], helped, speed)
        s.assembly_n[AN.ATTENDANTS, e] = came
        s.assembly[A.LOUD, e] = share(loud, came)
        s.assembly[A.GIVEN, e] = total_hours(s.assembly[A.GIVEN, e], time_of(came, p[i].consultation_time), 0.0)
    s.assembly[A.PRACTICE, e] = next_practice(
        s.assembly[A.PRACTICE, e],
        p[i].consultation_interval,
        s.assembly_n[AN.ATTENDANTS, e],
        n,
        p[i].consultation_full,
        p[i].consultation_speed,
    )


@kernel
def _takes_part(s: Any, p: Any, i: int, e: int, j: int, base: float, by_grievance: float) -> float:
    """Return the chance that household j comes to a meeting or stands for a seat."""
    proxy = proxy_competence(
        s.household[H.TRUST_PROVIDER, j], s.branch[B.ATTENTION, e], s.household[H.TRUST_BRANCH, j]
    )
    return takes_part_chance(
        base,
        s.owners[O.ESTATE_EFFECT, e],
        s.household[H.VOICE, j],
        s.owners[O.EFFICACY, e],
        s.household[H.GRIEVANCE, j],
        by_grievance,
        proxy,
        p[i].owners_crowding,
    )


@kernel
def elect(s: Any, p: Any, i: int, e: int, month: int) -> None:
    """Seats of council and supervision are filled, once a year, as far as residents stand."""
    if p[i].core_council <= 0.0 and p[i].core_supervisors <= 0.0:
        s.assembly_n[AN.IN_OFFICE, e] = 0
        s.assembly[A.COUNCIL, e] = 0.0
        s.assembly[A.SUPERVISED, e] = 0.0
        return
    if elects_now(s.assembly_n[AN.IN_OFFICE, e]):
        candidates = 0
        for j in range(s.first[e], s.first[e + 1]):
            if s.household_n[N.TENURE, j] != VACANT:
                u = uniform(s.key[0], _STANDS, month, s.estate_n[E.ID, e], s.household_n[N.ID, j], 0)
                candidates += 1 if u < _takes_part(s, p, i, e, j, p[i].core_stand, 0.0) else 0
        n = s.estate_n[E.N_HOUSEHOLDS, e]
        seats = seats_of(p[i].core_council, n)
        s.assembly[A.COUNCIL, e] = council_filled(candidates, seats)
        s.assembly[A.SUPERVISED, e] = others_supervise(candidates, seats, seats_of(p[i].core_supervisors, n))
    s.assembly_n[AN.IN_OFFICE, e] += 1


@kernel
def sign(s: Any, p: Any, i: int, e: int, month: int) -> None:
    """The covenant is laid before owners at home, once a year; where nobody asks any more it lapses."""
    if not is_signed(month) or (p[i].covenant_drive <= 0.0 and s.assembly_n[AN.SIGNED, e] == 0):
        return
    estate = s.estate_n[E.ID, e]
    signed = 0
    asked = 0
    for j in range(s.first[e], s.first[e + 1]):
        if p[i].covenant_drive <= 0.0:
            s.household_n[N.COVENANT, j] = 0
        elif s.household_n[N.TENURE, j] == OWNER_OCCUPIED:
            u = uniform(s.key[0], _ASKED, month, estate, s.household_n[N.ID, j], 0)
            if u < p[i].covenant_drive:
                asked += 1
                _consider_signing(s, p, i, estate, j, month)
        signed += s.household_n[N.COVENANT, j]
    s.assembly_n[AN.SIGNED, e] = signed
    s.assembly[A.GIVEN, e] = total_hours(s.assembly[A.GIVEN, e], time_of(asked, p[i].covenant_time), 0.0)


@kernel
def _consider_signing(s: Any, p: Any, i: int, estate: int, j: int, month: int) -> None:
    """Household j decides whether to sign; who does not is pressed where the text is imposed."""
    chance = signs_chance(
        p[i].covenant_base,
        s.household[H.BELIEF, j],
        p[i].covenant_by_norm,
        s.household[H.TRUST_COMMITTEE, j],
        p[i].covenant_by_trust,
        p[i].covenant_imposed,
        p[i].covenant_by_imposed,
    )
    u = uniform(s.key[0], _SIGNS, month, estate, s.household_n[N.ID, j], 0)
    s.household_n[N.COVENANT, j] = 1 if u < chance else 0
    if u >= chance and p[i].covenant_imposed > 0.0:
        s.household[H.PRESSURE, j] = pressed(s.household[H.PRESSURE, j], p[i].covenant_imposed)
        s.household_n[N.PRESSER, j] = COMMITTEE


@kernel
def sanction(s: Any, p: Any, i: int, e: int, month: int) -> None:
    """Those who signed and pay call to account neighbours who signed and do not, and have the trouble of it."""
    if p[i].covenant_sanction <= 0.0 or s.assembly_n[AN.SIGNED, e] == 0 or not is_sanctioned(month):
        return
    for j in range(s.first[e], s.first[e + 1]):
        if s.household_n[N.COVENANT, j] == 0:
            continue
        paid = s.household_n[N.PAID, j]
        across = 0
        for t in range(s.tie_start[j], s.tie_start[j + 1]):
            other = s.tie[t]
            if s.household_n[N.COVENANT, other] == 1 and s.household_n[N.PAID, other] != paid:
                across += 1
        if across > 0 and paid == 0:
            s.household[H.ENFORCEMENT, j] = notified(
                s.household[H.ENFORCEMENT, j], p[i].covenant_sanction, p[i].contact_notice
            )
        elif across > 0:
            s.household[H.GRIEVANCE, j] = aggrieved(
                s.household[H.GRIEVANCE, j],
                p[i].covenant_sanction_cost,
                p[i].covenant_sanction,
                p[i].case_grievance_most,
            )
