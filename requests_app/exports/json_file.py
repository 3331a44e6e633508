"""A report as JSON: the very bytes that were stored, so that anybody can check their hash."""

MEDIA_TYPE = "application/json"


def whole_report(stored_body: bytes) -> bytes:
    """This will return the report's canonical bytes unchanged; their SHA-256 is the content hash.

    Units: integer cents (`_cents`), basis points (`_bp`), days.
    """
    return stored_body
