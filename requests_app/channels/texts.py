"""Short messages: through one gateway by HTTP, or into files of this machine where there is none.

A message carries a key. The gateway sends a key once, so what is handed over again after a doubt is the same
text; a file is named by its key, so it is written over by itself.
"""

import json
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings

if TYPE_CHECKING:
    from requests import Response

_CONNECT_SECONDS, _READ_SECONDS = 3, 8
_MOST_BYTES, _MOST_LETTERS = 65_536, 120
# Answers after which the gateway certainly sent nothing, and the same call may be made later.
_BUSY = frozenset({409, 425, 429, 503})
_TIMED_OUT = 408


class Outcome(StrEnum):
    """What the way out said."""

    SENT = "SENT"
    REFUSED = "REFUSED"
    BUSY = "BUSY"
    UNKNOWN = "UNKNOWN"


@dataclass(frozen=True)
class Text:
    """One message: to a number in E.164, in words, under a key that is its own for ever."""

    to: str
    words: str
    key: str


@dataclass(frozen=True)
class Answer:
    """What came of one try; the gateway's own name of the message where it gave one."""

    outcome: Outcome
    gateway_key: str = ""
    reason: str = ""


def send(text: Text) -> Answer:
    """This will hand one text to the way out that the settings name. Errors: those of this machine's disk."""
    return _WAYS[settings.SMS_CHANNEL](text)


def is_offered() -> bool:
    """This will say whether texts leave at all."""
    return settings.SMS_CHANNEL in _WAYS


def _to_file(text: Text) -> Answer:
    folder = Path(settings.SMS_FILE_PATH)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    written = folder / f"{text.key}.json"
    written.touch(mode=0o600)
    written.write_text(json.dumps({"to": text.to, "text": text.words}, ensure_ascii=False))
    return Answer(Outcome.SENT, gateway_key=f"file-{text.key}")


def _to_console(text: Text) -> Answer:
    sys.stdout.write(f"Text to {text.to}: {text.words}\n")
    return Answer(Outcome.SENT)


def _to_gateway(text: Text) -> Answer:
    # Only the worker sends; a web server need not load what speaks HTTP.
    import requests  # noqa: PLC0415  # see above

    try:
        response = requests.post(
            settings.SMS_URL,
            json={"to": text.to, "from": settings.SMS_FROM, "text": text.words},
            headers={"Authorization": f"Bearer {settings.SMS_TOKEN}", "Idempotency-Key": text.key},
            timeout=(_CONNECT_SECONDS, _READ_SECONDS),
            # The token goes to no other host than the one that was named.
            allow_redirects=False,
            stream=True,
        )
        with response:
            return _read(response)
    except requests.exceptions.ConnectTimeout:
        return Answer(Outcome.BUSY, reason="no connection")
    except requests.exceptions.RequestException as error:
        if _never_left(error):
            return Answer(Outcome.BUSY, reason="no connection")
        return Answer(Outcome.UNKNOWN, reason=type(error).__name__)


def _never_left(error: Exception) -> bool:
    """Whether the gateway cannot have heard of it: there was no line at all."""
    from urllib3.exceptions import NewConnectionError  # noqa: PLC0415  # as above

    cause = getattr(error.args[0], "reason", None) if error.args else None
    return isinstance(cause, NewConnectionError)


def _read(response: "Response") -> Answer:
    status = response.status_code
    said = _said(response.raw.read(_MOST_BYTES, decode_content=True))
    if response.ok and status not in range(300, 400):
        return Answer(Outcome.SENT, gateway_key=str(said.get("id", ""))[:_MOST_LETTERS])
    reason = f"{status} {said.get('code', '')}".strip()[:_MOST_LETTERS]
    if status in _BUSY:
        return Answer(Outcome.BUSY, reason=reason)
    if status >= 500 or status == _TIMED_OUT:  # noqa: PLR2004  # the server's faults, in HTTP's own numbers
        return Answer(Outcome.UNKNOWN, reason=reason)
    return Answer(Outcome.REFUSED, reason=reason)


def _said(body: bytes) -> Mapping[str, Any]:
    try:
        said = json.loads(body)
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}


_WAYS: dict[str, Callable[[Text], Answer]] = {
    "file": _to_file,
    "console": _to_console,
    "gateway": _to_gateway,
}
