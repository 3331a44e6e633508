"""What a draft holds: the answers by page, word for word, and whether a page is still as somebody saw it."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from fundmgr.domain import errors
from fundmgr.models import prepared
from fundmgr.ports import locks
from requests_app.models import Applicant, Draft

# Far above any answer, far below what would make a draft a place to store things.
MOST_LETTERS = 4000
MARK_LETTERS = 16
# Under this name wait words for pages that say something else: of a second phone, of who was signed out.
ALSO = "also"
_WRITTEN = ("answers", "applicant", "updated_at", "version")
_AS_READ = "version = $2 AND applicant_id IS NOT DISTINCT FROM $3::uuid AND submitted_request_id IS NULL"
_OWNED = ("applicant", "updated_at")
_UNSENT = (
    "fund_id = $1 AND submitted_request_id IS NULL"
    " AND (applicant_id = $2 OR id = $3 AND applicant_id IS NULL) ORDER BY updated_at DESC FOR UPDATE"
)
# Of one page; a browser that goes on sending what it never saw fills no disk.
_MOST_WAITING = 9
# What a draft holds beside its pages.
_NO_PAGES = {ALSO, "odds_shown", "helping"}


def read(draft: Draft) -> dict[str, Any]:
    """This will return what a draft holds, by page."""
    found: dict[str, Any] = json.loads(draft.answers)
    return found


def mark_of(kept: Mapping[str, Any], page: str, *, beside: bool = False) -> str:
    """This will return a short mark of what is kept of a page, the same for the same words.

    Shapes: `beside` marks a page that shows the words which wait, too.
    """
    shown = [kept.get(page), also(kept, page)] if beside else kept.get(page)
    return hashlib.sha256(json.dumps(shown, sort_keys=True).encode()).hexdigest()[:MARK_LETTERS]


def also(kept: Mapping[str, Any], page: str) -> dict[str, Any] | None:
    """This will return the words for a page that wait beside those that are kept, oldest first, or None."""
    waiting: list[dict[str, Any]] = kept.get(ALSO, {}).get(page, [])
    return waiting[0] if waiting else None


def put(draft: Draft, page: str, answers: Mapping[str, Any], *, now: datetime, seen: str | None) -> None:
    """This will keep a page of a locked draft; words that wait go only where the page showed them.

    Shapes: `seen` is the mark of what the page showed when it was filled in; None where it showed nothing.
    Errors: StaleVersion where other words are kept since, for nobody overwrites what they did not see.
    """
    put_as_read(draft, page, answers, now=now, seen=seen)
    draft.save(update_fields=_WRITTEN)


def put_as_read(
    draft: Draft, page: str, answers: Mapping[str, Any], *, now: datetime, seen: str | None
) -> None:
    """This will put a page into a draft, and not write it yet. Shapes and errors: as for `put`."""
    kept, fresh = read(draft), _short(answers)
    waiting = list(kept.get(ALSO, {}).get(page, []))
    if waiting and seen == mark_of(kept, page, beside=True):
        waiting.pop(0)
    elif _is_stale(kept, page, fresh, seen):
        raise errors.StaleVersion
    kept[page] = fresh
    _set(draft, _beside(kept, page, [words for words in waiting if words != fresh]), now=now)


def put_beside(
    draft: Draft, page: str, answers: Mapping[str, Any], *, now: datetime, seen: str | None
) -> None:
    """This will keep a page of a locked draft; where other words are kept since, it waits beside them."""
    kept, fresh = read(draft), _short(answers)
    if _is_stale(kept, page, fresh, seen):
        _beside(kept, page, [*kept.get(ALSO, {}).get(page, []), fresh])
    else:
        kept[page] = fresh
    _write(draft, kept, now=now)


def own(draft_id: UUID, applicant: Applicant, *, now: datetime) -> None:
    """This will give a draft that nobody owns to its worker.

    One that they left unsent elsewhere takes its answers in: what was written on two phones is one draft.
    Where both wrote on a page, the words of this browser wait beside the others until both were seen.
    """
    locks.assert_transaction()
    found = prepared.found(Draft, _UNSENT, [applicant.fund_id, applicant.id, draft_id])
    # A draft without an owner lies in the cookie of this browser alone.
    loose = next((draft for draft in found if draft.applicant_id is None), None)
    older = next((draft for draft in found if draft.applicant_id is not None), None)
    if loose is None:
        return
    if older is None:
        loose.applicant, loose.updated_at = applicant, now
        prepared.changed(loose, _OWNED)
        return
    _write(older, _together(read(older), read(loose)), now=now)
    loose.delete()


def _together(older: Mapping[str, Any], newer: Mapping[str, Any]) -> dict[str, Any]:
    """Put two drafts into one, in which no word of either is lost."""
    both: dict[str, Any] = {**older, **newer, ALSO: older.get(ALSO, {})}
    for page in newer.keys() - _NO_PAGES:
        waiting = list(newer.get(ALSO, {}).get(page, []))
        if not _said(older.get(page, {})) <= _said(newer[page]):
            both[page] = older[page]
            waiting.insert(0, newer[page])
        _beside(both, page, [*both.get(ALSO, {}).get(page, []), *waiting])
    return both


def _said(answers: Mapping[str, Any]) -> set[tuple[str, str]]:
    """What the boxes of a page say, without those that are empty."""
    found = set()
    for name, value in answers.items():
        values = value if isinstance(value, list) else [value]
        found |= {(name, str(one).strip()) for one in values if str(one).strip()}
    return found


def _is_stale(kept: Mapping[str, Any], page: str, fresh: Mapping[str, Any], seen: str | None) -> bool:
    return seen is not None and seen != mark_of(kept, page) and kept.get(page) != fresh


def _beside(kept: dict[str, Any], page: str, waiting: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Let these words wait for a page, each once, and none but the newest few."""
    once = [words for place, words in enumerate(waiting) if words not in waiting[:place]][-_MOST_WAITING:]
    others = {name: words for name, words in kept.pop(ALSO, {}).items() if name != page}
    if once:
        others[page] = once
    if others:
        kept[ALSO] = others
    return kept


def _write(draft: Draft, kept: Mapping[str, Any], *, now: datetime) -> None:
    _set(draft, kept, now=now)
    draft.save(update_fields=_WRITTEN)


def write_as_read(draft: Draft, *, version: int, applicant_id: UUID | None) -> bool:
    """This will write what was put into a draft as it was read, and say whether it was still that."""
    return prepared.changed(draft, _WRITTEN, where=_AS_READ, parameters=[version, applicant_id])


def _set(draft: Draft, kept: Mapping[str, Any], *, now: datetime) -> None:
    draft.answers = json.dumps(kept)
    draft.updated_at, draft.version = now, draft.version + 1


def _short(answers: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _cut(value) for name, value in answers.items()}


def _cut(value: Any) -> Any:
    if isinstance(value, list):
        return [str(item)[:MOST_LETTERS] for item in value[:50]]
    return str(value)[:MOST_LETTERS]
