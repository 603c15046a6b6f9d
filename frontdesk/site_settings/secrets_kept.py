"""Secrets that are made on the first start and kept in a file only the operator can read."""

import os
import secrets
import tempfile
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured


def kept_secret(path: Path) -> str:
    """Return the secret in the file, making it first if there is none.

    Two processes that start at once end with the same secret. Raises ImproperlyConfigured
    when the file can be neither read nor made, or is empty.
    """
    try:
        if not path.exists():
            _make(path)
        secret = path.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError):
        raise ImproperlyConfigured(
            f"the secret in {path} cannot be read or made; check who owns the folder."
        ) from None
    if len(secret) < 16:
        raise ImproperlyConfigured(f"the secret in {path} is too short; delete the file.")
    return secret


def _make(path: Path) -> None:
    # mkstemp makes a 0600 file. A hard link appears whole or not at all, and never replaces
    # the file of a process that was faster.
    handle, draft = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
    try:
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(48) + "\n")
            file.flush()
            os.fsync(file.fileno())
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        Path(draft).unlink()
