# mypy: disable-error-code="has-type, misc"
"""The household (住户) as an agent: it sees service, is called on, decides on its bills, and learns from others."""

from typing import TYPE_CHECKING, Any

from agents.calling import call_rules_directly
from agents.complainant import Complainant
from agents.participant import Participant
from agents.payer import Payer
from agents.rules.arrears import NO_DEBT
from agents.rules.care import trust_after_care
from agents.rules.case import (
    learned_voice,
)
from agents.rules.household import (
    BRANCH,
    CALLED,
    COMMITTEE,
    NO_VOUCHER,
    OVERLOOKED,
    VACANT,
    VISITED,
    adapt_reference,
    annoyed,
    asked,
    fading,
    impression,
    informed_belief,
    listen,
    notified,
    own_price,
    owner_hears,
    pressed,
    price_anchor,
    price_felt,
    provider_evidence,
    pull_trust,
    quality_gap,
    reset_trust,
    shift_reference,
    update_trust,
    vouched_trust,
    voucher_loss,
    vouching,
    worn_out,
)
from agents.rules.household import HouseholdReal as H
from agents.rules.household import HouseholdWhole as N
from agents.rules.numeric import move, two_rates
from agents.rules.provider import COMMUNITY, NOBODY
from agents.rules.shock import shaken
from agents.view import gather

if TYPE_CHECKING:
    from agents.estate import Estate


call_rules_directly(globals())

_gap_columns = gather(H.QUALITY, H.REFERENCE)
_expectation = gather(H.REFERENCE, H.QUALITY, H.ANCHOR)
_usual_trust = gather(H.TRUST_COMMITTEE, H.TRUST_BRANCH, H.TRUST_STREET, H.TRUST_OWNERS, H.TRUST_SOCIAL)
_mood = gather(H.GRIEVANCE, H.PRESSURE, H.WEAR, H.ENFORCEMENT, H.IRRITATION)


