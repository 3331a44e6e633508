"""The product's own plan."""

import signal
from pathlib import Path

from fundmgr.launcher import paths, plan


def test_the_plan_runs_web_on_the_loopback_address_worker_and_beat():
    made = plan.standard(paths.places_of(Path("/srv/fund")), 9000)
    commands = {service.name: service.command for service in made.services}
    assert list(commands) == ["web", "worker", "beat"]
    web = " ".join(commands["web"])
    assert "--host 127.0.0.1 --port 9000" in web
    assert "--interface wsgi" in web
    assert str(Path("/srv/fund/beat/schedule")) in commands["beat"]


def test_an_orphaned_worker_stops_cold():
    made = plan.standard(paths.places_of(Path("/srv/fund")), 9000)
    assert [service.orphan_signal for service in made.services if service.name == "worker"] == [
        signal.SIGQUIT
    ]
