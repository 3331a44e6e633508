"""Runs PostgreSQL, which refuses root, when the launcher itself is root."""

import os
import shutil
import signal
import subprocess
import sys
from functools import cache

from fundmgr.launcher.errors import LauncherError

NOBODY = 65534
# PostgreSQL checks its own files with access(), which looks at the real user. Under a home that only
# root may enter this fails for nobody, unless the one right to pass folders is kept across the change.
SETPRIV = (
    "setpriv", "--securebits=+no_setuid_fixup", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups",
    "--inh-caps=+dac_override", "--ambient-caps=+dac_override",
)  # fmt: skip
UNSHARE = ("unshare", "--user", f"--map-user={NOBODY}", f"--map-group={NOBODY}")
PROBE = "import os, sys; sys.exit(not (os.geteuid() and os.access(sys.argv[1], os.X_OK)))"


@cache
def server_prefix(program: str) -> tuple[str, ...]:
    """Return the words to put before a server's command so that it does not run as root."""
    if os.geteuid() != 0:
        return ()
    for recipe in (SETPRIV, UNSHARE):
        if _works(recipe, program):
            return recipe
    raise LauncherError(
        "PostgreSQL refuses to run as root, and neither setpriv nor unshare can drop the rights here: "
        "run fundmgr as an ordinary user, or set DATABASE_URL to a running server."
    )


def _works(recipe: tuple[str, ...], program: str) -> bool:
    if shutil.which(recipe[0]) is None:
        return False
    command = [*recipe, sys.executable, "-I", "-S", "-c", PROBE, program]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def server_command(program: str, *arguments: str, dies_by: signal.Signals | None = None) -> list[str]:
    """Return the command that runs a PostgreSQL program as somebody who is not root."""
    prefix = list(server_prefix(program))
    if prefix[:1] == ["setpriv"] and dies_by is not None:
        # A change of user forgets the signal at the parent's death, so setpriv sets it anew.
        prefix.append(f"--pdeathsig={dies_by.name.removeprefix('SIG')}")
    return [*prefix, program, *arguments]


def server_uid(program: str) -> int:
    """Return the user that must own the server's files on disk."""
    prefix = server_prefix(program)
    return NOBODY if prefix[:1] == ("setpriv",) else os.geteuid()
