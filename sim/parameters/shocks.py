"""Levers of shocks: what comes from outside, in the months in which a scenario says so."""

from sim.parameters.declaration import lever

SHOCKS = (
    lever("shock.damage", 0.0, (0, 1), (0, 0.5), "share of stock per month", "assumed (a lift, a boiler, a main)",
          "invisible facilities that break at once"),
    lever("shock.firm_leaves", 0, (0, 1), (0, 1), "switch", "evidence E7 (firms leave)", "the firm gives up for reasons of its own",
          integer=True),
    lever("shock.scandal", 0.0, (0, 1), (0, 0.8), "share of trust per month", "assumed", "trust in the provider lost over a scandal"),
    lever("shock.party_scandal", 0.0, (0, 1), (0, 0.8), "share of trust per month", "assumed",
          "trust in residents' committee and party branch lost over a scandal"),
    lever("shock.stop", 0.0, (0, 1), (0, 0.9), "share", "assumed (the epidemic of the years 2020 to 2022)",
          "visits, calls, meetings, hearings and ballots that cannot take place"),
)  # fmt: skip
