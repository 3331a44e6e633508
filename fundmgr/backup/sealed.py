"""The sealed file: members one after the other in AES-256-GCM frames, never more than one frame in memory.

Layout: magic, salt (32 bytes), key mark (8 bytes), then frames of `length (4 bytes) | ciphertext`. The salt
makes a key for this file alone, so a nonce may simply count. Each nonce is `number of the frame (11 bytes) |
last (1 byte)`: a frame that was moved, left out or doubled does not open, and a file that was cut has no
last frame. Inside, the first byte of a frame tells whether a member begins (its name follows) or goes on.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from fundmgr.backup.errors import BackupError, DamagedBackup

MAGIC = b"fundmgr backup 1\n"
SALT_BYTES = 32
MARK_BYTES = 8
LENGTH_BYTES = 4
TAG_BYTES = 16
FRAME_BYTES = 256 * 1024
LEAST_KEY_CHARACTERS = 32
_BEGINS, _GOES_ON, _ENDS = b"M", b"D", b"E"


def _keys(secret: str, salt: bytes) -> tuple[AESGCM, bytes]:
    if len(secret) < LEAST_KEY_CHARACTERS:
        raise BackupError(
            f"The backup key must have at least {LEAST_KEY_CHARACTERS} characters: make one with "
            "`openssl rand -base64 48`."
        )
    made = HKDF(SHA256(), length=32 + MARK_BYTES, salt=salt, info=MAGIC).derive(secret.encode())
    return AESGCM(made[:32]), made[32:]


def _nonce(number: int, *, last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([last])


@dataclass
class Member:
    """What became of one member: its name, its size and the SHA-256 of its bytes."""

    name: str
    size_bytes: int
    sha256: str


class Writer:
    """Writes members into a sealed file; without `finish` the file counts as cut."""

    def __init__(self, file: BinaryIO, secret: str, *, salt: bytes) -> None:
        """Write the head; `salt` is 32 random bytes, never used for another file."""
        self._file, self._number = file, 0
        self._cipher, mark = _keys(secret, salt)
        self._head = MAGIC + salt + mark
        file.write(self._head)

    def add(self, name: str, parts: Iterator[bytes]) -> Member:
        """Write one member from its parts, and return its size and digest."""
        digest, size = hashlib.sha256(), 0
        self._frame(_BEGINS + name.encode())
        for part in parts:
            for start in range(0, len(part), FRAME_BYTES):
                self._frame(_GOES_ON + part[start : start + FRAME_BYTES])
            digest.update(part)
            size += len(part)
        return Member(name, size, digest.hexdigest())

    def finish(self) -> None:
        """Write the last frame, without which nobody opens the file."""
        self._frame(_ENDS, last=True)

    def _frame(self, content: bytes, *, last: bool = False) -> None:
        sealed = self._cipher.encrypt(_nonce(self._number, last=last), content, self._head)
        self._file.write(len(sealed).to_bytes(LENGTH_BYTES, "big") + sealed)
        self._number += 1


@dataclass
class Reader:
    """Reads a sealed file from its beginning; errors name what is wrong with it in one sentence."""

    file: BinaryIO
    secret: str
    members: list[Member] = field(default_factory=list)

    def parts(self) -> Iterator[tuple[str, bytes]]:
        """Yield (member, bytes) in order, an empty part where a member begins; fills `members`."""
        frames, name, digest, size = self._frames(), "", hashlib.sha256(), 0
        for content in frames:
            kind, rest = content[:1], content[1:]
            if kind == _GOES_ON:
                digest.update(rest)
                size += len(rest)
                yield name, rest
                continue
            if name:
                self.members.append(Member(name, size, digest.hexdigest()))
            name, digest, size = rest.decode(), hashlib.sha256(), 0
            if kind == _BEGINS:
                yield name, b""

    def _frames(self) -> Iterator[bytes]:
        head, cipher = self._open()
        number = 0
        while True:
            sealed = self._next(number)
            last = self.file.read(1) == b""
            if not last:
                self.file.seek(-1, 1)
            try:
                yield cipher.decrypt(_nonce(number, last=last), sealed, head)
            except InvalidTag:
                raise DamagedBackup(_fault(number, cut=last)) from None
            if last:
                return
            number += 1

    def _open(self) -> tuple[bytes, AESGCM]:
        head = self.file.read(len(MAGIC) + SALT_BYTES + MARK_BYTES)
        if not head.startswith(MAGIC):
            raise BackupError("This file is no fundmgr backup.")
        cipher, mark = _keys(self.secret, head[len(MAGIC) : len(MAGIC) + SALT_BYTES])
        if not head.endswith(mark):
            raise BackupError("The key does not open this backup: it was made with another key.")
        return head, cipher

    def _next(self, number: int) -> bytes:
        length = int.from_bytes(self._exactly(LENGTH_BYTES, number), "big")
        if not TAG_BYTES < length <= FRAME_BYTES + TAG_BYTES + 1:
            raise DamagedBackup(_fault(number, cut=False))
        return self._exactly(length, number)

    def _exactly(self, count: int, number: int) -> bytes:
        found = self.file.read(count)
        if len(found) != count:
            raise DamagedBackup(_fault(number, cut=True))
        return found


def _fault(number: int, *, cut: bool) -> str:
    if cut:
        return (
            f"The backup is cut off or its end was changed: part {number + 1} is not whole. Use another copy."
        )
    return f"The backup was changed or damaged: part {number + 1} does not open. Use another copy."
