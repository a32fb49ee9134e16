"""The only module that draws: a counter-based generator and the table of every random decision.

A number depends on (study seed, replicate, decision, month, estate, unit, ordinal) and on nothing else:
not on order, threads, batch, or which other mechanisms are on. The generator is Philox4x32-10 (Salmon,
Moraes, Dror & Shaw 2011, Parallel random numbers: as easy as 1, 2, 3).
"""

from enum import IntEnum
from pathlib import Path
from typing import Any

import numpy as np

from agents.rules.compiling import RULE_SOURCES, compiler_for

kernel = compiler_for(Path(__file__), RULE_SOURCES)
inlined = compiler_for(Path(__file__), RULE_SOURCES, inline=True)

_MULTIPLIER_0 = np.uint64(0xD2511F53)
_MULTIPLIER_1 = np.uint64(0xCD9E8D57)
_WEYL_0 = np.uint64(0x9E3779B9)
_WEYL_1 = np.uint64(0xBB67AE85)
_LOW = np.uint64(0xFFFFFFFF)
_HALF = np.uint64(32)
_MONTH_OFFSET = 1 << 20
_ORDINAL_SHIFT = 10
_UNIT = 2.0**-32


class Draw(IntEnum):
    """Every random decision: four share one block of the generator, value = 4 * block + word."""

    PAY = 0
    """The luck of the bill that falls due this month, kept as long as it is unpaid."""
    NOISE = 1
    """Error in one month's impression of service quality."""
    FAULT = 2
    """A fault or dispute reaches the household."""
    PROVIDER_CONTACT = 3
    """The provider's collector calls."""

    COMMUNITY_CONTACT = 4
    """A cadre, member or volunteer of the community calls."""
    ATTENDS_TO_BILLS = 5
    """A household looks at its bills this month."""
    FORGETS = 6
    """A bill not looked at is forgotten until somebody recalls it."""
    SUIT = 7
    """The provider sues for arrears."""

    CASE_KIND = 8
    CASE_SEVERITY = 9
    CASE_VOICE = 10
    CASE_MONEY = 11

    ORDER = 12
    """Place in the month's order of asynchronous decisions."""
    BALLOT_REACHED = 13
    BALLOT_RETURNED = 14
    BALLOT_CHOICE = 15

    ACTIVISTS_JOIN = 16
    """Owners become activists (estate)."""
    ESTATE_TURNOUT = 17
    """The estate's own readiness to take part (estate)."""
    ACTIVISTS_QUIT = 18
    """Activists give up (estate)."""
    OPPOSE = 19
    """A household works against those who organise."""

    BID_VIEW = 20
    """How a bidding firm sees the estate's payment (firm)."""
    BID_CHOICE = 21
    """Ties and taste among bids (firm)."""

    KEY_LEAVES = 22
    """The secretary of the branch leaves (estate)."""
    WORKER_LEAVES = 23
    """A social worker of the residents' committee leaves (estate)."""

    CASE_SETTLED = 24
    """An attempt settles a case (household; ordinal names the case)."""
    CASE_PAPER = 25
    """A failed attempt is closed on paper, or that is found out."""
    CASE_PATIENCE = 26
    """Patience ends."""
    CASE_FURTHER = 27
    """Who has lost patience takes the case further."""

    CASE_QUEUE = 28
    """Place among the cases of one month."""

    ATTENDS = 36
    """A household comes to the forum."""
    STANDS = 37
    """A household stands for a seat of council or supervision."""
    ASKED_TO_SIGN = 38
    """The covenant is laid before a household."""
    SIGNS = 39
    """It signs of its own accord."""

    AREA = 40
    INCOME = 41
    PAYER_TYPE = 42
    INTERCEPT = 43

    ELDERLY = 44
    TENURE = 45
    MEMBER = 46
    DIGITAL = 47

    TASTE = 48
    ISOLATE = 49
    VULNERABLE = 50
    BAILOUT_START = 51

    PAID_START = 52
    TRUST_START = 53
    DISPOSITION = 54
    """The lasting part of a household's luck with bills."""
    PETITIONER = 55
    """How many others a household wants to see before it petitions; drawn once, for good."""

    FIRM_COST = 60
    FIRM_SKILL = 61
    FIRM_MARGIN = 62
    FIRM_TOLERANCE = 63

    OLD_UNIT = 64
    """The property-right unit of an estate still exists (estate)."""
    COMPETENCE = 65
    """What a new owners' committee knows (estate)."""
    WAVED_THROUGH = 67
    """Captured officers grant a rise of the fee (estate)."""
    CARE = 66
    """Cadres and the firm come to care (household)."""

    TIE_BUILDING = 80
    TIE_RANDOM = 81
    TIE_REWIRE = 82
    TIE_PAIR = 83

    DESIGN = 88
    """Where the points of a study's design lie (factor); which of its runs are verified."""


