#!/usr/bin/env python
"""Django's command line for the front desk: migrate, serve, expire."""

import os
import sys

from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line


def main() -> None:
    """Run one command; a wrong setting ends it with one line, not a traceback."""
    os.umask(0o077)  # what we keep is for our own user to read
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "site_settings.settings")
    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as problem:
        sys.exit(f"frontdesk: {problem}")


if __name__ == "__main__":
    main()
