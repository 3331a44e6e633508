"""What a file is, by its bytes; the name and the type that a sender claims decide nothing."""

import puremagic

from fundmgr.examiner.refusals import Refused

PICTURES = {"image/jpeg", "image/png", "image/webp", "image/heif", "image/heic"}
# Telephones write the general brand of the family as often as their own.
_HEIF_BRANDS = {b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1"}


def type_of(content: bytes) -> str:
    """Return the media type. Errors: Refused for what is neither a photo nor a PDF."""
    if content[4:8] == b"ftyp" and content[8:12] in _HEIF_BRANDS:
        return "image/heif"
    try:
        found = {match.mime_type for match in puremagic.magic_string(content)}
    except (puremagic.PureError, ValueError):
        found = set()
    if content.startswith(b"%PDF-"):
        return "application/pdf"
    known = found & PICTURES
    if not known:
        raise Refused("unknown_file_type")
    return str(known.pop())
