"""What may be kept as evidence: a PDF, PNG or JPEG by its bytes, whole, with nothing hidden behind its end.

The name and the type that a sender claims decide nothing. Nothing is drawn or decoded here: sizes are read
from headers, so that a small file cannot blow up.
"""

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from fundmgr.domain.text import NotText, clean_line

MOST_BYTES = 10_000_000
MOST_PIXELS = 120_000_000
MOST_NAME_LETTERS = 160
# A donor's letter, its envelope, the mails around it; far more is a mistake.
MOST_FILES = 30


class MediaType(StrEnum):
    """What is kept."""

    PDF = "application/pdf"
    PNG = "image/png"
    JPEG = "image/jpeg"


ENDINGS = {MediaType.PDF: ".pdf", MediaType.PNG: ".png", MediaType.JPEG: ".jpg"}


class NotEvidence(ValueError):
    """The bytes cannot be kept; `code` is for programs, the message for people."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code


@dataclass(frozen=True)
class Evidence:
    """A file as it is kept: its type, and its bytes without what a telephone puts behind a picture."""

    media_type: MediaType
    content: bytes


def examined(content: bytes) -> Evidence:
    """This will say what a file is by its bytes and return what is kept of it.

    Errors: NotEvidence for an empty, too large, unknown or damaged file, or one that is two things at once.
    """
    if not content:
        raise NotEvidence("empty_file", "This file is empty.")
    if len(content) > MOST_BYTES:
        raise NotEvidence("file_too_large", "This file is larger than 10 megabytes.")
    media_type = _kind_of(content)
    if media_type is None:
        raise NotEvidence("unknown_file_type", "Send a PDF, or a picture as JPEG or PNG. This is neither.")
    kept = content[: _ENDS[media_type](content)]
    if _is_archive(kept) or (media_type is not MediaType.PDF and b"%PDF-" in kept[:_PDF_READERS_LOOK]):
        raise _two_things()
    return Evidence(media_type, kept)


def kept_name(said: str, media_type: MediaType) -> str:
    """This will return the name that a file is shown by: no folder, no controls, the ending of its type."""
    ending = ENDINGS[media_type]
    try:
        last = clean_line(re.split(r"[/\\]", said)[-1], most=10_000)
    except NotText:
        last = ""
    stem = last.rpartition(".")[0] or last
    return f"{stem.strip('. ')[: MOST_NAME_LETTERS - len(ending)] or 'file'}{ending}"


_PNG_MARK = b"\x89PNG\r\n\x1a\n"
# Readers take a PDF whose mark stands anywhere in its first kilobyte.
_PDF_READERS_LOOK = 1024
_PDF_TAIL = 2048
_NOTHING = b"\0\t\n\f\r "


def _kind_of(content: bytes) -> MediaType | None:
    if re.match(rb"%PDF-[12]\.[0-9]", content):
        return MediaType.PDF
    if content.startswith(_PNG_MARK):
        return MediaType.PNG
    return MediaType.JPEG if content.startswith(b"\xff\xd8\xff") else None


def _damaged() -> NotEvidence:
    return NotEvidence("damaged_file", "This file is not whole. Save or scan it again, then send it.")


def _two_things() -> NotEvidence:
    sentence = "This file holds something else behind what it shows. Save or scan it again, then send it."
    return NotEvidence("hidden_content", sentence)


def _require_end(content: bytes, end: int) -> int:
    if content[end:].strip(_NOTHING):
        raise _two_things()
    return end


def _pdf_end(content: bytes) -> int:
    mark = content.rfind(b"%%EOF")
    if mark < 0 or b"startxref" not in content[max(0, mark - _PDF_TAIL) : mark]:
        raise _damaged()
    _require_end(content, mark + len(b"%%EOF"))
    return len(content)


def _png_end(content: bytes) -> int:
    position, is_first = len(_PNG_MARK), True
    while True:
        size = int.from_bytes(content[position : position + 4], "big")
        name = content[position + 4 : position + 8]
        end = position + 12 + size
        if end > len(content) or is_first != (name == b"IHDR"):
            raise _damaged()
        if zlib.crc32(content[position + 4 : end - 4]) != int.from_bytes(content[end - 4 : end], "big"):
            raise _damaged()
        if is_first:
            _require_size(content[position + 8 : position + 12], content[position + 12 : position + 16])
        if name == b"IEND":
            return _require_end(content, end)
        position, is_first = end, False


def _require_size(width: bytes, height: bytes) -> None:
    pixels = int.from_bytes(width, "big") * int.from_bytes(height, "big")
    if not pixels:
        raise _damaged()
    if pixels > MOST_PIXELS:
        raise NotEvidence("too_many_pixels", "This picture has more than 120 million pixels.")


_FRAMES = {*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC}
_SCAN, _END = 0xDA, 0xD9
# A segment's size counts its own two bytes.
_LEAST_SEGMENT = 2
_ALONE = {0x01, *range(0xD0, 0xD8)}
# Inside a scan a marker's first byte is followed by zero, by a restart, or by another of its kind.
_NEXT_MARKER = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")


def _jpeg_end(content: bytes) -> int:
    seen = set()
    for code, position in _jpeg_markers(content):
        seen.add(code)
        if code in _FRAMES:
            _require_size(content[position + 5 : position + 7], content[position + 3 : position + 5])
        if code == _END:
            if not seen & _FRAMES or _SCAN not in seen:
                raise _damaged()
            return position if _is_of_a_telephone(content[position:]) else _require_end(content, position)
    raise _damaged()


def _jpeg_markers(content: bytes) -> Iterator[tuple[int, int]]:
    """Each marker with the place behind it."""
    position = 2
    while content[position : position + 1] == b"\xff":
        while content[position : position + 1] == b"\xff":
            position += 1
        code = int.from_bytes(content[position : position + 1], "big")
        position += 1
        yield code, position
        if code in _ALONE:
            continue
        size = int.from_bytes(content[position : position + 2], "big")
        if size < _LEAST_SEGMENT or code == _END:
            return
        position += size
        if code == _SCAN:
            following = _NEXT_MARKER.search(content, position)
            position = following.start() if following else len(content)


def _is_of_a_telephone(behind: bytes) -> bool:
    """Telephones put more pictures, a short film or notes of their own behind a photo; that is cut off."""
    return behind.startswith(b"\xff\xd8\xff") or behind[4:8] == b"ftyp" or behind.endswith(b"SEFT")


def _is_archive(content: bytes) -> bool:
    """Whether a ZIP archive ends where the file ends: its last record tells how much follows it."""
    start = max(0, len(content) - 65_557)
    for found in re.finditer(rb"PK\x05\x06", content[start:]):
        record = start + found.start()
        if record + 22 + int.from_bytes(content[record + 20 : record + 22], "little") == len(content):
            return True
    return False


_ENDS = {MediaType.PDF: _pdf_end, MediaType.PNG: _png_end, MediaType.JPEG: _jpeg_end}
