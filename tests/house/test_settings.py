"""Every knob is written down, and nothing is written down that is not a knob."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
READERS = re.compile(r'env\.(?:text|flag|number|words|kept_secret)\(\s*"([A-Z_]+)"')
OF_THE_LAUNCHER = re.compile(r'os\.environ\.get\(\s*"([A-Z_]+)"')


def test_operations_lists_every_knob():
    settings = (ROOT / "fundmgr" / "settings.py").read_text()
    operations = (ROOT / "docs" / "operations.md").read_text()
    launcher = "".join(path.read_text() for path in (ROOT / "fundmgr" / "launcher").glob("*.py"))
    knobs = (
        set(READERS.findall(settings))
        | set(OF_THE_LAUNCHER.findall(launcher))
        | {"FUNDMGR_OWNER_DATABASE_URL", "DATABASE_URL"}
    )

    listed = set(re.findall(r"^\| `([A-Z_]+)` \|", operations, flags=re.MULTILINE))

    assert listed == knobs


def test_settings_stay_on_three_hundred_lines():
    assert (ROOT / "fundmgr" / "settings.py").read_text().count("\n") <= 300
