"""The tour in the documents is true: its blocks run against the real product, worker and all."""

import os
import re
import subprocess
import sys
from pathlib import Path

import product
import pytest

ROOT = Path(__file__).resolve().parents[2]
TOUR = ROOT / "docs" / "tour.md"
BLOCKS = re.findall(r"```python\n(.*?)```", TOUR.read_text(), flags=re.DOTALL)


def test_the_tour_walks_from_asking_to_paid(
    servers, demo_served: product.Product, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.chdir(tmp_path)
    env = {**os.environ, **servers.environment(demo_served.database), "FUNDMGR_DEMO": "1"}
    command = [sys.executable, "manage.py", "demo", "--show", "--json"]
    with Path("sheet.json").open("w") as sheet:
        subprocess.run(
            command, cwd=ROOT, env={**env, "FUNDMGR_SITE_URL": demo_served.address}, stdout=sheet, check=True
        )

    names: dict[str, object] = {}
    for block in BLOCKS:
        exec(compile(block, str(TOUR), "exec"), names)  # noqa: S102  # the page is ours

    assert names["job"]["state"] == "DONE"
    assert names["paid"] == names["award"]["amount"]
