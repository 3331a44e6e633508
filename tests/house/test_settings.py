"""Every knob is written down, and nothing is written down that is not a knob."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
READERS = re.compile(r'env\.(?:text|flag|number|words|kept_secret)\(\s*"([A-Z_]+)"')


def test_operations_lists_every_knob():
    settings = (ROOT / "fundmgr" / "settings.py").read_text()
    operations = (ROOT / "docs" / "operations.md").read_text()
    knobs = set(READERS.findall(settings)) | {"FUNDMGR_OWNER_DATABASE_URL", "DATABASE_URL"}

    listed = set(re.findall(r"^\| `([A-Z_]+)` \|", operations, flags=re.MULTILINE))

    assert listed == knobs


def test_settings_stay_on_three_hundred_lines():
    assert (ROOT / "fundmgr" / "settings.py").read_text().count("\n") <= 300
