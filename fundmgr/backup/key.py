"""The key that seals a backup, given by whoever makes it and kept apart from it."""

from pathlib import Path

from django.conf import settings

from fundmgr.backup.errors import BackupError


def given(file: Path | None) -> str:
    """Return the key from a file, else from FUNDMGR_BACKUP_KEY, which may come from a file too.

    Errors: BackupError where there is none or the file cannot be read.
    """
    try:
        secret = file.read_text().strip() if file else settings.BACKUP_KEY
    except (OSError, UnicodeDecodeError) as error:
        raise BackupError(f"The key's file cannot be read: {error}.") from None
    if not secret:
        raise BackupError("No backup key: give --key-file FILE or set FUNDMGR_BACKUP_KEY.")
    return secret
