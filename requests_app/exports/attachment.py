"""The headers under which somebody else's file leaves: saved, never shown or run by a browser."""

from django.utils.http import content_disposition_header


def headers(name: str) -> dict[str, str]:
    """This will return the headers of a file with that name."""
    return {
        "Content-Disposition": content_disposition_header(True, name) or "attachment",
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "no-store",
    }
