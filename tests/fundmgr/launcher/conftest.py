"""The launcher as a fixture."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from launching import Launcher
from own_servers import quick_folder

from fundmgr.launcher import paths, postgres, supervisor


@pytest.fixture
def launcher() -> Iterator[Launcher]:
    """Starts launchers; whatever still runs at the end is stopped."""
    made = Launcher(Path(tempfile.mkdtemp(prefix="fundmgr-launcher-", dir=quick_folder())))
    yield made
    for one in made.started:
        if one.process.poll() is None:
            one.process.kill()
            one.process.wait()
        supervisor.sweep(one.data)
        postgres.stop_stray(one.data / "postgres")
        shutil.rmtree(paths.places_of(one.data).sockets, ignore_errors=True)
    shutil.rmtree(made.folder)