class Household(Payer, Complainant, Participant, real=("household", H), whole=("household_n", N)):
    """A household with its dwelling.

    home : the estate it lives in; neighbours : the households it sees and hears, in the order of their
    numbers, and ties : the weight of each.
    """

    def __init__(self, model: Any, unit: int, home: "Estate") -> None:
        """Live in `home`, as household `unit` of the state."""
        super().__init__(model, unit)
        self.home = home
        self.neighbours: tuple[Household, ...] = ()
        self.ties: tuple[float, ...] = ()

    def __getstate__(self) -> dict[str, Any]:
        """Leave the neighbours to the model, which knows all households: else a copy would go from one to the next."""
        return {name: value for name, value in super().__getstate__().items() if name != "neighbours"}

    def perceive(self) -> None:
        """Live through a month of service: see it, adapt what is expected, revise trust; debts grow older."""
        draws = self.model.draws_of_month(self.home.id, self.id)
        self.chance_pay, self.noise, self.chance_fault, self.chance_call = draws
        provider = self.home.provider
        if provider.repriced:
            self.hear_of_price()
        if provider.took_over:
            self.meet_new_provider()
        if self.tenure != VACANT:
            self.see_service()
        gap = self.quality_gap()
        if provider.kind != NOBODY:
            self.judge_provider(gap)
        self.adapt_expectation()
        self.judge_vouchers(gap)
        self.calm_down()
        self.let_debts_age()

    def hear_of_scandal(self, provider: float, party: float) -> None:
        """Lose trust over scandals of the provider and of the community's party organisation; shares of trust."""
        self.trust_provider = shaken(self.trust_provider, provider)
        self.trust_committee = shaken(self.trust_committee, party)
        self.trust_branch = shaken(self.trust_branch, party)

    def hear_of_price(self) -> None:
        """Shift what is expected with the price now asked."""
        p, provider = self.model.p, self.home.provider
        price = own_price(provider.rate, provider.flat, self.area)
        anchor = price_anchor(
            p.household_reference_base,
            p.household_reference_price,
            price_felt(price, p.household_price_reference, p.structure_price_channel),
            p.household_price_reference,
            p.household_price_floor,
        )
        self.reference = shift_reference(self.reference, self.anchor, anchor)
        self.anchor = anchor

    def meet_new_provider(self) -> None:
        """Start trust in the provider afresh in part; the community is known already. Old bills are not its own."""
        fresh = self.trust_committee if self.home.provider.kind == COMMUNITY else self.model.p.trust_fresh
        self.trust_provider = reset_trust(self.trust_provider, fresh, self.model.p.trust_successor)
        self.lowest = NO_DEBT
        self.forgotten = 0

    def see_service(self) -> None:
        """Form an impression of this month's quality, with an error."""
        p = self.model.p
        noisy, speed = p.household_quality_noise, p.household_quality_speed
        self.quality = impression(self.quality, self.home.quality, self.taste, self.noise, noisy, speed)

    def quality_gap(self) -> float:
        """Return quality seen minus quality expected, as the owner knows it."""
        perceived, reference = _gap_columns(self._real)
        return quality_gap(self.tenure, perceived, reference, self.home.provider.open_books)

    def judge_provider(self, gap: float) -> None:
        """Revise trust in the provider."""
        p = self.model.p
        evidence = provider_evidence(
            gap,
            p.trust_from_quality,
            self.home.provider.open_books,
            self.home.provider.leak,
            p.trust_leak_tolerated,
            p.trust_from_accounts,
        )
        self.trust_provider = update_trust(self.trust_provider, evidence, p.trust_rise, p.trust_asymmetry)

    def adapt_expectation(self) -> None:
        """Let the reference quality follow price and experience."""
        p = self.model.p
        reference, perceived, anchor = _expectation(self._real)
        self.reference = adapt_reference(
            reference, perceived, anchor, p.household_absorbed, p.household_reference_speed
        )

    def judge_vouchers(self, gap: float) -> None:
        """Trust in other bodies returns to its usual level, less what a failed promise costs who vouched."""
        p = self.model.p
        left = self.home.provider.left == 1
        usual, speed = p.start_trust_community, p.trust_community_return
        committee, branch, street, owners, social = _usual_trust(self._real)
        committee = move(committee, self.home.committee.usual_trust, speed)
        branch = move(branch, usual, speed)
        voucher = self.voucher
        if voucher == COMMITTEE:
            committee = voucher_loss(committee, gap, p.trust_liability, left, p.trust_liability_exit)
        elif voucher == BRANCH:
            branch = voucher_loss(branch, gap, p.trust_liability, left, p.trust_liability_exit)
        if left:
            self.voucher = NO_VOUCHER
        self.trust_committee = committee
        self.trust_branch = branch
        self.trust_street = move(street, p.start_trust_street, speed)
        self.trust_owners = move(owners, p.start_trust_owners, speed)
        self.trust_social = move(social, p.start_trust_social, speed)

    def calm_down(self) -> None:
        """Let grievance, pressure, wear, irritation and enforcement fade; nobody has called yet this month."""
        p = self.model.p
        grievance, pressure, wear, enforcement, irritation = _mood(self._real)
        self.grievance = move(grievance, 0.0, p.household_grievance_decay)
        self.pressure = fading(pressure, p.household_pressure_memory)
        self.wear = move(wear, 0.0, p.household_wear_recovery)
        self.enforcement = move(enforcement, p.start_enforcement, p.household_enforcement_speed)
        self.irritation = fading(irritation, p.household_irritation_memory)
        self.suasion = 0.0
        self.contact = 0

    def receive_call(self) -> None:
        """Be called by the provider's collector: a notice, and a request of a stranger."""
        p, trust = self.model.p, self.trust_provider
        self.contact |= CALLED
        self.enforcement = notified(self.enforcement, p.contact_call_notice, p.contact_notice)
        self.suasion = asked(self.suasion, p.contact_call_ask, p.contact_outsider, trust)
        self.irritation = annoyed(self.irritation, p.contact_call_ask, trust)

    def receive_visit(self, visitor: int, tie: float) -> None:
        """Be visited by the committee or the branch: asked, informed, vouched to, pressed; tie : strength.

        Where a tenant opens the door, the owner hears of it in part.
        """
        p, tenure = self.model.p, self.tenure
        trust = self.trust_committee if visitor == COMMITTEE else self.trust_branch
        self.contact |= VISITED
        ask = owner_hears(tenure, p.contact_ask, p.household_passed_on)
        inform = owner_hears(tenure, p.contact_inform, p.household_passed_on)
        vouch = owner_hears(tenure, p.contact_vouch, p.household_passed_on)
        press = owner_hears(tenure, p.contact_press, p.household_passed_on)
        self.suasion = asked(self.suasion, ask, tie, trust)
        self.wear = worn_out(self.wear, p.household_wear, ask)
        self.irritation = annoyed(self.irritation, ask, trust)
        self.belief = informed_belief(self.belief, self.home.provider.published, inform, p.contact_informed)
        if vouch > 0.0:
            dose = vouching(vouch, tie)
            self.trust_provider = vouched_trust(
                self.trust_provider, trust, dose, p.trust_vouch_effect, p.trust_vouch_backfire
            )
            self.voucher = visitor
        if press > 0.0:
            self.pressure = pressed(self.pressure, press)
            self.presser = visitor
            self.enforcement = notified(self.enforcement, press, p.contact_notice)

    def receive_care(self) -> int:
        """Be cared for this month, or not; return 1 or 0."""
        committee = self.home.committee
        self.cared = 0
        if self.vulnerable == 1:
            u = self.model.draw("CARE", self.home.id, self.id)
            self.cared = 1 if u < committee.chance_of_care else 0
        cared: int = self.cared
        return cared

    def feel_care(self, by_cadres: float, by_firm: float) -> None:
        """Trust those who came more, as a receiver or as one who knows a receiver; shares of the care they gave."""
        p, heard = self.model.p, self.heard_of_care()
        if heard > 0.0:
            self.trust_committee = trust_after_care(self.trust_committee, p.care_effect, by_cadres, heard)
            self.trust_provider = trust_after_care(self.trust_provider, p.care_effect, by_firm, heard)

    def heard_of_care(self) -> float:
        """Return how strongly the month's care is felt here: as a receiver, or through one it knows."""
        if self.cared == 1:
            return 1.0
        for other in self.neighbours:
            if other.cared == 1:
                return float(self.model.p.care_hearsay)
        return 0.0

    def learn(self, due: bool) -> None:
        """Let habit follow decisions and bail-out belief follow who pays for the service; listen to others."""
        p, provider = self.model.p, self.home.provider
        if due and provider.kind != NOBODY and self.kind != OVERLOOKED:
            self.habit = move(self.habit, self.paid, self.model.habit_speed)
        self.bailout = two_rates(
            self.bailout, provider.others_share, p.household_bailout_rise, p.household_bailout_fall
        )
        if p.trust_pull != 0.0:
            self.listen()

    def see_outcomes(self, helped: float, speed: float) -> None:
        """Learn from the cases of the estate whether complaining helps; helped : share that was settled."""
        self.voice = learned_voice(self.voice, helped, speed)

    def listen(self) -> None:
        """Hear what neighbours think of the provider; it is taken over when all have listened."""
        p = self.model.p
        trust, confidence = self.trust_provider, p.trust_confidence
        total = weight = 0.0
        for other, tie in zip(self.neighbours, self.ties, strict=True):
            total, weight = listen(total, weight, trust, other.trust_provider, tie, confidence)
        self.trust_heard = pull_trust(trust, total, weight, p.trust_pull)

    def take_over_opinion(self) -> None:
        """Trust the provider as far as listening has led."""
        self.trust_provider = self.trust_heard
