# mypy: disable-error-code="has-type"
"""The household as one who pays: it looks at its neighbours, weighs a bill, decides, and carries what it owes."""

from operator import attrgetter
from typing import TYPE_CHECKING, NamedTuple

from agents.calling import call_rules_directly
from agents.rules.arrears import (
    AGREED,
    CONDEMNED,
    MEMORY_MONTHS,
    MIDDLE_MONTHS,
    NO_DEBT,
    NOT_SUED,
    YOUNG_MONTHS,
    add_debt,
    age_debts,
    bill_of,
    bills_agreed,
    claimable,
    debt_class,
    oldest_debt,
    over_period,
    owes,
    pay_debt,
)
from agents.rules.household import (
    OVERLOOKED,
    PAYOFF,
    compare_payoffs,
    notified,
    owner_hears,
    payoff_belief,
    quality_gap,
    reached_by,
    talked_about,
    update_belief,
    weight_of_seen,
)
from agents.rules.household import HouseholdReal as H
from agents.rules.household import HouseholdWhole as N
from agents.rules.numeric import share
from agents.rules.payment import (
    aged_threshold,
    all_reasons,
    attends,
    bill_threshold,
    burden,
    burden_felt,
    decision_kind,
    decision_payoff,
    enforcement_term,
    irritation_term,
    is_forgotten,
    lowest_in_a_month,
    own_luck,
    pays,
    pays_debt,
    plain_utility,
    reactance_term,
    readiness,
    recalls,
    social_term,
    suasion_term,
    trust_in_presser,
)
from agents.stakeholder import Stakeholder
from agents.view import gather

if TYPE_CHECKING:
    from agents.estate import Estate
    from agents.household import Household


call_rules_directly(globals())

_paid = attrgetter("paid")
_person = gather(N.PAYER_TYPE, N.COVENANT, N.TENURE, N.PRESSER)
_motives = gather(
    H.INTERCEPT, H.QUALITY, H.REFERENCE, H.TRUST_PROVIDER, H.TRUST_COMMITTEE, H.TRUST_BRANCH, H.BELIEF, H.HABIT,
    H.INCOME, H.BAILOUT, H.GRIEVANCE, H.VOICE, H.SUASION, H.WEAR, H.ENFORCEMENT, H.PRESSURE, H.IRRITATION,
)  # fmt: skip


class Reasons(NamedTuple):
    """What speaks for and against paying a bill, in logits; `gap` and `percent` are what they came from."""

    plain: float
    suasion: float
    enforcement: float
    reactance: float
    """Against pressure, and from having been asked again and again."""
    gap: float
    """Quality seen minus quality expected, as the owner knows it."""
    percent: float
    """Bill per month in percent of monthly income."""


