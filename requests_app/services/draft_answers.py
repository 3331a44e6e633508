"""What a draft holds: the answers by page, word for word, and whether a page is still as somebody saw it."""

import hashlib
import json
from collections.abc import Mapping
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
# Under this name wait the words of whoever was signed out while somebody else changed the same page.
ALSO = "also"
_WRITTEN = ("answers", "applicant", "updated_at", "version")
_AS_READ = "version = $2 AND applicant_id IS NOT DISTINCT FROM $3::uuid AND submitted_request_id IS NULL"
# What a draft holds beside its pages.
_NO_PAGES = {ALSO, "odds_shown", "helping"}


def read(draft: Draft) -> dict[str, Any]:
    """This will return what a draft holds, by page."""
    found: dict[str, Any] = json.loads(draft.answers)
    return found


def mark_of(kept: Mapping[str, Any], page: str) -> str:
    """This will return a short mark of what is kept of a page, the same for the same words."""
    said = json.dumps(kept.get(page), sort_keys=True)
    return hashlib.sha256(said.encode()).hexdigest()[:MARK_LETTERS]


def also(kept: Mapping[str, Any], page: str) -> dict[str, Any] | None:
    """This will return the words for a page that wait beside those that are kept; None for none."""
    waiting: dict[str, Any] | None = kept.get(ALSO, {}).get(page)
    return waiting


def put(draft: Draft, page: str, answers: Mapping[str, Any], *, now: datetime, seen: str | None) -> None:
    """This will keep a page of a locked draft.

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
    if _is_stale(kept, page, fresh, seen):
        raise errors.StaleVersion
    kept[page] = fresh
    _set(draft, _without_also(kept, page), now=now)


def put_beside(
    draft: Draft, page: str, answers: Mapping[str, Any], *, now: datetime, seen: str | None
) -> None:
    """This will keep a page of a locked draft; where other words are kept since, it waits beside them."""
    kept, fresh = read(draft), _short(answers)
    if _is_stale(kept, page, fresh, seen):
        kept[ALSO] = {**kept.get(ALSO, {}), page: fresh}
    else:
        kept[page] = fresh
    _write(draft, kept, now=now)


def own(draft_id: UUID, applicant: Applicant, *, now: datetime) -> None:
    """This will give a draft that nobody owns to its worker.

    One that they left unsent elsewhere takes its answers in: what was written on two phones is one draft.
    Where both wrote on a page, the words of this browser wait beside the others until both were seen.
    """
    locks.assert_transaction()
    unsent = Draft.objects.select_for_update().filter(
        fund_id=applicant.fund_id, submitted_request_id__isnull=True
    )
    older = unsent.filter(applicant=applicant).order_by("-updated_at").first()
    # A draft without an owner lies in the cookie of this browser alone.
    loose = unsent.filter(id=draft_id, applicant__isnull=True).first()
    if loose is None:
        return
    if older is None:
        loose.applicant, loose.updated_at = applicant, now
        loose.save(update_fields=["applicant", "updated_at"])
        return
    _write(older, _together(read(older), read(loose)), now=now)
    loose.delete()


def _together(older: Mapping[str, Any], newer: Mapping[str, Any]) -> dict[str, Any]:
    """Put two drafts into one, in which no word of either is lost."""
    waiting = {**older.get(ALSO, {}), **newer.get(ALSO, {})}
    both: dict[str, Any] = {**older, **newer}
    for page in (older.keys() & newer.keys()) - _NO_PAGES:
        if _said(older[page]) <= _said(newer[page]):
            continue
        both[page], waiting[page] = older[page], newer[page]
    both.pop(ALSO, None)
    return {**both, ALSO: waiting} if waiting else both


def _said(answers: Mapping[str, Any]) -> set[tuple[str, str]]:
    """What the boxes of a page say, without those that are empty."""
    found = set()
    for name, value in answers.items():
        values = value if isinstance(value, list) else [value]
        found |= {(name, str(one).strip()) for one in values if str(one).strip()}
    return found


def _is_stale(kept: Mapping[str, Any], page: str, fresh: Mapping[str, Any], seen: str | None) -> bool:
    return seen is not None and seen != mark_of(kept, page) and kept.get(page) != fresh


def _without_also(kept: dict[str, Any], page: str) -> dict[str, Any]:
    waiting = {name: words for name, words in kept.pop(ALSO, {}).items() if name != page}
    return {**kept, ALSO: waiting} if waiting else kept


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
