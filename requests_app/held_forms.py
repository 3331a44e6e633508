"""A form that was sent to a full server: kept sealed in its sender's own browser, then sent for them.

Nothing of it lies on the server, so a server that stops loses nothing. The form token and the headers by
which a forged form is known go with it, so it is judged as if it came now.
"""

import base64
import json
import time
import zlib

from cryptography.exceptions import InvalidTag
from django.http import HttpRequest, HttpResponse

from fundmgr.models.encrypted import seal_bytes, unseal_bytes

COOKIE = "held"
LASTS_SECONDS = 600
MOST_COOKIE_BYTES = 3600
FORM = "application/x-www-form-urlencoded"
_PLACE = "cookie.held_form"
_HEADERS = ("CONTENT_TYPE", "HTTP_ORIGIN", "HTTP_REFERER")


def hold(request: HttpRequest, response: HttpResponse, *, secure: bool) -> bool:
    """This will put a form that was sent on the answer, and say whether it fits."""
    if request.content_type != FORM:
        return False
    told = {name: request.META[name] for name in _HEADERS if name in request.META}
    return _put(response, request.path, request.body, told, secure=secure)


def hold_for(request: HttpRequest, response: HttpResponse, *, path: str, body: bytes, secure: bool) -> bool:
    """This will put a form for another page on the answer, to be sent there by the same browser."""
    told = {name: request.META[name] for name in _HEADERS if name in request.META}
    return _put(response, path, body, {**told, "CONTENT_TYPE": FORM}, secure=secure)


def _put(response: HttpResponse, path: str, body: bytes, told: dict[str, str], *, secure: bool) -> bool:
    whole = json.dumps([path, time.time(), told, body.decode("latin-1")])
    sealed = base64.urlsafe_b64encode(seal_bytes(zlib.compress(whole.encode()), place=_PLACE)).decode()
    if len(sealed) > MOST_COOKIE_BYTES:
        return False
    response.set_cookie(
        COOKIE, sealed, max_age=LASTS_SECONDS, path=path, secure=secure, httponly=True, samesite="Lax"
    )
    return True


def is_held(request: HttpRequest) -> bool:
    """Whether this page is looked at by one whose form for it waits."""
    return request.method == "GET" and COOKIE in request.COOKIES


def send(request: HttpRequest) -> bool:
    """This will turn a look at a page into the form that was kept for it, and say whether there was one."""
    found = _opened(request.COOKIES.get(COOKIE, ""), path=request.path)
    if found is None:
        return False
    told, body = found
    for name in _HEADERS:
        request.META.pop(name, None)
    request.META.update({**told, "REQUEST_METHOD": "POST", "CONTENT_LENGTH": str(len(body))})
    request.method = "POST"
    request._set_content_type_params(request.META)  # type: ignore[attr-defined]  # the stubs leave it out
    request._body = body  # what Django reads `body` and `POST` from
    for name in ("_post", "_files"):
        request.__dict__.pop(name, None)
    return True


def forget(request: HttpRequest, response: HttpResponse) -> None:
    """This will take the kept form out of the browser, unless the answer says that it still waits."""
    if COOKIE in request.COOKIES and COOKIE not in response.cookies:
        response.delete_cookie(COOKIE, path=request.path, samesite="Lax")


def _opened(sealed: str, *, path: str) -> tuple[dict[str, str], bytes] | None:
    try:
        whole = zlib.decompress(unseal_bytes(base64.urlsafe_b64decode(sealed), place=_PLACE))
    except (ValueError, KeyError, InvalidTag, zlib.error):
        return None
    kept_path, at, told, body = json.loads(whole)
    if kept_path != path or at < time.time() - LASTS_SECONDS:
        return None
    return told, body.encode("latin-1")
