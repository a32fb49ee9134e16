"""The one exception for a user's mistake; the command line prints its text and exits with 2."""


class InputError(ValueError):
    """Say in one paragraph what is wrong with an input, where it stands and what would be right."""


class NoRoomError(InputError):
    """Say that this machine is too small for what was asked; another may not be."""
