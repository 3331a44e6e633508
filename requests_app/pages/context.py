"""What every page knows: whether this is the demo, and which languages it speaks."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def site(request: HttpRequest) -> dict[str, Any]:
    """This will return the values that the base template reads on every page."""
    return {"demo_mode": settings.DEMO, "site_languages": settings.LANGUAGES}
