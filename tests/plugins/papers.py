"""Small files as donors send them, and files that are not what they say."""

import io
import zlib

from django.core.files.uploadedfile import SimpleUploadedFile

JPEG_SIZE = (8, 4)


def a_pdf(words: bytes = b"We promise.") -> bytes:
    """A PDF of one page with a mark of its own."""
    head = (
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n"
    )
    place = str(len(head)).encode()
    return head + b"%" + words + b"\nxref\n0 1\ntrailer<</Root 1 0 R>>\nstartxref\n" + place + b"\n%%EOF\n"


def png_part(name: bytes, content: bytes) -> bytes:
    """One chunk with its size and check sum."""
    whole = name + content
    return len(content).to_bytes(4, "big") + whole + zlib.crc32(whole).to_bytes(4, "big")


def a_png(width: int = 2, height: int = 1, *, further: bytes = b"") -> bytes:
    """A picture; its header may say that it is far larger than its rows."""
    size = width.to_bytes(4, "big") + height.to_bytes(4, "big") + b"\x08\x00\x00\x00\x00"
    rows = zlib.compress(b"\x00\xff\xff")
    parts = [png_part(b"IHDR", size), further, png_part(b"IDAT", rows), png_part(b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def jpeg_part(code: int, content: bytes) -> bytes:
    """One segment with its size."""
    return bytes([0xFF, code]) + (len(content) + 2).to_bytes(2, "big") + content


def a_jpeg(width: int = 8, height: int = 4, *, note: bytes = b"") -> bytes:
    """A photo by its segments; its scan holds a stuffed byte and a restart, as real ones do."""
    frame = b"\x08" + height.to_bytes(2, "big") + width.to_bytes(2, "big") + b"\x01\x01\x11\x00"
    parts = [
        jpeg_part(0xE0, b"JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00"),
        jpeg_part(0xFE, note) if note else b"",
        jpeg_part(0xDB, b"\x00" + bytes(64)),
        jpeg_part(0xC0, frame),
        jpeg_part(0xC4, b"\x00" + bytes(16)),
        jpeg_part(0xDA, b"\x01\x01\x00\x00\x3f\x00"),
        b"\x12\xff\x00\x34\xff\xd0\x56",
    ]
    return b"\xff\xd8" + b"".join(parts) + b"\xff\xd9"


def an_archive(comment: bytes = b"") -> bytes:
    """An empty ZIP archive."""
    return b"PK\x05\x06" + bytes(16) + len(comment).to_bytes(2, "little") + comment


def named(name: str, content: bytes, *, claimed: str = "application/pdf") -> SimpleUploadedFile:
    """A file as a browser sends it, under a name and with a type that it claims."""
    return SimpleUploadedFile(name, content, content_type=claimed)


def sent(content: bytes, name: str = "pledge.pdf") -> io.BytesIO:
    """A file for Django's test client."""
    file = io.BytesIO(content)
    file.name = name
    return file
