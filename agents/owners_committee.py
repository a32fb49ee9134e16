# mypy: disable-error-code="has-type"
"""The owners' side as an agent: the owners' assembly (业主大会), which votes, and its committee (业委会).

An appointed property-management committee (物管会) takes the committee's seats where the sub-district says so.
"""

from typing import TYPE_CHECKING, Any

from agents.calling import call_rules_directly
from agents.rules.contact import hours_for
from agents.rules.funding import (
    accountant_dose,
    accounts_seen,
    contribution,
    costed_fee,
    fund_voted,
    kept_safe,
    opens_accounts,
    prevented_leak,
    use_voted,
    used_from_fund,
    well_spent,
    worth_using,
)
from agents.rules.money import Item, Sector
from agents.rules.numeric import fen, share, whole_number
from agents.rules.owners_committee import (
    APPOINTED,
    ELECTED,
    NONE,
    OwnersReal,
    OwnersWhole,
    able_effort,
    active_after,
    activist_hours,
    audit_by_committee,
    auditing_dose,
    contract_works,
    drawn_competence,
    expected_number,
    half_year_begins,
    initiators_needed,
    joins_activists,
    leak_with_committee,
    leak_with_officers,
    negotiated_rise,
    next_efficacy,
    next_effort,
    padded_leak,
    quits_activists,
    signing_hours,
    wanted_effort,
)
from agents.rules.provider import FIRM, NOBODY, raised_fee
from agents.rules.street_committee import audit_with_help
from agents.rules.voting import (
    DISMISS,
    FORM,
    FUND,
    LET,
    RAISE,
    RENEW,
    RENOVATE,
    USE,
    carried_ballot,
    dismissal_voted,
    law_in_force,
    letting_voted,
    matter_of,
    organised_ballot,
    rise_voted,
    vote_passes,
)
from agents.stakeholder import Stakeholder

if TYPE_CHECKING:
    from agents.estate import Estate


call_rules_directly(globals())


