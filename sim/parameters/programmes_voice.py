"""Parameters of the programmes about voice: forum, council and supervisors, covenant, platform."""

from sim.parameters.declaration import constant, lever, uncertainty

PROGRAMMES_VOICE = (
    # --- forum (居民说事, 民情恳谈) ---------------------------------------------------------------------------
    lever("consultation.interval", 0, (0, 120), (0, 6), "months, 0 for none", "seed article (居民说事、民情恳谈); assumed", "months between forums", integer=True),
    lever("consultation.openness", 1.0, (-1, 1), (-0.5, 1), "share", "mechanisms 5 (open against closed)", "how open the forum is; below 0 it decides behind closed doors"),
    uncertainty("consultation.attend", -2.6, (-20, 20), (-3.5, -1.5), "logit", "assumed: 5 to 10 % of households", "readiness to come"),
    uncertainty("consultation.by_grievance", 0.5, (-20, 20), (0, 1), "logit/severity", "assumed", "how grievance brings people"),
    uncertainty("consultation.full", 0.08, (0.001, 1), (0.04, 0.15), "share of dwellings", "assumed", "attendance that makes a full forum"),
    uncertainty("consultation.speed", 0.15, (0, 1), (0.05, 0.3), "1/month", "mechanisms 5 (repeated); assumed", "how fast people get used to it, and out of it"),
    uncertainty("consultation.ease", 0.2, (0, 1), (0.1, 0.3), "share", "mechanisms 5 (0.7 to 0.9)", "how much easier an open, full forum makes cases at mediation"),
    uncertainty("consultation.talk", 0.15, (0, 5), (0.05, 0.4), "share", "mechanisms 5 (slower decisions); assumed", "more hours for a case that is talked over"),
    uncertainty("consultation.bending", 1.5, (0, 10), (0.5, 3), "-", "mechanisms 5 (loud minority); assumed", "how a loud minority bends it: above 2/3 of attendants it does harm"),
    uncertainty("consultation.informed", 0.6, (0, 1), (0.2, 1), "share", "assumed", "how far attendants' belief about payers moves to the published rate"),
    uncertainty("consultation.seen", 0.5, (0, 1), (0.2, 1), "share", "assumed", "weight of outcomes reported there against one's own"),
    constant("consultation.hours", 8.0, (0, 1000), None, "hours/forum", "assumed", "hours of the residents' committee for a forum"),
    constant("consultation.time", 2.0, (0, 100), None, "hours/attendant", "assumed", "time an attendant gives"),
    # --- one core, three actors (一核三体) -------------------------------------------------------------------
    lever("core.council", 0.0, (0, 100), (0, 6), "seats/100 households", "seed article (居民代表会议); number assumed", "seats of the deliberating council"),
    lever("core.supervisors", 0.0, (0, 100), (0, 3), "seats/100 households", "seed article (居务监督委员会); number assumed",
          "seats of those who supervise the residents' committee's money"),
    lever("core.veto_days", 0.0, (0, 365), (0, 30), "days", "mechanisms 5 (delay + 10 to 40 %); assumed", "days that a full council adds before mediation can decide"),
    uncertainty("core.stand", -3.0, (-20, 20), (-4.5, -2), "logit", "assumed: 2 to 5 % of households", "readiness to take a seat"),
    uncertainty("core.finds", 0.4, (0, 1), (0.1, 0.5), "share", "mechanisms 5 (x 0.5 to 0.9)", "diversion by the community's own service that full, independent supervision prevents"),
    constant("core.hours", 2.0, (0, 100), None, "hours/seat/month", "assumed", "time a seat takes"),
    constant("core.sessions", 4.0, (0, 1000), None, "hours/month", "assumed", "hours of the residents' committee for sessions"),
    # --- covenant (居民公约) ---------------------------------------------------------------------------------
    lever("covenant.drive", 0.0, (0, 1), (0, 1), "share of owners at home", "seed article (共同制定居民公约); assumed", "owners whom the covenant is laid before, once a year"),
    lever("covenant.imposed", 0.0, (0, 1), (0, 1), "dose", "mechanisms 5 (imposed text); assumed", "the text comes from above, and who does not sign is pressed"),
    lever("covenant.sanction", 0.0, (0, 1), (0, 1), "dose", "mechanisms 5 (peer sanction); assumed", "those who signed and pay call to account those who signed and do not"),
    uncertainty("covenant.base", 0.0, (-20, 20), (-1, 1), "logit", "assumed", "readiness to sign"),
    uncertainty("covenant.by_norm", 1.5, (-20, 20), (0.5, 2.5), "logit", "Fischbacher 2001 (sign); assumed", "how the belief that others pay raises it"),
    uncertainty("covenant.by_trust", 1.0, (-20, 20), (0.3, 2), "logit", "assumed", "how trust in the residents' committee raises it"),
    uncertainty("covenant.by_imposed", 1.5, (-20, 20), (0, 3), "logit", "Vollan 2017 (sign); assumed", "how an imposed text lowers it"),
    uncertainty("covenant.sanction_cost", 0.15, (0, 5), (0, 0.5), "grievance", "mechanisms 5 (hit-back); assumed", "grievance that calling a neighbour to account brings"),
    constant("covenant.committee_time", 0.1, (0, 100), None, "hours/household asked", "assumed", "hours of the residents' committee for a signature drive"),
    constant("covenant.time", 0.5, (0, 100), None, "hours/household asked", "assumed", "time a household gives to it"),
    # --- smart platform (智慧平台, 一键办理) -------------------------------------------------------------------
    lever("platform.on", 0.0, (0, 1), (0, 1), "dose", "seed article (智慧社区平台、一键办理)", "the platform runs"),
    lever("platform.disclosure", 0.0, (0, 1), (0, 1), "dose", "mechanisms 5 (disclosure reach); assumed", "payment and accounts are put on it every quarter"),
    uncertainty("platform.cheaper", 0.5, (-20, 20), (0.2, 0.9), "logit", "mechanisms 5 (cost x 0.5 to 0.8); assumed", "how a click raises the readiness of digital households to complain"),
    uncertainty("platform.shorter", 0.25, (0, 1), (0.1, 0.4), "share", "mechanisms 5 (wait x 0.6 to 0.9)", "days on the way to a desk that routing by platform saves"),
    uncertainty("platform.floor", 0.1, (0, 1), (0, 0.4), "share", "assumed", "use that remains where the platform never helps"),
    uncertainty("platform.fading", 0.08, (0, 1), (0.02, 0.2), "1/month", "mechanisms 5 (dead app); assumed", "how fast use follows what helps"),
    constant("platform.price", 15.0, (0, 1e5), (5, 30), "yuan/household/year", "mechanisms 5 (5 to 30)", "cost of running it"),
)  # fmt: skip
