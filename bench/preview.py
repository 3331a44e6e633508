"""How long rules take side by side: 10,000 requests, four rules, on a real PostgreSQL.

    python bench/preview.py [requests] [rounds]

Prints the median of the plain preview and of the whole comparison that the workbench shows, in milliseconds.
"""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "bench"), str(ROOT / "tests" / "plugins")]
TARGET_MS = 300
RULES = [{"version": 1, "rule": rule} for rule in ("equal_awards", "proportional", "queue", "talmud")]
