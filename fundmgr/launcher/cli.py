"""The launcher's commands: up, manage, reset."""

import argparse
import contextlib
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence

from fundmgr.launcher import lock, paths, plan, postgres, servers
from fundmgr.launcher.errors import LauncherError, StopAsked
from fundmgr.launcher.paths import PROJECT, Places
from fundmgr.launcher.supervisor import Supervisor, sweep
from fundmgr.launcher.up import say, stop_on_signals, up

# Commands that change tables, and so run as their owner and on tables as they find them.
OF_THE_OWNER = {"migrate", "restore"}
NO_WORDS = {"0", "no", "false", "off"}
LAST_PORT = 65535


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; a reason not to go on is one sentence and exit code 1."""
    asked = _parser().parse_args(arguments)
    places = paths.places_of(paths.asked_data_folder())
    try:
        if asked.command == "up":
            return _up(places)
        if asked.command == "reset":
            return reset(places)
        return manage(places, asked.words)
    except LauncherError as error:
        print(f"fundmgr: {error}", file=sys.stderr)
        return 1
    except OSError as error:
        print(f"fundmgr: {error}", file=sys.stderr)
        return 1
    except StopAsked:
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m fundmgr.launcher", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("up", help="start everything and watch over it until Ctrl-C")
    commands.add_parser("reset", help="delete all data of this folder")
    one = commands.add_parser("manage", help="run a manage.py command against this folder's servers")
    one.add_argument("words", nargs=argparse.REMAINDER)
    return parser


def _up(places: Places) -> int:
    port = asked_port(os.environ.get("PORT") or "8000")
    return up(places, port=port, demo=demo_asked(), plan=plan.standard(places, port))


def asked_port(text: str) -> int:
    """Return the web port, or a sentence about what was asked instead."""
    if text.isascii() and text.isdigit() and 0 < int(text) <= LAST_PORT:
        return int(text)
    raise LauncherError(f"PORT must be a number from 1 to {LAST_PORT}, not {text!r}.")


def demo_asked() -> bool:
    """Tell whether to load the demo: by default only into a database of our own."""
    words = os.environ.get("DEMO") or os.environ.get("FUNDMGR_DEMO")
    if words:
        return words.lower() not in NO_WORDS
    return not servers.given("DATABASE_URL")


def manage(places: Places, words: Sequence[str]) -> int:
    """Run a manage.py command against the servers, started for it alone where nothing runs."""
    stop_on_signals()
    command = [*plan.MANAGE, *words]
    owner = bool(OF_THE_OWNER.intersection(words[:1]))
    paths.make(places)
    with contextlib.ExitStack() as stack:
        try:
            stack.enter_context(lock.held(places))
        except LauncherError:
            env = servers.remembered(places)
        else:
            supervisor = Supervisor(places.data)
            stack.callback(supervisor.stop)
            env = servers.start(places, supervisor)
            if not (places.data / "migrated").exists() and not owner:
                migrate = [*plan.MANAGE, "migrate", "--verbosity", "0"]
                subprocess.run(migrate, env=servers.for_owner(env), cwd=PROJECT, check=False)
        chosen = servers.for_owner(env) if owner else servers.for_app(env)
        return subprocess.run(command, env=chosen, cwd=PROJECT, check=False).returncode


def reset(places: Places) -> int:
    """Delete everything in the data folder; only a folder that the launcher made, and never a running one."""
    if not places.data.exists():
        say(f"Nothing to delete: {places.data} does not exist.")
        return 0
    paths.make(places)
    with lock.held(places):
        if sys.stdin.isatty() and input(f"Delete all data in {places.data}? Type yes: ") != "yes":
            say("Nothing was deleted.")
            return 1
        sweep(places.data)
        postgres.stop_stray(places.postgres)
        for entry in places.data.iterdir():
            if entry.is_dir() and not entry.is_symlink():
                shutil.rmtree(entry)
            elif entry != places.lock:
                entry.unlink()
        shutil.rmtree(places.sockets, ignore_errors=True)
    say(f"Deleted all data in {places.data}.")
    return 0
