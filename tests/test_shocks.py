"""Policies in time: shocks strike in their month, programmes stop and come back."""

import numpy as np
import pytest

from sim.errors import InputError
from sim.runs import simulate
from sim.scenarios import resolve
from sim.totals import Total

SMALL = ["population.n_households=60"]


def totals(expression: str, place: str = "managed", months: int = 40, set: tuple[str, ...] = ()) -> np.ndarray:
    world = resolve(expression, place=place, months=months, set=[*SMALL, *set])
    batch = simulate([world], replicates=range(6), seed=2)[0]
    assert batch.status == ("ok",) * 6
    return batch.totals[:, batch.first :, :, 0]


@pytest.mark.parametrize("shock", ["lift_fails", "firm_leaves", "scandal", "covid_stop"])
def test_nothing_happens_before_a_shock(shock):
    first = {"covid_stop": 13}.get(shock, 24)
    quiet, struck = totals("market"), totals(f"market + {shock}")
    assert np.array_equal(quiet[:, :first], struck[:, :first])
    assert not np.array_equal(quiet[:, first:], struck[:, first:])


def test_a_lift_takes_a_quarter_of_what_nobody_sees():
    quiet, struck = totals("market"), totals("market + lift_fails")
    ratio = struck[:, 24, Total.INVISIBLE] / quiet[:, 24, Total.INVISIBLE]
    assert np.all((ratio > 0.73) & (ratio < 0.79))
    assert np.array_equal(quiet[:, 24, Total.VISIBLE], struck[:, 24, Total.VISIBLE])


def test_the_firm_leaves_in_its_month():
    struck = totals("market + firm_leaves")
    served = struck[:, 23, Total.PROVIDER] == 2
    assert served.any()
    assert np.array_equal(struck[:, 24, Total.FIRM_LEFT] == 1, served)


def test_a_scandal_halves_trust():
    quiet, struck = totals("market"), totals("market + scandal")
    ratio = struck[:, 24, Total.TRUST_PROVIDER] / quiet[:, 24, Total.TRUST_PROVIDER]
    assert np.all(ratio < 0.65)
    party = struck[:, 24, Total.TRUST_BRANCH] / quiet[:, 24, Total.TRUST_BRANCH]
    assert np.all((party > 0.75) & (party < 0.85))


def test_visits_stop_in_the_epidemic_and_come_back():
    struck, quiet = totals("red_alliance + covid_stop", months=60), totals("red_alliance", months=60)
    visits = [found[:, :, Total.VISITED].sum(axis=0) for found in (struck, quiet)]
    epidemic = slice(13, 17)
    assert visits[0][epidemic].sum() < 0.4 * visits[1][epidemic].sum()
    later = slice(28, 60)
    assert visits[0][later].sum() > 0.8 * visits[1][later].sum()


def test_a_programme_comes_back(tmp_path):
    path = tmp_path / "relaunched.toml"
    path.write_text(
        'schema = 1\nkind = "programme"\ntitle = "x"\nabout = "y"\n[schedule]\nstart = 2\nstop = 5\nagain = 8\n'
        "[street]\nsubsidy = { value = 0.1, source = 'assumed' }\n"
    )
    world = resolve(f"market + {path}", months=12)
    found = {segment.month: segment.values["street.subsidy"] for segment in world.segments}
    assert found == {0: 0.0, 2: 0.1, 5: 0.0, 8: 0.1}


def test_a_relaunch_needs_a_stop(tmp_path):
    path = tmp_path / "relaunched.toml"
    path.write_text(
        'schema = 1\nkind = "programme"\ntitle = "x"\nabout = "y"\n[schedule]\nstart = 2\nagain = 8\n'
        "[street]\nsubsidy = { value = 0.1, source = 'assumed' }\n"
    )
    with pytest.raises(InputError, match="only after a stop"):
        resolve(f"market + {path}")
