"""The exceptions whose text is for the user; the command line prints it and exits with 2."""


class InputError(ValueError):
    """Say in one paragraph what is wrong with an input, where it stands and what would be right."""


class NoRoomError(InputError):
    """Say that this machine is too small for what was asked; another may not be."""


class NotCompiledError(RuntimeError):
    """Say in one paragraph why the model cannot be compiled here, and what to do; no run was made."""
