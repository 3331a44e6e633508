"""`manage.py backup`: seal the database and the files into one file."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from fundmgr.backup import key
from fundmgr.backup.errors import BackupError
from fundmgr.backup.make import make


class Command(BaseCommand):
    """Make a backup while everything runs."""

    help = "Write one encrypted file with the database, the files and a manifest; nothing is overwritten."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add where to and the key's file."""
        parser.add_argument("target", type=Path, help="a new file, or a folder for one named by the time")
        parser.add_argument("--key-file", type=Path, help="file with the key (else FUNDMGR_BACKUP_KEY)")

    def handle(self, *args: Any, **options: Any) -> None:
        """Make it and say what is in it."""
        try:
            path, manifest = make(
                options["target"], secret=key.given(options["key_file"]), now=timezone.now()
            )
        except BackupError as error:
            raise CommandError(str(error)) from error
        rows = sum(count for count, _ in manifest.digest["tables"].values())
        self.stdout.write(
            f"{path}: {rows} rows of {len(manifest.digest['tables'])} tables and "
            f"{len(manifest.members) - 1} files, {path.stat().st_size:,} bytes, encrypted."
        )
