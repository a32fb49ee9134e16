"""The residents' committee (居委会): its hours, its statutory load, and what is left for estates."""

from agents.rules.columns import Column
from agents.rules.compiling import rule
from agents.rules.numeric import clip


class CommitteeReal(Column):
    """Real-valued columns of the residents' committee."""

    FREE_HOURS = "hours/month", "hours left after statutory work and reports"
    MEDIATION_HOURS = "hours/month", "hours for cases"
    SHORTFALL = "hours/month", "statutory work crowded out"
    DUTIES = "hours/month", "care, lists, audits, collecting consent, finding initiators, looking after activists"
    REPORT_HOURS = "hours/month", "reports and evaluations beyond its usual statutory work"
    MANAGED = "hours/month", "staff who help run the community's service"
    CADRE_HOURS = "hours/month", "cadres at the doors, as far as attention goes"
    AUDIT_HOURS = "hours/month", "cadres over the firm's accounts, as far as attention goes"
    CARE_HOURS = "hours/month", "of these, care"
    USUAL_TRUST = "trust", "where trust in it rests this month"
    CARE_FATIGUE = "share", "how tired of care cadres are"
    TRAINED = "share", "how far its staff are professional social workers"


@rule
def free_hours(staff_hours: float, load: float, added_load: float) -> float:
    """Return hours left after statutory work and further reports (loads are shares of hours)."""
    return staff_hours * (1.0 - clip(load + added_load, 0.0, 1.0))


@rule
def report_hours(staff_hours: float, load: float, added_load: float) -> float:
    """Return hours that further reports take of what statutory work leaves (loads are shares of hours)."""
    return free_hours(staff_hours, load, 0.0) - free_hours(staff_hours, load, added_load)


@rule
def staff_hours_used(used: float, mediation: float, posts: float) -> float:
    """Return the hours of its own staff that cases took, of those used at its desk; posts are paid apart."""
    return min(used, max(0.0, mediation - posts))


@rule
def mediation_hours(free: float, visiting: float, managing: float) -> float:
    """Return hours for cases: what visits and management leave."""
    return max(0.0, free - visiting - managing)


@rule
def crowded_out(free: float, visiting: float, managing: float) -> float:
    """Return statutory hours crowded out where visits and management take more than is free."""
    return max(0.0, visiting + managing - free)


@rule
def usual_trust(usual: float, statutory: float, shortfall: float, staff: float) -> float:
    """Return where trust in the committee rests: lower where statutory hours are missing; staff : its paid hours."""
    if staff <= 0.0:
        return usual
    return usual * (1.0 - clip(statutory * shortfall / staff, 0.0, 1.0))


@rule
def load_with_reports(
    added: float, evaluation: float, layers: float, by_layer: float, absorbed: float, trained: float
) -> float:
    """Return further reports, shares of hours: a form's, for evaluations, of each tier, and what trained staff get."""
    return added + evaluation + layers * by_layer + absorbed * trained