def _philox(c0: Any, c1: Any, c2: Any, c3: Any, k0: Any, k1: Any) -> Any:
    """Return the Philox4x32-10 block of a counter and a key, six uint64 that hold 32 bits each."""
    for _ in range(10):
        product0 = _MULTIPLIER_0 * c0
        product1 = _MULTIPLIER_1 * c2
        c0 = (product1 >> _HALF) ^ c1 ^ k0
        c1 = product1 & _LOW
        c2 = (product0 >> _HALF) ^ c3 ^ k1
        c3 = product0 & _LOW
        k0 = (k0 + _WEYL_0) & _LOW
        k1 = (k1 + _WEYL_1) & _LOW
    return c0, c1, c2, c3


philox = kernel(_philox)
_rounds = inlined(_philox)


def _unit_interval(word: Any) -> float:
    """Map a 32-bit word to the middle of its cell in (0, 1)."""
    return (float(np.int64(word)) + 0.5) * _UNIT


unit_interval = kernel(_unit_interval)
_in_cell = inlined(_unit_interval)


@kernel
def block(key: Any, number: int, month: int, estate: int, unit: int, ordinal: int) -> Any:
    """Return the four uniforms in (0, 1) of block `number` for one unit of one estate in one month.

    key : uint64 from `stream_key`; month may be negative (spin-up); unit, estate < 2**32; ordinal < 2**22.
    """
    w0, w1, w2, w3 = philox(
        np.uint64(unit),
        np.uint64(month + _MONTH_OFFSET),
        np.uint64(number + (ordinal << _ORDINAL_SHIFT)),
        np.uint64(estate),
        key & _LOW,
        key >> _HALF,
    )
    return unit_interval(w0), unit_interval(w1), unit_interval(w2), unit_interval(w3)


@kernel
def uniform(key: Any, draw: int, month: int, estate: int, unit: int, ordinal: int) -> float:
    """Return the uniform in (0, 1) of one decision."""
    word0, word1, word2, word3 = block(key, draw >> 2, month, estate, unit, ordinal)
    word = draw & 3
    if word == 0:
        return float(word0)
    if word == 1:
        return float(word1)
    if word == 2:
        return float(word2)
    return float(word3)


@kernel
def draw_blocks(
    key: Any, number: int, month: int, estate: int, units: Any, out0: Any, out1: Any, out2: Any, out3: Any
) -> None:
    """Fill four rows with the uniforms of block `number` for many units, as `block` gives them one by one.

    units : (n,) int, of one estate; out0 to out3 : (n,) float.
    """
    when, what, where = np.uint64(month + _MONTH_OFFSET), np.uint64(number), np.uint64(estate)
    low, high = key & _LOW, key >> _HALF
    for k in range(units.shape[0]):
        w0, w1, w2, w3 = _rounds(np.uint64(units[k]), when, what, where, low, high)
        out0[k], out1[k], out2[k], out3[k] = _in_cell(w0), _in_cell(w1), _in_cell(w2), _in_cell(w3)


@kernel
def draw_row(key: Any, draw: int, month: int, estate: int, units: Any) -> Any:
    """Return the uniforms of one decision for many units of one estate, (n,), as `uniform` gives them one by one.

    units : (n,) int.
    """
    out = np.empty((4, units.shape[0]))
    draw_blocks(key, draw >> 2, month, estate, units, out[0], out[1], out[2], out[3])
    return out[draw & 3]


@kernel
def _fill(key: Any, draw: int, month: int, estate: Any, unit: Any, ordinal: Any, out: Any) -> None:
    for i in range(out.shape[0]):
        out[i] = uniform(key, draw, month, estate[i], unit[i], ordinal[i])


def uniforms(key: np.uint64, draw: Draw, *, month: int, estate: Any, unit: Any, ordinal: Any = 0) -> np.ndarray:
    """Return the uniforms of one decision for many units, shape of `unit` broadcast with the other arrays.

    estate, unit, ordinal : int or integer arrays, broadcast against each other.
    """
    estate, unit, ordinal = np.broadcast_arrays(
        np.asarray(estate, dtype=np.int64), np.asarray(unit, dtype=np.int64), np.asarray(ordinal, dtype=np.int64)
    )
    out = np.empty(unit.size)
    _fill(key, int(draw), month, estate.flatten(), unit.flatten(), ordinal.flatten(), out)
    return out.reshape(unit.shape)


def stream_key(seed: int, replicate: int) -> np.uint64:
    """Return the key of one replicate of one study: a Philox block of (seed, replicate), first 64 bits.

    seed : int, 0 to 2**63 - 1; replicate : int, 0 to 2**32 - 1.
    """
    low, high = np.uint64(seed & 0xFFFFFFFF), np.uint64(seed >> 32)
    tag = np.uint64(0x6C696E6C)
    words = philox(low, high, np.uint64(replicate), tag, tag, np.uint64(0x69))
    return np.uint64(int(words[0]) | (int(words[1]) << 32))


def library_seed(key: np.uint64, draw: Draw, estate: int) -> int:
    """Return a positive 31-bit integer for a library that wants a seed of its own."""
    return 1 + int(uniform(key, int(draw), 0, estate, 0, 0) * (2**31 - 2))
