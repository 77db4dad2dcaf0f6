"""The one kind of error that the package raises on its own account."""


class ResultError(ValueError):
    """A file is no result of Overbuild, or a result lacks what was asked of it.

    The message names the file, what was found, and what is there or has to be done.
    """
