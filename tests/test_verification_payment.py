"""M0, the payment decision with social interaction alone, against exact results of Brock and Durlauf's model.

Brock & Durlauf (2001, Review of Economic Studies 68:235-260): a household says +1 (pays) or -1 with
P(+1) = logistic(2 (H + K m)), m the mean of what the others said. The model's utility is
a + J (2 x - 1) with x the share of payers, 2 x - 1 = m, so a = 2 H and J = 2 K; in 0/1 form the slope is g = 2 J.

*Synchronous* decisions with the household itself in the mean: the number of payers is a Markov chain on 0..N,
k' ~ Binomial(N, logistic(2 (H + K m))), whose stationary law has a closed form (Peretto 1984, Little 1974).
*Asynchronous*: every decision is a heat-bath update of one household given the others, which leaves
pi(k) ~ C(N, k) exp(H M + K (M^2 - N) / (2 (N - 1))), M = 2 k - N, unchanged whichever household it is. A month
is a sweep over all households in a random order that does not depend on what they do, so pi is the exact law
at month ends too; the law after a finite number of sweeps is computed here as well.

Every estate of a run is an independent copy: the number of estates is the sample size.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pytest
from estates import ALPHA, Z, built, payers, run, start_from, values
from numpy.polynomial.hermite_e import hermegauss
from scipy import stats
from scipy.special import expit, gammaln

from agents.rules.household import CONDITIONAL
from agents.rules.household import HouseholdReal as H
from agents.rules.household import HouseholdWhole as N
from agents.rules.numeric import logistic, logit, share, taste_threshold
from agents.rules.payment import decision_kind, pays, plain_utility, social_term
from sim.draws import Draw, stream_key, uniforms
from sim.network import from_edges

SYNCHRONOUS, ASYNCHRONOUS = 0, 1

# --- exact laws, from the mathematics alone ------------------------------------------------------------------


def choice(k: np.ndarray, n: int, coupling: float, field: float) -> np.ndarray:
    """P(pay) where k of the n households looked at pay."""
    return np.asarray(expit(2.0 * (field + coupling * (2.0 * k / n - 1.0))))


@dataclass(frozen=True)
class Estate:
    """N households with K and H: how the law of the number of payers moves on."""

    size: int
    coupling: float
    field: float

    @property
    def k(self) -> np.ndarray:
        return np.arange(self.size + 1)

    @cached_property
    def matrix(self) -> np.ndarray:
        """Transition matrix of one synchronous month."""
        chance = choice(self.k, self.size, self.coupling, self.field)
        return np.asarray(stats.binom.pmf(self.k[None, :], self.size, chance[:, None]))

    def month(self, law: np.ndarray) -> np.ndarray:
        """One synchronous month."""
        return np.asarray(law @ self.matrix)

    def update(self, law: np.ndarray) -> np.ndarray:
        """One update of one household chosen at random, which looks at the others only."""
        payer = law * self.k / self.size
        other = law - payer
        up = other * choice(self.k, self.size - 1, self.coupling, self.field)
        down = payer * (1.0 - choice(self.k - 1, self.size - 1, self.coupling, self.field))
        after = law - up - down
        after[1:] += up[:-1]
        after[:-1] += down[1:]
        return np.asarray(after)

    def sweep(self, law: np.ndarray) -> np.ndarray:
        """One sweep in random order, by payers yet to decide (a) and payers who have decided (b)."""
        a, b = self.k[:, None], self.k[None, :]
        joint = np.zeros((self.size + 1, self.size + 1))
        joint[:, 0] = law
        for left in range(self.size, 0, -1):
            payer = joint * np.minimum(a / left, 1.0)
            other = joint - payer
            p_payer = choice(a - 1 + b, self.size - 1, self.coupling, self.field)
            p_other = choice(a + b, self.size - 1, self.coupling, self.field)
            joint = other * (1.0 - p_other)
            joint[:, 1:] += (other * p_other)[:, :-1]
            joint[:-1, :] += (payer * (1.0 - p_payer))[1:, :]
            joint[:-1, 1:] += (payer * p_payer)[1:, :-1]
        return joint[0]

    def stationary(self, timing: int) -> np.ndarray:
        """Closed form of the stationary law."""
        total = 2.0 * self.k - self.size
        log_choose = gammaln(self.size + 1) - gammaln(self.k + 1) - gammaln(self.size - self.k + 1)
        if timing == SYNCHRONOUS:
            energy = self.field * total + self.size * np.log(np.cosh(self.field + self.coupling * total / self.size))
        else:
            energy = self.field * total + self.coupling * (total**2 - self.size) / (2 * (self.size - 1))
        weight = np.exp(log_choose + energy - (log_choose + energy).max())
        return np.asarray(weight / weight.sum())

    def after(self, steps: int, start: int, step: Callable[[np.ndarray], np.ndarray] | None = None) -> np.ndarray:
        """Law `steps` steps (months unless given) after `start` payers."""
        law = np.zeros(self.size + 1)
        law[start] = 1.0
        for _ in range(steps):
            law = (step or self.month)(law)
        return law


def moment(law: np.ndarray, power: int) -> float:
    size = len(law) - 1
    return float(law @ (2.0 * np.arange(size + 1) / size - 1.0) ** power)


def p_value(counts: np.ndarray, law: np.ndarray) -> float:
    """Chi-square p-value of observed numbers of payers; neighbouring cells pooled to 5 expected or more."""
    observed = np.bincount(counts, minlength=len(law))
    seen, expected, pooled = [0.0], [0.0], 0.0
    for o, q in zip(observed, law * len(counts), strict=True):
        if pooled >= 5.0:
            seen.append(0.0)
            expected.append(0.0)
            pooled = 0.0
        seen[-1] += o
        expected[-1] += q
        pooled += q
    if pooled < 5.0 and len(seen) > 1:
        seen[-2] += seen.pop()
        expected[-2] += expected.pop()
    if len(seen) == 1:
        return 1.0
    return float(stats.chisquare(seen, expected, sum_check=False).pvalue)


# --- the shipped model in that limit --------------------------------------------------------------------------


def brock_durlauf(
    size: int, coupling: float, field: float, *, timing: int = SYNCHRONOUS, estates: int = 1, **more: float
) -> dict[str, float]:
    """Return the values of M0 with K = coupling and H = field."""
    return values(
        "m0",
        changes={
            "household.b_social": 2.0 * coupling,
            "household.intercept": 2.0 * field,
            "structure.timing": timing,
            "network.self_ties": 1 if timing == SYNCHRONOUS else 0,
            "population.n_households": size,
            "population.n_estates": estates,
            **{path.replace("__", "."): value for path, value in more.items()},
        },
    )


def months_from(values: dict[str, float], paid: int, months: int, seed: int = 1) -> np.ndarray:
    """Return the numbers of payers, (month, estate), after everybody did `paid`; row 0 is month 1."""
    return payers(run(start_from(built(values, seed), paid), values, 1, 1 + months))


# --- mean field ----------------------------------------------------------------------------------------------

FIXED_POINTS = [
    (0.5, 0.2, (0.364782198288,)),
    (0.8, 0.1, (0.390526682034,)),
    (1.2, 0.0, (-0.658569660406, 0.0, 0.658569660406)),
    (1.5, 0.0, (-0.858559636640, 0.0, 0.858559636640)),
    (1.5, 0.1, (-0.801080375581, -0.205979060282, 0.893855197237)),
    (1.5, 0.2, (-0.648695986926, -0.495924876508, 0.918172775513)),
    (1.5, 0.3, (0.935886027987,)),
    (2.0, 0.3, (-0.907996987223, -0.310610452329, 0.978312184853)),
    (-2.0, 0.5, (0.166148435883,)),
]
"""K, H and the fixed points of m = tanh(H + K m)."""


def shipped_map(share_paid: float, intercept: float, b_social: float) -> float:
    """Return the expected share of payers one month on, by the shipped rules, where all believe `share_paid`."""
    nothing = (0.0,) * 7
    social = social_term(CONDITIONAL, share_paid, 0.0, b_social)
    return logistic(plain_utility(intercept, 0.0, 0.0, social, 0.0, 0, 0.0, 0.0, 0.0, 0.0, *nothing))


def roots(function: Callable[[float], float], low: float, high: float) -> list[float]:
    """Return all roots between low and high, found on a grid and bisected."""
    grid = np.linspace(low, high, 4002)  # 0 itself is no point of the grid
    signs = [function(x) > 0.0 for x in grid]
    found = []
    for left, right, up in zip(grid[:-1], grid[1:], np.diff(np.array(signs, int)), strict=True):
        if up == 0:
            continue
        inside, outside = (right, left) if up > 0 else (left, right)
        for _ in range(80):
            middle = 0.5 * (inside + outside)
            inside, outside = (middle, outside) if function(middle) > 0.0 else (inside, middle)
        found.append(0.5 * (inside + outside))
    return found


@pytest.mark.parametrize(("coupling", "field", "expected"), FIXED_POINTS)
def test_the_rules_have_the_fixed_points_of_brock_and_durlauf(coupling, field, expected):
    def gap(m: float) -> float:
        return 2.0 * shipped_map(0.5 * (1.0 + m), 2.0 * field, 2.0 * coupling) - 1.0 - m

    assert roots(gap, -1.0, 1.0) == pytest.approx(expected, abs=1e-11)


@pytest.mark.parametrize(
    ("slope", "intercept", "expected"),
    [
        (6.0, -3.0, (0.07072018168, 0.5, 0.92927981832)),
        (6.0, -2.8, (0.099459812210, 0.397010469859, 0.946927598618)),
        (6.0, -2.5, (0.963843006574,)),
        (2.0, 0.5, (0.910621094387,)),
        (0.0, -1.0, (0.268941421370,)),
    ],
)
def test_the_rules_have_the_fixed_points_of_the_0_1_form(slope, intercept, expected):
    # logistic(a + g p) is logistic(a_0 + J (2 p - 1)) with J = g / 2 and a_0 = a + J
    def gap(p: float) -> float:
        return shipped_map(p, intercept + slope / 2.0, slope / 2.0) - p

    assert roots(gap, 0.0, 1.0) == pytest.approx(expected, abs=1e-11)


@pytest.mark.parametrize(("coupling", "fold"), [(1.2, 0.056390585311), (1.5, 0.207546455322), (2.0, 0.532839975354)])
def test_three_equilibria_merge_at_the_fold(coupling, fold):
    def number(field: float) -> int:
        return len(
            roots(lambda m: 2.0 * shipped_map(0.5 * (1.0 + m), 2.0 * field, 2.0 * coupling) - 1.0 - m, -1.0, 1.0)
        )

    assert math.sqrt(coupling * (coupling - 1)) - math.atanh(math.sqrt(1 - 1 / coupling)) == pytest.approx(fold)
    assert (number(0.99 * fold), number(1.01 * fold)) == (3, 1)


@pytest.mark.parametrize(("coupling", "field", "points"), FIXED_POINTS[1:5])
@pytest.mark.parametrize("paid", [0, 1])
def test_a_large_estate_settles_at_a_fixed_point(coupling, field, points, paid):
    size, estates, months = 400, 10, 60
    law = Estate(size, coupling, field).after(months, size * paid)
    state = 2.0 * months_from(brock_durlauf(size, coupling, field, estates=estates), paid, months)[-1] / size - 1.0
    spread = math.sqrt(moment(law, 2) - moment(law, 1) ** 2)
    assert state.mean() == pytest.approx(moment(law, 1), abs=Z * spread / math.sqrt(estates))
    # the exact law of 400 households stands beside the point that 60 months of the mean-field map lead to
    assert moment(law, 1) == pytest.approx(points[-paid], abs=0.02)


def test_taste_that_differs_between_households_is_averaged_over():
    # E[logistic(a + s Z)] = 0.602027132817 for a = 0.5, s = 1 (Gauss-Hermite); nobody looks at anybody
    nodes, weights = hermegauss(80)
    assert weights @ expit(0.5 + nodes) / math.sqrt(2.0 * math.pi) == pytest.approx(0.602027132817, abs=1e-11)
    n = 40_000
    alone = {"household__intercept_spread": 1.0, "network__kind": 3, "network__degree": 0}
    paid = months_from(brock_durlauf(n, 0.0, 0.25, **alone), 0, 1)[0, 0] / n
    assert paid == pytest.approx(0.602027132817, abs=Z * math.sqrt(0.6020 * 0.3980 / n))


def test_taste_and_neighbours_together_settle_where_theory_says():
    # p = E[logistic(-0.5 + 2 p + 0.5 Z)] = 0.701673770909: J = 1 and a_0 = 0.5
    size, estates, p = 400, 24, 0.701673770909
    values = brock_durlauf(size, 0.5, 0.25, estates=estates, household__intercept_spread=0.5)
    paid = months_from(values, 1, 40)[-1] / size
    # var = p (1 - p) / N over 1 - f'(p)^2 (decisions) and / (1 - f')^2 (fixed tastes); f' < 2 p (1 - p)
    slope = 2.0 * p * (1.0 - p)
    spread = math.sqrt(p * (1.0 - p) / size) / (1.0 - slope)
    assert paid.mean() == pytest.approx(p, abs=Z * spread / math.sqrt(estates) + 2.0 / size)


# --- the exact law of a finite estate ------------------------------------------------------------------------

FINITE = [
    (10, 0.5, 0.0, (0.0, 0.1270790167), (0.0, 0.1842191380)),
    (10, 0.5, 0.2, (0.3511407607, 0.2291903158), (0.3450661616, 0.2705861211)),
    pytest.param(50, 0.8, 0.1, (0.3706145520, 0.1698149784), (0.3580902124, 0.1840519171), marks=pytest.mark.thorough),
    pytest.param(50, 1.2, 0.05, (0.7034267753, 0.5156238393), (0.6341512263, 0.4976535521), marks=pytest.mark.thorough),
    (100, 0.5, 0.0, (0.0, 0.0132607336), (0.0, 0.0198062623)),
    pytest.param(200, 1.0, 0.0, (0.0, 0.0601033039), (0.0, 0.0853014095), marks=pytest.mark.thorough),
]
"""N, K, H, then (E[m], E[m^2]) synchronous and asynchronous."""


@pytest.mark.parametrize(("size", "coupling", "field", "synchronous", "asynchronous"), FINITE)
def test_the_closed_forms_are_invariant_and_have_the_published_moments(
    size, coupling, field, synchronous, asynchronous
):
    estate = Estate(size, coupling, field)
    for timing, moments in ((SYNCHRONOUS, synchronous), (ASYNCHRONOUS, asynchronous)):
        law = estate.stationary(timing)
        assert (moment(law, 1), moment(law, 2)) == pytest.approx(moments, abs=1e-9)
        for step in [estate.month] if timing == SYNCHRONOUS else [estate.update, estate.sweep]:
            assert step(law) == pytest.approx(law, abs=1e-13)


@pytest.mark.parametrize("timing", [SYNCHRONOUS, ASYNCHRONOUS])
@pytest.mark.parametrize(("size", "coupling", "field", "synchronous", "asynchronous"), FINITE)
def test_a_finite_estate_has_its_exact_law(size, coupling, field, synchronous, asynchronous, timing):
    estate, expected = Estate(size, coupling, field), (synchronous, asynchronous)
    pi = estate.stationary(timing)
    start = size if field > 0 else size // 2
    months, law = settled(estate.month if timing == SYNCHRONOUS else estate.sweep, pi, start)

    # so many estates that the other timing's moment would be missed once in a thousand (2.9, size 1e-6)
    spreads = [math.sqrt(moment(pi, 2 * power) - moment(pi, power) ** 2) for power in (1, 2)]
    apart = [abs(synchronous[power] - asynchronous[power]) for power in (0, 1)]
    effect = max(a / s for a, s in zip(apart, spreads, strict=True))
    estates = math.ceil(((Z + stats.norm.isf(1e-3)) / effect) ** 2)

    k = final_payers(size, coupling, field, timing, estates, start, months)
    assert p_value(k, law) > ALPHA
    m = 2.0 * k / size - 1.0
    for power, value, spread in zip((1, 2), expected[timing], spreads, strict=True):
        assert (m**power).mean() == pytest.approx(value, abs=Z * spread / math.sqrt(estates) + 2e-3)


def settled(step: Callable[[np.ndarray], np.ndarray], pi: np.ndarray, start: int) -> tuple[int, np.ndarray]:
    """Return the number of steps after which the law is within 1e-3 of pi in total variation, and that law."""
    law = np.zeros(len(pi))
    law[start] = 1.0
    for number in range(1, 1000):
        law = step(law)
        if 0.5 * np.abs(law - pi).sum() < 1e-3:
            return number, law
    raise AssertionError("not settled after 1000 steps")


def final_payers(
    size: int, coupling: float, field: float, timing: int, estates: int, start: int, months: int
) -> np.ndarray:
    """Return the number of payers of each estate after `months` months, in runs of at most 4 million ties."""
    at_once = max(1, min(estates, 4_000_000 // size**2))
    values = brock_durlauf(size, coupling, field, timing=timing, estates=at_once)
    state, paid = built(values), np.tile(np.arange(size) < start, at_once)
    runs = [
        payers(run(start_from(state, paid, stream_key(1, replicate)), values, 1, 1 + months))[-1]
        for replicate in range(-(-estates // at_once))
    ]
    return np.concatenate(runs)


def test_the_law_of_the_other_timing_is_rejected():
    """The test above can fail: synchronous months do not pass for asynchronous ones."""
    size, coupling, field = 10, 0.5, 0.0
    k = months_from(brock_durlauf(size, coupling, field, estates=2000), 1, 20)[-1]
    assert p_value(k, Estate(size, coupling, field).stationary(SYNCHRONOUS)) > ALPHA
    assert p_value(k, Estate(size, coupling, field).stationary(ASYNCHRONOUS)) < ALPHA


def test_one_randomly_chosen_household_at_a_time_has_the_asynchronous_law():
    """Drive the shipped rules directly: each update decides one household, drawn at random, given the others."""
    size, coupling, field, updates, copies = 10, 0.5, 0.2, 120, 1500
    key = stream_key(3, 0)
    paid = np.ones((copies, size), int)
    zeros = (0.0,) * 7
    for update in range(updates):
        at = np.floor(size * uniforms(key, Draw.ORDER, month=update, estate=np.arange(copies), unit=0)).astype(int)
        chance = uniforms(key, Draw.PAY, month=update, estate=np.arange(copies), unit=0)
        for copy, (j, u) in enumerate(zip(at.tolist(), chance.tolist(), strict=True)):
            seen = share(int(paid[copy].sum()) - int(paid[copy, j]), size - 1)
            social = social_term(CONDITIONAL, seen, 0.0, 2.0 * coupling)
            utility = plain_utility(2.0 * field, 0.0, 0.0, social, 0.0, 0, 0.0, 0.0, 0.0, 0.0, *zeros)
            paid[copy, j] = pays(decision_kind(taste_threshold(u, 0), utility, 0.0, 0.0, 0.0))
    k = paid.sum(axis=1)
    estate = Estate(size, coupling, field)
    law = estate.after(updates, size, estate.update)
    assert 0.5 * np.abs(law - estate.stationary(ASYNCHRONOUS)).sum() < 0.01
    assert p_value(k, law) > ALPHA
    assert p_value(k, Estate(size, coupling, field).stationary(SYNCHRONOUS)) < ALPHA


# --- on the way there ----------------------------------------------------------------------------------------

TRANSIENT = {
    1: 0.905148253645, 2: 0.871416812889, 3: 0.856332867376, 6: 0.841712756011, 12: 0.834544820087,
    24: 0.824384475871, 60: 0.794808064757,
}  # fmt: skip
"""E[m_t], synchronous, N = 20, K = 1.5, H = 0, everybody paying at the start."""


def test_expectations_on_the_way_are_exact():
    size, coupling, estates = 20, 1.5, 2500
    paths = 2.0 * months_from(brock_durlauf(size, coupling, 0.0, estates=estates), 1, 60) / size - 1.0
    for month, expected in TRANSIENT.items():
        law = Estate(size, coupling, 0.0).after(month, size)
        variance = moment(law, 2) - moment(law, 1) ** 2
        assert moment(law, 1) == pytest.approx(expected, abs=1e-11)
        assert variance == pytest.approx({1: 0.009035331946, 12: 0.027193016214}.get(month, variance), abs=1e-11)
        assert paths[month - 1].mean() == pytest.approx(expected, abs=Z * math.sqrt(variance / estates))


def test_the_high_state_of_a_small_estate_is_left_as_often_as_theory_says():
    size, coupling, estates, horizon = 10, 1.5, 2000, 120
    half = size // 2
    stay = Estate(size, coupling, 0.0).matrix[half + 1 :, half + 1 :]
    mean_time = np.linalg.solve(np.eye(len(stay)) - stay, np.ones(len(stay)))[-1]
    assert mean_time == pytest.approx(116.914432, abs=1e-6)
    lowest = np.minimum.accumulate(months_from(brock_durlauf(size, coupling, 0.0, estates=estates), 1, horizon), axis=0)
    for month in (12, 60, 120):
        still = float(np.linalg.matrix_power(stay, month)[-1].sum())
        seen = float((lowest[month - 1] > half).mean())
        assert seen == pytest.approx(still, abs=Z * math.sqrt(still * (1.0 - still) / estates))


def test_contrarians_swing_when_synchronous_and_not_when_one_sees_the_others():
    """K = -2: a 2-cycle of amplitude 0.957504 by the synchronous map; none where decisions are seen at once."""
    size, estates, months = 400, 10, 41
    swing = 2.0 * months_from(brock_durlauf(size, -2.0, 0.0, estates=estates), 1, months) / size - 1.0
    last = swing[-20:].mean(axis=1)
    amplitude = np.abs(last).mean()
    law = Estate(size, -2.0, 0.0).after(months, size)
    spread = math.sqrt(moment(law, 2) - moment(law, 1) ** 2)
    assert np.array_equal(np.sign(last), np.where(np.arange(20) % 2 == 0, 1, -1) * np.sign(last[0]))
    assert amplitude == pytest.approx(abs(moment(law, 1)), abs=Z * spread / math.sqrt(estates))
    assert abs(moment(law, 1)) == pytest.approx(0.957504024077, abs=1e-3)

    seen = brock_durlauf(size, -2.0, 0.0, timing=ASYNCHRONOUS, estates=estates)
    calm = 2.0 * months_from(seen, 1, months) / size - 1.0
    pi = Estate(size, -2.0, 0.0).stationary(ASYNCHRONOUS)
    assert np.abs(calm[-20:].mean(axis=1)).max() < Z * math.sqrt(moment(pi, 2) / estates)


# --- limits --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("law", "intercept"), [(0, 0.7), (0, -1.0), (1, 0.7), (1, -1.0)])
def test_without_interaction_payment_is_a_plain_coin(law, intercept):
    """logistic(0.7) = 0.668188; probit with the logistic's variance: Phi(a sqrt(3) / pi)."""
    n = 40_000
    p = expit(intercept) if law == 0 else stats.norm.cdf(intercept * math.sqrt(3.0) / math.pi)
    alone = {"structure__choice": law, "network__kind": 3, "network__degree": 0}
    paid = months_from(brock_durlauf(n, 0.0, intercept / 2.0, **alone), 0, 2) / n
    assert paid[:, 0] == pytest.approx(p, abs=Z * math.sqrt(p * (1.0 - p) / n))
    # the law is that of independent coins: a month's count has the binomial variance over many estates
    estates, size = 400, 100
    k = months_from(brock_durlauf(size, 0.0, intercept / 2.0, estates=estates, **alone), 0, 1)[0]
    assert p_value(k, stats.binom.pmf(np.arange(size + 1), size, p)) > ALPHA


