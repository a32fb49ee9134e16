"""What a Mesa user does with any model works here, or is refused in one sentence that says what to use instead."""

import copy
import gc
import pickle
import re
import weakref
from pathlib import Path

import mesa
import pandas as pd
import pytest
from mesa.batchrunner import batch_run

from agents.household import Household
from agents.property_firm import PropertyFirm
from sim import parameters as declared
from sim.dock import first_difference
from sim.errors import InputError
from sim.model import GovernanceModel
from sim.neighbourhood import KINDS

SMALL = ("population.n_households=20", "time.spinup=14")
IN_3_5 = hasattr(mesa.Model, "run_for")


def small(world: str = "market", **options) -> GovernanceModel:
    return GovernanceModel(world, set=SMALL, **({"rng": 7} | options))


def one_sentence(raised) -> str:
    text = str(raised.value)
    assert "\n" not in text
    return text


class Shop(mesa.Agent):
    """A user's own agent beside the model's."""

    turnover = 1.0

    def step(self):
        """Sell something."""
        self.turnover += 1.0


# --- the page that says so -------------------------------------------------------------------------------------------


def test_the_page_for_users_of_mesa_runs():
    page = (Path(__file__).parent.parent / "docs" / "from-mesa.md").read_text(encoding="utf-8")
    examples = re.findall(r"^```python\n(.*?)^```", page, re.MULTILINE | re.DOTALL)
    assert len(examples) == 4
    names: dict[str, object] = {"__name__": "__main__"}
    for example in examples:
        exec(compile(example, "from-mesa.md", "exec"), names)


# --- seeds ---------------------------------------------------------------------------------------------------------


def test_a_model_without_a_seed_draws_one_and_keeps_it():
    first, second = (small(rng=None, months=2) for _ in range(2))
    assert first.seed != second.seed
    again = small(rng=first.seed, months=2)
    for model in (first, again):
        model.run_model()
    assert first_difference(first.state, again.state, 2) is None


def test_seed_is_another_name_of_rng():
    assert first_difference(small(rng=None, seed=5).state, small(rng=5).state, 0) is None
    assert small(rng=None, seed=5).seed == small(rng=5).seed == 5
    with pytest.raises(InputError, match="rng = 5 and seed = 5 are two names of one thing") as raised:
        small(rng=5, seed=5)
    one_sentence(raised)
    with pytest.raises(InputError, match=r"seed = 1\.5 is no whole number"):
        small(rng=None, seed=1.5)


@pytest.mark.filterwarnings("ignore:The `iterations` keyword argument is deprecated")
def test_iterations_of_a_batch_run_differ():
    # The case: GovernanceModel in mesa.batch_run, without a seed, gave one run four times.
    asked = {"world": "market", "months": 6, "set": "population.n_households=60"}
    rows = pd.DataFrame(batch_run(GovernanceModel, asked, iterations=4, display_progress=False))
    assert len(rows) == 4
    assert rows.payment_rate.nunique() == 4


def test_a_batch_run_over_seeds_gives_the_runs_of_these_seeds():
    asked = {"world": "market", "months": 3, "set": SMALL[0], "place": "trapped"}
    over = batch_run(GovernanceModel, asked | ({} if IN_3_5 else {"seed": [3, 4]}), display_progress=False,
                     **({"rng": [3, 4]} if IN_3_5 else {}))  # fmt: skip
    for row, seed in zip(over, (3, 4), strict=True):
        model = GovernanceModel(**asked, seed=seed)
        model.run_model()
        assert row["payment_rate"] == model.outcome("payment_rate")
        assert row["seed"] == seed


# --- numbers of agents -----------------------------------------------------------------------------------------------


def test_an_agent_of_a_class_of_ones_own_has_a_number_that_nobody_else_has():
    model = small()
    shops = [Shop(model) for _ in range(20)]
    numbers = [agent.unique_id for agent in model.agents]
    assert len(set(numbers)) == len(numbers)
    assert [shop.unique_id for shop in shops] == list(range(len(numbers) - 19, len(numbers) + 1))
    collector = mesa.DataCollector(agent_reporters={"kind": lambda agent: type(agent).__name__})
    model.step()
    collector.collect(model)
    index = collector.get_agent_vars_dataframe().index
    assert index.nunique() == len(index) == len(numbers)


