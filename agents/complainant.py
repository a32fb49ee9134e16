# mypy: disable-error-code="has-type"
"""The household in conflict: something happens to it, it complains or lumps it, waits, goes further or gives up."""

from typing import TYPE_CHECKING

from agents.calling import call_rules_directly
from agents.case import Complaint
from agents.rules.arrears import SUED
from agents.rules.case import (
    ESCALATED,
    GAVE_UP,
    MEDIATION,
    PETITION,
    WITHDRAWN,
    chance_of_debtor,
    days_on_the_way,
    effect_on_joint,
    effect_on_own,
    escalates_chance,
    fault_hazards_sum,
    fault_kind,
    joins_petition,
    learned_voice,
    money_needed,
    patience_ends,
    petition_threshold,
    severity,
    speaks_up_chance,
    trust_after_case,
)
from agents.rules.household import (
    NO_MEMBER,
    NOTIFIED,
    VACANT,
    aggrieved,
    informed_belief,
    is_aggrieved,
    relieved,
)
from agents.rules.household import HouseholdReal as H
from agents.rules.numeric import share
from agents.rules.owners_committee import NONE as NO_COMMITTEE
from agents.rules.owners_committee import padded_cost
from agents.rules.platform import one_click, readiness_by_click, trust_in_accounts
from agents.rules.social_organization import readiness_with_help
from agents.stakeholder import Stakeholder
from agents.view import gather

if TYPE_CHECKING:
    from agents.case import Case
    from agents.desk import Desk
    from agents.estate import Estate, Hazards
    from agents.household import Household
call_rules_directly(globals())

