"""Steps that several use cases take with files: look into one, find room, keep its clean copy, let it go."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from fundmgr.domain import ids
from fundmgr.domain.actors import Actor
from fundmgr.domain.documents import MOST_BYTES, MOST_NAME_LETTERS, MOST_TRIES, NotKept, Refusal
from fundmgr.domain.evidence import MediaType, kept_name
from fundmgr.domain.lifecycle import KEPT_DOCUMENT_STATES, DocumentState
from fundmgr.ports import examiner, files, moves, viruses
from requests_app.models import Document
from requests_app.services import document_words


@dataclass(frozen=True)
class Sent:
    """A file as it came, and the clean copy that is kept of it."""

    name: str
    sent_sha256: str
    copy: examiner.Copy


def examined(name: str, content: bytes) -> Sent:
    """This will make the clean copy of a file; slow, so it runs before any transaction.

    Errors: InvalidInput (field `file`), Busy.
    """
    try:
        _require_bytes(content)
        viruses.check(content)
        copy = examiner.clean_copy(content)
    except NotKept as refusal:
        raise document_words.refused(refusal.why) from None
    plain = kept_name(name, MediaType(copy.media_type))
    return Sent(plain[-MOST_NAME_LETTERS:], files.digest(content), copy)


def require_room(rows: QuerySet[Document], *, most: int) -> None:
    """This will refuse a file where a draft or request holds as many as it may, or saw too many tries.

    Errors: InvalidInput (field `file`).
    """
    kept = rows.filter(state__in=KEPT_DOCUMENT_STATES).count()
    if kept >= most or rows.count() >= MOST_TRIES:
        raise document_words.refused(Refusal.TOO_MANY_FILES)


def same(rows: QuerySet[Document], sent: Sent) -> Document | None:
    """This will return the file where it is kept already: sent twice, it is one file."""
    return rows.filter(state__in=KEPT_DOCUMENT_STATES, sent_sha256=sent.sent_sha256).first()


def keep(sent: Sent, *, fund_id: UUID, by: Actor, now: datetime, **columns: Any) -> Document:
    """This will write the copy to the disk, then its row; a transaction that fails leaves no file behind."""
    place = files.keep(sent.copy.content)
    try:
        return Document.objects.create(
            id=ids.new_id(now),
            fund_id=fund_id,
            created_at=now,
            state=DocumentState.AVAILABLE,
            place=place,
            name=sent.name,
            media_type=sent.copy.media_type,
            size_bytes=len(sent.copy.content),
            width=sent.copy.width,
            height=sent.copy.height,
            pages=sent.copy.pages,
            sent_sha256=sent.sent_sha256,
            sha256=files.digest(sent.copy.content),
            added_by=by.key,
            **columns,
        )
    except BaseException:
        files.remove(place)
        raise


def let_go(row: Document, new_state: DocumentState, *, now: datetime) -> None:
    """This will leave the tombstone of a file; its bytes go once that is sure."""
    place = row.place
    moves.move(row, new_state, place="", name=None, note=None, gone_at=now)
    transaction.on_commit(lambda: files.remove(place))


def _require_bytes(content: bytes) -> None:
    if not content:
        raise NotKept(Refusal.EMPTY)
    if len(content) > MOST_BYTES:
        raise NotKept(Refusal.TOO_LARGE)
