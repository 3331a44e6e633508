"""What a file is follows from its bytes; a damaged or double-faced one is refused before it is stored."""

from pathlib import Path

import papers
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fundmgr.domain import evidence
from fundmgr.domain.evidence import MOST_BYTES, MediaType, NotEvidence, examined, kept_name

SCREEN = Path(__file__).parents[3] / "docs/screens/need.png"
GOOD = {
    "a PDF": (papers.a_pdf(), MediaType.PDF),
    "a PDF with empty lines behind it": (papers.a_pdf() + b"\r\n\r\n", MediaType.PDF),
    "a picture": (papers.a_png(), MediaType.PNG),
    "a real picture": (SCREEN.read_bytes(), MediaType.PNG),
    "a photo": (papers.a_jpeg(), MediaType.JPEG),
    "a photo with a long note": (papers.a_jpeg(note=b"x" * 60_000), MediaType.JPEG),
}


@pytest.mark.parametrize(("content", "media_type"), GOOD.values(), ids=GOOD)
def test_a_whole_file_is_kept_byte_for_byte(content, media_type):
    found = examined(content)

    assert found == evidence.Evidence(media_type, content)


BEHIND = {
    "another picture": papers.a_jpeg(),
    "a short film": b"\x00\x00\x00\x18ftypmp42" + bytes(30),
    "a telephone's notes": b"SEFH" + bytes(30) + b"SEFT",
}


@pytest.mark.parametrize("behind", BEHIND.values(), ids=BEHIND)
def test_what_a_telephone_puts_behind_a_photo_is_cut_off(behind):
    assert examined(papers.a_jpeg() + behind).content == papers.a_jpeg()


BAD = {
    "nothing": (b"", "empty_file"),
    "too much": (papers.a_pdf() + b"\n" * MOST_BYTES, "file_too_large"),
    "words": (b"We promise.", "unknown_file_type"),
    "a page of the web": (b"<html><script>alert(1)</script></html>", "unknown_file_type"),
    "a drawing with a script": (b'<svg xmlns="http://www.w3.org/2000/svg"/>', "unknown_file_type"),
    "an archive, like an office document": (papers.an_archive(), "unknown_file_type"),
    "a program": (b"MZ\x90\x00" + bytes(60), "unknown_file_type"),
    "a PDF behind other bytes": (b"GIF89a" + papers.a_pdf(), "unknown_file_type"),
    "a PDF that breaks off": (papers.a_pdf()[:-8], "damaged_file"),
    "a PDF without a table": (b"%PDF-1.4\n%%EOF\n", "damaged_file"),
    "a PDF with an archive behind it": (papers.a_pdf() + papers.an_archive(), "hidden_content"),
    "a PDF whose end stands in an archive's note": (
        papers.a_pdf()[:-6] + papers.an_archive(b"\nstartxref\n0\n%%EOF\n"),
        "hidden_content",
    ),
    "a PDF with a page behind it": (papers.a_pdf() + b"<script>", "hidden_content"),
    "a picture that breaks off": (papers.a_png()[:-1], "damaged_file"),
    "a picture without a header": (b"\x89PNG\r\n\x1a\n" + papers.png_part(b"IEND", b""), "damaged_file"),
    "a picture with a changed byte": (papers.a_png().replace(b"IDAT", b"IDAU"), "damaged_file"),
    "a picture with an archive behind it": (papers.a_png() + papers.an_archive(), "hidden_content"),
    "a picture that is a PDF too": (
        papers.a_png(further=papers.png_part(b"tEXt", b"note\x00%PDF-1.4")),
        "hidden_content",
    ),
    "a picture without a line": (papers.a_png(0, 4), "damaged_file"),
    "a picture that would fill the memory": (papers.a_png(60_000, 60_000), "too_many_pixels"),
    "a photo that breaks off": (papers.a_jpeg()[:-2], "damaged_file"),
    "a photo that breaks off in a segment": (papers.a_jpeg()[:12], "damaged_file"),
    "a photo with a segment of no size": (b"\xff\xd8\xff\xe0\x00\x00\xff\xd9", "damaged_file"),
    "a photo without a picture": (b"\xff\xd8\xff\xd9", "damaged_file"),
    "a photo with an archive behind it": (papers.a_jpeg() + papers.an_archive(), "hidden_content"),
    "a photo with a page behind it": (papers.a_jpeg() + b"<html>", "hidden_content"),
    "a photo that is a PDF too": (papers.a_jpeg(note=b"%PDF-1.4"), "hidden_content"),
    "a photo that would fill the memory": (papers.a_jpeg(65_000, 65_000), "too_many_pixels"),
}


@pytest.mark.parametrize(("content", "code"), BAD.values(), ids=BAD)
def test_what_cannot_be_kept_says_why(content, code):
    with pytest.raises(NotEvidence) as refused:
        examined(content)

    assert refused.value.code == code
    assert str(refused.value).endswith(".")


@given(
    st.sampled_from([papers.a_pdf(), papers.a_png(), papers.a_jpeg()]),
    st.integers(0, 400),
    st.binary(max_size=6),
)
def test_strange_bytes_never_surprise_us(content, place, strange):
    try:
        found = examined(content[:place] + strange + content[place + len(strange) :])
    except NotEvidence:
        return

    assert found.media_type in MediaType


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("pledge.pdf", "pledge.pdf"),
        ("letter.exe", "letter.pdf"),
        ("../../etc/passwd", "passwd.pdf"),
        ("C:\\Users\\ana\\scan 1.PDF", "scan 1.pdf"),
        ("", "file.pdf"),
        ("...", "file.pdf"),
        ("evil\u202efdp.exe", "file.pdf"),
        ("Carta de Begoña.pdf", "Carta de Begoña.pdf"),
        ("x" * 300, "x" * 156 + ".pdf"),
    ],
)
def test_a_name_is_only_a_name_and_ends_as_its_type_does(said, kept):
    assert kept_name(said, MediaType.PDF) == kept
