"""Parameters of the programmes about desks, voice and people: lists, evaluation, tiers, members, social workers."""

from sim.parameters.declaration import constant, lever, uncertainty

PROGRAMMES_PEOPLE = (
    # --- lists ticked off (清单销号) --------------------------------------------------------------------------
    lever("checklist.hours", 0.0, (0, 1e5), (0, 6), "hours/100 households/month", "seed article (清单销号); hours assumed",
          "inspectors who chase what stands on the list"),
    lever("checklist.checks", 0.0, (0, 1e5), (0, 6), "hours/100 households/month", "assumed", "inspectors who ask households whether it is settled"),
    constant("checklist.full_hours", 4.0, (0.1, 1e5), None, "hours/100 households/month", "assumed", "hours of either that have the full effect"),
    uncertainty("checklist.speedup", 0.4, (0, 5), (0.2, 0.6), "share", "mechanisms 5 (1.2 to 1.6)", "how much faster desks below the court work when chased"),
    uncertainty("checklist.pressure", 0.5, (0, 1), (0.2, 0.9), "share", "mechanisms F8; assumed", "pressure to report cases closed that a full list brings"),
    # --- observation and evaluation (观摩评比) ----------------------------------------------------------------
    lever("observation.pulse", 0.0, (0, 1), (0, 0.5), "share", "mechanisms 5 (0.2 to 0.5)", "attention added when the inspection comes"),
    lever("observation.lasting", 2, (0, 6), (1, 3), "months", "mechanisms 5 (1 to 3)", "how long it lasts", integer=True),
    lever("observation.kappa", 0.0, (0, 10), (0, 2), "-", "mechanisms 5", "power of the expected show in dividing repair money and attention among estates",
          symbol="kappa"),
    constant("observation.least", 0.01, (0.0001, 1), None, "share", "convention", "a lower score counts as this one"),
    lever("observation.staff", 0.0, (0, 1), (0, 0.05), "share of hours", "mechanisms 5 (1 to 5 %)", "hours of the residents' committee that go into being evaluated"),
    # --- four tiers of the party (四级党组织) and the joint desk (大物委) ---------------------------------------
    lever("tiers.layers", 0, (0, 10), (0, 4), "tiers", "seed article (four tiers)", "tiers that ask for reports", integer=True),
    uncertainty("tiers.load", 0.02, (0, 1), (0.01, 0.1), "share of hours per tier", "mechanisms 5 (0.02 to 0.10)", "reports each tier asks for"),
    uncertainty("tiers.quota", 0.03, (0, 1), (0, 0.1), "share per tier", "mechanisms 5 (quota pressure); assumed", "pressure to report cases closed, by tier"),
    lever("tiers.desk_hours", 0.0, (0, 1e5), (0, 20), "hours/100 households/month", "seed article (大物委联合党支部); assumed",
          "hours of the joint desk that the four tiers add"),
    lever("party.branch_hours", 0.0, (0, 1000), (0, 6), "hours/member household/month", "evidence S7 (44 branches); hours assumed",
          "time a party branch of the estate asks of members, besides the form"),
    lever("party.branch_attention", 0.0, (0, 1), (0, 1), "share", "evidence S7; assumed", "attention a party branch turns to the estate"),
    lever("party.group_hours", 0.0, (0, 1000), (0, 4), "hours/member household/month", "evidence S7 (168 groups); hours assumed",
          "time a party group asks of members, besides the form"),
    lever("party.group_attention", 0.0, (0, 1), (0, 1), "share", "evidence S7; assumed", "attention a party group turns to the estate"),
    # --- social workers (专业社工) ---------------------------------------------------------------------------
    lever("workers.training", 0.0, (0, 1e5), (0, 6), "hours/100 households/month", "seed article (定期开展培训); hours assumed", "training of committee staff"),
    lever("workers.exchange", 0.0, (0, 1), (0, 1), "dose", "seed article (内部交流); assumed", "staff pass on what they know: that part outlives who leaves"),
    lever("workers.recruited", 0.0, (0, 1), (0, 1), "share", "seed article (公开选拔招聘); assumed", "training a new worker brings where posts are filled openly"),
    lever("workers.pay", 0.0, (0, 1e4), (0, 15), "yuan/hour", "mechanisms 5 (wage gap); assumed", "pay above that of committee staff"),
    constant("workers.full_hours", 4.0, (0.1, 1e5), None, "hours/100 households/month", "assumed", "training that has the full effect"),
    constant("workers.exchange_hours", 1.0, (0, 1e5), None, "hours/100 households/month", "assumed", "hours that full exchange takes"),
    constant("workers.full_pay", 10.0, (0.1, 1e4), None, "yuan/hour", "assumed", "pay above the usual that holds workers as far as pay can"),
    uncertainty("workers.pay_effect", 0.5, (0, 1), (0.2, 0.8), "share", "assumed", "share of leaving that full pay prevents"),
    uncertainty("workers.turnover", 0.2, (0, 12), (0.1, 0.3), "1/year", "mechanisms 5 (10 to 30 %)", "workers who leave"),
    uncertainty("workers.speed", 0.1, (0, 1), (0.04, 0.25), "1/month", "assumed", "how fast full training makes professionals"),
    uncertainty("workers.gain", 0.25, (0, 1), (0.1, 0.4), "share", "mechanisms 5 (skill + 0.1 to 0.4)", "skill in mediation that full training adds"),
    uncertainty("workers.absorbed", 0.02, (0, 1), (0, 0.1), "share of hours", "mechanisms 5 (absorbed by administration); assumed",
                "reports put on professional staff because they write them well"),
    # --- social organisations (社会组织): handing over, entry, capacity ---------------------------------------
    lever("social.relief", 0.0, (0, 1e5), (0, 20), "hours/100 households/month", "seed article (政府让渡职能, 有效减负); hours assumed",
          "statutory work of the residents' committee handed over to an organisation that is paid for it"),
    lever("social.entry", 4.0, (0, 1e5), (0, 8), "hours/100 households/month", "seed article (放低准入门槛); assumed", "smallest contract at which an organisation of a kind starts"),
    lever("social.training", 0.0, (0, 1e5), (0, 6), "hours/100 households/month", "seed article (加大扶持力度); assumed", "training that the sub-district pays for"),
)  # fmt: skip
