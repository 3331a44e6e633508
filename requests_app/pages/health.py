"""Two answers for whoever watches the process: it runs; and all that it needs answers too."""

from django.http import HttpRequest, JsonResponse

from requests_app.queries import readiness


def alive(request: HttpRequest) -> JsonResponse:
    """This will say that the web process runs."""
    return JsonResponse({"status": "ok"})


def ready(request: HttpRequest) -> JsonResponse:
    """This will say whether the database, the queue and a worker answer."""
    parts = readiness.parts()
    return JsonResponse(
        {"ready": all(parts.values()), "parts": parts}, status=200 if all(parts.values()) else 503
    )
