#!/usr/bin/env python
"""Django's command line for fundmgr."""

import os
import sys
from pathlib import Path

from django.core.management import execute_from_command_line


def use_running_servers() -> None:
    """Where no database is named, talk to the servers that `make run` started."""
    folder = os.environ.get("FUNDMGR_DATA_DIR") or Path(__file__).resolve().parent / "var"
    addresses = Path(folder) / "environment"
    if "DATABASE_URL" not in os.environ and addresses.exists():
        for line in addresses.read_text().splitlines():
            os.environ.setdefault(*line.split("=", 1))


if __name__ == "__main__":
    use_running_servers()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fundmgr.settings")
    execute_from_command_line(sys.argv)