_debtor = gather(H.TRUST_PROVIDER, H.CHANCE_FAULT)
_TRUSTED = (H.TRUST_PROVIDER, H.TRUST_COMMITTEE, H.TRUST_STREET, H.TRUST_STREET, None, None)
"""Trust in the body behind each desk; courts and petitions have none."""
class Complainant(Stakeholder):
    """A household and its cases."""

    home: "Estate"
    neighbours: "tuple[Household, ...]"

    def meet_trouble(self, hazards: "Hazards") -> None:
        """Live through a month in which something may happen, and speak up about it or lump it; nobody is no one."""
        if self.tenure == VACANT:
            return
        p = self.model.p
        trust, u = _debtor(self._real)
        service, facility, common, structure, neighbour, handover, renovation, legacy = hazards
        account = chance_of_debtor(p.case_account, trust, self.unpaid)
        chances = service, facility, common, structure, neighbour, account, handover, renovation, legacy
        if u >= fault_hazards_sum(*chances):
            return
        u_kind, u_severity, u_voice, u_money = self.model.draws("CASE_KIND", self.home.id, self.id)
        what = fault_kind(u_kind, *chances)
        how_severe = severity(u_severity, p.case_severity_spread)
        self.home.tally.arisen += 1
        self.grievance = aggrieved(self.grievance, p.case_grievance, how_severe, p.case_grievance_most)
        desk = self.home.first_desk(what)
        if desk is not None and self.speaks_up(u_voice, how_severe):
            price = padded_cost(p.case_repair_price, self.home.captured_by_firm(), p.officers_padding)
            money = money_needed(p.derived_money[what], price, how_severe, u_money, what, p.street_old_unit_pays)
            self.home.hear(Complaint(self, what, desk, how_severe, money))
            self.home.tally.opened += 1
            if self.member != NO_MEMBER:
                self.home.tally.opened_members += 1
        else:
            self.home.drop(how_severe)
            self.home.tally.issue_lumped()

    def be_disturbed(self) -> None:
        """Live through a month of building works."""
        p = self.model.p
        self.grievance = aggrieved(self.grievance, p.renovation_disruption, 1.0, p.case_grievance_most)

    def receive_notice(self) -> None:
        """Be told of a suit for arrears."""
        self.sued = SUED
        self.contact |= NOTIFIED

    def speaks_up(self, u: float, how_severe: float) -> bool:
        """Say whether this household complains and does not lump it."""
        p = self.model.p
        readiness = readiness_with_help(p.case_speak_base, self.home.social.rights, p.social_rights_voice)
        readiness = readiness_by_click(readiness, self.click(), p.platform_cheaper)
        return u < speaks_up_chance(readiness, self.voice, p.case_speak_voice, how_severe, p.case_speak_severity)

    def click(self) -> float:
        """Return how much easier the smart platform makes things for this household."""
        ease: float = one_click(self.model.p.platform_on, self.home.platform.use, self.digital)
        return ease

    def days_to(self, desk: "Desk") -> float:
        """Return the days that a case of this household is under way to a desk."""
        days: float = days_on_the_way(desk.days, desk.saved, self.digital)
        return days

    def read_platform(self) -> None:
        """Read on the platform who pays, and the provider's accounts."""
        p, provider = self.model.p, self.home.provider
        click = one_click(p.platform_disclosure, self.home.platform.use, self.digital)
        if click <= 0.0:
            return
        self.belief = informed_belief(self.belief, provider.published, click, p.contact_informed)
        self.trust_provider = trust_in_accounts(
            self.trust_provider,
            provider.leak,
            p.trust_leak_tolerated,
            p.trust_from_accounts,
            click,
            p.trust_rise,
            p.trust_asymmetry,
        )

    def wait_for(self, case: "Case") -> None:
        """Wait another month for a case to be settled."""
        p = self.model.p
        self.grievance = aggrieved(self.grievance, p.case_grievance_waiting, case.severity, p.case_grievance_most)

    def bear_with(self, case: "Case", u_patience: float, u_further: float) -> None:
        """Go on waiting; or, when patience ends, take the case to a higher desk or drop it."""
        if u_patience >= patience_ends(case.at().patience):
            return
        higher = self.next_desk(case) if self.goes_further(u_further, case.severity) else None
        if higher is None:
            case.status = WITHDRAWN
            self.learn_from_case(0.0)
            case.log(GAVE_UP)
            return
        case.move_to(higher)
        self.home.tally.escalated += 1
        if higher.level == PETITION:
            self.home.tally.petitions += 1
        case.log(ESCALATED)

    def goes_further(self, u: float, how_severe: float) -> bool:
        """Say whether this household, its patience at an end, takes a case further."""
        p = self.model.p
        return u < escalates_chance(
            p.case_escalate_base, self.voice, p.case_escalate_voice, how_severe, p.case_escalate_severity
        )

    def next_desk(self, case: "Case") -> "Desk | None":
        """Return the next higher desk that can settle a case; with aggrieved neighbours, that for petitions."""
        desks = self.home.desks
        for desk in desks[case.desk + 1 : PETITION]:
            if desk.can_close(case.kind):
                return desk
        if case.desk < PETITION and desks[PETITION].can_close(case.kind) and self.finds_petitioners():
            return desks[PETITION]
        return None

    def finds_petitioners(self) -> bool:
        """Say whether enough of those this household knows are aggrieved to petition together."""
        p, n_aggrieved = self.model.p, 0
        for other in self.neighbours:
            if is_aggrieved(other.grievance, p.case_aggrieved):
                n_aggrieved += 1
        u = self.model.draw_for_good("PETITIONER", self.home.id, self.id)
        threshold = petition_threshold(p.case_petition_threshold, p.case_petition_spread, u)
        return joins_petition(share(n_aggrieved, len(self.neighbours)), threshold)

    def be_relieved(self, how_severe: float) -> None:
        """Have a case settled."""
        self.grievance = relieved(self.grievance, self.model.p.case_relief, how_severe)

    def learn_from_case(self, outcome: float) -> None:
        """Learn from an own case whether complaining helps; outcome : 1 settled, 0 dropped."""
        self.voice = learned_voice(self.voice, outcome, self.model.p.case_voice_speed)

    def judge_desk(self, level: int, outcome: float) -> None:
        """Revise trust in the body behind a desk after an own case there; outcome : 1 settled, 0 deceived."""
        column = _TRUSTED[level]
        effect, joint = self.model.p.case_trust_effect, self.home.desks[level].joint
        if column is not None:
            self._real[column] = trust_after_case(self._real[column], outcome, effect_on_own(effect, joint))
        if joint > 0.0:
            self.trust_branch = trust_after_case(self.trust_branch, outcome, effect_on_joint(effect, joint))
        if level == MEDIATION and self.home.owners.committee != NO_COMMITTEE:
            self.trust_owners = trust_after_case(self.trust_owners, outcome, effect)
        if self.home.desks[level].helped == 1:
            self.trust_social = trust_after_case(self.trust_social, outcome, effect)