def test_agents_of_a_class_of_ones_own_keep_no_model_alive():
    model = small()
    Shop(model)
    alive = weakref.ref(model)
    del model
    gc.collect()
    assert alive() is None


# --- leaving ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_no_stakeholder_can_be_removed(kind):
    model = small()
    n = len(model.agents)
    agent = model.agents_by_type[kind][0]
    with pytest.raises(InputError) as raised:
        agent.remove()
    told = one_sentence(raised)
    assert told.startswith(f"{kind.__name__} {agent.unique_id} cannot be removed: its bills, ties, votes and cases ")
    assert "agent_classes" in told
    with pytest.raises(InputError, match="cannot be removed"):
        model.deregister_agent(agent)
    assert len(model.agents) == n
    assert agent in model.agents


def test_all_agents_cannot_be_removed_and_none_is():
    model = small(months=2)
    Shop(model)
    n = len(model.agents)
    with pytest.raises(InputError, match="District 1 cannot be removed"):
        model.remove_all_agents()
    assert len(model.agents) == n
    model.run_model()


def test_an_agent_taken_out_of_a_set_of_mesa_is_missed_at_the_next_step():
    for chosen in ("agents", "agents_by_type"):
        model = small()
        household = model.households[3]
        (model.agents if chosen == "agents" else model.agents_by_type[Household]).discard(household)
        with pytest.raises(InputError) as raised:
            model.step()
        told = one_sentence(raised)
        assert told.startswith(f"Household {household.unique_id} was taken out of the model's set of agents")
        assert "population.n_households" in told
        assert model.month == 0


def test_agents_of_a_class_of_ones_own_leave():
    model = small()
    shop = Shop(model)
    shop.remove()
    assert shop not in model.agents
    model.step()


# --- steps -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["step", "advance"])
def test_agents_have_no_step_of_their_own_and_say_so(method):
    model = small()
    with pytest.raises(InputError, match=rf"District 1 has no {method}\(\) of its own") as raised:
        model.agents.do(method)
    assert "call model.step()" in one_sentence(raised)
    with pytest.raises(InputError, match=rf"has no {method}\(\) of its own"):
        model.agents_by_type[Household].shuffle_do(method)


def test_agents_of_a_class_of_ones_own_step():
    model = small()
    shop = Shop(model)
    model.agents_by_type[Shop].do("step")
    assert shop.turnover == 2.0


# --- parameters in mid-run -------------------------------------------------------------------------------------------


def test_a_parameter_in_force_is_read_only_and_says_how_to_change_it():
    model = small()
    before = model.p.household_b_bailout
    with pytest.raises(InputError) as raised:
        model.p.household_b_bailout = -50.0
    assert one_sentence(raised) == (
        "model.p.household_b_bailout is read only, since the schedule of the scenario sets it; "
        'model.change("household.b_bailout", -50.0) changes it for the rest of the run'
    )
    with pytest.raises(InputError, match="read only"):
        del model.p.household_b_bailout
    assert model.p.household_b_bailout == before


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("household_b_bailuot", r"household\.b_bailuot is not a parameter; did you mean household\.b_bailout\?"),
        ("bailout", "is not a parameter"),
    ],
)
def test_a_misspelt_name_is_refused(name, text):
    model = small()
    with pytest.raises(InputError, match=f"model.p.{name}: .*{text}") as raised:
        setattr(model.p, name, 1.0)
    one_sentence(raised)
    assert not hasattr(model.p, name)


def test_a_change_lasts_whatever_the_schedule_says():
    # The case: a value set in month 6 was taken back when the schedule changed another lever.
    model = small("market + subsidy_taper", months=36)
    for _ in range(6):
        model.step()
    model.change("household.b_bailout", -5.0)
    assert model.p.household_b_bailout == -5.0
    seen, subsidies = [], set()
    while model.running:
        model.step()
        seen.append(model.p.household_b_bailout)
        subsidies.add(model.p.street_subsidy)
    assert seen == [-5.0] * 30
    assert len(subsidies) > 2
    assert model.changes == [(6, "household.b_bailout", -5.0)]


