"""`manage.py restore`: put a backup into an empty database, compare it with its source, prove it."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from fundmgr.backup import key
from fundmgr.backup.errors import BackupError
from fundmgr.backup.restore import restore


class Command(BaseCommand):
    """Restore a backup, as the owner, into a database that holds nothing."""

    help = "Restore a backup into an EMPTY database (FUNDMGR_DB_ROLE=owner); whatever fails, nothing stays."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add the file, the key's file and --verify."""
        parser.add_argument("file", type=Path, help="what `manage.py backup` wrote")
        parser.add_argument("--key-file", type=Path, help="file with the key (else FUNDMGR_BACKUP_KEY)")
        parser.add_argument(
            "--verify", action="store_true", help="also run check_books and verify_audit on the copy"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Restore, and say what was compared and proved."""
        prove = self._prove if options["verify"] else _nothing
        try:
            manifest = restore(options["file"], secret=key.given(options["key_file"]), prove=prove)
        except BackupError as error:
            raise CommandError(str(error)) from error
        rows = sum(count for count, _ in manifest.digest["tables"].values())
        self.stdout.write(
            f"Restored the backup of {manifest.made_at:%Y-%m-%d %H:%M} UTC: {rows} rows of "
            f"{len(manifest.digest['tables'])} tables equal their source"
            f"{', books and trail hold' if options['verify'] else ''}."
        )

    def _prove(self, files: Path) -> None:
        proofs: dict[str, dict[str, Any]] = {"check_books": {"files": files}, "verify_audit": {}}
        for name, options in proofs.items():
            try:
                call_command(name, stdout=self.stdout, **options)
            except (SystemExit, CommandError) as error:
                raise BackupError(
                    f"{name} finds a fault in the copy, which its source had too: it was taken out again. "
                    "Use an older backup, or restore without --verify to look at it."
                ) from error


def _nothing(_files: Path) -> None:
    """Without --verify the comparison with the source is all."""