@pytest.mark.parametrize("utility", [-3.0, -0.4, 0.0, 0.7, 2.5])
def test_a_household_pays_exactly_where_its_draw_lies_below_the_logistic(utility):
    p = logistic(utility)
    for u, expected in ((p * (1.0 - 1e-9), 1), (p + (1.0 - p) * 1e-9, 0)):
        assert pays(decision_kind(taste_threshold(u, 0), utility, 0.0, 0.0, 0.0)) == expected


def test_a_household_alone_keeps_its_belief_and_decides_by_it():
    values = brock_durlauf(1, 50.0, 0.0, timing=ASYNCHRONOUS, estates=50)
    state = start_from(built(values), 0)
    state.household[H.BELIEF] = 1.0
    assert payers(run(state, values, 1, 4)).min() == 1


@pytest.mark.parametrize(("second", "end"), [(1, 100), (2, 1)])
def test_with_the_noise_gone_thresholds_decide(second, end):
    """Granovetter (1978): thresholds 0, 1, 2 ... 99 tip everybody one by one; 0, 2, 2, 3 ... nobody but the first."""
    size, weight = 100, 1e5
    values = brock_durlauf(size, weight / 2.0, 0.0, network__self_ties=0)
    state = start_from(built(values), 0)
    thresholds = np.arange(size, dtype=float)
    thresholds[1] = second
    # says yes where k others pay, k > threshold - 1/2: weight (2 k / 99 - 1) + intercept > 0
    state.household[H.INTERCEPT] = -weight * (2.0 * (thresholds - 0.5) / (size - 1) - 1.0)
    k = payers(run(state, values, 1, 1 + size))[:, 0]
    assert k.tolist() == [min(month, end) for month in range(1, 1 + size)]


def test_only_those_one_is_tied_to_matter():
    """Two cliques without a tie between them: with the noise gone each keeps to itself."""
    size, weight = 12, 1e5
    edges = [(i, j) for i in range(size) for j in range(i + 1, size) if (i < 5) == (j < 5)]
    values = brock_durlauf(size, weight / 2.0, 0.0)
    state = built(values, ties=from_edges(size, edges))
    state.household_n[N.PAID] = np.arange(size) < 5
    run(state, values, 1, 7)
    assert state.household_n[N.PAID].tolist() == [1] * 5 + [0] * 7


def test_logit_is_the_inverse_of_the_logistic():
    for u in (1e-9, 0.1, 0.5, 0.75, 1.0 - 1e-9):
        assert logistic(logit(u)) == pytest.approx(u, rel=1e-12)
