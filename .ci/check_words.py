"""Fails where a string of the public or worker pages has no words in one of the languages."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

if __name__ == "__main__":
    command = [sys.executable, "manage.py", "catalog", "--check"]
    sys.exit(subprocess.run(command, cwd=ROOT, check=False).returncode)  # noqa: S603  # our own command
