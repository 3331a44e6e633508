"""The gateway's door: what people texted back, and what became of our texts. Signed, or it is not heard."""

import hashlib
import hmac
import json
import re
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from fundmgr.domain.errors import FundError
from requests_app.services import inbound
from requests_app.services.inbound import Heard

MOST_BYTES, MOST_KEY, MOST_TEXT = 20_000, 120, 2_000
FRESH_SECONDS = 300
_SIGNED = re.compile(r"t=([0-9]{1,12}),v1=([0-9a-f]{64})\Z")


@csrf_exempt
@require_POST
def texts(request: HttpRequest) -> HttpResponse:
    """Take one thing that the gateway tells; the same thing told again changes nothing."""
    if not inbound.is_open():
        raise Http404
    body = request.read(MOST_BYTES + 1)
    if not _is_signed(request.headers.get("Fundmgr-Signature", ""), body):
        return _said("not_signed", 401)
    told = _told(body)
    if told is None:
        return _said("not_understood", 400)
    try:
        return _said(_done(told), 200)
    except FundError:
        # The gateway tells it again in a while.
        return _said("try_again", 503)


def _done(told: dict[str, str]) -> str:
    now = timezone.now()
    if "status" in told:
        is_known = inbound.report(gateway_key=told["id"], status=told["status"], now=now)
        return "noted" if is_known else "not_known"
    is_new = inbound.receive(heard=Heard(told["id"], told["from"], told["text"]), now=now)
    return "kept" if is_new else "kept_before"


def _is_signed(header: str, body: bytes) -> bool:
    found = _SIGNED.match(header)
    if found is None or abs(timezone.now().timestamp() - int(found[1])) > FRESH_SECONDS:
        return False
    signed = hmac.new(settings.SMS_WEBHOOK_SECRET.encode(), f"{found[1]}.".encode() + body, hashlib.sha256)
    return hmac.compare_digest(signed.hexdigest(), found[2])


def _told(body: bytes) -> dict[str, str] | None:
    """The message as words; None for one that is none."""
    if len(body) > MOST_BYTES:
        return None
    try:
        told: Any = json.loads(body)
    except (ValueError, RecursionError):
        return None
    if not isinstance(told, dict) or not _is_word(told.get("id"), MOST_KEY):
        return None
    if _is_word(told.get("status"), MOST_KEY):
        return {"id": told["id"], "status": told["status"]}
    if _is_word(told.get("from"), MOST_KEY) and type(told.get("text")) is str:
        # Half a surrogate pair or a NUL cannot be stored.
        text = told["text"].encode(errors="replace").decode().replace("\0", "")[:MOST_TEXT]
        return {"id": told["id"], "from": told["from"], "text": text}
    return None


def _is_word(value: Any, most: int) -> bool:
    return type(value) is str and 0 < len(value) <= most and value.isascii() and value.isprintable()


def _said(word: str, status: int) -> HttpResponse:
    return JsonResponse({"status": word}, status=status)
