"""One month of every rule about works, facilities, care, funding and custody, worked out by hand."""

from typing import Any

from agents.rules import care, funding, renovation, voting
from agents.rules import complete_community as complete
from agents.rules import owners_committee as owners

LN3 = 1.0986122886681098
ALL_SIX, ALL_THREE = 0b000111111, 0b111000000

MONEY: list[tuple[Any, tuple[Any, ...], Any]] = [
    # --- building works: stocks of 0.3 and 0.5, half of what is missing, 50,000 yuan for a stock of 1 ----------
    (renovation.needs_works, (0.3, 0.5, 0.41), True),
    (renovation.needs_works, (0.3, 0.5, 0.4), False),
    (renovation.consent_asked, (0,), True),
    (renovation.consent_asked, (11,), False),
    (renovation.consent_asked, (12,), True),
    (renovation.gain_of_works, (0.3, 0.5, 0.0), 0.35),
    (renovation.gain_of_works, (0.3, 0.5, 0.2), 0.42),  # 0.6 * 0.7
    (renovation.gain_of_works, (0.3, 0.5, -1.0), 0.0),
    (renovation.gain_of_works, (0.3, 0.8, 1.0), 0.7),  # never more than is missing
    (renovation.price_of_works, (0.35, 0.25, 50000.0), 15000.0),  # 0.3 of a stock
    (renovation.asked_of_owners, (15000.0, 0.2), 3000.0),
    (renovation.gain_from_works, (0.35, 0.25, 0.9, 3000.0, 6000.0, 0.24), 0.15),  # 0.27 - 0.24 / 2
    (renovation.signed_chance, (0.8, 1.0, 0.7), 0.94),
    (renovation.signed_chance, (0.8, 0.0, 0.7), 0.8),
    (renovation.part_of_price, (15000.0, 0.2, 206), 61800000),  # 618,000 yuan
    (renovation.rest_of, (0.2,), 0.8),
    (renovation.part_of_legacy, (0.6, 0.5), 0.3),
    (renovation.legacy_cleared, (0.6, 1.0, False), 0.0),
    (renovation.legacy_cleared, (0.6, 0.5, False), 0.3),
    (renovation.legacy_cleared, (0.6, 1.0, True), 0.6),
    (renovation.unit_exists, (0.29, 0.3), True),
    (renovation.unit_exists, (0.3, 0.3), False),
    (renovation.part_of_month, (0.35, 7), 0.05),
    (renovation.raised_stock, (0.3, 0.05), 0.35),
    (renovation.raised_stock, (0.98, 0.05), 1.0),
    (renovation.canvassing_hours, (0.5, 0.5, 206), 51.5),
    # --- the complete community ---------------------------------------------------------------------------------
    (complete.wanted_parts, (1, 0, 0, 0, 0, 1, 1, 0, 1), 0b101100001),
    (complete.wanted_parts, (0, 1, 1, 1, 1, 0, 0, 1, 0), 0b010011110),
    (complete.missing_parts, (0b101100001, 0b100000001), 0b001100000),
    (complete.parts_running, (0b101100001, 0b100000011), 0b100000001),
    (complete.gain_of_parts, (ALL_SIX, 0.15, 0.4), 0.15),
    (complete.gain_of_parts, (ALL_THREE, 0.15, 0.4), 0.4),
    (complete.part_of_haves, (0b001000011,), 1.0 / 3.0),
    (complete.part_of_standard, (0b001000011,), 1.0 / 3.0),
    (complete.gain_of_parts, (0b001000010, 0.18, 0.45), 0.18),  # 0.18 / 6 + 0.45 / 3
    (complete.standard_of_parts, (0b011111111, 0.42), 0.28),  # facade and green space: two thirds
    (complete.capital_of_parts, (0b000000011, 3000.0), 1000.0),  # two of six
    (complete.capital_of_parts, (ALL_SIX | ALL_THREE, 3000.0), 3000.0),
    (complete.upkeep_of_parts, (0b000010010, 0.03), 0.01),  # canteen and elderly care
    (complete.rents_of_parts, (0b000100001, 0.06, 0.8), 0.016),  # shop and shed: a third of 0.06 * 0.8
    (complete.price_of_parts, (900.0, 5000.0), 5900.0),
    (complete.price_of_public_upkeep, (0.03, 0.5, 1.0), 0.045),
    (complete.kept_by_street, (0.4, 0.06, 0.5), 0.4015),  # 0.06 / 12 * 0.5 * 0.6
    # --- investing: 15,000 m2, 200 dwellings ---------------------------------------------------------------------
    (funding.investment_now, (4500000, 3000000, 2400000), 1200000),  # half of the money in hand
    (funding.investment_now, (4500000, 4400000, 2400000), 100000),
    (funding.investment_now, (4500000, 0, -500), 0),
    (funding.bought_stock, (8000000, 200, 8000.0, 0.4), 0.03),  # 400 yuan each buy 0.05 of what is missing
    (funding.bought_stock, (8000000, 200, 0.0, 0.4), 0.0),
    (funding.owed_for, (3000000, 0.15), 3450000),
    (funding.repaid_now, (3450000, 0.5, 60000), 30000),
    (funding.repaid_now, (20000, 0.5, 60000), 20000),
    (funding.affordable_cost, (50000, 20000, True), 50000),
    (funding.affordable_cost, (50000, 20000, False), 20000),
    (funding.affordable_cost, (50000, -20000, False), 0),
    (funding.side_income, (60000, 90000, 15000), -0.02),  # -300 yuan over 15,000 m2
    (funding.with_side_income, (0.04, -0.02), 0.02),
    (funding.costed_fee, (0.5, 0.9), 0.45),
    # --- the maintenance fund ------------------------------------------------------------------------------------
    (funding.fund_voted, (-4,), True),
    (funding.fund_voted, (9,), False),
    (funding.use_voted, (22,), True),
    (funding.use_voted, (8,), False),
    (funding.contribution, (5, 15000, 0.6), 45000),
    # 0.6 * 0.6 * 0.4 - 0.5 * 0.06 % of the income of 6,000 yuan
    (funding.gain_from_fund, (0.4, 0.5, 0.2, 0.6, 0.05, 72, 6000.0, 0.5), 0.114),
    (funding.gain_from_use, (0.4, 0.5, 0.2, 0.6, 0.02), 0.124),
    (funding.worth_using, (600000, 200, 30.0), True),
    (funding.worth_using, (599999, 200, 30.0), False),
    (funding.worth_using, (0, 200, 0.0), False),
    (funding.used_from_fund, (600001,), 300000),
    (funding.well_spent, (300000, 0.5, 0.4), 240000),
    # --- custody and accounts ------------------------------------------------------------------------------------
    (funding.accountant_dose, (3.0, 4.0), 0.75),
    (funding.accountant_dose, (9.0, 4.0), 1.0),
    (funding.prevented_leak, (0.2, 0.5, 0.75), 0.45),  # 0.75 * (1 - 0.8 * 0.5)
    (funding.kept_safe, (0.1, 0.45), 0.055),
    (funding.opens_accounts, (0.8, 0.6, 0.4), True),
    (funding.opens_accounts, (0.8, 0.5, 0.4), False),
    (funding.accounts_seen, (0.1, 1, 0.2, 0.4, 0.75), 0.3),
    (funding.accounts_seen, (0.1, 1, 0.2, 0.4, 0.0), 0.2),
    (funding.accounts_seen, (0.6, 0, 0.2, 0.4, 0.75), 0.6),
    (owners.drawn_competence, (0.5, 0.3, 0.25), 0.35),
    (owners.drawn_competence, (0.9, 0.3, 1.0), 1.0),
    (owners.able_effort, (0.6, 0.5), 0.6),
    (owners.able_effort, (0.6, 0.25), 0.45),
    (owners.negotiated_rise, (0.1, 0.5, 0.4), 0.08),
    (voting.carried_ballot, (0.3, 0.8), 0.8),
    (voting.carried_ballot, (0.3, 0.0), 0.3),
    (voting.matter_of, (voting.RENOVATE, voting.CIVIL_CODE), voting.RENOVATION_CONSENT),
    (voting.matter_of, (voting.FUND, voting.CIVIL_CODE), voting.SPECIAL),
    (voting.matter_of, (voting.FUND, voting.PROPERTY_LAW), voting.SPECIAL),
    (voting.matter_of, (voting.USE, voting.PROPERTY_LAW), voting.SPECIAL),
    (voting.matter_of, (voting.USE, voting.CIVIL_CODE), voting.ORDINARY),
    # --- gifts in kind -------------------------------------------------------------------------------------------
    (funding.matched_gifts, (0.04, 0.5, 1.5, 3.0), 0.01),
    (funding.matched_gifts, (0.04, 0.5, 9.0, 3.0), 0.02),
    (funding.matched_gifts, (0.04, 0.0, 9.0, 3.0), 0.0),
    (funding.gift_input, (32250, 0.43, 15000), 0.05),  # 0.0215 / 0.43
    (funding.with_gifts, (0.6, 0.05), 0.65),
    # --- care ----------------------------------------------------------------------------------------------------
    (care.willing_hours, (8.0, 0.25), 6.0),
    (care.care_chance, (8.0, 2.0, 0.5, 10), 0.2),
    (care.care_chance, (80.0, 2.0, 0.5, 10), 1.0),
    (care.care_chance, (8.0, 2.0, 0.5, 0), 0.0),
    (care.share_of_care, (6.0, 2.0), 0.75),
    (care.share_of_care, (0.0, 0.0), 0.0),
    (care.trust_after_care, (0.4, 0.2, 0.75, 1.0), 0.49),  # 0.4 + 0.15 * 0.6
    (care.trust_after_care, (0.4, 0.2, 0.75, 0.5), 0.445),
]
