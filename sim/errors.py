"""The exceptions whose text is for the user; the command line prints it and exits with 2."""

import re

_ENDLESS = re.compile(r"[^\s/]{256,}")
"""Longer than the name of any file: a number of thousands of digits, say."""


class InputError(ValueError):
    """Say in one paragraph what is wrong with an input, where it stands and what would be right."""

    def __init__(self, text: str) -> None:
        super().__init__(_ENDLESS.sub(lambda word: f"{word[0][:57]}...", text))


class NoRoomError(InputError):
    """Say that this machine is too small for what was asked; another may not be."""


class NotCompiledError(RuntimeError):
    """Say in one paragraph why the model cannot be compiled here, and what to do; no run was made."""
