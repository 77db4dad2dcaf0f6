"""The kinds of error that the package raises on its own account."""


class ResultError(ValueError):
    """A file is no result of Overbuild, or a result lacks what was asked of it.

    The message names the file, what was found, and what is there or has to be done. `exit_code` is
    that of the command which ends with it (docs/commands.md).
    """

    exit_code = 4


class ConfigError(ResultError):
    """A config is wrong, or what the command line sets in it."""

    exit_code = 3


class UsageError(ResultError):
    """What was asked for does not exist: an option's value or an argument is wrong."""

    exit_code = 2
