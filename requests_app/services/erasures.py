"""Erase a person: what is personal goes, counts and money stay, and a tombstone says what was done."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.conf import settings

from fundmgr.domain import actors, errors, ids
from fundmgr.domain.actors import Actor
from fundmgr.domain.lifecycle import KEPT_DOCUMENT_STATES, DocumentState
from fundmgr.models import Job, User
from fundmgr.ports import events, jobs
from fundmgr.ports.events import Happening
from fundmgr.ports.idempotency import Once
from fundmgr.services.use_case import use_case
from requests_app.models import (
    Appeal,
    Applicant,
    AssistanceRequest,
    ContactChange,
    ContactCode,
    ContactHandover,
    Decision,
    Document,
    Draft,
    Erasure,
    InboundText,
    InfoRequest,
    Message,
    Notice,
    OpeningAsk,
    PayeeAccount,
    RequestRevision,
    SecondContact,
)
from requests_app.queries import my_data, people, reach
from requests_app.services import document_files

KIND = "erasure"
BOOKS, NAME, STOP = "BOOKS", "NAME", "STOP"


@use_case
def ask(*, applicant_id: UUID, by: Actor, now: datetime, once: Once | None = None) -> Erasure:
    """This will take a worker's word that they want to be erased; a job does it within a minute.

    Errors: NotFound for anyone else; WrongState while a request, money or a second look is open.
    """
    applicant = _locked(applicant_id)
    if applicant.user_id is None or applicant.user_id != by.person_id:
        raise errors.NotFound
    if my_data.is_busy(applicant):
        raise errors.WrongState("Something is still open. Take it back or wait for its end first.")
    made = {"id": ids.new_id(now), "fund_id": applicant.fund_id, "created_at": now, "asked_by": by.key}
    row, is_new = Erasure.objects.get_or_create(applicant=applicant, defaults=made)
    payload = {"applicant_id": str(applicant.id)}
    jobs.enqueue(kind=KIND, key=str(applicant.id), payload=payload, fund_id=row.fund_id, by=by, now=now)
    if is_new:
        _record("erasure.asked", row, by=by, now=now)
    return row


def run(*, job: Job, clock: Callable[[], datetime]) -> Mapping[str, Any]:
    """This will do what was asked, in one transaction; done before, it does nothing."""
    row = erase(applicant_id=UUID(job.payload["applicant_id"]), now=clock())
    return {"erasure": str(row.id)}


@use_case
def erase(*, applicant_id: UUID, now: datetime) -> Erasure:
    """This will empty everything personal of one worker who asked for it.

    The books, the requests' amounts, shows and states, and the trail stay: they name nobody. Of one who was
    paid the name stays for the years of the setting.
    Errors: NotFound where nobody asked, WrongState where something was opened since.
    """
    applicant = _locked(applicant_id)
    row = Erasure.objects.select_for_update(no_key=True).filter(applicant=applicant).first()
    if row is None:
        raise errors.NotFound
    if row.done_at is not None:
        return row
    if my_data.is_busy(applicant):
        raise errors.WrongState
    is_paid = my_data.was_paid(applicant)
    counts = _empty(applicant, now=now)
    _forget(applicant, keeps_name=is_paid)
    row.kept = [BOOKS, STOP, *([NAME] if is_paid else [])]
    row.kept_until = _in_years(now.date(), settings.PAID_RECORDS_KEPT_YEARS) if is_paid else None
    row.counts, row.done_at = counts, now
    row.save(update_fields=["kept", "kept_until", "counts", "done_at"])
    _record("erasure.done", row, by=actors.SYSTEM, now=now, **counts)
    return row


def _empty(applicant: Applicant, *, now: datetime) -> dict[str, int]:
    """Empty what the worker wrote, sent and was sent, and count the rows."""
    requests = AssistanceRequest.objects.filter(applicant=applicant)
    drafts = Draft.objects.filter(applicant=applicant)
    files = Document.objects.filter(request__in=requests) | Document.objects.filter(
        draft_id__in=drafts.values_list("id", flat=True)
    )
    kept = list(files.filter(state__in=KEPT_DOCUMENT_STATES))
    for file in kept:
        document_files.let_go(file, DocumentState.PURGED, now=now)
    Decision.objects.filter(request__in=requests).update(note=None, decided_note=None)
    second = reach.second_of(applicant)
    hashed = [applicant.contact_hash, *([people.contact_hash(second)] if second else [])]
    counts = {
        "files": len(kept),
        "revisions": RequestRevision.objects.filter(request__in=requests).update(answers=None),
        "questions": InfoRequest.objects.filter(request__in=requests).update(text="", answer=None),
        "second_looks": Appeal.objects.filter(request__in=requests).update(text=None, answer=None),
        "messages": Notice.objects.filter(applicant=applicant).update(
            contact="", subject="", text="", contact_hash=""
        ),
        "ways_to_pay": PayeeAccount.objects.filter(applicant=applicant).update(
            name_on_account=None, routing_number=None, account_number=None, account_hash="", address=None
        ),
        "contacts": ContactChange.objects.filter(applicant=applicant).update(old_contact=None)
        + ContactHandover.objects.filter(request__in=requests).update(contact=None),
        "requests": requests.update(statement=None, job_title="", helper_name=None),
        "thread": Message.objects.filter(request__in=requests).update(text=None),
        "texts": InboundText.objects.filter(contact_hash__in=hashed).update(contact=None, text=None),
    }
    codes = ContactCode.objects.filter(fund_id=applicant.fund_id, contact_hash__in=hashed)
    keys = [f"contact_code:{key}" for key in codes.values_list("id", flat=True)]
    Notice.objects.filter(effect_key__in=keys).update(contact="", subject="", text="", contact_hash="")
    codes.delete()
    OpeningAsk.objects.filter(fund_id=applicant.fund_id, contact_hash__in=hashed).delete()
    SecondContact.objects.filter(applicant=applicant).delete()
    drafts.delete()
    return counts


def _forget(applicant: Applicant, *, keeps_name: bool) -> None:
    """Leave an applicant that nobody can be found by, and a user who cannot sign in."""
    if applicant.user_id:
        User.objects.filter(id=applicant.user_id).update(is_active=False)
    if not keeps_name:
        applicant.full_name, applicant.name_hashes = "", []
    applicant.preferred_name, applicant.contact, applicant.user = None, "", None
    applicant.contact_hash = f"erased:{applicant.id.hex}"
    applicant.save()


def _locked(applicant_id: UUID) -> Applicant:
    rows = Applicant.objects.select_for_update(of=("self",), no_key=True)
    applicant = rows.filter(id=applicant_id).first()
    if applicant is None:
        raise errors.NotFound
    return applicant


def _in_years(day: date, years: int) -> date:
    return day.replace(year=day.year + years, day=min(day.day, 28))


def _record(verb: str, row: Erasure, *, by: Actor, now: datetime, **facts: object) -> None:
    events.record(Happening(verb, "erasure", row.id, facts), fund_id=row.fund_id, by=by, now=now)
