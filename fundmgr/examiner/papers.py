"""PDFs are written anew without what acts by itself or carries other files; no page is drawn here."""

import zlib
from collections.abc import Iterator
from io import BytesIO
from typing import Any

import pikepdf

from fundmgr.examiner.refusals import Refused

MOST_PAGES = 20
MOST_OBJECTS = 60_000
MOST_PIXELS = 64_000_000
# What the compressed parts of one file may come to when a reader opens them.
MOST_UNPACKED_BYTES = 250_000_000
DEEPEST = 60
# Whatever runs, starts, sends or carries something: gone with the key.
ACTING_KEYS = (
    "/AA", "/OpenAction", "/JS", "/JavaScript", "/EF", "/EmbeddedFiles", "/AF", "/XFA", "/Collection",
    "/RichMediaContent", "/RichMediaSettings", "/Metadata", "/PieceInfo", "/URI",
)  # fmt: skip
ACTIONS = {
    "/JavaScript", "/Launch", "/SubmitForm", "/ImportData", "/GoToR", "/GoToE", "/RichMediaExecute",
    "/Rendition", "/Movie", "/Sound", "/SetOCGState", "/Trans", "/GoTo3DView", "/ResetForm", "/Hide",
    "/Named", "/URI", "/Thread",
}  # fmt: skip
EMBEDS = {"/FileAttachment", "/RichMedia", "/Movie", "/Sound", "/Screen", "/3D"}
_FLATE = {"/FlateDecode", "/Fl"}


def cleaned(content: bytes) -> tuple[dict[str, object], bytes]:
    """Return what the copy is, and the copy. Errors: Refused."""
    try:
        # A stub that can be read but not printed opens without a word, and its copy is locked no more.
        with pikepdf.open(BytesIO(content), suppress_warnings=True) as pdf:
            pages = len(pdf.pages)
            _require_pages(pages)
            _Sweep().over(pdf)
            out = BytesIO()
            pdf.save(out, encryption=False, static_id=True, fix_metadata_version=False)
    except Refused:
        raise
    except pikepdf.PasswordError:
        raise Refused("locked_file") from None
    except MemoryError:
        raise Refused("too_complex") from None
    except Exception:  # a broken file breaks in many ways
        raise Refused("damaged_file") from None
    return {"media_type": "application/pdf", "pages": pages}, out.getvalue()


def _require_pages(pages: int) -> None:
    if not pages:
        raise Refused("damaged_file")
    if pages > MOST_PAGES:
        raise Refused("too_many_pages")


class _Sweep:
    """One walk over every object of a file."""

    def __init__(self) -> None:
        self.unpacked_bytes = 0

    def over(self, pdf: pikepdf.Pdf) -> None:
        """Take away what acts, and count what is packed."""
        if len(pdf.objects) > MOST_OBJECTS:
            raise Refused("too_complex")
        for found in list(pdf.objects):
            for part in _parts(found, 0):
                self._clean(part)
        names = pdf.Root.get("/Names")
        if isinstance(names, pikepdf.Dictionary):
            for key in [str(key) for key in names if key != "/Dests"]:
                del names[key]
        if "/Info" in pdf.trailer:
            del pdf.trailer["/Info"]

    def _clean(self, part: Any) -> None:
        for key in ACTING_KEYS:
            if key in part:
                del part[key]
        for key in [key for key in list(part) if _acts(part.get(key))]:
            del part[key]
        if "/Annots" in part and isinstance(part["/Annots"], pikepdf.Array):
            part["/Annots"] = pikepdf.Array([one for one in part["/Annots"] if not _embeds(one)])
        if isinstance(part, pikepdf.Stream):
            self._require_small(part)

    def _require_small(self, stream: pikepdf.Stream) -> None:
        width, height = stream.get("/Width", 0), stream.get("/Height", 0)
        if isinstance(width, int) and isinstance(height, int) and width * height > MOST_PIXELS:
            raise Refused("too_many_pixels")
        filters = stream.get("/Filter", pikepdf.Array())
        names = [str(one) for one in filters] if isinstance(filters, pikepdf.Array) else [str(filters)]
        packings = [name for name in names if name in _FLATE]
        if len(packings) > 1:
            # Nobody packs a page twice but to hide how large it is.
            raise Refused("too_complex")
        if not packings or names[0] != packings[0]:
            return
        for size in _unpacked(stream.read_raw_bytes()):
            self.unpacked_bytes += size
            if self.unpacked_bytes > MOST_UNPACKED_BYTES:
                raise Refused("too_complex")


def _parts(found: Any, depth: int) -> Iterator[Any]:
    """Every dictionary and stream inside an object that is not an object of its own."""
    if depth > DEEPEST:
        raise Refused("too_complex")
    if isinstance(found, pikepdf.Stream | pikepdf.Dictionary):
        yield found
        inside = [found.get(key) for key in list(found.keys())]
    elif isinstance(found, pikepdf.Array):
        inside = list(found)
    else:
        return
    for one in inside:
        if isinstance(one, pikepdf.Object) and not one.is_indirect:
            yield from _parts(one, depth + 1)


def _acts(value: Any) -> bool:
    return isinstance(value, pikepdf.Dictionary) and str(value.get("/S", "")) in ACTIONS


def _embeds(value: Any) -> bool:
    return isinstance(value, pikepdf.Dictionary) and str(value.get("/Subtype", "")) in EMBEDS


def _unpacked(packed: bytes) -> Iterator[int]:
    reader, left = zlib.decompressobj(), packed
    while left:
        try:
            size = len(reader.decompress(left, 1_000_000))
        except zlib.error:
            return
        if not size:
            return
        yield size
        left = reader.unconsumed_tail
