"""GovernanceModel as a Mesa user meets it: built, stepped, read, changed and let go."""

import gc
import inspect
import weakref

import mesa
import numpy as np
import pandas as pd
import pytest

from agents.calling import direct
from agents.case import Case
from agents.desk import Desk
from agents.estate import Estate
from agents.household import Household
from agents.joint_branch import JointBranch
from agents.owners_committee import OwnersCommittee
from agents.party_branch import PartyBranch
from agents.platform import Platform
from agents.property_firm import PropertyFirm
from agents.provider import Provider
from agents.residents_assembly import ResidentsAssembly
from agents.residents_committee import ResidentsCommittee
from agents.rules.case import N_DESKS
from agents.rules.columns import Column
from agents.rules.household import REFUSED
from agents.rules.household import HouseholdReal as H
from agents.rules.household import HouseholdWhole as N
from agents.rules.numeric import move
from agents.social_organization import SocialOrganization
from agents.street_committee import District, StreetCommittee
from agents.view import View
from sim.census import Tally
from sim.dock import first_difference
from sim.errors import InputError
from sim.mesa_model import MesaModel
from sim.model import COLLECTED, GovernanceModel
from sim.outcomes import OUTCOMES, series
from sim.runs import simulate
from sim.scenarios import resolve
from sim.schedule import SCHEDULE
from sim.state import COLUMNS, State
from sim.totals import Total

SMALL = ("population.n_households=20", "time.spinup=14")


def small(world: str = "market", **options) -> GovernanceModel:
    return GovernanceModel(world, set=SMALL, **options)


# --- time ----------------------------------------------------------------------------------------------------------


def test_a_model_begins_at_the_policy_month_and_ends_after_its_months():
    model = small(months=3)
    assert (model.month, model.steps, model.running) == (0, 0, True)
    model.step()
    assert (model.month, model.steps, model.running) == (1, 1, True)
    model.step()
    model.step()
    assert (model.month, model.steps, model.running) == (3, 3, False)
    with pytest.raises(InputError, match="ends before month 3"):
        model.step()


def test_run_model_lives_through_all_months():
    model = small(months=5)
    model.run_model()
    assert (model.month, model.steps) == (5, 5)


def test_the_spin_up_is_the_same_by_either_engine():
    compiled, agents = small(rng=5), small(rng=5, spinup="agents")
    assert agents.month == -14
    for _ in range(14):
        agents.step()
    assert first_difference(agents.state, compiled.state, -1) is None
    assert agents.outcome("payment_rate") == compiled.outcome("payment_rate")
    assert agents.month == compiled.month == 0


def test_parameters_change_when_the_scenario_says_so():
    model = GovernanceModel("market + subsidy_taper", months=40, set=SMALL)
    inforce = []
    while model.running:
        model.step()
        inforce.append(model.p.street_subsidy)
    rows = model.world.rows()[14:]
    assert inforce == model.world.table().street_subsidy[rows].tolist()
    assert len(set(inforce)) > 2


def test_the_phases_are_those_of_the_schedule(monkeypatch):
    seen = []
    for phase in SCHEDULE:
        monkeypatch.setattr(GovernanceModel, phase.name, lambda model, name=phase.name: seen.append(name))
    small().step()
    assert seen == [phase.name for phase in SCHEDULE]


# --- who is there --------------------------------------------------------------------------------------------------


def test_agents_are_mesa_agents_by_their_types():
    model = GovernanceModel("market", set=[*SMALL, "population.n_estates=2"])
    n_bidders = int(model.world.before["firm.bidders"])
    counts = {kind: len(agents) for kind, agents in model.agents_by_type.items()}
    bodies = {
        Provider: 2, ResidentsCommittee: 2, OwnersCommittee: 2, PartyBranch: 2, SocialOrganization: 2,
        JointBranch: 2, ResidentsAssembly: 2, StreetCommittee: 1, District: 1,
    }  # fmt: skip
    assert counts == {Household: 40, PropertyFirm: 2 * n_bidders, **bodies}
    assert list(model.agents_by_type[Household]) == model.households
    assert sorted(agent.unique_id for agent in model.agents) == list(range(1, len(model.agents) + 1))
    assert [household.home.id for household in model.households] == [0] * 20 + [1] * 20


def test_mesa_sets_work_on_the_attributes():
    model = small()
    model.step()
    households = model.agents_by_type[Household]
    assert households.agg("paid", sum) == model.state.household_n[N.PAID].sum()
    assert len(households.select(lambda household: household.paid == 1)) == households.agg("paid", sum)


def test_neighbours_are_those_of_the_network():
    model = small()
    start, target = model.state.tie_start, model.state.tie
    for unit, household in enumerate(model.households):
        assert [other.id for other in household.neighbours] == target[start[unit] : start[unit + 1]].tolist()
        assert household not in household.neighbours
        assert household.ties == (1.0,) * len(household.neighbours)


