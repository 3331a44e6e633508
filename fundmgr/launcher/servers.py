"""The two servers of one start, and what their clients read from the environment."""

import os
from collections.abc import Mapping

from fundmgr.launcher import paths, postgres, valkey
from fundmgr.launcher.paths import Places
from fundmgr.launcher.supervisor import Supervisor, sweep

NAMES = ("postgres", "valkey")
OWNER_URL = "FUNDMGR_OWNER_DATABASE_URL"


def start(places: Places, supervisor: Supervisor) -> dict[str, str]:
    """Start what the environment does not name, and return the addresses of both."""
    sweep(places.data)
    env = {"FUNDMGR_DATA_DIR": str(places.data)}
    env |= _database(places, supervisor)
    env |= _queue(places, supervisor)
    return env


def _database(places: Places, supervisor: Supervisor) -> dict[str, str]:
    given = os.environ.get("DATABASE_URL")
    if given:
        return {"DATABASE_URL": given, OWNER_URL: os.environ.get(OWNER_URL, given)}
    paths.require_space(places.data)
    cluster = postgres.cluster(places.postgres, places.sockets, places.log("postgres"))
    postgres.initialise(cluster)
    postgres.start(cluster, supervisor, env=os.environ)
    postgres.bootstrap(cluster)
    return {
        "DATABASE_URL": cluster.url(postgres.APP_ROLE),
        OWNER_URL: cluster.url(postgres.OWNER_ROLE),
        "FUNDMGR_EMBEDDED": "1",
    }


def _queue(places: Places, supervisor: Supervisor) -> dict[str, str]:
    given = os.environ.get("REDIS_URL")
    if given:
        return {"REDIS_URL": given}
    valkey.start(places.valkey, places.sockets, places.log("valkey"), supervisor, env=os.environ)
    return {"REDIS_URL": valkey.url(places.sockets)}


def for_owner(env: Mapping[str, str]) -> dict[str, str]:
    """Return the environment of the one command that may change tables."""
    return {**_surroundings(env), **env, "FUNDMGR_DB_ROLE": "owner"}


def for_app(env: Mapping[str, str]) -> dict[str, str]:
    """Return the environment of everything else, which never learns the owner's address."""
    both = {**_surroundings(env), **env}
    return {name: value for name, value in both.items() if name != OWNER_URL}


def _surroundings(env: Mapping[str, str]) -> Mapping[str, str]:
    return postgres.without_client_settings(os.environ) if env.get("FUNDMGR_EMBEDDED") else os.environ


def remember(places: Places, env: Mapping[str, str]) -> None:
    """Write the addresses down for commands typed in another terminal."""
    lines = "".join(f"{name}={value}\n" for name, value in sorted(env.items()))
    places.environment.touch(mode=0o600)
    places.environment.write_text(lines)


def remembered(places: Places) -> dict[str, str]:
    """Return the addresses that the running launcher wrote down."""
    lines = places.environment.read_text().splitlines() if places.environment.exists() else []
    return dict(line.split("=", 1) for line in lines)
