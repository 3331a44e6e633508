"""The two servers of one start, and what their clients read from the environment."""

import os
from collections.abc import Mapping
from pathlib import Path

from fundmgr.launcher import paths, postgres, valkey
from fundmgr.launcher.paths import Places
from fundmgr.launcher.supervisor import Supervisor, sweep

NAMES = ("postgres", "valkey")
OWNER_URL = "FUNDMGR_OWNER_DATABASE_URL"


def given(name: str) -> str:
    """Return an address from outside: the variable, or the file that NAME_FILE names, as settings do."""
    path = os.environ.get(f"{name}_FILE")
    return Path(path).read_text().strip() if path else os.environ.get(name, "")


def cluster_of(places: Places) -> postgres.Cluster:
    """Return the cluster of an installation."""
    return postgres.cluster(places.postgres, places.sockets, places.log("postgres"))


def start(places: Places, supervisor: Supervisor, *, building: bool = False) -> dict[str, str]:
    """Start what the environment does not name, and return the addresses of both.

    With `building`, a database that does not exist yet is filled under another name and takes its own
    with `finish_building`: a start that is cut off while it loads the demo leaves no half a story.
    """
    sweep(places.data)
    env = {"FUNDMGR_DATA_DIR": str(places.data)}
    env |= _database(places, supervisor, building=building)
    env |= _queue(places, supervisor)
    return env


def _database(places: Places, supervisor: Supervisor, *, building: bool) -> dict[str, str]:
    outside = given("DATABASE_URL")
    if outside:
        return {"DATABASE_URL": outside, OWNER_URL: given(OWNER_URL) or outside}
    paths.require_space(places.data)
    cluster = cluster_of(places)
    postgres.initialise(cluster)
    postgres.start(cluster, supervisor, env=os.environ)
    name = postgres.DATABASE
    if building and not postgres.has_database(cluster, name):
        name = postgres.UNFINISHED
        postgres.drop(cluster, name)
    postgres.bootstrap(cluster, database=name)
    return _addresses(cluster, name)


def _addresses(cluster: postgres.Cluster, database: str) -> dict[str, str]:
    return {
        "DATABASE_URL": cluster.url(postgres.APP_ROLE, database),
        OWNER_URL: cluster.url(postgres.OWNER_ROLE, database),
        # Tables are granted to the role that the address names, whatever the shell says of another server's.
        "FUNDMGR_APP_ROLE": postgres.APP_ROLE,
        "FUNDMGR_EMBEDDED": "1",
    }


def is_building(env: Mapping[str, str]) -> bool:
    """Tell whether the database is still filled under its other name."""
    return "FUNDMGR_EMBEDDED" in env and f"@/{postgres.UNFINISHED}?" in env["DATABASE_URL"]


def finish_building(places: Places, env: Mapping[str, str]) -> dict[str, str]:
    """Give a filled database its own name, and return the addresses from now on."""
    if not is_building(env):
        return dict(env)
    cluster = cluster_of(places)
    postgres.rename(cluster, postgres.UNFINISHED, postgres.DATABASE)
    return {**env, **_addresses(cluster, postgres.DATABASE)}


def _queue(places: Places, supervisor: Supervisor) -> dict[str, str]:
    outside = given("REDIS_URL")
    if outside:
        return {"REDIS_URL": outside}
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