def test_no_name_of_mesa_is_taken():
    ours = {name for name in vars(GovernanceModel) | vars(GovernanceModel.__mro__[1]) if not name.startswith("__")}
    ours |= set(vars(small())) - set(vars(mesa.Model(rng=1)))
    ours -= set(vars(type("Bare", (mesa.Model,), {})))  # what Mesa itself gives every subclass
    ours -= set(vars(MesaModel))  # what is meant to take the place of Mesa's, or to be read beside it
    assert ours & set(dir(mesa.Model)) == {"step"}
    assert not ours & {"time", "scenario", "steps", "agents", "agent_id_counter", "data_registry"}
    assert list(inspect.signature(GovernanceModel.step).parameters) == ["self"]


# --- what they know --------------------------------------------------------------------------------------------------

VIEWS = [
    Household, PropertyFirm, Provider, PartyBranch, JointBranch, ResidentsCommittee, OwnersCommittee, StreetCommittee,
    SocialOrganization, ResidentsAssembly, Platform, Desk, Case, Estate, Tally,
]  # fmt: skip


def units(model: GovernanceModel) -> list[View]:
    estate = model.estates[1]
    bodies = [estate.provider, estate.branch, estate.committee, estate.owners, estate.social]
    bodies += [estate.joint, estate.street_committee, estate.assembly, estate.platform]
    return [estate.households[4], estate.bidders[2], *bodies, estate.desks[2], estate.cases[0], estate, estate.tally]


@pytest.mark.parametrize("kind", VIEWS)
def test_every_column_is_an_attribute_to_read_and_write(kind):
    model = GovernanceModel("market", set=[*SMALL, "population.n_estates=2", "population.n_streets=2"])
    agent = next(unit for unit in units(model) if type(unit) is kind)
    n_cases = model.state.case.shape[1] // 2
    n_bidders = int(model.world.before["firm.bidders"])
    places = {Household: 24, PropertyFirm: n_bidders + 2, Desk: N_DESKS + 2, Case: n_cases}
    place = places.get(kind, 1)
    shown = [part for part in (kind._shows_real, kind._shows_whole) if part]
    assert shown
    for part in shown:
        columns = COLUMNS.get(part, Total)
        matrix = getattr(model.state, part)
        number = int if matrix.dtype == np.int64 else float
        for column in columns:
            name = column.name.lower()
            value = getattr(agent, name)
            assert type(value) is number
            assert value == matrix[column, place]
            setattr(agent, name, number(column + 3))
            assert matrix[column, place] == column + 3
            assert column.unit in getattr(kind, name).__doc__


def test_every_column_of_the_state_is_shown_by_someone():
    assert {kind._shows_real for kind in VIEWS} | {kind._shows_whole for kind in VIEWS} == {*COLUMNS, "record", None}


def test_a_whole_number_column_refuses_a_fraction():
    with pytest.raises(TypeError):
        small().households[0].paid = 0.5


def test_a_column_cannot_hide_what_a_class_has():
    class Fees(Column):
        SHOW = "fen", "a column by the name of a method"

    with pytest.raises(TypeError, match=r"Purse\.show would hide the column"):
        type("Purse", (View,), {}, whole=("purse_n", Fees))


def test_a_rule_called_directly_gives_the_bits_of_the_rule():
    from numba import types

    fast = direct(move, types.float64, types.float64, types.float64)
    cases = [(0.1, 0.7, 0.3), (1.0 / 3.0, -2.5e-17, 0.999), (0.0, 1, 0.18)]
    assert [fast(*case).hex() for case in cases] == [move(*case).hex() for case in cases]
    assert direct(abs) is abs


# --- what is collected -----------------------------------------------------------------------------------------------


def test_collected_outcomes_are_those_of_a_run():
    model = small("red_station", months=15, rng=4, replicate=2)
    model.run_model()
    frame = model.datacollector.get_model_vars_dataframe()
    batch = simulate([model.world], replicates=[2], seed=4)[0]
    of_run = series(batch.totals, batch.first)
    for name in COLLECTED:
        expected = of_run[name][0, batch.first :]
        np.testing.assert_array_equal(frame[name], expected, err_msg=name)
    assert all(frame[name].notna().any() for name in COLLECTED)
    assert model.outcome("arrears") == of_run["arrears"][0, -1]
    assert frame["provider"].tolist() == ["community"] * 15


def test_tables_are_indexed_by_whole_months():
    reporters = {Household: {"trust": "trust_provider", "paid": lambda household: household.paid}}
    model = small(months=4, spinup="agents", agenttype_reporters=reporters)
    for _ in range(15):
        model.step()
    months = model.datacollector.get_model_vars_dataframe().index
    assert (months.name, months.tolist()) == ("month", list(range(-14, 1)))
    assert pd.api.types.is_integer_dtype(months)
    households = model.datacollector.get_agenttype_vars_dataframe(Household)
    assert households.index.names == ["month", "AgentID"]
    assert households.index.levels[0].tolist() == list(range(-14, 1))
    assert pd.api.types.is_integer_dtype(households.index.levels[0])
    assert households.loc[0, "trust"].tolist() == model.state.household[H.TRUST_PROVIDER].tolist()
    assert households.loc[0, "paid"].tolist() == model.state.household_n[N.PAID].tolist()


