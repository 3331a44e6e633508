"""Words that were typed on a worker's own page and not taken: kept for that person alone until they are sent.

They lie sealed in the browser's session. Where the half hour was over that is a new one, which signing in
takes over and signing out ends. Whose they are is read from the form itself, which names its person under
seal: nobody else who signs in on the same browser sees them. Pages with codes, bank details or files keep
nothing.
"""

import base64
import json
import zlib
from typing import Any
from uuid import UUID

from cryptography.exceptions import InvalidTag
from django.db import DatabaseError
from django.http import HttpRequest, QueryDict

from fundmgr.models.encrypted import seal_bytes, unseal_bytes

# The names of the addresses whose pages keep what is typed there.
PAGES = frozenset(
    {"answer", "change-one", "form-feedback", "look-again", "messages", "my-contact", "my-name", "my-second"}
)
WHOSE_FIELD = "whose"
# In the session: by the path of the page, the newest last.
KEPT = "kept_words"
LASTS_SECONDS = 1800
# Four times what the longest box takes in the widest letters; more is told as not kept.
MOST_BYTES, MOST_PAGES = 16_000, 4
_NOT_TYPED = {WHOSE_FIELD, "csrfmiddlewaretoken", "form_token", "return_to", "seen"}
_PERSON, _WORDS = "form.whose", "session.kept_words"


def is_for(view_name: str) -> bool:
    """Whether a page keeps what is typed there."""
    return view_name in PAGES


def whose(user_id: UUID) -> str:
    """This will name under seal whom a page was made for."""
    return base64.urlsafe_b64encode(seal_bytes(user_id.bytes, place=_PERSON)).decode()


def keep(request: HttpRequest, *, path: str, typed: QueryDict, now: float) -> bool:
    """This will keep what was typed on a page and say whether it is kept. Units: seconds since 1970."""
    person = _unsealed(typed.get(WHOSE_FIELD, ""), place=_PERSON)
    boxes = {name: values for name, values in typed.lists() if name not in _NOT_TYPED}
    if person is None or not boxes:
        return False
    words = json.dumps([person.hex(), path, now, boxes], ensure_ascii=False).encode(errors="replace")
    if len(words) > MOST_BYTES:
        return False
    sealed = base64.urlsafe_b64encode(seal_bytes(zlib.compress(words), place=_WORDS)).decode()
    session = request.session
    before = session.get(KEPT, {})
    others = [kept for kept in before.items() if kept[0] != path][1 - MOST_PAGES :]
    session[KEPT] = {**dict(others), path: sealed}
    try:
        session.save()
    except DatabaseError:
        # The page still says what it knows: that nothing was kept.
        session[KEPT] = before
        session.modified = False
        return False
    return True


def find(request: HttpRequest, *, user_id: UUID, now: float) -> dict[str, Any]:
    """This will return what this person typed on this page: box by box, one value or several.

    Shapes: empty where there is nothing, where it is old, and where it is another person's.
    """
    sealed = _unsealed(request.session.get(KEPT, {}).get(request.path, ""), place=_WORDS)
    if sealed is None:
        return {}
    person, path, at, boxes = json.loads(zlib.decompress(sealed))
    if person != user_id.hex or path != request.path or at < now - LASTS_SECONDS:
        return {}
    return {name: values[0] if len(values) == 1 else values for name, values in boxes.items()}


def forget(request: HttpRequest) -> None:
    """This will forget what was typed on a page, once it is sent."""
    before = request.session.get(KEPT, {})
    if request.path in before:
        request.session[KEPT] = {path: kept for path, kept in before.items() if path != request.path}


def _unsealed(sealed: str, *, place: str) -> bytes | None:
    try:
        return unseal_bytes(base64.urlsafe_b64decode(sealed), place=place)
    except (ValueError, KeyError, InvalidTag):
        return None
