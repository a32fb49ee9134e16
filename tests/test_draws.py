"""The one generator: the published Philox vectors, what a number depends on, and the table of decisions."""

import ast
import math
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

import sim.draws
from sim.draws import Draw, block, library_seed, philox, stream_key, uniform, uniforms, unit_interval

KNOWN = [
    (("00000000",) * 4, ("00000000",) * 2, "6627e8d5 e169c58d bc57ac4c 9b00dbd8"),
    (("ffffffff",) * 4, ("ffffffff",) * 2, "408f276d 41c83b0e a20bc7c6 6d5451fd"),
    (
        ("243f6a88", "85a308d3", "13198a2e", "03707344"),
        ("a4093822", "299f31d0"),
        "d16cfe09 94fdcceb 5001e420 24126ea1",
    ),
]
"""Philox4x32-10 known answers: counter, key, block (random123, tests/kat_vectors)."""

KEY = stream_key(1, 0)


@pytest.mark.parametrize(("counter", "key", "expected"), KNOWN)
def test_the_generator_gives_the_published_blocks(counter, key, expected):
    words = philox(*(np.uint64(int(word, 16)) for word in counter + key))
    assert " ".join(f"{int(word):08x}" for word in words) == expected


def plain_philox(counter: tuple[int, ...], key: tuple[int, int]) -> tuple[int, ...]:
    """Philox4x32-10 in plain Python, written from Salmon et al. (2011), figure 2."""
    (c0, c1, c2, c3), (k0, k1) = counter, key
    for _ in range(10):
        high0, low0 = divmod(0xD2511F53 * c0, 2**32)
        high1, low1 = divmod(0xCD9E8D57 * c2, 2**32)
        c0, c1, c2, c3 = high1 ^ c1 ^ k0, low1, high0 ^ c3 ^ k1, low0
        k0, k1 = (k0 + 0x9E3779B9) % 2**32, (k1 + 0xBB67AE85) % 2**32
    return c0, c1, c2, c3


def test_the_plain_generator_agrees_with_the_published_blocks():
    for counter, key, expected in KNOWN:
        words = plain_philox(tuple(int(w, 16) for w in counter), (int(key[0], 16), int(key[1], 16)))
        assert " ".join(f"{word:08x}" for word in words) == expected


@pytest.mark.parametrize(
    ("month", "estate", "unit", "ordinal"), [(0, 0, 0, 0), (-48, 3, 205, 2**22 - 1), (119, 4999, 7, 9)]
)
def test_a_number_is_the_word_of_the_block_that_its_five_coordinates_name(month, estate, unit, ordinal):
    low, high = int(KEY) & 0xFFFFFFFF, int(KEY) >> 32
    for draw in (Draw.PAY, Draw.PROVIDER_CONTACT, Draw.BID_CHOICE, Draw.TIE_PAIR):
        number, word = divmod(int(draw), 4)
        counter = (unit, month + 2**20, number + (ordinal << 10), estate)
        expected = (plain_philox(counter, (low, high))[word] + 0.5) / 2**32
        assert uniform(KEY, int(draw), month, estate, unit, ordinal) == expected
        assert block(KEY, number, month, estate, unit, ordinal)[word] == expected
        assert uniforms(KEY, draw, month=month, estate=estate, unit=[unit], ordinal=ordinal)[0] == expected


def test_numbers_lie_strictly_between_0_and_1():
    assert unit_interval(np.uint64(0)) == 2.0**-33
    assert unit_interval(np.uint64(2**32 - 1)) == 1.0 - 2.0**-33


def test_every_coordinate_matters():
    """Changing one coordinate gives another number: 9 coordinates, 2^-32 chance each of a false alarm."""
    base = {"draw": 5, "month": 3, "estate": 2, "unit": 17, "ordinal": 1}
    numbers = {uniform(KEY, *base.values())}
    for name in base:
        numbers.add(uniform(KEY, *(base | {name: base[name] + 1}).values()))
    for key in (stream_key(1, 1), stream_key(2, 0), stream_key(1 + 2**32, 0), stream_key(2**63 - 1, 2**32 - 1)):
        numbers.add(uniform(key, *base.values()))
    assert len(numbers) == 10


def test_no_two_decisions_share_a_word():
    values = [int(draw) for draw in Draw]
    assert len(set(values)) == len(values)
    assert len(values) == len(Draw.__members__)  # no alias
    assert all(0 <= value < 4 * 2**10 for value in values)  # the block's number has ten bits


def test_every_draw_of_the_code_is_named_in_the_table():
    """Each use of `uniform`, `uniforms` or `block` outside the table names a decision: no bare number."""
    root = Path(sim.draws.__file__).parent
    bare = [
        f"{path.name}:{node.lineno}"
        for path in [*root.rglob("*.py"), *(root.parent / "agents").rglob("*.py")]
        if path.name != "draws.py"
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and getattr(node.func, "id", "") in ("uniform", "uniforms", "block")
        and isinstance(node.args[1], ast.Constant)
    ]
    assert not bare


def test_arrays_are_broadcast():
    grid = uniforms(KEY, Draw.AREA, month=0, estate=np.arange(3)[:, None], unit=np.arange(5))
    assert grid.shape == (3, 5)
    assert grid[2, 4] == uniform(KEY, int(Draw.AREA), 0, 2, 4, 0)


def test_a_library_seed_is_a_positive_31_bit_integer():
    seeds = {library_seed(stream_key(1, replicate), Draw.TIE_REWIRE, 0) for replicate in range(200)}
    assert len(seeds) > 195
    assert 1 <= min(seeds) <= max(seeds) < 2**31


@pytest.mark.parametrize("along", ["unit", "month", "estate", "ordinal", "replicate"])
def test_numbers_along_one_coordinate_are_uniform_and_unrelated(along):
    n = 20_000
    if along == "replicate":
        u = np.array([uniform(stream_key(1, r), 0, 0, 0, 0, 0) for r in range(n)])
    elif along == "month":
        u = np.array([uniform(KEY, 0, month, 0, 0, 0) for month in range(n)])
    else:
        coordinates = {"estate": 0, "unit": 0, "ordinal": 0} | {along: np.arange(n)}
        u = uniforms(KEY, Draw.PAY, month=0, **coordinates)
    assert stats.kstest(u, "uniform").pvalue > 1e-6
    # neighbours and the four words of a block: correlation of independent numbers has variance 1 / n
    pairs = [(u[:-1], u[1:])]
    if along == "unit":
        words = [
            uniforms(KEY, draw, month=0, estate=0, unit=np.arange(n)) for draw in (Draw.PAY, Draw.NOISE, Draw.FAULT)
        ]
        pairs += [(words[0], words[1]), (words[0], words[2]), (words[1], words[2])]
    for one, other in pairs:
        assert abs(np.corrcoef(one, other)[0, 1]) < stats.norm.isf(5e-7) / math.sqrt(n - 1)


def test_one_unit_alone_can_draw():
    """numpy warns of a future error where a broadcast array of one number is handed on."""
    assert uniforms(KEY, Draw.AREA, month=0, estate=0, unit=[4]) == [uniform(KEY, int(Draw.AREA), 0, 0, 4, 0)]
