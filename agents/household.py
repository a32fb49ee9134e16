# mypy: disable-error-code="has-type"
"""The household (住户) as an agent: it sees service, is called on, decides on its bills, and learns from others."""

from operator import attrgetter
from typing import TYPE_CHECKING, Any, NamedTuple

from agents.calling import call_rules_directly
from agents.case import Complaint
from agents.rules.care import trust_after_care
from agents.rules.case import (
    ESCALATED,
    GAVE_UP,
    MEDIATION,
    MONEY,
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
    severity,
    speaks_up_chance,
    trust_after_case,
)
from agents.rules.covenant import signs_chance
from agents.rules.funding import gain_from_fund, gain_from_use
from agents.rules.household import (
    BRANCH,
    CALLED,
    COMMITTEE,
    CONDEMNED,
    MEMORY_MONTHS,
    MIDDLE_MONTHS,
    NO_VOUCHER,
    NOT_SUED,
    OWNER_OCCUPIED,
    PAYOFF,
    VACANT,
    VISITED,
    YOUNG_MONTHS,
    adapt_reference,
    add_debt,
    age_debts,
    aggrieved,
    asked,
    bill_of,
    burden,
    compare_payoffs,
    debt_class,
    decision_kind,
    decision_payoff,
    enforcement_term,
    fading,
    impression,
    informed_belief,
    is_aggrieved,
    listen,
    notified,
    oldest_debt,
    over_period,
    owes,
    own_price,
    pay_debt,
    payoff_belief,
    pays,
    plain_utility,
    pressed,
    price_anchor,
    provider_evidence,
    pull_trust,
    quality_gap,
    reactance_term,
    readiness,
    relieved,
    reset_trust,
    shift_reference,
    social_term,
    suasion_term,
    talked_about,
    trust_in_presser,
    update_belief,
    update_trust,
    vouched_trust,
    voucher_loss,
    vouching,
    worn_out,
)
from agents.rules.household import HouseholdReal as H
from agents.rules.household import HouseholdWhole as N
from agents.rules.numeric import move, share, taste_threshold, two_rates
from agents.rules.owners_committee import NONE as NO_COMMITTEE
from agents.rules.owners_committee import works_against
from agents.rules.platform import one_click, readiness_by_click, trust_in_accounts
from agents.rules.provider import COMMUNITY, NOBODY
from agents.rules.renovation import gain_from_works, signed_chance
from agents.rules.residents_assembly import takes_part_chance
from agents.rules.social_organization import readiness_with_help
from agents.rules.voting import (
    DISMISS,
    FORM,
    FUND,
    LET,
    RENEW,
    RENOVATE,
    USE,
    gain_from_change,
    gain_from_committee,
    gain_from_letting,
    gain_from_renewal,
    gain_from_rise,
    proxy_competence,
    reached_chance,
    returned_chance,
    says_yes,
)
from agents.stakeholder import Stakeholder
from agents.view import gather

if TYPE_CHECKING:
    from agents.case import Case
    from agents.desk import Desk
    from agents.estate import Estate, Hazards


call_rules_directly(globals())

_paid = attrgetter("paid")
_gap_columns = gather(H.QUALITY, H.REFERENCE)
_expectation = gather(H.REFERENCE, H.QUALITY, H.ANCHOR)
_usual_trust = gather(H.TRUST_COMMITTEE, H.TRUST_BRANCH, H.TRUST_STREET, H.TRUST_OWNERS, H.TRUST_SOCIAL)
_debtor = gather(H.TRUST_PROVIDER, H.CHANCE_FAULT)
_mood = gather(H.GRIEVANCE, H.PRESSURE, H.WEAR, H.ENFORCEMENT)
_person = gather(N.PAYER_TYPE, N.COVENANT, N.TENURE, N.PRESSER)
_motives = gather(
    H.INTERCEPT, H.QUALITY, H.REFERENCE, H.TRUST_PROVIDER, H.TRUST_COMMITTEE, H.TRUST_BRANCH, H.BELIEF, H.HABIT,
    H.INCOME, H.BAILOUT, H.GRIEVANCE, H.VOICE, H.SUASION, H.WEAR, H.ENFORCEMENT, H.PRESSURE,
)  # fmt: skip


_TRUSTED = (H.TRUST_PROVIDER, H.TRUST_COMMITTEE, H.TRUST_STREET, H.TRUST_STREET, None, None)
"""Trust in the body behind each desk; courts and petitions have none."""


