"""The sealed file opens whole or not at all."""

import io
import random
import tracemalloc

import pytest

from fundmgr.backup.errors import BackupError, DamagedBackup
from fundmgr.backup.sealed import FRAME_BYTES, LENGTH_BYTES, Reader, Writer

SECRET = "a key of forty characters, for tests only"
SALT = bytes(range(32))
HEAD_BYTES = 17 + 32 + 8


def sealed(members: dict[str, bytes], *, finished: bool = True) -> bytes:
    """Return a sealed file with these members."""
    file = io.BytesIO()
    writer = Writer(file, SECRET, salt=SALT)
    for name, content in members.items():
        writer.add(name, iter([content]))
    if finished:
        writer.finish()
    return file.getvalue()


def opened(content: bytes, *, secret: str = SECRET) -> dict[str, bytes]:
    """Read a sealed file to its end."""
    found: dict[str, bytes] = {}
    for name, part in Reader(io.BytesIO(content), secret).parts():
        found[name] = found.get(name, b"") + part
    return found


def frames(content: bytes) -> list[bytes]:
    """Cut a sealed file into its frames, each with its length before it."""
    found, place = [], HEAD_BYTES
    while place < len(content):
        length = int.from_bytes(content[place : place + LENGTH_BYTES], "big") + LENGTH_BYTES
        found.append(content[place : place + length])
        place += length
    return found


DICE = random.Random(1)  # noqa: S311 - places to spoil, no secrets
MEMBERS = {"one": DICE.randbytes(3 * FRAME_BYTES + 5), "empty": b"", "two": b"short"}
WHOLE = sealed(MEMBERS)


def test_what_went_in_comes_out():
    assert opened(WHOLE) == MEMBERS


def test_the_same_content_is_another_file_under_another_salt():
    file = io.BytesIO()
    writer = Writer(file, SECRET, salt=bytes(32))
    for name, content in MEMBERS.items():
        writer.add(name, iter([content]))
    writer.finish()

    assert not set(frames(WHOLE)) & set(frames(file.getvalue()))
    assert opened(file.getvalue()) == MEMBERS


def test_the_reader_tells_size_and_digest_of_each_member():
    file = io.BytesIO()
    writer = Writer(file, SECRET, salt=SALT)
    written = [writer.add(name, iter([content])) for name, content in MEMBERS.items()]
    writer.finish()
    reader = Reader(io.BytesIO(file.getvalue()), SECRET)
    list(reader.parts())

    assert reader.members == written
    assert [member.size_bytes for member in written] == [3 * FRAME_BYTES + 5, 0, 5]


def test_another_key_is_refused_as_another_key():
    with pytest.raises(BackupError, match="made with another key"):
        opened(WHOLE, secret=SECRET + "!")


def test_a_short_key_is_refused():
    with pytest.raises(BackupError, match="at least 32 characters"):
        Writer(io.BytesIO(), "short", salt=SALT)


def test_a_file_of_another_kind_is_refused():
    with pytest.raises(BackupError, match="no fundmgr backup"):
        opened(b"PGDMP and so on")


@pytest.mark.parametrize("place", sorted(DICE.randrange(len(WHOLE)) for _ in range(60)))
def test_one_changed_bit_anywhere_is_found(place: int):
    changed = bytearray(WHOLE)
    changed[place] ^= 1 << (place % 8)

    with pytest.raises(BackupError):
        opened(bytes(changed))


@pytest.mark.parametrize("kept", [HEAD_BYTES, HEAD_BYTES + 2, len(WHOLE) // 2, len(WHOLE) - 1])
def test_a_cut_anywhere_is_found(kept: int):
    with pytest.raises(DamagedBackup, match="cut off"):
        opened(WHOLE[:kept])


def test_a_cut_between_two_frames_is_found():
    parts = frames(WHOLE)
    for count in range(len(parts)):
        with pytest.raises(DamagedBackup, match="cut off"):
            opened(WHOLE[:HEAD_BYTES] + b"".join(parts[:count]))


def test_frames_that_are_swapped_left_out_or_doubled_are_found():
    head, parts = WHOLE[:HEAD_BYTES], frames(WHOLE)
    orders = ([0, 2, 1, *range(3, len(parts))], [0, *range(2, len(parts))], [0, 1, 1, *range(2, len(parts))])
    for order in orders:
        with pytest.raises(DamagedBackup, match="changed or damaged"):
            opened(head + b"".join(parts[number] for number in order))


def test_bytes_after_the_end_are_found():
    with pytest.raises(DamagedBackup):
        opened(WHOLE + b"x")


def test_a_file_that_was_not_finished_does_not_open():
    with pytest.raises(DamagedBackup, match="cut off"):
        opened(sealed(MEMBERS, finished=False))


def test_memory_stays_flat(tmp_path):
    path, part = tmp_path / "large", bytes(FRAME_BYTES)
    tracemalloc.start()
    with path.open("wb") as file:
        writer = Writer(file, SECRET, salt=SALT)
        writer.add("large", (part for _ in range(200)))
        writer.finish()
    with path.open("rb") as file:
        size = sum(len(content) for _, content in Reader(file, SECRET).parts())
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert size == 200 * FRAME_BYTES
    assert peak < 12 * FRAME_BYTES
