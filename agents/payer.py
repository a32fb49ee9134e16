# mypy: disable-error-code="has-type"
"""The household as one who pays: it looks at its neighbours, weighs a bill, decides, and carries what it owes."""

from operator import attrgetter
from typing import TYPE_CHECKING, NamedTuple

from agents.calling import call_rules_directly
from agents.rules.arrears import (
    CONDEMNED,
    MEMORY_MONTHS,
    MIDDLE_MONTHS,
    NOT_SUED,
    YOUNG_MONTHS,
    add_debt,
    age_debts,
    bill_of,
    debt_class,
    oldest_debt,
    over_period,
    owes,
    pay_debt,
)
from agents.rules.household import (
    PAYOFF,
    compare_payoffs,
    payoff_belief,
    quality_gap,
    talked_about,
    update_belief,
)
from agents.rules.household import HouseholdReal as H
from agents.rules.household import HouseholdWhole as N
from agents.rules.numeric import share, taste_threshold
from agents.rules.payment import (
    burden,
    decision_kind,
    decision_payoff,
    enforcement_term,
    pays,
    plain_utility,
    reactance_term,
    readiness,
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
    H.INCOME, H.BAILOUT, H.GRIEVANCE, H.VOICE, H.SUASION, H.WEAR, H.ENFORCEMENT, H.PRESSURE,
)  # fmt: skip


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

    def bill_issued(self, age: int) -> int:
        """Return this household's bill of `age` months ago, in fen."""
        return bill_of(self.area, *self.home.bills_of(self.model.month - age))

    def be_condemned(self) -> None:
        """Lose a suit for arrears: the debts will have to be paid."""
        self.sued = CONDEMNED

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
