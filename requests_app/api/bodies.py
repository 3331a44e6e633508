"""Bodies read strictly: one JSON object in UTF-8, or a refusal that says what is wrong."""

import json
from typing import Any, NoReturn

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest
from django.http.multipartparser import MultiPartParserError

from fundmgr.domain.errors import InvalidInput, Problem
from requests_app.api.errors import BodyTooLarge, MalformedBody, UnsupportedMediaType

DEEPEST = 16
# No whole number that we take has more digits; a longer one is kept as text, and every field says so.
MOST_DIGITS = 18
_MEGABYTE = 1_000_000
# The part of a multipart body that holds the file.
FILE = "file"


class Inexact(str):
    """A number with a point or an exponent, or far too long: money is a string here, so nothing takes it."""

    @property
    def is_too_large(self) -> bool:
        """Whether it is a whole number with more digits than any that we take."""
        return self.removeprefix("-").isdigit()


def raw_body(request: HttpRequest) -> bytes:
    """This will return the body's bytes. Errors: BodyTooLarge."""
    if hasattr(request, "_body"):
        return request.body
    length = request.META.get("CONTENT_LENGTH") or "0"
    if length.isdigit() and int(length) > (settings.DATA_UPLOAD_MAX_MEMORY_SIZE or 0):
        raise BodyTooLarge
    try:
        return request.body
    except RequestDataTooBig:
        raise BodyTooLarge from None


def allow_larger(request: HttpRequest, *, most_bytes: int) -> None:
    """This will read a body that may be larger than most, for an address that takes files.

    Errors: BodyTooLarge.
    """
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not length.isdigit() or int(length) > most_bytes:
        raise BodyTooLarge(f"The body is larger than {most_bytes // _MEGABYTE} megabytes.")
    # Django refuses a large body when it is asked for it, and gives one that it has read already.
    setattr(request, "_body", request.read(most_bytes))  # noqa: B010 - the stubs do not know the name


def read_file(request: HttpRequest) -> tuple[str, bytes]:
    """This will read a body that is one file and return its name and bytes.

    Errors: UnsupportedMediaType, MalformedBody; InvalidInput for a part that is missing, doubled or unknown.
    """
    if request.content_type != "multipart/form-data":
        raise UnsupportedMediaType("Send the file as multipart/form-data.")
    try:
        files, words = request.FILES, request.POST
    except MultiPartParserError:
        raise MalformedBody("The body is not usable multipart/form-data.") from None
    problems = [
        Problem(name, "unknown_field", "This field is not known.") for name in {*files, *words} - {FILE}
    ]
    sent = files.getlist(FILE)
    if len(sent) != 1 or FILE in words:
        problems.append(Problem(FILE, "not_one_file", "Send one file in the part called file."))
    if problems:
        raise InvalidInput(problems=problems)
    return sent[0].name or "", sent[0].read()


def read_object(request: HttpRequest) -> dict[str, Any]:
    """This will read the body as one JSON object; no body at all is an empty one.

    Errors: BodyTooLarge, UnsupportedMediaType, MalformedBody; InvalidInput for JSON that is no object.
    """
    body = raw_body(request)
    if not body:
        return {}
    _check_type(request)
    value = parse(body)
    if not isinstance(value, dict):
        problem = Problem("", "not_an_object", "Send one JSON object.")
        raise InvalidInput(problems=[problem])
    return value


def parse(body: bytes) -> Any:
    """This will read JSON (RFC 8259) without its loopholes.

    Errors: MalformedBody for other encodings, repeated names, NaN, halves of characters, deep nesting.
    """
    try:
        value = json.loads(
            body.decode(),
            object_pairs_hook=_without_repeats,
            parse_constant=_no_constant,
            parse_float=Inexact,
            parse_int=_whole_number,
        )
    except UnicodeDecodeError:
        raise MalformedBody("The body is not UTF-8.") from None
    except json.JSONDecodeError as error:
        # Some of the library's sentences end with the word that ours goes on with.
        what = error.msg.removesuffix(" at")
        raise MalformedBody(f"The body is not JSON: {what} at character {error.pos}.") from None
    except RecursionError:
        raise MalformedBody("The body nests too deep.") from None
    # Only an escape can write half a character, and only many brackets can nest deep.
    if b"\\u" in body or body.count(b"[") + body.count(b"{") > DEEPEST:
        _check_value(value, depth=0)
    return value


def _check_type(request: HttpRequest) -> None:
    charset = (request.content_params or {}).get("charset", "utf-8").lower()
    if request.content_type != "application/json" or charset not in {"utf-8", "utf8"}:
        raise UnsupportedMediaType


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise MalformedBody("The body names a key twice.")
    return found


def _no_constant(_word: str) -> NoReturn:
    raise MalformedBody("NaN and Infinity are not JSON.")


def _whole_number(digits: str) -> int | Inexact:
    return int(digits) if len(digits) <= MOST_DIGITS else Inexact(digits)


def _check_value(value: Any, *, depth: int) -> None:
    if isinstance(value, str):
        _check_text(value)
    elif isinstance(value, (dict, list)):
        if depth >= DEEPEST:
            raise MalformedBody("The body nests too deep.")
        if isinstance(value, dict):
            for name in value:
                _check_text(name)
        for item in value.values() if isinstance(value, dict) else value:
            _check_value(item, depth=depth + 1)


def _check_text(text: str) -> None:
    """JSON's \\u escapes can write half a character, which no database stores."""
    if text.isascii():
        return
    try:
        text.encode()
    except UnicodeEncodeError:
        raise MalformedBody("The body holds half a character.") from None
