"""Reads the settings of one copy from the environment and checks them before anything starts."""

from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import dj_database_url
from django.core.exceptions import ImproperlyConfigured

from site_settings.secrets_kept import kept_secret

REPOSITORY = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Environment:
    """What the operator can set. Times are in seconds unless the name says days.

    Folders may be given relative to the repository.
    """

    host: str
    port: int
    data_dir: Path
    data_files: Path
    public_host: str | None
    allowed_origins: frozenset[str]
    secret_key: str
    assistant_url: str
    assistant_secret: str
    assistant_timeout: float
    database: dict[str, Any]
    redis_url: str | None
    retention_days: int


def read(values: Mapping[str, str | None]) -> Environment:
    """Turn the variables into an Environment; an empty one counts as not set.

    Makes the data folder and the two secrets when they are not there yet.
    Raises ImproperlyConfigured with one sentence that says what to change.
    """
    given = {name: value.strip() for name, value in values.items() if value and value.strip()}
    data_dir = _folder_made(given.get("FOOTHOLD_DATA_DIR", "var"))
    return Environment(
        host=given.get("FOOTHOLD_HOST", "127.0.0.1"),
        port=int(_number(given, "FOOTHOLD_PORT", 8000, 1, 65535, whole=True)),
        data_dir=data_dir,
        data_files=_folder(given.get("FOOTHOLD_DATA_FILES", "data")),
        public_host=_public_host(given.get("FOOTHOLD_PUBLIC_URL")),
        allowed_origins=_origins(given.get("FOOTHOLD_ALLOWED_ORIGINS", "")),
        secret_key=_secret(given, "FOOTHOLD_SECRET_KEY", data_dir / "secret_key"),
        assistant_url=_assistant_url(given.get("FOOTHOLD_ASSISTANT_URL", "http://127.0.0.1:5005")),
        assistant_secret=_secret(given, "FOOTHOLD_ASSISTANT_SECRET", data_dir / "assistant_secret"),
        assistant_timeout=_number(given, "FOOTHOLD_ASSISTANT_TIMEOUT", 5, 0.1, 60),
        database=_database(given.get("DATABASE_URL"), data_dir),
        redis_url=_redis_url(given.get("REDIS_URL")),
        retention_days=int(_number(given, "FOOTHOLD_RETENTION_DAYS", 90, 1, 36500, whole=True)),
    )


def _number(
    given: Mapping[str, str],
    name: str,
    default: float,
    least: float,
    most: float,
    *,
    whole: bool = False,
) -> float:
    kind = "a whole number" if whole else "a number"
    try:
        value = int(given.get(name, default)) if whole else float(given.get(name, default))
    except ValueError:
        value = None
    if value is None or not least <= value <= most:
        raise ImproperlyConfigured(f"set {name} to {kind} from {least} to {most}.")
    return value


def _folder_made(path: str) -> Path:
    folder = REPOSITORY / path
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as problem:
        raise ImproperlyConfigured(
            f"FOOTHOLD_DATA_DIR ({folder}) cannot be made ({problem.strerror}); "
            "set it to a folder this program may write to."
        ) from None
    return folder


def _folder(path: str) -> Path:
    folder = REPOSITORY / path
    if not folder.is_dir():
        raise ImproperlyConfigured(
            f"FOOTHOLD_DATA_FILES ({folder}) is not a folder; "
            "set it to the folder that holds helplines.yml."
        )
    return folder


def _secret(given: Mapping[str, str], name: str, kept_in: Path) -> str:
    secret = given.get(name)
    if secret is None:
        return kept_secret(kept_in)
    if len(secret) < 16 or not secret.isascii() or not secret.isprintable():
        raise ImproperlyConfigured(
            f"{name} is too short or has unusual characters; use 16 or more plain letters and "
            "digits, or leave it out and one is made."
        )
    return secret


def _public_host(url: str | None) -> str | None:
    if url is None:
        return None
    host = _hostname(url, {"http", "https"})
    if host is None:
        raise ImproperlyConfigured(
            "set FOOTHOLD_PUBLIC_URL to the address people open, such as https://help.example.org."
        )
    return host


def _origins(listed: str) -> frozenset[str]:
    origins = frozenset(item.strip().rstrip("/") for item in listed.split(",") if item.strip())
    for origin in origins:
        if _hostname(origin, {"http", "https"}) is None or origin.count("/") != 2:
            raise ImproperlyConfigured(
                "set FOOTHOLD_ALLOWED_ORIGINS to sites without a path, separated by commas, such "
                "as https://www.example.org,https://example.org."
            )
    return origins


def _assistant_url(url: str) -> str:
    host = _hostname(url, {"http"})
    if host is None or not _is_loopback(host):
        raise ImproperlyConfigured(
            "set FOOTHOLD_ASSISTANT_URL to an address on this machine, such as "
            "http://127.0.0.1:5005; the assistant is not made to be reached over a network."
        )
    return url.rstrip("/")


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _hostname(url: str, schemes: set[str]) -> str | None:
    try:
        parts = urlsplit(url)
        _ = parts.port  # raises ValueError when it is not a number
    except ValueError:
        return None
    return parts.hostname if parts.scheme in schemes else None


def _redis_url(url: str | None) -> str | None:
    if url is not None and _hostname(url, {"redis", "rediss"}) is None:
        raise ImproperlyConfigured("set REDIS_URL to something like redis://127.0.0.1:6379/0.")
    return url


def _database(url: str | None, data_dir: Path) -> dict[str, Any]:
    address = url or f"sqlite:///{data_dir / 'frontdesk.sqlite3'}"
    try:
        database: dict[str, Any] = dict(dj_database_url.parse(address, conn_max_age=60))
    except Exception:  # the parser raises many types, and its words may quote the password
        database = {}
    engine = database.get("ENGINE")
    if engine == "django.db.backends.sqlite3":
        database["OPTIONS"] = {
            # One writer at a time, in line from the start of its transaction.
            "transaction_mode": "IMMEDIATE",
            "timeout": 10,
            # FULL: a committed message survives a power cut. secure_delete: erased means
            # overwritten, not only unlinked.
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; "
            "PRAGMA secure_delete=ON;",
        }
    elif engine == "django.db.backends.postgresql":
        database["CONN_HEALTH_CHECKS"] = True
    else:
        raise ImproperlyConfigured(
            "set DATABASE_URL to something like postgres://name:password@127.0.0.1:5432/foothold, "
            "or leave it out to keep a file in the data folder."
        )
    return database
