"""The settings under test: a fresh data folder, and nothing from the developer's own .env."""

import os
import tempfile

for name in (
    "FOOTHOLD_HOST",
    "FOOTHOLD_PORT",
    "FOOTHOLD_DATA_FILES",
    "FOOTHOLD_PUBLIC_URL",
    "FOOTHOLD_ALLOWED_ORIGINS",
    "FOOTHOLD_SECRET_KEY",
    "FOOTHOLD_ASSISTANT_SECRET",
    "FOOTHOLD_ASSISTANT_URL",
    "FOOTHOLD_ASSISTANT_TIMEOUT",
    "FOOTHOLD_RETENTION_DAYS",
    "REDIS_URL",
):
    os.environ[name] = ""  # set but empty: wins over .env and means the default
_folder = tempfile.TemporaryDirectory(prefix="foothold-test-")
os.environ["FOOTHOLD_DATA_DIR"] = _folder.name
os.environ["DATABASE_URL"] = os.environ.get("FOOTHOLD_TEST_DATABASE_URL", "")

from site_settings.settings import *  # noqa: E402, F403
from site_settings.settings import DATABASES, FOOTHOLD  # noqa: E402

if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # A file, as in service: Django's tests would use memory, which has no journal.
    DATABASES["default"]["TEST"] = {"NAME": FOOTHOLD.data_dir / "test.sqlite3"}
