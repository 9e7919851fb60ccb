"""Files that are written whole or not at all: beside the place first, then moved there in one go."""

from __future__ import annotations

import contextlib
import os
import stat
import tempfile
from collections.abc import Sequence
from pathlib import Path

from vssim.errors import UsageError


def checked(file: Path, endings: Sequence[str], option: str = "-o") -> Path:
    """The file, if something can be written there; checked before the work, not after it. The ending in any case."""
    if file.suffix.lower() not in endings:
        raise UsageError(f"{option} {file}: expected a file ending in {', '.join(endings)}")
    try:
        if file.is_dir():
            raise UsageError(f"{option} {file}: is a folder")
        if not file.parent.is_dir():
            raise UsageError(f"{option} {file}: there is no folder {file.parent}")
        with contextlib.suppress(FileNotFoundError):
            file.stat()  # a link that leads to itself is told of here
        if len(os.fsencode(file.name)) > NAME_MAX:
            raise UsageError(f"{option} {_short(file)}: expected a name of at most {NAME_MAX} bytes")
    except (OSError, ValueError) as error:
        raise UsageError(f"{option} {_short(file)}: cannot be written ({_reason(error)})") from None
    return file


NAME_MAX = 230
"""Longest name that leaves room for that of the file beside it [bytes]."""


def write(file: Path, content: bytes, option: str = "-o") -> None:
    """Put `content` there, whole or not at all. UsageError in one sentence where it cannot be."""
    try:
        _put(file, content)
    except (OSError, ValueError) as error:
        raise UsageError(f"{option} {file}: cannot be written ({_reason(error)})") from None


def _put(file: Path, content: bytes) -> None:
    target = file.resolve() if file.is_symlink() else file
    if target.exists() and not stat.S_ISREG(target.stat().st_mode):
        target.write_bytes(content)  # a pipe or a device has no place beside it
        return
    handle, name = tempfile.mkstemp(prefix=".vssim-", suffix=target.suffix, dir=target.parent)
    beside = Path(name)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())  # a full disk is told of here, while the old file is still there
        beside.chmod(_mode(target))
        beside.replace(target)
    except BaseException:
        with contextlib.suppress(OSError):
            beside.unlink()
        raise


def _mode(file: Path) -> int:
    """The rights that a file has, or that a new one would get."""
    try:
        return stat.S_IMODE(file.stat().st_mode)
    except OSError:
        mask = os.umask(0)
        os.umask(mask)
        return 0o666 & ~mask


def _short(file: Path) -> str:
    text = str(file)
    return text if len(text) <= 60 else f"{text[:59]}…"


def _reason(error: Exception) -> str:
    return getattr(error, "strerror", None) or str(error)
