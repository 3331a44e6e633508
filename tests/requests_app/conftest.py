"""What every test of the app begins with."""

import pytest

from requests_app import pace


@pytest.fixture(autouse=True)
def nobody_came_before(monkeypatch: pytest.MonkeyPatch) -> None:
    """Steps are counted in the process's memory: none is left from other tests."""
    monkeypatch.setattr(pace, "pace", pace.Pace())