class OwnersCommittee(Stakeholder, real=("owners", OwnersReal), whole=("owners_n", OwnersWhole)):
    """The owners of one estate together, with or without a committee; `committee` says how it came about."""

    def __init__(self, model: Any, unit: int, estate: "Estate") -> None:
        """Stand for the owners of `estate`, unit `unit` of the state."""
        super().__init__(model, unit)
        self.estate = estate

    # --- what the committee does for the accounts -----------------------------------------------------------

    def contract_term(self, term: float) -> float:
        """Return a term of the contract as far as a committee lives that uses it."""
        strength: float = contract_works(self.committee, term)
        return strength

    def has_committee(self) -> bool:
        """Say whether a committee, elected or appointed, is in office."""
        return bool(self.committee != NONE)

    def has_cost_plus(self) -> bool:
        """Say whether unspent fees stay with the owners (酬金制)."""
        return self.contract_term(self.model.p.owners_cost_plus) > 0.0

    def ability(self) -> float:
        """Return how far the committee's effort finds something."""
        able: float = able_effort(self.effort, self.competence)
        return able

    def audit(self) -> float:
        """Return the chance that diverted money is noticed, with what committee, cadres and inspectors look into."""
        p, estate = self.model.p, self.estate
        own = audit_by_committee(p.provider_audit, self.ability(), self.capture, p.owners_audit_weight)
        full = hours_for(p.committee_audit_full_hours, estate.n_households)
        dose = auditing_dose(estate.committee.audit_hours, full, estate.branch.captured())
        own = audit_with_help(own, dose, p.committee_audit_finds)
        chance: float = audit_with_help(own, estate.provider.inspected, p.street_inspection_finds)
        return chance

    def tolerated_leak(self) -> float:
        """Return the share of spending that is diverted under the committee's eyes."""
        p = self.model.p
        leak: float = leak_with_committee(
            padded_leak(p.provider_leak, p.owners_padding, self.has_cost_plus()),
            self.audit(),
            self.capture,
            self.effort,
            self.contract_term(p.owners_two_keys),
            p.owners_captured_leak,
        )
        if self.estate.provider.kind == FIRM:
            leak = leak_with_officers(leak, self.estate.branch.captured(), p.owners_captured_leak)
        return kept_safe(leak, self.estate.provider.prevented)

    def keep_accounts(self) -> None:
        """Settle who sees the accounts this month and what custody of the money prevents; take contributions in."""
        p, estate, provider = self.model.p, self.estate, self.estate.provider
        self.accounts = 1 if opens_accounts(self.effort, self.competence, p.owners_opens_at) else 0
        dose = accountant_dose(p.funding_accountant, p.funding_accountant_hours)
        provider.prevented = prevented_leak(p.funding_account, p.funding_signature, dose)
        provider.open_books = accounts_seen(
            p.provider_open_books, self.accounts, p.owners_accounts, p.funding_open_accounts, dose
        )
        if p.funding_fund_rate == 0.0:
            provider.contribution = 0
        if provider.kind != NOBODY:
            estate.post(Item.FUND_PAID_IN, contribution(provider.contribution, estate.area, provider.published))

    # --- govern: the life of a committee --------------------------------------------------------------------

    def assemble(self) -> None:
        """Activists come and go; a committee forms, works, tires, ends, and asks the owners about the firm."""
        p = self.model.p
        if half_year_begins(self.model.month):
            self.count_activists()
        if self.committee == NONE:
            self.seek_committee()
            return
        if p.owners_allowed == 0 and p.owners_appointed == 0:
            self.end()
            return
        self.work()
        if self.stays_in_office():
            self.ask_about_letting()
            self.ask_about_firm()

    def count_activists(self) -> None:
        """Live through half a year of joining, quitting and working against."""
        p, estate, branch = self.model.p, self.estate, self.estate.branch
        against = 0
        for household in estate.households:
            if household.opposes_organising():
                against += 1
        self.opponents = against
        active = self.activists
        join = joins_activists(
            p.owners_join,
            self.efficacy,
            p.owners_join_efficacy,
            p.owners_recruited,
            branch.attention,
            p.owners_join_recruited,
        )
        quits = quits_activists(
            p.owners_quit,
            p.owners_protected,
            share(against, active + against),
            p.owners_quit_opponents,
            self.efficacy,
            p.owners_quit_efficacy,
        )
        u_join = self.model.draw("ACTIVISTS_JOIN", estate.id, 0)
        u_quit = self.model.draw("ACTIVISTS_QUIT", estate.id, 0)
        joined = whole_number(expected_number(estate.n_households - active, join), u_join)
        left = whole_number(expected_number(active, quits), u_quit)
        self.activists = active_after(active, joined, left)

    def seek_committee(self) -> None:
        """Without a committee: have one appointed, or elect one where initiators are found."""
        p = self.model.p
        if p.owners_appointed == 1:
            self.take_seats(APPOINTED)
        elif p.owners_allowed == 1 and half_year_begins(self.model.month):
            if self.activists >= initiators_needed(p.owners_initiators, p.owners_push) and self.holds_ballot(FORM):
                self.take_seats(ELECTED)

    def push_hours(self) -> float:
        """Return the cadres' hours that a push from above takes this month: while there is no committee."""
        p = self.model.p
        if self.committee != NONE or p.owners_allowed == 0:
            return 0.0
        hours: float = hours_for(p.owners_push * p.owners_push_hours, self.estate.n_households)
        return hours

    def activist_hours(self) -> float:
        """Return the cadres' hours of looking for activists and protecting them."""
        p = self.model.p
        full = hours_for(p.owners_activist_hours, self.estate.n_households)
        hours: float = activist_hours(p.owners_recruited, self.estate.branch.attention, p.owners_protected, full)
        return hours

    def signing_hours(self) -> float:
        """Return the unpaid hours that signing a firm's spending takes."""
        p = self.model.p
        hours: float = signing_hours(
            self.contract_term(p.owners_two_keys), hours_for(p.owners_sign_hours, self.estate.n_households)
        )
        return hours

    def take_seats(self, how: int) -> None:
        """Begin a term; how : elected or appointed."""
        p = self.model.p
        self.committee = how
        u = self.model.draw("COMPETENCE", self.estate.id, 0)
        self.competence = drawn_competence(p.owners_competence, p.owners_competence_spread, u)
        self.term = p.owners_term
        self.capture = p.owners_capture
        self.effort = p.owners_effort_start
        self.estate.tally.committees_formed += 1

    def work(self) -> None:
        """Work as hard as helpers, what owners believe in, a capable branch and capture make it."""
        p = self.model.p
        self.capture = p.owners_capture
        wanted = wanted_effort(
            p.owners_effort_base,
            self.efficacy,
            p.owners_effort_efficacy,
            self.activists,
            p.owners_initiators,
            p.owners_crowding,
            self.estate.branch.attention,
            p.owners_effort_proxy,
            self.capture,
            p.owners_effort_capture,
        )
        self.effort = next_effort(self.effort, wanted, p.owners_effort_speed)

    def stays_in_office(self) -> bool:
        """Say whether the committee goes on: at the end of its term owners vote, an appointed one is lifted."""
        p = self.model.p
        if self.committee == ELECTED:
            self.term -= 1
            if self.term > 0:
                return True
            self.committee = NONE
            if p.owners_allowed == 1 and self.holds_ballot(RENEW):
                self.take_seats(ELECTED)
            else:
                self.end()
            return False
        if p.owners_appointed == 0:
            self.end()
            return False
        return True

    def end(self) -> None:
        """End, and with it the work, those who captured it, and the letting it looked after."""
        self.committee = NONE
        self.letting = 0
        self.estate.provider.contribution = 0
        self.effort = 0.0
        self.competence = 0.0
        self.capture = 0.0

    def ask_about_letting(self) -> None:
        """Ask the owners once a year to let common parts that lie idle."""
        if self.model.p.owners_letting > 0.0 and self.letting == 0 and letting_voted(self.model.month):
            self.letting = 1 if self.holds_ballot(LET) else 0

    def ask_about_firm(self) -> None:
        """Ask the owners to dismiss a firm that falls short, or to grant a losing one a higher fee, once a year."""
        p, month, provider = self.model.p, self.model.month, self.estate.provider
        if provider.kind != FIRM or provider.since < p.owners_dismiss_from:
            return
        if dismissal_voted(month) and provider.delivered < p.provider_contract_level:
            self.dismissed = 1 if self.holds_ballot(DISMISS) else 0
        elif rise_voted(month) and provider.loss_months > 0 and p.firm_fee_rise > 0.0:
            fee = costed_fee(p.firm_fee, p.firm_fee_factor)
            level = raised_fee(provider.fee_level, self.rise_asked(), fee, p.firm_fee_ceiling)
            if level > provider.fee_level and self.holds_ballot(RAISE):
                provider.fee_level = level

    def rise_asked(self) -> float:
        """Return the rise of the fee put to the owners, after the committee has negotiated."""
        p = self.model.p
        rise: float = negotiated_rise(p.firm_fee_rise, self.ability(), p.owners_negotiation)
        return rise

    def ask_about_fund(self) -> None:
        """Ask the owners for contributions to a fund, and once a year whether to use it."""
        p, estate, month = self.model.p, self.estate, self.model.month
        if self.committee == NONE:
            return
        if p.funding_fund_rate > 0.0 and estate.provider.contribution == 0 and fund_voted(month):
            if self.holds_ballot(FUND):
                estate.provider.contribution = fen(p.funding_fund_rate)
        fund = estate.cash[Sector.OWNERS]
        if p.funding_fund_use == 1 and use_voted(month):
            if worth_using(fund, estate.n_households, p.funding_use_from) and self.holds_ballot(USE):
                money = used_from_fund(fund)
                estate.post(Item.FUND_WORKS, money)
                estate.works.improve(well_spent(money, self.competence, p.owners_bad_purchase))

    # --- the owners' assembly -------------------------------------------------------------------------------

    def holds_ballot(self, question: int) -> bool:
        """Put a question to all owners; return whether the vote binds."""
        p, estate = self.model.p, self.estate
        owners_voting = area_voting = owners_for = area_for = 0
        push = p.owners_push if self.committee == NONE else 0.0
        organised = organised_ballot(p.owners_organised, push, self.effort, p.owners_carried)
        organised = carried_ballot(organised, self.canvass(question))
        for household in estate.households:
            answer = household.answer_ballot(question, organised)
            if answer is None:
                continue
            owners_voting += 1
            area_voting += household.area
            if answer:
                owners_for += 1
                area_for += household.area
        law = law_in_force(self.model.month, p.time_start_year, p.time_start_month)
        passed: bool = vote_passes(
            law,
            matter_of(question, law),
            estate.n_households,
            estate.area,
            owners_voting,
            area_voting,
            owners_for,
            area_for,
        )
        self.count_vote(owners_voting, passed)
        return passed

    def canvass(self, question: int) -> float:
        """Return how far cadres carry this question from door to door: consent to works alone."""
        return float(self.model.p.renovation_canvass) if question == RENOVATE else 0.0

    def count_vote(self, owners_voting: int, passed: bool) -> None:
        """Remember a vote, and what it taught owners about what they can do together."""
        tally = self.estate.tally
        self.turnout = share(owners_voting, self.estate.n_households)
        self.efficacy = next_efficacy(self.efficacy, 1.0 if passed else 0.0, self.model.p.owners_efficacy_speed)
        self.votes += 1
        tally.votes += 1
        if passed:
            self.passed += 1
            tally.votes_passed += 1
