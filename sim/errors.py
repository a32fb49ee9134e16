"""The one exception for a user's mistake; the command line prints its text and exits with 2."""

import re

_ENDLESS = re.compile(r"[^\s/]{256,}")
"""Longer than the name of any file: a number of thousands of digits, say."""


class InputError(ValueError):
    """Say in one paragraph what is wrong with an input, where it stands and what would be right."""

    def __init__(self, text: str) -> None:
        super().__init__(_ENDLESS.sub(lambda word: f"{word[0][:57]}...", text))
