"""How long workers' files stay: what is over goes at night and leaves its tombstone; the rest is proved."""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db.models import (
    DateTimeField,
    DurationField,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce, Greatest

from fundmgr.domain import actors, errors
from fundmgr.domain.lifecycle import (
    KEPT_DOCUMENT_STATES,
    OPEN_APPEAL_STATES,
    UNDECIDED_REQUEST_STATES,
    DecisionState,
    DocumentState,
)
from fundmgr.models import Fund
from fundmgr.ports import events, files
from fundmgr.ports.events import Happening
from fundmgr.services.findings import Finding
from fundmgr.services.use_case import use_case
from requests_app.models import Appeal, Decision, Document, Draft
from requests_app.services import document_files

# Each file is taken off the disk too, so that no transaction runs long.
MOST = 200


def due(fund_id: UUID, *, now: datetime) -> QuerySet[Document]:
    """This will return the files of a fund whose time is over, oldest first.

    A file goes with a form that was never sent; with a request once the days for a second look and the
    policy's `document_days` have passed since its final decision, or its end where none was made, or since
    the file came. While somebody still has to decide, or looks again, none goes.
    """
    kept = Document.objects.filter(fund_id=fund_id, state__in=KEPT_DOCUMENT_STATES)
    live_draft = Draft.objects.filter(
        id=OuterRef("draft_id"), updated_at__gte=now - timedelta(days=settings.LEFTOVERS_KEPT_DAYS)
    )
    never_sent = Q(request__isnull=True) & ~Exists(live_draft)
    return kept.annotate(over_at=_over_at()).filter(never_sent | _is_over(now)).order_by("id")


def due_counts(*, now: datetime) -> dict[str, int]:
    """This will count, by fund, the files that the next night takes away."""
    return {fund.slug: due(fund.id, now=now).count() for fund in Fund.objects.order_by("created_at", "id")}


def purge_all(*, clock: Callable[[], datetime]) -> dict[str, int]:
    """This will erase every file whose time is over, fund by fund, and return how many of each."""
    found = {}
    for fund in Fund.objects.order_by("created_at", "id"):
        found[fund.slug] = 0
        while count := purge(fund_id=fund.id, now=clock()):
            found[fund.slug] += count
    return found


@use_case
def purge(*, fund_id: UUID, now: datetime) -> int:
    """This will erase files of a fund whose time is over, at most MOST of them; their rows stay."""
    held = Document.objects.select_for_update(of=("self",), skip_locked=True)
    keys = list(due(fund_id, now=now).values_list("id", flat=True)[:MOST])
    rows = list(held.filter(id__in=keys, state__in=KEPT_DOCUMENT_STATES).order_by("id"))
    for row in rows:
        document_files.let_go(row, DocumentState.PURGED, now=now)
    if rows:
        facts = {"count": len(rows), "documents": [row.id for row in rows]}
        happening = Happening("documents.purged", "fund", fund_id, facts)
        events.record(happening, fund_id=fund_id, by=actors.SYSTEM, now=now)
    return len(rows)


def check_kept(folder: Path | None = None) -> list[Finding]:
    """This will read every kept copy and return those whose bytes are gone or altered.

    `folder` is said where the files do not lie in the store.
    """
    findings = []
    for row in Document.objects.filter(state__in=KEPT_DOCUMENT_STATES).order_by("id").iterator():
        try:
            files.read(row.place, sha256=row.sha256, folder=folder)
        except errors.FileDamaged:
            sentence = f"the disk no longer holds what was kept as document {row.id}"
            findings.append(Finding("documents_are_whole", str(row.id), sentence))
    return findings


def _is_over(now: datetime) -> Q:
    appeals = Appeal.objects.filter(request=OuterRef("request"), state__in=OPEN_APPEAL_STATES)
    is_decided = Q(request__isnull=False, over_at__lt=now) & ~Q(request__state__in=UNDECIDED_REQUEST_STATES)
    return is_decided & Q(~Exists(appeals))


def _over_at() -> Combinable:
    final = Decision.objects.filter(request=OuterRef("request"), state=DecisionState.FINAL)
    decided_at = Subquery(final.order_by("-decided_at").values("decided_at")[:1])
    begun = Greatest(Coalesce(decided_at, F("request__state_since")), F("created_at"))
    days = F("request__policy__document_days") + F("request__policy__appeal_days")
    lasts = ExpressionWrapper(days * Value(timedelta(days=1)), output_field=DurationField())
    return ExpressionWrapper(begun + lasts, output_field=DateTimeField())
