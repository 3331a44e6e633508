"""The store of files: encrypted, whole or not at all, and honest about what the disk lost."""

from datetime import UTC, datetime, timedelta

import pytest
from papers import a_pdf

from fundmgr.domain import errors
from fundmgr.ports import files

FAR = datetime.now(UTC) + timedelta(days=2)


@pytest.fixture(autouse=True)
def store(settings, tmp_path):
    """A folder of its own."""
    settings.FILES_DIR = tmp_path / "files"
    return settings.FILES_DIR


def kept(store):
    """Every file on the disk."""
    return [path for path in store.rglob("*") if path.is_file()]


def test_a_file_is_read_back_and_lies_encrypted_under_a_name_that_says_nothing(store):
    place = files.keep(a_pdf())

    (path,) = kept(store)
    assert path.name == place
    assert len(place) == 40
    assert path.stat().st_mode & 0o077 == 0
    assert b"%PDF" not in path.read_bytes()
    assert b"promise" not in path.read_bytes()
    assert files.read(place, sha256=files.digest(a_pdf())) == a_pdf()
    assert files.keep(a_pdf()) != place


def test_a_changed_byte_a_swap_and_a_loss_are_found(store):
    first, second = files.keep(a_pdf(b"A")), files.keep(a_pdf(b"B"))
    digest = files.digest(a_pdf(b"A"))
    with pytest.raises(errors.FileDamaged):
        files.read(first, sha256=files.digest(a_pdf(b"B")))

    one, two = store / first[:2] / first, store / second[:2] / second
    whole = one.read_bytes()
    for damaged in (two.read_bytes(), whole[:-1] + bytes([whole[-1] ^ 1]), whole[:10], b""):
        one.write_bytes(damaged)
        with pytest.raises(errors.FileDamaged):
            files.read(first, sha256=digest)
    one.unlink()
    with pytest.raises(errors.FileDamaged):
        files.read(first, sha256=digest)


def test_a_disk_that_refuses_leaves_nothing_behind(store):
    store.parent.mkdir(parents=True, exist_ok=True)
    store.write_text("a file where a folder should be")

    with pytest.raises(errors.Busy, match="could not be stored"):
        files.keep(a_pdf())
    assert store.read_text().startswith("a file")


def test_old_places_are_named_and_half_written_files_go(store):
    place = files.keep(a_pdf())
    half = store / place[:2] / f".{place}{files.UNFINISHED}"
    half.write_bytes(b"half")

    assert list(files.places(before=FAR - timedelta(days=3))) == []
    assert half.exists()
    assert list(files.places(before=FAR)) == [place]
    assert not half.exists()
    files.remove(place)
    files.remove(place)
    assert kept(store) == []


def test_a_file_that_goes_while_others_are_named_is_passed_over(store):
    both = {files.keep(a_pdf(b"A")), files.keep(a_pdf(b"B"))}

    named = files.places(before=FAR)
    (other,) = both - {next(named)}
    files.remove(other)

    assert list(named) == []
