"""One month of every rule of conflict and of those who settle it, worked out by hand."""

from typing import Any

from agents.rules import (
    arrears,
    case,
    estate,
    household,
    joint_branch,
    numeric,
    owners_committee,
    party_branch,
    provider,
    reporting,
    residents_committee,
    voting,
)
from agents.rules import social_organization as social
from agents.rules import street_committee as street

LN3 = 1.0986122886681098
CHANCES = (0.1, 0.1, 0.05, 0.05, 0.05, 0.05, 0.05, 0.05, 0.1)  # together 0.6

CONFLICT: list[tuple[Any, tuple[Any, ...], Any]] = [
    # --- what is reported: of 10,000 yuan due 6,000 are paid; 1,500 of the unpaid could go, 800 are subsidy ----
    (reporting.can_be_left_out, (household.VACANT, 0b1000, 8), True),
    (reporting.can_be_left_out, (household.OWNER_OCCUPIED, 0b1000, 8), False),  # three months old only
    (reporting.can_be_left_out, (household.LET, 0b1000001000, 8), True),  # and one of nine months
    (reporting.reported_due, (1_000_000, 150_001, 0.5), 925_000),  # half of them, 75,000.5 fen, rounded down
    (reporting.reported_due, (1_000_000, 150_000, 0.0), 1_000_000),
    (reporting.reported_paid, (600_000, 80_000, 0.25), 620_000),
    (reporting.reported_paid, (600_000, 80_000, 0.0), 600_000),
    (case.months_spared, (0,), 11),
    (case.months_spared, (3,), 8),  # settled in its fourth month
    (case.months_spared, (11,), 0),
    (case.months_spared, (30,), 0),
    # --- what happens ----------------------------------------------------------------------------------------
    (case.chance_by_level, (0.04, 0.25), 0.03),
    (case.chance_by_level, (0.04, 1.3), 0.0),
    (case.chance_while, (0.01, True), 0.01),
    (case.chance_while, (0.01, False), 0.0),
    (case.chance_of_debtor, (0.01, 0.4, 0b100), 0.006),
    (case.chance_of_debtor, (0.01, 0.4, 0), 0.0),
    (case.fault_hazards_sum, CHANCES, 0.6),
    (case.fault_hazards_sum, (0.5, 0.6, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0), 1.0),
    (case.fault_kind, (0.1, *CHANCES), case.SERVICE),  # 0.06 lies in the first tenth
    (case.fault_kind, (0.2, *CHANCES), case.FACILITY),  # 0.12
    (case.fault_kind, (0.4, *CHANCES), case.COMMON),  # 0.24
    (case.fault_kind, (0.45, *CHANCES), case.STRUCTURE),  # 0.27
    (case.fault_kind, (0.55, *CHANCES), case.NEIGHBOUR),  # 0.33
    (case.fault_kind, (0.62, *CHANCES), case.ACCOUNT),  # 0.372
    (case.fault_kind, (0.7, *CHANCES), case.HANDOVER),  # 0.42
    (case.fault_kind, (0.8, *CHANCES), case.RENOVATION),  # 0.48
    (case.fault_kind, (0.9, *CHANCES), case.LEGACY),  # 0.54
    (case.severity, (0.25, 0.6), 0.7),  # 1 - 0.3
    (case.money_needed, (1.0, 800.0, 1.5, 0.9, case.FACILITY, 0.3), 1200.0),
    (case.money_needed, (3.75, 800.0, 1.0, 0.2, case.LEGACY, 0.3), 3000.0),
    (case.money_needed, (3.75, 800.0, 1.0, 0.3, case.LEGACY, 0.3), 1e9),
    (case.payable, (1200.0,), True),
    (case.payable, (1e9,), False),
    (case.speaks_up_chance, (LN3 - 0.4, 0.75, 0.4, 1.25, 0.8), 0.75),  # ln 3 - 0.4 + 0.2 + 0.2
    (household.aggrieved, (0.5, 0.5, 0.8, 3.0), 0.9),
    (household.aggrieved, (2.9, 0.5, 0.8, 3.0), 3.0),
    (household.relieved, (0.5, 0.5, 0.8), 0.1),
    (household.relieved, (0.3, 0.5, 0.8), 0.0),
    (household.is_aggrieved, (0.81, 0.8), True),
    (household.is_aggrieved, (0.8, 0.8), False),
    (arrears.with_old_debt, (1 << 9, 8), True),
    (arrears.with_old_debt, (1 << 8, 8), False),
    # --- what desks do ---------------------------------------------------------------------------------------
    (case.settle_chance, (LN3 + 0.3, 0.75, 1.2, 0.7, 1.5, 0.3, 1.0, 1), 0.75),  # + 0.3 - 0.3 - 0.3
    (case.settle_chance, (LN3, 0.75, 1.2, 0.7, 1.5, 0.3, 1.0, 0), 0.75),  # the firm is no party
    (case.settle_chance, (-LN3, 0.5, 1.2, 0.5, 1.5, 0.0, 1.0, 1), 0.25),
    (case.pace_with_power, (1.1, 0.5, 0.5, 0.2), 1.25),
    (case.hours_open_to, (8.0, 0.25), 6.0),
    (case.court_end, (0.53, case.SUIT, 0.54, 0.2), case.RESOLVED),
    (case.court_end, (0.73, case.SUIT, 0.54, 0.2), case.WITHDRAWN),
    (case.court_end, (0.73, case.SERVICE, 0.54, 0.2), case.JUDGED),  # a household's own case is not withdrawn there
    (case.court_end, (0.75, case.SUIT, 0.54, 0.2), case.JUDGED),
    (case.success_share, (6, 10, 0.3, 5.0), 0.5),  # 7.5 of 15
    (case.success_share, (0, 0, 0.3, 5.0), 0.3),
    (case.paper_chance, (0.05, 0.5, 0.3, 0.25), 0.15),  # 0.2 * 0.75
    (case.patience_ends, (4.0,), 0.25),
    (case.patience_ends, (0.5,), 1.0),
    (case.escalates_chance, (-LN3 + 0.2, 0.25, 0.6, 1.2, 0.5), 0.25),  # - 0.3 + 0.1
    (case.months_on_the_way, (14.0,), 0),
    (case.months_on_the_way, (15.0,), 1),
    (case.months_on_the_way, (50.0,), 2),  # 1.67
    (case.joins_petition, (0.25, 0.25), True),
    (case.joins_petition, (0.2, 0.25), False),
    (case.learned_voice, (0.4, 1.0, 0.15), 0.49),
    (case.seen_speed, (0.15, 0.3), 0.045),
    (case.staff_drain, (10, 200, 1.2, 0.3), 0.06),
    (case.staff_drain, (100, 200, 1.0, 0.3), 0.3),
    (case.trust_after_case, (0.5, 0.0, 0.08), 0.46),
    (case.desk_hours, (6.0, 50, 0.5), 1.5),
    (case.joint_skill, (3.0, 0.4, 1.0, 0.8), 0.5),  # (1.2 + 0.8) / 4
    (case.joint_skill, (0.0, 0.4, 0.0, 0.8), 0.4),
    (case.urgent, (1.0,), True),
    (case.urgent, (0.99,), False),
    (case.faded, (1000000, 0.1), 900000),
    (case.attempt_hours, (7.0, 0.5), 7.5),
    (case.case_number, (-24, case.SUIT), 2001),  # 2 * 1000 + 1
    (case.case_number, (0, case.SERVICE), 2048),
    (case.place_in_queue, (0.5, 3, case.SERVICE), (2**31 << 30) + 6),
    (case.place_in_queue, (0.25, 3, case.SUIT), (2**30 << 30) + 7),
    (case.hours_of_desks, (1.0, 2.0, 3.0, 4.0, 5.0, 6.0), 21.0),
    (case.hours_enough, (21.0, 14.0, 7.0), True),
    (case.hours_enough, (20.9, 14.0, 7.0), False),
    (estate.budget_for, (0.5, 200), 10000),
    (estate.next_budget, (5000, 10000, 10000), 15000),  # 100 yuan more
    (estate.next_budget, (119000, 12000, 10000), 120000),  # never above a usual year's
    # --- those above, the joint desk, the key person ----------------------------------------------------------
    (street.is_inspected, (12,), True),
    (street.is_inspected, (-6,), True),
    (street.is_inspected, (13,), False),
    (street.evaluation_score, (0.8, 0.4, 0.75), 0.7),  # 0.6 + 0.1
    (street.mean_score, (1_500_000, 3), 0.5),
    (street.claim_on_budget, (200, 0.4, 0.0), 200.0),
    (street.claim_on_budget, (200, 0.4, 0.5), 140.0),  # 200 * (0.5 + 0.2)
    (street.part_up_to, (1000, 1.0, 3.0), 333),
    (street.part_up_to, (1000, 3.0, 3.0), 1000),
    (street.part_up_to, (1000, 0.0, 0.0), 0),
    (street.part_of, (1000, 1, 1, 3), 333),  # 666 - 333
    (street.part_of, (1000, 2, 1, 3), 334),  # 1000 - 666
    (street.inspection_dose, (20.0, 10, 4.0), 0.5),  # 2 hours of 4 for each
    (street.inspection_dose, (20.0, 1, 4.0), 1.0),
    (street.hours_from_above, (8.0, 20.0, 10), 10.0),
    (street.next_inspected, (0.3, 0.5, 6, 0.8), 0.5),
    (street.next_inspected, (0.5, 0.9, 7, 0.8), 0.4),
    (street.audit_with_help, (0.2, 0.5, 0.5), 0.4),  # 0.2 + 0.8 * 0.25
    (street.audit_with_help, (0.2, 2.0, 1.0), 1.0),  # never more than surely
    (street.seen_from_above, (0.3, 0.6), 0.6),
    (party_branch.thinned, (0.6, 10, 10.0, 0.5), 0.6),  # as many as can be led
    (party_branch.thinned, (0.6, 40, 10.0, 0.5), 0.3),  # four times as many: half each
    (party_branch.floor_with_instructor, (0.4, 4.0, 8.0), 0.7),  # half of what is missing
    (party_branch.floor_with_instructor, (0.4, 16.0, 8.0), 1.0),
    (party_branch.next_key, (0.9, 0.01, 0.1, 0.005), 0.0),
    (party_branch.next_key, (0.5, 0.01, 0.1, 0.5), 0.55),
    (party_branch.led_by, (0.8, 0.5, 0.5), 0.6),  # 0.8 * 0.75
    (party_branch.hours_given, (10.0, 1.0, 0.7), 7.0),
    (party_branch.hours_given, (10.0, 0.5, 0.6), 8.0),  # half of them by attention: 5 + 3
    (party_branch.hours_given, (10.0, 0.0, 0.0), 10.0),
    (party_branch.captured_officers, (0.5, 0.4), 0.2),
    (party_branch.favour_of, (household.EMBEDDED, 0.4, 0.5), 0.2),
    (party_branch.favour_of, (household.NO_MEMBER, 0.4, 0.5), 0.0),
    (party_branch.kept_from, (household.NO_MEMBER, 0.4, 0.5), 0.2),
    (party_branch.kept_from, (household.EMBEDDED, 0.4, 0.5), 0.0),
    (joint_branch.hours_of_joint_branch, (16.0, 0.25), 12.0),
    (joint_branch.load_of_member, (8.0, 4.0), 2.0),
    # --- hours, purse and price ------------------------------------------------------------------------------
    (residents_committee.free_hours, (160.0, 0.7, 0.05), 40.0),
    (residents_committee.free_hours, (160.0, 0.9, 0.2), 0.0),
    (residents_committee.mediation_hours, (40.0, 12.0, 8.0), 20.0),
    (residents_committee.crowded_out, (10.0, 12.0, 8.0), 10.0),
    (residents_committee.crowded_out, (40.0, 12.0, 8.0), 0.0),
    (residents_committee.usual_trust, (0.5, 0.8, 40.0, 160.0), 0.4),  # a quarter of its hours: 0.5 * (1 - 0.2)
    (residents_committee.usual_trust, (0.5, 0.8, 0.0, 0.0), 0.5),
    (provider.fee_now, (0.5, 1.1), 55),
    (provider.price_level, (1.05, 0.2), 1.26),
    (provider.floor_of_spending, (0.58, 0.85), 0.85),
    (owners_committee.committee_hours, (1, 0.5, 8.0), 4.0),
    (owners_committee.committee_hours, (0, 0.5, 8.0), 0.0),
    (owners_committee.carrying_hours, (2, 0.5, 20.0), 20.0),
    (provider.drained_input, (0.8, 0.1, 0.5, 0.02), 0.7128),
    (provider.may_sue, (provider.FIRM, 0), True),
    (provider.may_sue, (provider.COMMUNITY, 0), False),
    (provider.may_sue, (provider.COMMUNITY, 1), True),
    (provider.may_sue, (provider.NOBODY, 1), False),
    (provider.newly_handed_over, (5, 1), True),
    (provider.newly_handed_over, (6, 1), False),
    (provider.newly_handed_over, (2, 0), False),
    (provider.deficit_covered, (-5000, 1), 5000),
    (provider.deficit_covered, (-5000, 0), 0),
    (provider.spending_level, (0.3, 0.4), 0.75),
    (provider.raised_fee, (1.0, 0.1, 0.5, 1.0), 1.1),
    (provider.raised_fee, (2.0, 0.1, 0.5, 1.0), 2.0),  # 1.1 yuan would lie above the ceiling
    (provider.purse_limit, (0.4, 0.15, 6.0, 1000), 36000),
    (provider.set_aside, (1000, 20000, 0.15, 36000), 3000),
    (provider.set_aside, (35000, 20000, 0.15, 36000), 1000),
    # --- owners ----------------------------------------------------------------------------------------------
    (numeric.whole_number, (2.3, 0.6), 2),
    (numeric.whole_number, (2.3, 0.8), 3),
    (owners_committee.joins_activists, (0.01, 0.5, 2.0, 0.5, 0.5, 6.0), 0.05),  # 0.01 * 2 * 2.5
    (owners_committee.quits_activists, (0.1, 0.5, 0.2, 3.0, 0.5, 0.5), 0.06),  # 0.1 * 0.5 * 1.6 * 0.75
    (owners_committee.initiators_needed, (5.0, 0.6), 2.0),
    (owners_committee.half_year_begins, (12,), True),
    (owners_committee.half_year_begins, (13,), False),
    (owners_committee.expected_number, (200, 0.05), 10.0),
    (owners_committee.active_after, (5, 2, 9), 2),
    (owners_committee.works_against, (True, 0.3, 0.35, 0.04, 0.03), True),
    (owners_committee.works_against, (True, 0.3, 0.35, 0.04, 0.05), False),
    (owners_committee.works_against, (True, 0.3, 0.3, 0.04, 0.03), False),
    (owners_committee.works_against, (False, 0.3, 0.35, 0.04, 0.03), False),
    # - 0.76 + 2.4 * 0.4 - 1.5 * 0.2 = - 0.1, and as many helpers as it takes: 1 / (1 + exp(0.1))
    (
        owners_committee.wanted_effort,
        (-0.76, 0.4, 2.4, 5, 5.0, 0.5, 0.0, 3.6, 0.2, 1.5),
        0.4750208125210601,
    ),
    (owners_committee.next_effort, (0.3, 0.8, 0.2), 0.4),
    (owners_committee.auditing_dose, (3.0, 4.0, 0.2), 0.6),
    (owners_committee.auditing_dose, (9.0, 4.0, 0.2), 0.8),
    (owners_committee.leak_with_officers, (0.1, 0.25, 0.2), 0.15),
    (owners_committee.margin_with_officers, (0.07, 0.25, 0.08), 0.09),
    (owners_committee.padded_cost, (800.0, 0.25, 0.4), 880.0),
    (owners_committee.waves_rise_through, (0.09, 0.25, 0.4), True),
    (owners_committee.waves_rise_through, (0.1, 0.25, 0.4), False),
    (owners_committee.next_efficacy, (0.3, 1.0, 0.2), 0.44),
    (owners_committee.audit_by_committee, (0.1, 0.6, 0.5, 0.5), 0.25),
    (owners_committee.padded_leak, (0.1, 0.3, True), 0.13),
    (owners_committee.padded_leak, (0.1, 0.3, False), 0.1),
    (owners_committee.contract_works, (owners_committee.NONE, 0.5), 0.0),
    (owners_committee.contract_works, (owners_committee.ELECTED, 0.5), 0.5),
    # --- votes -----------------------------------------------------------------------------------------------
    (voting.law_in_force, (23, 2019, 1), voting.PROPERTY_LAW),  # December 2020
    (voting.law_in_force, (24, 2019, 1), voting.CIVIL_CODE),  # January 2021
    (voting.dismissal_voted, (17,), True),
    (voting.dismissal_voted, (18,), False),
    (voting.rise_voted, (23,), True),
    (voting.rise_voted, (22,), False),
    (voting.more_than, (3, 6, 1, 2), False),
    (voting.more_than, (4, 6, 1, 2), True),
    (voting.at_least, (4, 6, 2, 3), True),
    (voting.at_least, (0, 0, 2, 3), False),
    (voting.vote_passes, (voting.CIVIL_CODE, voting.ORDINARY, 6, 60, 4, 40, 3, 30), True),
    (voting.vote_passes, (voting.CIVIL_CODE, voting.SPECIAL, 6, 60, 4, 40, 3, 29), False),  # 29 of 40 m2
    (voting.vote_passes, (voting.PROPERTY_LAW, voting.ORDINARY, 6, 60, 4, 40, 3, 40), False),  # 3 of all 6 owners
    (voting.letting_voted, (26,), True),
    (voting.letting_voted, (27,), False),
    (voting.matter_of, (voting.LET, voting.CIVIL_CODE), voting.SPECIAL),
    (voting.matter_of, (voting.LET, voting.PROPERTY_LAW), voting.ORDINARY),
    (voting.matter_of, (voting.FORM, voting.CIVIL_CODE), voting.ORDINARY),
    (voting.gain_from_letting, (0.5, 0.25, 0.4, 0.1), 0.05),  # 0.4 * 0.5 * 0.75 - 0.1
    (voting.organised_ballot, (0.4, 0.0, 0.6, 0.5), 0.7),
    (voting.organised_ballot, (0.4, 0.6, 0.2, 0.5), 0.7),  # the push carries more than the helpers
    (voting.organised_ballot, (0.9, 0.0, 0.6, 0.5), 1.0),
    (voting.reached_chance, (0.8, 0.5, False, 0.3), 0.9),
    (voting.reached_chance, (0.8, 0.5, True, 0.3), 0.63),
    (voting.returned_chance, (LN3, 0.2, 0.4, 0.6, 0.5, 0.4), 0.75),  # 0.2 - 0.2 + 0.2 - 0.2
    (voting.proxy_competence, (0.4, 0.5, 0.9), 0.45),
    (voting.gain_from_committee, (0.1, 0.5, 0.4, -0.04, 0.1, 0.3), 0.03),  # - 0.04 - 0.1 + 0.05 + 0.12
    (voting.gain_from_renewal, (0.8, 0.5, 0.3, 0.2), 0.06),  # 0.3 * 0.2
    (voting.gain_from_change, (-0.3, 0.1), 0.2),
    (voting.gain_from_rise, (0.1, 0.1, 0.2), 0.08),
    (voting.says_yes, (0.1 * LN3, 0.1, 0.74), True),
    (voting.says_yes, (0.1 * LN3, 0.1, 0.76), False),
    # --- social organisations --------------------------------------------------------------------------------
    (social.contracted_hours, (5.0, 2.0, 3.0), 10.0),
    (social.next_capacity, (0.4, 10.0, 0.15), 0.49),
    (social.next_capacity, (0.4, 0.0, 0.15), 0.34),
    (social.effective_hours, (10.0, 0.4), 4.0),
    (social.dose_of_hours, (5.0, 10.0, 0.4), 0.2),
    (social.dose_of_hours, (50.0, 10.0, 0.4), 0.4),
    (social.at_work, (0.0, 0.0, 0.0), False),
    (social.at_work, (4.0, 0.0, 0.0), True),
    (social.at_work, (0.0, 0.2, 0.0), True),
    (social.at_work, (0.0, 0.0, 0.1), True),
    (social.contract_price, (10.0, 40.0), 400.0),
    (social.readiness_with_help, (-0.2, 0.5, 1.2), 0.4),
    (social.power_with_help, (0.1, 0.5, 0.6), 0.3),
    (social.power_with_help, (0.4, 0.5, 0.6), 0.4),
    # --- what takes hours --------------------------------------------------------------------------------------
    (owners_committee.activist_hours, (0.5, 0.8, 0.25, 4.0), 2.6),  # 0.4 + 0.25, four hours each
    (owners_committee.signing_hours, (0.5, 4.0), 2.0),
    (residents_committee.report_hours, (160.0, 0.8, 0.05), 8.0),
    (residents_committee.report_hours, (160.0, 0.8, 0.5), 32.0),  # no more than what statutory work leaves
    (residents_committee.staff_hours_used, (5.0, 12.0, 4.0), 5.0),
    (residents_committee.staff_hours_used, (10.0, 12.0, 4.0), 8.0),
    (residents_committee.staff_hours_used, (10.0, 2.0, 4.0), 0.0),
    (joint_branch.part_of_joint_hours, (12.0, 0.25), 3.0),
    (joint_branch.owners_at_joint_desk, (12.0, 0.25, 0.5), 3.0),
    (joint_branch.owners_at_joint_desk, (12.0, 0.75, 0.5), 0.0),
    (provider.hours_elsewhere, (200, 0.05, 0.25, 3.0), 5.5),
    (provider.input_beside, (0.5, 10.0, 0.8, 18.0, 0.45, 10_000.0), 0.468),  # 144 yuan of 4,500
    (provider.input_beside, (0.01, 10.0, 0.8, 18.0, 0.45, 10_000.0), 0.0),
    (case.petition_threshold, (0.25, 0.0, 0.9), 0.25),
    (case.petition_threshold, (0.25, 0.1, 0.8413447460685429), 0.35),  # one standard deviation up
]
