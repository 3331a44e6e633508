"""The headers under which somebody else's file leaves: saved or looked at, never run by a browser."""

from django.utils.http import content_disposition_header


def headers(name: str, *, is_shown: bool = False) -> dict[str, str]:
    """This will return the headers of a file with that name; `is_shown` lets a browser show it, asleep."""
    return {
        "Content-Disposition": content_disposition_header(not is_shown, name) or "attachment",
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "Cross-Origin-Resource-Policy": "same-origin",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "no-store",
    }
