"""The examiner: what is seen goes through, everything else stays outside."""

import io
from threading import BoundedSemaphore

import nasty
import pikepdf
import pytest
from PIL import Image

from fundmgr.domain import errors
from fundmgr.domain.documents import NotKept, Refusal
from fundmgr.ports import examiner


def picture_of(copy: examiner.Copy) -> Image.Image:
    """The copy as a browser would open it."""
    image = Image.open(io.BytesIO(copy.content))
    image.load()
    return image


@pytest.mark.parametrize("name", sorted(nasty.REFUSED))
def test_what_cannot_be_trusted_is_refused_by_name(name: str):
    make, code = nasty.REFUSED[name]

    with pytest.raises(NotKept) as refusal:
        examiner.clean_copy(make())

    assert refusal.value.why == code


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_photo_becomes_a_jpeg(kind: str):
    copy = examiner.clean_copy(nasty.a_photo(kind))

    assert (copy.media_type, copy.width, copy.height) == ("image/jpeg", 640, 480)
    assert picture_of(copy).format == "JPEG"
    assert max(picture_of(copy).getpixel((320, 240))[:3]) > 240


def test_a_photo_of_an_iphone_becomes_a_jpeg():
    copy = examiner.clean_copy(nasty.A_HEIC)

    assert (copy.media_type, copy.width, copy.height) == ("image/jpeg", 64, 48)
    red, green, _blue = picture_of(copy).getpixel((8, 8))
    assert red > 200
    assert green < 90
    assert b"secret place" not in copy.content


def test_the_place_the_telephone_and_the_tail_stay_outside():
    sent = nasty.a_photo_with_a_place()
    assert sent.count(nasty.SECRET_PLACE.encode()) >= 2

    copy = examiner.clean_copy(sent)

    assert nasty.SECRET_PLACE.encode() not in copy.content
    assert b"Telephone" not in copy.content
    assert not picture_of(copy).getexif()
    # It was held upright, so it is kept upright.
    assert (copy.width, copy.height) == (40, 60)


def test_a_second_file_behind_a_photo_is_gone():
    copy = examiner.clean_copy(nasty.a_photo() + nasty.POLYGLOT_TAIL)

    assert b"script" not in copy.content
    assert b"PK\x03\x04" not in copy.content


def test_a_large_photo_is_made_smaller():
    copy = examiner.clean_copy(nasty.a_photo(size=(4000, 3000)))

    assert (copy.width, copy.height) == (2600, 1950)


def test_what_acts_in_a_pdf_is_gone_and_its_pages_stay():
    sent = nasty.an_acting_paper()
    for word in (b"JavaScript", b"Launch", b"SubmitForm", b"EmbeddedFiles"):
        assert word in sent

    copy = examiner.clean_copy(sent)

    assert (copy.media_type, copy.pages) == ("application/pdf", 1)
    for word in (
        b"JavaScript",
        b"Launch",
        b"Submit",
        b"Embedded",
        b"carried",
        b"thief",
        b"/AA",
        b"/OpenAction",
    ):
        assert word not in copy.content
    with pikepdf.open(io.BytesIO(copy.content)) as pdf:
        assert len(pdf.pages) == 1
        assert not pdf.attachments


def test_a_pdf_that_only_may_not_be_printed_is_kept_unlocked():
    copy = examiner.clean_copy(nasty.a_locked_paper(""))

    with pikepdf.open(io.BytesIO(copy.content)) as pdf:
        assert not pdf.is_encrypted


def test_what_lies_behind_a_pdf_is_gone():
    copy = examiner.clean_copy(nasty.a_paper() + nasty.POLYGLOT_TAIL)

    assert b"script" not in copy.content


def test_a_decoder_that_hangs_is_given_up(monkeypatch):
    monkeypatch.setattr(examiner, "SECONDS", 0.001)

    with pytest.raises(NotKept) as refusal:
        examiner.clean_copy(nasty.a_photo())

    assert refusal.value.why == Refusal.TOO_COMPLEX


def test_a_decoder_that_dies_is_a_refusal(monkeypatch):
    monkeypatch.setattr(examiner, "_COMMAND", ["/bin/sh", "-c", "kill -SEGV $$"])

    with pytest.raises(NotKept):
        examiner.clean_copy(nasty.a_photo())


@pytest.mark.parametrize(
    "answer",
    [
        "nonsense",
        '{"media_type": "text/html"}\\n<script>',
        '{"media_type": "image/jpeg"}\\n',
        '{"refused": "x"}',
    ],
)
def test_a_decoder_that_was_taken_over_is_not_believed(monkeypatch, answer: str):
    monkeypatch.setattr(examiner, "_COMMAND", ["/bin/sh", "-c", f"cat >/dev/null; printf '{answer}'"])

    with pytest.raises(NotKept):
        examiner.clean_copy(nasty.a_photo())


def test_the_decoder_sees_no_key(monkeypatch):
    monkeypatch.setenv("FUNDMGR_FIELD_KEYS", "a secret")
    seen = []
    run = examiner.subprocess.run
    monkeypatch.setattr(
        examiner.subprocess,
        "run",
        lambda *args, **options: seen.append(options["env"]) or run(*args, **options),
    )

    examiner.clean_copy(nasty.a_photo())

    assert sorted(seen[0]) == ["LC_ALL", "OMP_NUM_THREADS"]


def test_more_than_a_few_at_once_wait_and_are_then_told_so(monkeypatch):
    full = BoundedSemaphore(1)
    full.acquire()
    monkeypatch.setattr(examiner, "_places", full)
    monkeypatch.setattr(examiner, "WAIT_SECONDS", 0.01)

    with pytest.raises(errors.Busy):
        examiner.clean_copy(nasty.a_photo())