def test_a_change_reaches_what_is_derived_from_it():
    changed = small(months=3)
    changed.change("firm.fee", 1.0)
    changed.change("hours.service", 9.0)
    assert changed.p.derived_hours[0] == 9.0
    assert changed.p.firm_fee == 1.0
    row = declared.table([dict(changed.world.before) | {"firm.fee": 1.0, "hours.service": 9.0}])[0]
    assert {name: vars(changed.p)[name] for name in ("derived_money", "derived_difficulty")} == {
        name: tuple(row[name].tolist()) for name in ("derived_money", "derived_difficulty")
    }


def test_a_lever_changed_at_the_policy_month_is_a_scenario_that_sets_it_there(tmp_path):
    head = 'schema = 1\nkind = "programme"\ntitle = "Given"\nabout = "A subsidy from the policy month on."\n'
    (tmp_path / "given.toml").write_text(head + "[street]\nsubsidy = 0.3\n")
    changed, written = small(months=6), small(f"market + {tmp_path / 'given.toml'}", months=6)
    changed.change("street.subsidy", 0.3)
    for model in (changed, written):
        model.run_model()
    assert first_difference(changed.state, written.state, 6) is None


def test_a_change_of_the_speed_of_belief_reaches_households():
    model = small()
    model.change("household.belief_speed", 0.0)
    assert model.belief_speed == 0.0


@pytest.mark.parametrize(
    ("path", "value", "text"),
    [
        ("household.b_bailuot", 1.0, "did you mean household.b_bailout?"),
        ("household_b_bailout", 1.0, "household_b_bailout is not a parameter"),
        ("household.b_bailout", float("nan"), "household.b_bailout = nan"),
        ("household.b_bailout", "much", "household.b_bailout"),
        ("population.n_households", 5, "population.n_households shapes the households or the starting state"),
        ("structure.timing", "asynchronous", "structure.timing is of role structural"),
    ],
)
def test_a_change_that_cannot_be_is_refused_and_changes_nothing(path, value, text):
    model = small()
    before = dict(vars(model.p))
    with pytest.raises(InputError) as raised:
        model.change(path, value)
    assert text in one_sentence(raised)
    assert vars(model.p) == before
    assert model.changes == []


# --- pictures --------------------------------------------------------------------------------------------------------


def test_the_grid_is_the_network_of_the_households():
    model = small()
    for household in model.households:
        assert household.pos is None
    for household in model.households:
        neighbours = model.grid.get_neighbors(household.unit, include_center=False)
        assert {each.unit for each in neighbours} == {each.unit for each in household.neighbours}
    other = model.copy()
    assert other.grid.get_cell_list_contents([3]) == [other.households[3]]


@pytest.mark.thorough
def test_solara_shows_the_model_and_its_network():
    solara = pytest.importorskip("solara")
    from matplotlib.figure import Figure
    from mesa.visualization import SolaraViz, make_plot_component, make_space_component
    from mesa.visualization.components import AgentPortrayalStyle
    from mesa.visualization.mpl_space_drawing import draw_space

    def portrayal(household):
        return AgentPortrayalStyle(color="tab:blue" if household.paid else "tab:red", size=20)

    model = small()
    shown = draw_space(model.grid, portrayal, ax=Figure().add_subplot())
    assert len(shown.collections) >= 1
    asked = {"world": "market", "set": list(SMALL), "seed": {"type": "InputText", "value": 7, "label": "Seed"}}
    views = [make_space_component(portrayal), make_plot_component("payment_rate")]
    box, context = solara.render(SolaraViz(model, components=views, model_params=asked), handle_error=False)
    assert box.children
    context.close()


# --- copies ----------------------------------------------------------------------------------------------------------


def pickled(model: GovernanceModel) -> GovernanceModel:
    return pickle.loads(pickle.dumps(model))


COPIES = {"copy": copy.copy, "deepcopy": copy.deepcopy, "model.copy": lambda model: model.copy(), "pickle": pickled}


