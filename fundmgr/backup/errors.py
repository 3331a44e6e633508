"""What stops a backup or a restore: always one sentence that a person can act on."""


class BackupError(Exception):
    """A reason not to go on, worded for the terminal."""


class DamagedBackup(BackupError):
    """The file is not, byte for byte, what was written."""
