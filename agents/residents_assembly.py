# mypy: disable-error-code="has-type"
"""The residents as one body, an agent: they meet (居民说事), take seats (居民代表会议、居务监督), sign (居民公约)."""

from typing import TYPE_CHECKING, Any

from agents.calling import call_rules_directly
from agents.rules.case import seen_speed
from agents.rules.contact import total_hours
from agents.rules.covenant import drive_hours, is_sanctioned, is_signed
from agents.rules.forum import ease_of_forum, is_forum, is_loud, next_practice, told_openly
from agents.rules.household import OWNER_OCCUPIED, VACANT, is_aggrieved
from agents.rules.numeric import share
from agents.rules.residents_assembly import AssemblyReal, AssemblyWhole, hours_while, time_of
from agents.rules.supervision import council_filled, elects_now, others_supervise, seats_of, sitting
from agents.stakeholder import Stakeholder

if TYPE_CHECKING:
    from agents.estate import Estate


call_rules_directly(globals())


class ResidentsAssembly(Stakeholder, real=("assembly", AssemblyReal), whole=("assembly_n", AssemblyWhole)):
    """The residents of one estate together: a forum, a council, supervisors, those who signed."""

    def __init__(self, model: Any, unit: int, estate: "Estate") -> None:
        """Stand for the residents of `estate`, unit `unit` of the state."""
        super().__init__(model, unit)
        self.estate = estate

    def call_meetings(self) -> None:
        """Settle what meetings take this month, of the committee and of those who sit."""
        p, month = self.model.p, self.model.month
        asking = drive_hours(p.covenant_drive, self.estate.n_households, p.covenant_committee_time)
        self.meetings = total_hours(
            hours_while(p.consultation_hours, is_forum(month, p.consultation_interval)),
            hours_while(p.core_sessions, self.in_office > 0),
            hours_while(asking, is_signed(month)),
        )
        n = self.estate.n_households
        seats, supervising = seats_of(p.core_council, n), seats_of(p.core_supervisors, n)
        self.given = time_of(sitting(self.council, seats, self.supervised, supervising), p.core_hours)

    def ease(self) -> float:
        """Return how much easier, or harder, its forum makes cases at mediation."""
        p = self.model.p
        ease: float = ease_of_forum(
            p.consultation_ease, p.consultation_openness, self.practice, self.loud, p.consultation_bending
        )
        return ease

    def hold_forum(self) -> None:
        """Talk things over where it is the month for it; get used to it, or out of it."""
        p = self.model.p
        if is_forum(self.model.month, p.consultation_interval):
            self.meet()
        self.practice = next_practice(
            self.practice,
            p.consultation_interval,
            self.attendants,
            self.estate.n_households,
            p.consultation_full,
            p.consultation_speed,
        )

    def meet(self) -> None:
        """Hold a forum: who comes hears who pays, and how cases ended."""
        p = self.model.p
        seen, helped = self.estate.outcomes_seen()
        speed = seen_speed(p.case_voice_speed, p.consultation_seen)
        told = told_openly(p.consultation_openness)
        came = loud = 0
        for household in self.estate.households:
            if not household.comes_to_forum():
                continue
            came += 1
            if is_loud(is_aggrieved(household.grievance, p.case_aggrieved), household.paid):
                loud += 1
            household.hear_in_forum(told)
            if seen:
                household.see_outcomes(helped, speed)
        self.attendants = came
        self.loud = share(loud, came)
        self.given = total_hours(self.given, time_of(came, p.consultation_time), 0.0)

    def sanction(self) -> None:
        """Let those who signed call each other to account, once a quarter."""
        if self.model.p.covenant_sanction > 0.0 and self.signed > 0 and is_sanctioned(self.model.month):
            for household in self.estate.households:
                if household.covenant == 1:
                    household.answer_to_signers()

    def elect(self) -> None:
        """Fill the seats of council and supervision once a year, as far as residents stand."""
        p, n = self.model.p, self.estate.n_households
        if p.core_council <= 0.0 and p.core_supervisors <= 0.0:
            self.in_office = 0
            self.council = 0.0
            self.supervised = 0.0
            return
        if elects_now(self.in_office):
            candidates = 0
            for household in self.estate.households:
                if household.tenure != VACANT and household.stands_for_seat():
                    candidates += 1
            seats = seats_of(p.core_council, n)
            self.council = council_filled(candidates, seats)
            self.supervised = others_supervise(candidates, seats, seats_of(p.core_supervisors, n))
        self.in_office += 1

    def sign(self) -> None:
        """Lay the covenant before owners at home, once a year; where nobody asks any more it lapses."""
        p = self.model.p
        if not is_signed(self.model.month) or (p.covenant_drive <= 0.0 and self.signed == 0):
            return
        signed = asked = 0
        for household in self.estate.households:
            if p.covenant_drive <= 0.0:
                household.covenant = 0
            elif household.tenure == OWNER_OCCUPIED and household.is_asked_to_sign():
                asked += 1
                household.consider_signing()
            signed += household.covenant
        self.signed = signed
        self.given = total_hours(self.given, time_of(asked, p.covenant_time), 0.0)