@pytest.mark.parametrize("way", COPIES)
@pytest.mark.parametrize("world", ["market", "red_station"])
def test_a_copy_goes_on_bit_for_bit(way, world):
    reporters = {Household: {"trust": "trust_provider"}}
    model = small(world, months=12, agenttype_reporters=reporters)
    Shop(model)
    for _ in range(6):
        model.step()
    model.random.random()
    model.rng.random()
    other = COPIES[way](model)
    assert (other.month, other.steps, other.running, other.seed) == (6, 6, True, 7)
    assert other.random.random() == model.random.random()
    assert other.rng.random() == model.rng.random()
    assert [(type(one), one.unique_id) for one in other.agents] == [(type(one), one.unique_id) for one in model.agents]
    assert not {id(agent) for agent in other.agents} & {id(agent) for agent in model.agents}
    assert all(agent.model is other for agent in other.agents)
    other.run_model()
    assert (model.month, model.steps) == (6, 6)
    model.run_model()
    assert (other.month, other.steps, other.running) == (12, 12, False)
    assert first_difference(model.state, other.state, 12) is None
    for read in ("get_model_vars_dataframe", "get_agenttype_vars_dataframe"):
        kinds = (Household,) if "type" in read else ()
        pd.testing.assert_frame_equal(
            *(getattr(each.datacollector, read)(*kinds) for each in (model, other)), check_exact=True
        )
    assert Shop(other).unique_id == Shop(model).unique_id == len(model.agents)


def test_a_copy_shares_nothing_that_changes():
    model = small()
    other = model.copy()
    other.change("household.b_bailout", -5.0)
    other.households[0].quality = -1.0
    other.estates[0].cash[0] += 5
    assert model.p.household_b_bailout != -5.0
    assert model.households[0].quality != -1.0
    assert model.estates[0].cash[0] == other.estates[0].cash[0] - 5
    assert other.state.cash[0, 0] == other.estates[0].cash[0]
    assert other.p is other._parameters[other._rows[0]]
    for ours, theirs in zip(model.households, other.households, strict=True):
        assert [each.unit for each in ours.neighbours] == [each.unit for each in theirs.neighbours]
        assert all(each is other.households[each.unit] for each in theirs.neighbours)


def test_a_pickle_of_one_household_brings_its_model():
    household = small().households[4]
    household.grudge = "the lift"
    other = pickle.loads(pickle.dumps(household))
    assert (other.unit, other.grudge, other.unique_id) == (4, "the lift", household.unique_id)
    assert other is other.model.households[4]
    assert len(other.neighbours) == len(household.neighbours)
    other.model.step()


def test_a_large_model_is_copied_without_deep_recursion():
    model = GovernanceModel("market", set=["population.n_households=600", "time.spinup=1"], rng=1)
    assert len(pickled(model).agents) == len(model.copy().agents) == len(model.agents)


@pytest.mark.skipif(not IN_3_5, reason="Mesa 3.3 has no events in its models")
def test_a_model_with_events_is_not_copied():
    model = small()
    shop = Shop(model)
    model.schedule_event(shop.step, at=3.0)
    with pytest.raises(InputError, match=r"schedule_event .* cannot be copied") as raised:
        model.copy()
    one_sentence(raised)


@pytest.mark.skipif(not IN_3_5, reason="Mesa 3.3 has no datasets in its models")
def test_a_model_with_datasets_is_not_copied():
    model = small()
    model.data_registry.track_model(model, "months", fields=["month"])
    with pytest.raises(InputError, match="datasets of Mesa's cannot be copied") as raised:
        model.copy()
    one_sentence(raised)


@pytest.mark.skipif(not IN_3_5, reason="Mesa 3.3 has no clock in its models")
def test_the_clock_of_mesa_lives_through_months():
    model, other = small(), small()
    model.run_for(2)
    model.run_until(3.0)
    for _ in range(3):
        other.step()
    assert (model.month, model.steps, model.time) == (3, 3, 3.0)
    assert first_difference(model.state, other.state, 3) is None


def test_a_copy_lives_months_of_a_subclass_once():
    lived = []

    class Watched(GovernanceModel):
        def step(self):
            lived.append(self.month)
            super().step()

    model = Watched("market", set=SMALL, rng=1)
    model.step()
    other = model.copy()
    assert lived == [0]
    other.step()
    assert lived == [0, 1]


def test_agents_of_a_kind_are_still_whom_the_model_knows():
    other = small().copy()
    assert list(other.agents_by_type[Household]) == other.households
    assert list(other.agents_by_type[PropertyFirm]) == other.estates[0].bidders
    with pytest.raises(InputError, match="cannot be removed"):
        other.households[0].remove()