class Reasons(NamedTuple):
    """What speaks for and against paying a bill, in logits; `gap` and `percent` are what they came from."""

    plain: float
    suasion: float
    enforcement: float
    reactance: float
    gap: float
    """Quality seen minus quality expected, as the owner knows it."""
    percent: float
    """Bill per month in percent of monthly income."""


class Household(Stakeholder, real=("household", H), whole=("household_n", N)):
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

    # --- perceive -------------------------------------------------------------------------------------------

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

    def hear_of_price(self) -> None:
        """Shift what is expected with the price now asked."""
        p, provider = self.model.p, self.home.provider
        anchor = price_anchor(
            p.household_reference_base,
            p.household_reference_price,
            own_price(provider.rate, provider.flat, self.area),
            p.household_price_reference,
            p.household_price_floor,
        )
        self.reference = shift_reference(self.reference, self.anchor, anchor)
        self.anchor = anchor

    def meet_new_provider(self) -> None:
        """Start trust in the provider afresh in part; the community is known already."""
        fresh = self.trust_committee if self.home.provider.kind == COMMUNITY else 0.5
        self.trust_provider = reset_trust(self.trust_provider, fresh, self.model.p.trust_successor)

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
        committee = move(committee, usual, speed)
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
        """Let grievance, pressure, wear and enforcement fade; nobody has called yet this month."""
        p = self.model.p
        grievance, pressure, wear, enforcement = _mood(self._real)
        self.grievance = move(grievance, 0.0, p.household_grievance_decay)
        self.pressure = fading(pressure, p.household_pressure_memory)
        self.wear = move(wear, 0.0, p.household_wear_recovery)
        self.enforcement = move(enforcement, p.start_enforcement, p.household_enforcement_speed)
        self.suasion = 0.0
        self.contact = 0

    def let_debts_age(self) -> None:
        """Carry unpaid bills into the next month and age class; the oldest lapse."""
        unpaid = self.unpaid
        if unpaid == 0:
            return
        home = self.home
        if owes(unpaid, MEMORY_MONTHS - 1):
            amount = self.bill_issued(MEMORY_MONTHS)
            home.debt_old -= amount
            home.debt_lapsed += amount
        unpaid = age_debts(unpaid)
        if owes(unpaid, YOUNG_MONTHS + 1):
            amount = self.bill_issued(YOUNG_MONTHS + 1)
            home.debt_young -= amount
            home.debt_middle += amount
        if owes(unpaid, MIDDLE_MONTHS + 1):
            amount = self.bill_issued(MIDDLE_MONTHS + 1)
            home.debt_middle -= amount
            home.debt_old += amount
        self.unpaid = unpaid

    def bill_issued(self, age: int) -> int:
        """Return this household's bill of `age` months ago, in fen."""
        return bill_of(self.area, *self.home.bills_of(self.model.month - age))

    # --- arise, handle --------------------------------------------------------------------------------------

    def meet_trouble(self, hazards: "Hazards") -> None:
        """Live through a month in which something may happen, and speak up about it or lump it."""
        p = self.model.p
        trust, u = _debtor(self._real)
        service, facility, common, structure, neighbour, handover, renovation, legacy = hazards
        account = chance_of_debtor(p.case_account, trust, self.unpaid)
        chances = service, facility, common, structure, neighbour, account, handover, renovation, legacy
        if u >= fault_hazards_sum(*chances):
            return
        u_kind, u_severity, u_voice, u_money = self.model.draws("CASE_KIND", self.home.id, self.id)
        what = fault_kind(u_kind, *chances)
        how_severe = severity(u_severity)
        self.home.tally.arisen += 1
        self.grievance = aggrieved(self.grievance, p.case_grievance, how_severe)
        desk = self.home.first_desk(what)
        if desk is not None and self.speaks_up(u_voice, how_severe):
            money = money_needed(MONEY[what], p.case_repair_price, how_severe, u_money, what, p.street_old_unit_pays)
            self.home.hear(Complaint(self, what, desk, how_severe, money))
            self.home.tally.opened += 1
        else:
            self.home.drop(how_severe)
            self.home.tally.issue_lumped()

    def be_disturbed(self) -> None:
        """Live through a month of building works."""
        self.grievance = aggrieved(self.grievance, self.model.p.renovation_disruption, 1.0)

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
        self.grievance = aggrieved(self.grievance, self.model.p.case_grievance_waiting, case.severity)

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
        n_aggrieved = 0
        for other in self.neighbours:
            if is_aggrieved(other.grievance):
                n_aggrieved += 1
        return joins_petition(share(n_aggrieved, len(self.neighbours)), self.model.p.case_petition_threshold)

    def be_relieved(self, how_severe: float) -> None:
        """Have a case settled."""
        self.grievance = relieved(self.grievance, self.model.p.case_relief, how_severe)

    def be_condemned(self) -> None:
        """Lose a suit for arrears: the debts will have to be paid."""
        self.sued = CONDEMNED

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

    # --- mobilise -------------------------------------------------------------------------------------------

    def receive_call(self) -> None:
        """Be called by the provider's collector: a notice, and a request of a stranger."""
        p = self.model.p
        self.contact |= CALLED
        self.enforcement = notified(self.enforcement, 1.0, p.contact_notice)
        self.suasion = asked(self.suasion, 1.0, p.contact_outsider, self.trust_provider)

    def receive_visit(self, visitor: int, tie: float) -> None:
        """Be visited by the committee or the branch: asked, informed, vouched to, pressed; tie : strength."""
        p = self.model.p
        trust = self.trust_committee if visitor == COMMITTEE else self.trust_branch
        self.contact |= VISITED
        self.suasion = asked(self.suasion, p.contact_ask, tie, trust)
        self.wear = worn_out(self.wear, p.household_wear, p.contact_ask)
        self.belief = informed_belief(self.belief, self.home.provider.published, p.contact_inform, p.contact_informed)
        if p.contact_vouch > 0.0:
            dose = vouching(p.contact_vouch, tie)
            self.trust_provider = vouched_trust(self.trust_provider, trust, dose, p.trust_vouch_effect)
            self.voucher = visitor
        if p.contact_press > 0.0:
            self.pressure = pressed(self.pressure, p.contact_press)
            self.presser = visitor
            self.enforcement = notified(self.enforcement, p.contact_press, p.contact_notice)

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
    def comes_to_forum(self) -> bool:
        """Say whether somebody of this household comes to the residents' forum."""
        if self.tenure == VACANT:
            return False
        p = self.model.p
        u = self.model.draw("ATTENDS", self.home.id, self.id)
        return bool(u < self.takes_part(p.consultation_attend, p.consultation_by_grievance))

    def takes_part(self, base: float, by_grievance: float) -> float:
        """Return the chance to come or to stand; base, by_grievance : readiness and what grievance adds, in logits."""
        owners, branch = self.home.owners, self.home.branch
        proxy = proxy_competence(self.trust_provider, branch.attention, self.trust_branch)
        chance: float = takes_part_chance(
            base,
            owners.estate_effect,
            self.voice,
            owners.efficacy,
            self.grievance,
            by_grievance,
            proxy,
            self.model.p.owners_crowding,
        )
        return chance

    def hear_in_forum(self, told: float) -> None:
        """Hear who pays; told : how openly."""
        published, informed = self.home.provider.published, self.model.p.consultation_informed
        self.belief = informed_belief(self.belief, published, told, informed)

    def answer_to_signers(self) -> None:
        """Having signed: be called to account by signers who pay, or have the trouble of calling others."""
        p, paid = self.model.p, self.paid
        across = 0
        for other in self.neighbours:
            if other.covenant == 1 and other.paid != paid:
                across += 1
        if across > 0 and paid == 0:
            self.enforcement = notified(self.enforcement, p.covenant_sanction, p.contact_notice)
        elif across > 0:
            self.grievance = aggrieved(self.grievance, p.covenant_sanction_cost, p.covenant_sanction)

    # --- pay ------------------------------------------------------------------------------------------------

    def settle_bills(self, rate: int, flat: int, due: bool, at_once: bool) -> None:
        """Decide on this month's bill, if one is due, and on the oldest unpaid one, if somebody called.

        rate, flat : of a bill, fen per m2 and fen; at_once : others see the decision before they take theirs.
        """
        if self.sued == CONDEMNED:
            self.pay_as_judged()
        reached = self.contact != 0 and self.unpaid != 0
        if not (due or reached):
            return
        if due:
            self.look_at_neighbours()
        bill = bill_of(self.area, rate, flat)
        reasons = self.weigh(bill)
        if reached:
            self.reconsider_debt(reasons)
        if due:
            self.answer_bill(bill, reasons)
            if at_once:
                self.show_decision()

    def pay_as_judged(self) -> None:
        """Pay the debts that the present provider can claim: the court has said so."""
        since = self.home.provider.since
        age = oldest_debt(self.unpaid, since)
        while age > 0:
            self.pay_old_bill(age)
            age = oldest_debt(self.unpaid, since)
        self.sued = NOT_SUED
        self.enforcement = 1.0

    def pay_old_bill(self, age: int) -> None:
        """Pay the bill of `age` months ago."""
        amount = self.bill_issued(age)
        self.unpaid = pay_debt(self.unpaid, age)
        self.home.settle_debt(debt_class(age), amount)

    def look_at_neighbours(self) -> None:
        """Revise what others are believed to do, from what neighbours did with their last bill."""
        p, speed, neighbours = self.model.p, self.model.belief_speed, self.neighbours
        n_paid = sum(map(_paid, neighbours))
        if p.structure_learning == PAYOFF:
            sum_paid = sum_unpaid = 0.0
            for other in neighbours:
                sum_paid, sum_unpaid = compare_payoffs(sum_paid, sum_unpaid, other.paid, other.payoff)
            n_unpaid = len(neighbours) - n_paid
            self.belief = payoff_belief(
                self.belief, sum_paid, n_paid, sum_unpaid, n_unpaid, p.household_visibility, speed
            )
        else:
            self.belief = update_belief(
                self.belief,
                talked_about(share(n_paid, len(neighbours)), p.household_talk_bias),
                len(neighbours) > 0,
                self.home.provider.published,
                self.home.provider.open_books,
                p.household_own_eyes,
                p.household_visibility,
                speed,
            )

    def weigh(self, bill: int) -> Reasons:
        """Return the reasons for and against paying a bill (fen)."""
        p = self.model.p
        payer_type, covenant, tenure, presser = _person(self._whole)
        (
            intercept, perceived, reference, trust, trust_committee, trust_branch, belief, habit, income,
            bailout, grievance, voice, suasion, wear, enforcement, pressure,
        ) = _motives(self._real)  # fmt: skip
        gap = quality_gap(tenure, perceived, reference, self.home.provider.open_books)
        percent = burden(bill + self.due_to_fund(), p.structure_billing_period, income)
        plain = plain_utility(
            readiness(p.household_intercept, intercept),
            gap,
            trust,
            social_term(payer_type, belief, p.household_self_serving, p.household_b_social),
            habit,
            covenant,
            percent,
            bailout,
            grievance,
            voice,
            p.household_b_quality,
            p.household_b_trust,
            p.household_b_habit,
            p.household_b_covenant,
            p.household_b_burden,
            p.household_b_bailout,
            p.household_b_grievance,
        )
        return Reasons(
            plain,
            suasion_term(suasion, wear, p.household_b_suasion),
            enforcement_term(enforcement, trust, p.household_b_enforcement, p.household_enforcement_trust),
            reactance_term(
                pressure, trust_in_presser(presser, trust_committee, trust_branch), p.household_b_reactance
            ),
            gap,
            percent,
        )

    def due_to_fund(self) -> int:
        """Return what goes to the maintenance fund with a bill, in fen."""
        rate = over_period(self.home.provider.contribution, self.model.p.structure_billing_period)
        amount: int = self.area * rate
        return amount

    def decide_payment(self, u: float, reasons: Reasons) -> int:
        """Return the kind of decision on a bill; u : the draw that stands for taste and circumstances."""
        threshold = taste_threshold(u, self.model.p.structure_choice)
        return decision_kind(threshold, reasons.plain, reasons.suasion, reasons.enforcement, reasons.reactance)

    def reconsider_debt(self, reasons: Reasons) -> None:
        """Decide again on the oldest unpaid bill that the present provider can claim."""
        age = oldest_debt(self.unpaid, self.home.provider.since)
        if age <= 0:
            return
        u = self.model.draw("OLD_BILL", self.home.id, self.id)
        if pays(self.decide_payment(u, reasons)) == 1:
            self.pay_old_bill(age)

    def answer_bill(self, bill: int, reasons: Reasons) -> None:
        """Decide on the bill that is due (fen), and remember how one fared with it."""
        p = self.model.p
        kind = self.decide_payment(self.chance_pay, reasons)
        paid = pays(kind)
        self.kind = kind
        self.decided = paid
        self.payoff_decided = decision_payoff(
            paid, reasons.gap, reasons.percent, reasons.enforcement, p.household_b_quality, p.household_b_burden
        )
        self.home.tally.bill_answered(bill, kind, paid)
        if paid == 1:
            self.ever_paid = 1
        else:
            self.unpaid = add_debt(self.unpaid)
            self.home.debt_young += bill

    def show_decision(self) -> None:
        """Let neighbours see this month's decision, and how it fared."""
        self.paid = self.decided
        self.payoff = self.payoff_decided

    # --- learn ----------------------------------------------------------------------------------------------

    def learn(self, due: bool) -> None:
        """Let habit follow deeds and bail-out belief follow who pays for the service; listen to others."""
        p, provider = self.model.p, self.home.provider
        if due and provider.kind != NOBODY:
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

    # --- govern ---------------------------------------------------------------------------------------------

    def opposes_organising(self) -> bool:
        """Say whether an owner at home who does not pay works against those who organise, this half-year."""
        if self.paid != 0 or self.tenure != OWNER_OCCUPIED:
            return False
        u = self.model.draw("OPPOSE", self.home.id, self.id)
        return works_against(self.grievance, self.trust_provider, self.model.p.owners_opponents, u)

    def stands_for_seat(self) -> bool:
        """Say whether somebody of this household stands for a seat of council or supervision."""
        u = self.model.draw("STANDS", self.home.id, self.id)
        return bool(u < self.takes_part(self.model.p.core_stand, 0.0))

    def is_asked_to_sign(self) -> bool:
        """Say whether this year's covenant is laid before this household."""
        return bool(self.model.draw("ASKED_TO_SIGN", self.home.id, self.id) < self.model.p.covenant_drive)

    def consider_signing(self) -> None:
        """Sign the covenant or not, of one's own accord; be pressed for not signing a text that is imposed."""
        p = self.model.p
        chance = signs_chance(
            p.covenant_base,
            self.belief,
            p.covenant_by_norm,
            self.trust_committee,
            p.covenant_by_trust,
            p.covenant_imposed,
            p.covenant_by_imposed,
        )
        signs = self.model.draw("SIGNS", self.home.id, self.id) < chance
        self.covenant = 1 if signs else 0
        if not signs and p.covenant_imposed > 0.0:
            self.pressure = pressed(self.pressure, p.covenant_imposed)
            self.presser = COMMITTEE

    def answer_ballot(self, question: int, organised: float) -> bool | None:
        """Return the vote on a question, None where the ballot does not arrive or does not come back.

        organised : how well ballots are carried from door to door.
        """
        p, owners = self.model.p, self.home.owners
        _, u_reached, u_returned, u_choice = self.model.draws("BALLOT_REACHED", self.home.id, self.id, question)
        absent = self.tenure != OWNER_OCCUPIED
        if u_reached >= reached_chance(p.owners_reached, organised, absent, p.owners_absent_loss):
            return None
        proxy = proxy_competence(self.trust_provider, self.home.branch.attention, self.trust_branch)
        answers = returned_chance(
            p.owners_turnout_base, owners.estate_effect, self.voice, owners.efficacy, proxy, p.owners_crowding
        )
        if u_returned >= signed_chance(answers, owners.canvass(question), p.renovation_signs):
            return None
        return says_yes(self.expected_gain(question), u_choice)

    def expected_gain(self, question: int) -> float:
        """Return what this owner expects to gain if the vote passes."""
        p, owners = self.model.p, self.home.owners
        if question == FORM:
            return gain_from_committee(self.quality_gap(), self.grievance, owners.efficacy)
        if question == RENEW:
            return gain_from_renewal(owners.effort, owners.capture)
        if question == DISMISS:
            return gain_from_change(self.quality_gap(), p.owners_change_cost)
        if question == LET:
            return gain_from_letting(self.trust_owners, owners.capture)
        if question == RENOVATE:
            visible, invisible, own = self.home.coming_visible, self.home.coming_invisible, self.home.asked
            return gain_from_works(
                visible, invisible, p.renovation_worth, own, self.income, p.renovation_strain
            )
        if question == FUND:
            stock, rate = self.home.mean_stock(), p.funding_fund_rate
            return gain_from_fund(stock, self.trust_owners, owners.capture, rate, self.area, self.income)
        if question == USE:
            return gain_from_use(self.home.mean_stock(), self.trust_owners, owners.capture)
        return gain_from_rise(self.quality_gap(), owners.rise_asked(), p.household_reference_price)
