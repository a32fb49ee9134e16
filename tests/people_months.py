"""One month of every rule about desks, voice and people in programmes, worked out by hand."""

from typing import Any

from agents.rules import (
    case,
    checklist,
    covenant,
    forum,
    household,
    joint_branch,
    observation,
    party_branch,
    payment,
    platform,
    residents_assembly,
    residents_committee,
    social_workers,
    supervision,
)
from agents.rules import social_organization as social

LN3 = 1.0986122886681098

PEOPLE: list[tuple[Any, tuple[Any, ...], Any]] = [
    # --- lists ticked off ------------------------------------------------------------------------------------
    (checklist.checking_dose, (3.0, 4.0), 0.75),
    (checklist.checking_dose, (9.0, 4.0), 1.0),
    (checklist.quickened, (0.75, 0.4), 1.3),
    (checklist.slowed, (1.3, 0.6, 0.5), 1.0),  # 1.3 / 1.3
    (checklist.closing_pressure, (0.2, 0.4, 0.5, 0.05, 4.0), 0.6),  # 0.2 + 0.2 + 0.2
    (checklist.closing_pressure, (0.8, 0.4, 1.0, 0.05, 4.0), 1.0),
    (checklist.verified_with_checks, (0.2, 0.25), 0.4),  # a quarter of the other 0.8
    (checklist.hours_at_pace, (6.5, 1.3), 5.0),
    # --- observation and evaluation --------------------------------------------------------------------------
    (observation.show_claim, (200, 0.5, 0.0, 0.01), 200_000_000),
    (observation.show_claim, (200, 0.5, 1.0, 0.01), 100_000_000),
    (observation.show_claim, (200, 0.001, 1.0, 0.01), 2_000_000),  # the score counts as 0.01
    (observation.expected_show, (150_000_000, 200, 300_000_000, 600), 1.5),  # 0.75 against 0.5 a dwelling
    (observation.expected_show, (0, 200, 0, 600), 1.0),
    (observation.pulsed_attention, (0.4, 0.2, 1.5, 7, 2), 0.7),
    (observation.pulsed_attention, (0.4, 0.2, 1.5, 8, 2), 0.4),
    (observation.pulsed_attention, (0.9, 0.2, 1.5, 6, 1), 1.0),
    # --- tiers, branch and group -----------------------------------------------------------------------------
    (residents_committee.load_with_reports, (0.03, 0.02, 4.0, 0.02, 0.1, 0.5), 0.18),  # 0.03 + 0.02 + 0.08 + 0.05
    (joint_branch.joint_hours_asked, (8.0, 4.0), 12.0),
    (party_branch.asked_of_member, (2.0, 1.5, 1.0), 4.5),
    (party_branch.turned_to, (0.3, 0.7, 0.4), 0.7),
    (case.joint_share, (6.0, 2.0), 0.25),
    (case.joint_share, (0.0, 0.0), 0.0),
    (case.effect_on_own, (0.08, 0.25), 0.06),
    (case.effect_on_joint, (0.08, 0.25), 0.02),
    (case.talked_over, (0.5, 0.2), 0.4),
    (case.talked_over, (0.5, -0.1), 0.55),
    # --- social workers --------------------------------------------------------------------------------------
    (social_workers.worker_leaves_chance, (0.24, 5.0, 10.0, 0.5), 0.015),  # 0.02 less a quarter
    (social_workers.worker_leaves_chance, (0.24, 50.0, 10.0, 0.5), 0.01),
    (social_workers.next_trained, (0.5, 2.0, 4.0, 0.2), 0.55),  # half of 0.2 of the missing half
    (social_workers.trained_after_leaving, (0.8, 0.5, 0.3, 0.02, 0.01), 0.4),
    (social_workers.trained_after_leaving, (0.4, 0.5, 0.3, 0.02, 0.01), 0.3),
    (social_workers.trained_after_leaving, (0.8, 0.5, 0.3, 0.02, 0.5), 0.8),
    (social_workers.skill_with_training, (0.45, 0.2, 0.5), 0.55),
    (social_workers.skill_with_training, (0.9, 0.4, 1.0), 1.0),
    (social_workers.learning_hours, (2.0, 0.5, 1.0), 2.5),
    (social_workers.salary_gap, (160.0, 3.0), 480.0),
    # --- forum -----------------------------------------------------------------------------------------------
    (residents_assembly.takes_part_chance, (LN3 - 0.7, 0.2, 0.6, 0.55, 0.8, 0.5, 0.4, 0.5), 0.75),  # + 0.9 - 0.2
    (residents_assembly.takes_part_chance, (-LN3 - 1.5, 0.0, 0.5, 0.5, 3.0, 0.5, 0.0, 0.5), 0.25),  # + 1.5
    (residents_assembly.hours_while, (8.0, True), 8.0),
    (residents_assembly.hours_while, (8.0, False), 0.0),
    (residents_assembly.time_of, (12.0, 2.0), 24.0),
    (forum.is_forum, (6, 3), True),
    (forum.is_forum, (7, 3), False),
    (forum.is_forum, (6, 0), False),
    (forum.is_loud, (True, 0), True),
    (forum.is_loud, (True, 1), False),
    (forum.is_loud, (False, 0), False),
    (forum.told_openly, (0.7,), 0.7),
    (forum.told_openly, (-0.5,), 0.0),
    (forum.next_practice, (0.4, 2, 10, 200, 0.1, 0.2), 0.42),  # half full: 0.4 + 0.2 * 0.1
    (forum.next_practice, (0.4, 2, 50, 200, 0.1, 0.2), 0.52),
    (forum.next_practice, (0.4, 0, 50, 200, 0.1, 0.2), 0.32),
    (forum.ease_of_forum, (0.2, 0.5, 0.8, 0.25, 2.0), 0.04),  # 0.08 * 0.5
    (forum.ease_of_forum, (0.2, 0.5, 1.0, 1.0, 2.0), -0.1),
    (forum.ease_of_forum, (0.2, -0.5, 1.0, 0.0, 2.0), -0.1),
    # --- council and supervisors -----------------------------------------------------------------------------
    (supervision.seats_of, (4.0, 206), 8),  # 8.24
    (supervision.seats_of, (1.5, 230), 3),  # 3.45
    (supervision.council_filled, (6, 8), 0.75),
    (supervision.council_filled, (9, 8), 1.0),
    (supervision.council_filled, (9, 0), 0.0),
    (supervision.others_supervise, (9, 8, 4), 0.25),
    (supervision.others_supervise, (6, 8, 4), 0.0),
    (supervision.others_supervise, (20, 8, 4), 1.0),
    (supervision.others_supervise, (20, 8, 0), 0.0),
    (supervision.supervised_leak, (0.2, 0.5, 0.4), 0.16),
    (supervision.days_with_veto, (5.0, 12.0, 0.75), 14.0),
    (supervision.sitting, (0.75, 8, 0.5, 4), 8.0),
    (supervision.elects_now, (0,), True),
    (supervision.elects_now, (24,), True),
    (supervision.elects_now, (5,), False),
    # --- covenant --------------------------------------------------------------------------------------------
    (covenant.is_signed, (15,), True),
    (covenant.is_signed, (14,), False),
    (covenant.is_sanctioned, (9,), True),
    (covenant.is_sanctioned, (10,), False),
    (covenant.signs_chance, (LN3 - 0.2, 0.7, 1.5, 0.55, 1.0, 0.2, 2.5), 0.75),  # - 0.2 + 0.6 + 0.1 - 0.5
    (covenant.drive_hours, (0.5, 200, 0.1), 10.0),
    # --- smart platform --------------------------------------------------------------------------------------
    (platform.next_use, (0.0, 1.0, 0.3, 0.2, 0.1), 1.0),
    (platform.next_use, (0.9, 0.0, 0.3, 0.2, 0.1), 0.0),
    (platform.next_use, (0.9, 1.0, 0.25, 0.2, 0.1), 0.85),  # half a tenth of the way to 0.4
    (platform.one_click, (0.8, 0.5, 1), 0.4),
    (platform.one_click, (0.8, 0.5, 0), 0.0),
    (platform.readiness_by_click, (-0.2, 0.4, 0.5), 0.0),
    (platform.days_saved, (0.8, 0.5, 0.25), 0.1),
    (case.days_on_the_way, (25.0, 0.1, 1), 22.5),
    (case.days_on_the_way, (25.0, 0.1, 0), 25.0),
    (payment.trust_in_presser, (household.BRANCH, 0.2, 0.7), 0.7),
    (payment.trust_in_presser, (household.COMMITTEE, 0.2, 0.7), 0.2),
    (platform.is_disclosed, (7,), True),
    (platform.is_disclosed, (6,), False),
    (platform.trust_in_accounts, (0.3, 0.02, 0.12, 1.0, 0.5, 0.1, 2.0), 0.305),  # towards 0.4
    (platform.trust_in_accounts, (0.3, 0.22, 0.12, 1.0, 0.5, 0.1, 2.0), 0.29),  # towards 0.2, twice as fast
    (platform.trust_in_accounts, (0.3, 0.02, 0.12, 0.0, 0.5, 0.1, 2.0), 0.3),
    (platform.platform_price, (15.0, 0.8, 200), 200.0),
    # --- social organisations: handing over ------------------------------------------------------------------
    (social.under_contract, (3.0, 4.0), 0.0),
    (social.under_contract, (4.0, 4.0), 4.0),
    (social.learning_with_training, (0.15, 5.0, 10.0), 0.225),
    (social.learning_with_training, (0.8, 5.0, 10.0), 1.0),
    (social.relieved_hours, (30.0, 160.0, 12.0, 0.5), 36.0),
    (social.relieved_hours, (155.0, 160.0, 12.0, 0.5), 160.0),
]
