"""What the figures of the house are drawn from, small: in memory, and read back from Parquet files."""

from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from function_models import ishigami, put_in_place, study_of

import sim
import sim.sensitivity
import sim.tipping
from sim import store
from sim.analysis.ablation import Ablation
from sim.analysis.crossing import Crossings
from sim.analysis.keeping import Made, keep_ablation, keep_crossing, read_kept
from sim.manifest import file_entry
from sim.results import Results
from sim.studies import equal_money
from sim.studies import run as run_study
from sim.studies.harms import Harm
from sim.studies.odds import Odds, columns, count

MARKET = "market @ managed"
SMALL = ("population.n_households=50", "time.spinup=12")
FORMS = ["market @ managed", "red_alliance @ managed", "market + subsidy_permanent @ managed"]
"""Forms that are compared at the same money, and counted against each other."""


def kept(results: Results, folder: Path) -> Results:
    """Write results and read them back; scenarios are resolved again, as a file does not hold them."""
    with store.fill(folder) as filling:
        store.add_tables(filling, results)
        filling.publish({"files": [file_entry(filling, name) for name in filling.names]})
    arms = store.read_results(folder).arms
    return Results([replace(arm, world=same.world) for arm, same in zip(arms, results.arms, strict=True)])


def forms_in_memory(results: Results) -> list[equal_money.Form]:
    """Make of each arm a form in a row of money."""
    forms = []
    for arm in results.arms:
        name, _, row = arm.scenario.partition(" + ")
        values = {name: arm.judged[name] for name in equal_money.NEEDED}
        forms.append(equal_money.Form(arm.place, row, name, 1.0, 0.0, values, {}, None))
    return forms


def ablation_tables(made: Ablation, folder: Path) -> dict[str, pd.DataFrame]:
    """Keep an ablation in a folder and return its table."""
    keep_ablation(made, folder / "ablation", Made("", ""), {})
    return {"ablation": made.table}


def crossing_tables(made: Crossings, folder: Path) -> dict[str, pd.DataFrame]:
    """Keep a crossing in a folder and return its tables."""
    keep_crossing(made, folder / "crossing", Made("", ""), {})
    return {"differences": made.table, "crossings": made.crossings}


def tables_kept(folder: Path) -> dict[str, pd.DataFrame]:
    """Read the tables of an ablation or a crossing."""
    read = read_kept(folder)
    assert read is not None
    return read[1]


PATTERNS = [
    {"kind": "row", "source": "C14", "name": name, "share": at, "share_low": at - 0.02, "share_high": at + 0.03}
    for name, at in (("owe nothing", 0.2), ("one bill", 0.81), ("two bills", 0.35))
]


def harm(channel: str, number: int) -> Harm:
    """Make up what a channel of harm does at five points."""
    effects = np.array([0.1, -0.3, 0.25, 0.02, -0.11]) * (number + 1)
    worst = np.zeros(5, bool)
    return Harm("red_station", "trapped", channel, ("market",), {"unresolved": effects}, worst, worst, ())


def found(folder: Path) -> dict[str, Any]:
    """Make what figures draw from, as it is found; some of it keeps itself in a folder."""
    results = sim.compare(
        ["custody @ trapped", "red_station @ trapped", MARKET, "red_alliance @ managed"],
        months=24, replicates=6, set=SMALL, cases=False,
    )  # fmt: skip
    tipping = sim.tipping.run(
        "market", place="trapped", out=folder / "tipping", figures=False, levels=3, dwell=(15,), months=84,
        replicates=12, set=("population.n_households=30", "household.intercept=0.6"),
        vary=("street.subsidy=0:0.1", "household.b_social=0.5:2"), ramp="street.subsidy=0:0.2",
    )  # fmt: skip
    district = sim.compare(
        ["hanshan_rollout"], months=20, replicates=3,
        set=("population.n_estates=24", "population.n_households=25", "time.spinup=12"),
    )  # fmt: skip
    study = study_of(ishigami, "sobol", 64, starts=["healthy"], differences=[["red_station", "market"]])
    study |= {"scenarios": ["market", "red_station"], "months": 3}
    with pytest.MonkeyPatch.context() as patch:
        put_in_place(patch, ishigami, noise=1.0, of_arm=[0.0, 1.0])
        analysis = sim.sensitivity.run(study, folder / "sensitivity")
    alliance = {"place": "managed", "months": 24, "replicates": 6, "set": SMALL}
    fees = {"over": "fee", "values": "0.2:0.9:4", "place": "trapped", "months": 24, "replicates": 6, "set": SMALL}
    forms = sim.compare(FORMS, months=24, replicates=6, set=SMALL)
    cost = np.stack([arm.values["full_cost"][:, -1][None] for arm in forms.arms])  # one draw, in which forms lie apart
    arms = [(arm.scenario, arm.place) for arm in forms.arms]
    return {
        "results": results,
        "tipping": tipping,
        "district": district,
        "sensitivity": vars(analysis),
        "money": forms_in_memory(forms),
        "odds": [each for margin in (0.0, 0.02) for each in count(arms, cost, 2, margin)],
        "ablation": ablation_tables(sim.ablate("red_alliance", rivals=["market"], **alliance), folder),
        "crossing": crossing_tables(sim.crossing("red_station", "market", **fees), folder),
        "patterns": PATTERNS,
        "harms": [harm(channel, k) for k, channel in enumerate(("attention", "capture", "irritation"))],
        "failure": sim.run("f02_bailout", months=24, replicates=6, set=SMALL),
    }


def read_back(memory: dict[str, Any], folder: Path) -> dict[str, Any]:
    """Read the same back from Parquet files in the folder."""
    constants = {"population.n_households": 50, "time.spinup": 12}
    study = {"question": "Which?", "scenarios": FORMS, "months": 24, "replicates": 6, "constants": constants}
    run_study(study | {"seed": 1, "outcomes": list(equal_money.NEEDED)}, folder / "money")
    store.write_table(store.table_of(columns(memory["odds"])), folder / "odds.parquet")
    rows = pd.read_parquet(folder / "odds.parquet")[[field.name for field in fields(Odds)]]
    return {
        "results": kept(memory["results"], folder / "results"),
        "tipping": sim.tipping.open_tipping(folder / "tipping"),
        # Of a district, files keep the rows of its estates: tests/test_rollout.py holds figures against them.
        "district": memory["district"],
        "sensitivity": {path.stem: pd.read_parquet(path) for path in (folder / "sensitivity").glob("*.parquet")},
        "money": equal_money.forms_of(folder / "money"),
        "odds": [Odds(*row) for row in rows.itertuples(index=False)],
        "ablation": tables_kept(folder / "ablation"),
        "crossing": tables_kept(folder / "crossing"),
        # Of searches, files keep the rows of their tables: tests/test_studies_patterns.py and _harms.py hold those.
        "patterns": memory["patterns"],
        "harms": memory["harms"],
        "failure": kept(memory["failure"], folder / "failure"),
    }