class Payer(Stakeholder):
    """A household and its bills."""

    home: "Estate"
    neighbours: "tuple[Household, ...]"

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
        self.forgotten = age_debts(self.forgotten)
        self.lowest = lowest_in_a_month(self.lowest, self.model.p.household_b_age)

    def bill_issued(self, age: int) -> int:
        """Return this household's bill of `age` months ago, in fen."""
        return bill_of(self.area, *self.home.bills_of(self.model.month - age))

    def be_let_off(self) -> None:
        """See the firm withdraw its suit."""
        self.sued = NOT_SUED

    def come_to_terms(self) -> None:
        """Agree before the court to pay a part of the debts."""
        self.sued = AGREED

    def be_condemned(self) -> None:
        """Lose a suit for arrears: the debts will have to be paid."""
        self.sued = CONDEMNED

    def settle_bills(self, rate: int, flat: int, due: bool, at_once: bool) -> None:
        """Look at all unpaid bills, and at this month's if one is due; or forget about them this month.

        rate, flat : of a bill, fen per m2 and fen; at_once : others see the decision before they take theirs.
        """
        if self.sued in (CONDEMNED, AGREED):
            self.pay_as_told()
        attending = self.attends()
        if due:
            self.look_at_neighbours()
        elif not attending or self.unpaid == 0:
            return
        bill = bill_of(self.area, rate, flat)
        reasons = self.weigh(bill)
        if attending:
            self.look_at_debts(reasons)
        if due:
            self.answer_bill(bill, reasons, attending)
            if at_once:
                self.show_decision()

    def attends(self) -> bool:
        """Say whether this household looks at its bills this month; whoever is reached recalls what it forgot."""
        p = self.model.p
        if p.household_inattention <= 0.0:
            return True
        reached = reached_by(self.contact, self.tenure, p.household_passed_on)
        u = self.model.draw("ATTENDS_TO_BILLS", self.home.id, self.id)
        if self.forgotten != 0 and recalls(u, reached):
            self.forgotten = 0
            self.lowest = -NO_DEBT
        attending: bool = attends(u, p.household_inattention, reached)
        return attending

    def pay_as_told(self) -> None:
        """Pay the debts that the present provider can claim, oldest first: all as judged, or a part as agreed."""
        p, since = self.model.p, self.home.provider.since
        part = 1.0 if self.sued == CONDEMNED else p.case_suit_paid
        n_bills = bills_agreed(claimable(self.unpaid, since), part)
        for _ in range(n_bills):
            self.pay_old_bill(oldest_debt(self.unpaid, since))
        if self.sued == CONDEMNED:
            self.enforcement = 1.0
        else:
            self.enforcement = notified(self.enforcement, 1.0, p.contact_notice)
        self.sued = NOT_SUED

    def pay_old_bill(self, age: int) -> None:
        """Pay the bill of `age` months ago."""
        amount = self.bill_issued(age)
        self.unpaid = pay_debt(self.unpaid, age)
        self.ever_paid = 1
        self.home.settle_debt(debt_class(age), amount)

    def look_at_neighbours(self) -> None:
        """Revise what others are believed to do, from what neighbours did with their last bill."""
        p, speed, neighbours = self.model.p, self.model.belief_speed, self.neighbours
        n_paid = sum(map(_paid, neighbours))
        seen = p.household_visibility * weight_of_seen(len(neighbours), p.household_ties_count, p.household_ties_usual)
        if p.structure_learning == PAYOFF:
            sum_paid = sum_unpaid = 0.0
            for other in neighbours:
                sum_paid, sum_unpaid = compare_payoffs(sum_paid, sum_unpaid, other.paid, other.payoff)
            n_unpaid = len(neighbours) - n_paid
            self.belief = payoff_belief(self.belief, sum_paid, n_paid, sum_unpaid, n_unpaid, seen, speed)
        else:
            self.belief = update_belief(
                self.belief,
                talked_about(share(n_paid, len(neighbours)), p.household_talk_bias),
                len(neighbours) > 0,
                self.home.provider.published,
                self.home.provider.open_books,
                p.household_own_eyes,
                seen,
                speed,
            )

    def weigh(self, bill: int) -> Reasons:
        """Return the reasons for and against paying a bill (fen)."""
        p = self.model.p
        payer_type, covenant, tenure, presser = _person(self._whole)
        (
            intercept, perceived, reference, trust, trust_committee, trust_branch, belief, habit, income,
            bailout, grievance, voice, suasion, wear, enforcement, pressure, irritation,
        ) = _motives(self._real)  # fmt: skip
        gap = quality_gap(tenure, perceived, reference, self.home.provider.open_books)
        percent = burden(bill + self.due_to_fund(), p.structure_billing_period, income)
        percent = burden_felt(percent, p.structure_price_channel)
        plain = plain_utility(
            readiness(p.household_intercept, intercept),
            gap,
            trust,
            social_term(payer_type, belief, p.household_self_serving, p.household_b_social),
            habit,
            covenant,
            percent,
            bailout,
            owner_hears(tenure, grievance, p.household_passed_on),
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
            )
            + irritation_term(irritation, p.household_irritation),
            gap,
            percent,
        )

    def due_to_fund(self) -> int:
        """Return what goes to the maintenance fund with a bill, in fen."""
        rate = over_period(self.home.provider.contribution, self.model.p.structure_billing_period)
        amount: int = self.area * rate
        return amount

    def threshold(self, u: float) -> float:
        """Return the reasons above which this household pays a bill; u : the draw of that bill, its luck for good."""
        p = self.model.p
        own = own_luck(p.household_taste_persistence)
        return bill_threshold(u, self.disposition, own, p.structure_choice)

    def decide_payment(self, threshold: float, reasons: Reasons) -> int:
        """Return the kind of decision on a bill with this threshold."""
        return decision_kind(threshold, reasons.plain, reasons.suasion, reasons.enforcement, reasons.reactance)

    def look_at_debts(self, reasons: Reasons) -> None:
        """Pay every unpaid bill that the reasons now suffice for, of those the present provider can claim."""
        total = all_reasons(reasons.plain, reasons.suasion, reasons.enforcement, reasons.reactance)
        if self.unpaid == 0 or not pays_debt(total, self.lowest):
            return
        b_age, lowest = self.model.p.household_b_age, NO_DEBT
        for age in range(oldest_debt(self.unpaid, self.home.provider.since), 0, -1):
            if not owes(self.unpaid, age) or owes(self.forgotten, age):
                continue
            u = self.model.draw_of_bill(self.home.id, self.id, age)
            threshold = aged_threshold(self.threshold(u), b_age, age)
            if pays_debt(total, threshold):
                self.pay_old_bill(age)
            else:
                lowest = min(lowest, threshold)
        self.lowest = lowest

    def answer_bill(self, bill: int, reasons: Reasons, attending: bool) -> None:
        """Decide on the bill that is due (fen), or forget about it; remember how one fared with it."""
        p, threshold = self.model.p, self.threshold(self.chance_pay)
        kind = self.decide_payment(threshold, reasons) if attending else OVERLOOKED
        paid = pays(kind)
        self.kind = kind
        if attending:
            self.decided = paid
            self.payoff_decided = decision_payoff(
                paid, reasons.gap, reasons.percent, reasons.enforcement, p.household_b_quality, p.household_b_burden
            )
        self.home.tally.bill_answered(bill, kind, paid)
        if paid == 1:
            self.ever_paid = 1
        else:
            self.owe(bill, threshold, attending)

    def owe(self, bill: int, threshold: float, attending: bool) -> None:
        """Owe this month's bill (fen), to be looked at again, unless it is forgotten until somebody recalls it."""
        self.unpaid = add_debt(self.unpaid)
        self.home.debt_young += bill
        share_lost = self.model.p.household_forgotten
        if not attending and share_lost > 0.0:
            if is_forgotten(self.model.draw("FORGETS", self.home.id, self.id), share_lost):
                self.forgotten = add_debt(self.forgotten)
        self.lowest = min(self.lowest, threshold)

    def show_decision(self) -> None:
        """Let neighbours see this month's decision, and how it fared."""
        self.paid = self.decided
        self.payoff = self.payoff_decided
