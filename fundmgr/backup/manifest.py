"""The last member of a backup: what stands before it, who made it from what, and what the books said."""

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import PurePosixPath

from fundmgr.backup.digest import Digest
from fundmgr.backup.errors import BackupError, DamagedBackup
from fundmgr.backup.sealed import Member

NAME = "manifest.json"
DATABASE = "database.dump"
FILES = "files/"
LARGEST_BYTES = 64_000_000


@dataclass(frozen=True)
class Manifest:
    """What a backup says about itself."""

    made_at: datetime
    product_version: str
    postgresql: str
    postgresql_major: int
    migrations: list[str]
    members: list[Member]
    digest: Digest

    def as_json(self) -> bytes:
        """Return the manifest as the bytes of its member."""
        return json.dumps({**asdict(self), "made_at": self.made_at.isoformat()}, indent=1).encode()


def read(content: bytes, found: list[Member]) -> Manifest:
    """Return the manifest, once every member that it names was found as it says and no other.

    Errors: DamagedBackup naming the first member that is missing, strange or different.
    """
    if not content:
        raise DamagedBackup("The backup holds no manifest: it was not made by `manage.py backup`.")
    said = json.loads(content)
    manifest = Manifest(
        **said
        | {
            "made_at": datetime.fromisoformat(said["made_at"]),
            "members": [Member(**member) for member in said["members"]],
        }
    )
    here = {member.name: member for member in found}
    for member in manifest.members:
        if here.pop(member.name, None) != member:
            raise DamagedBackup(
                f"The backup lacks its member {member.name}, or holds another one by that name."
            )
    if DATABASE not in {member.name for member in manifest.members}:
        raise DamagedBackup("The backup holds no database.")
    strange = [name for name in here if name != NAME]
    if strange:
        raise DamagedBackup(f"The backup holds {strange[0]}, which its manifest does not name.")
    return manifest


def place_of(member: str) -> PurePosixPath:
    """Return where a file's member belongs inside the files folder.

    Errors: BackupError for a name that would lead out of it.
    """
    path = PurePosixPath(member.removeprefix(FILES))
    if not member.startswith(FILES) or path.is_absolute() or ".." in path.parts or not path.parts:
        raise BackupError(f"The backup names a file outside its folder: {member}.")
    return path


def refuse_other_ground(manifest: Manifest, *, major: int, migrations: list[str]) -> None:
    """Refuse a backup that this server or this program could not hold as it was.

    Errors: BackupError naming both sides.
    """
    if manifest.postgresql_major != major:
        raise BackupError(
            f"The backup comes from PostgreSQL {manifest.postgresql_major} and this server is {major}: "
            f"restore it on PostgreSQL {manifest.postgresql_major}, then move to the other with pg_upgrade."
        )
    other = sorted(set(manifest.migrations) ^ set(migrations))
    if other:
        raise BackupError(
            f"The backup was made by fundmgr {manifest.product_version} with other tables than this one's "
            f"({other[0]}): restore it with the fundmgr that made it, then upgrade and migrate."
        )
