"""The launcher as a fixture."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from launching import Launcher

from fundmgr.launcher import postgres, supervisor


@pytest.fixture
def launcher(tmp_path: Path) -> Iterator[Launcher]:
    """Starts launchers; whatever still runs at the end is stopped."""
    made = Launcher(tmp_path)
    yield made
    for one in made.started:
        if one.process.poll() is None:
            one.process.kill()
            one.process.wait()
        supervisor.sweep(one.data)
        postgres.stop_stray(one.data / "postgres")