def test_an_outcome_without_a_month_is_missing_and_an_unknown_one_an_error():
    model = GovernanceModel("market", set=["population.n_households=20", "time.spinup=0"])
    assert np.isnan(model.outcome("payment_rate"))
    with pytest.raises(InputError, match=r"'payment_rat' is no outcome; .* Did you mean payment_rate\?"):
        model.outcome("payment_rat")
    assert set(COLLECTED) < set(OUTCOMES)


@pytest.mark.parametrize("form", ["market", "red_station"])
def test_a_run_with_agents_gives_the_totals_of_the_compiled_engine(form):
    world = resolve(form, months=6, set=SMALL)
    agents, compiled = (
        simulate([world], replicates=range(2), seed=9, engine=engine)[0].totals for engine in ("agents", "compiled")
    )
    assert agents.tobytes() == compiled.tobytes()
    assert agents.any()


# --- own classes -----------------------------------------------------------------------------------------------------


class Stubborn(Household):
    """Pays nothing."""

    def decide_payment(self, u, reasons):
        """Refuse."""
        return REFUSED


def test_own_household_decides_from_the_policy_month_on():
    looks = [*SMALL, "household.inattention=0"]  # everybody, at every bill
    plain, own = (GovernanceModel("market", set=looks, rng=2, agent_classes=own) for own in ({}, {Household: Stubborn}))
    assert first_difference(plain.state, own.state, 0) is None
    plain.step()
    own.step()
    assert own.agents_by_type[Stubborn]
    assert plain.estates[0].tally.fees > 0
    assert (own.estates[0].tally.fees, own.estates[0].tally.n_refused) == (0, 20)
    assert {household.paid for household in own.households} == {0}


def test_own_classes_act_in_a_spin_up_lived_by_agents():
    model = small(rng=2, spinup="agents", agent_classes={Household: Stubborn})
    model.step()
    assert model.month == -13
    assert model.estates[0].tally.fees == 0


def test_own_firm_is_seated():
    class Eager(PropertyFirm):
        def bids(self):
            return True

    model = small("market", agent_classes={PropertyFirm: Eager})
    model.step()
    assert model.estates[0].provider.firm >= 0
    assert model.datacollector.get_model_vars_dataframe()["provider"].tolist() == ["firm"]


# --- wrong input -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", [-1, 2**63, 1.5, True, "7"])
def test_a_seed_that_is_none_is_refused(seed):
    with pytest.raises(InputError, match="seed"):
        GovernanceModel("market", rng=seed)


@pytest.mark.parametrize("seed", [0, 2**63 - 1, np.int64(7)])
def test_every_seed_in_range_is_taken(seed):
    assert GovernanceModel("market", rng=seed, set=["population.n_households=5", "time.spinup=1"]).month == 0


@pytest.mark.parametrize(
    ("options", "text"),
    [
        ({"replicate": -1}, "replicate = -1 is no whole number"),
        ({"replicate": 2.0}, "replicate = 2.0 is no whole number"),
        ({"spinup": "both"}, "spinup = 'both' is unknown; choose compiled or agents"),
        ({"world": "marke"}, "market"),
        ({"months": 0}, "months = 0"),
        ({"agent_classes": {mesa.Agent: Household}}, "Agent is no kind of agent of this model; there are Household"),
        ({"agent_classes": {Household: Provider}}, "Provider is no subclass of Household"),
        ({"agent_classes": {Household: "mine"}}, "'mine' is no subclass of Household"),
    ],
)
def test_wrong_arguments_are_named(options, text):
    with pytest.raises(InputError) as raised:
        GovernanceModel(**options)
    assert text in str(raised.value)
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize("option", [{"place": "healthy"}, {"months": 3}, {"set": ["firm.fee=1"]}])
def test_a_resolved_world_takes_no_further_settings(option):
    world = resolve("market", months=3, set=SMALL)
    with pytest.raises(InputError, match="this world has them already"):
        GovernanceModel(world, **option)
    assert GovernanceModel(world).world is world


# --- letting go ------------------------------------------------------------------------------------------------------


def test_models_built_and_dropped_leave_none_alive():
    alive = []
    for seed in range(50):
        model = GovernanceModel("market", rng=seed, set=["population.n_households=5", "time.spinup=1"])
        model.step()
        alive.append(weakref.ref(model))
    del model
    gc.collect()
    assert [model for model in alive if model() is not None] == []


def test_an_agent_added_later_is_numbered_on():
    model = small()
    n = len(model.agents)

    class Visitor(Household):
        pass

    assert Visitor(model, 0, model.estates[0]).unique_id == n + 1


def test_the_state_is_shared_and_not_copied():
    model = small()
    assert isinstance(model.state, State)
    model.state.household_n[N.AREA, 3] = 99
    assert model.households[3].area == 99
