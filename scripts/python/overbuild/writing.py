"""Writing of files as the program does it: under a temporary name, synced, then renamed."""

from __future__ import annotations

import os
import pathlib


def write_whole(name: str | os.PathLike[str], content: bytes, force: bool = False) -> None:
    """Writes a file so that it appears whole or not at all; FileExistsError without `force` if it
    exists."""
    target = pathlib.Path(name)
    temporary = target.with_name(f"{target.name}.tmp-{os.getpid()}")
    try:
        with open(temporary, "xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        if force:
            os.replace(temporary, target)
        else:
            os.link(temporary, target)  # unlike a rename, fails if the file is there
    except OSError as error:
        error.filename, error.filename2 = str(target), None  # the temporary name says nothing
        raise
    finally:
        temporary.unlink(missing_ok=True)
