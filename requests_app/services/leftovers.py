"""What nobody needs any more: drafts, donors' links, remembered calls, dead tokens, sessions, stray files."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.sessions.models import Session
from django.db.models import Q, QuerySet
from oauth2_provider.models import AccessToken

from fundmgr.domain import actors
from fundmgr.domain.lifecycle import PledgeOfferState
from fundmgr.models import DonorLink, DonorLinkAsk, Fund, PledgeOffer, RememberedCall, StoredFile
from fundmgr.ports import events, files
from fundmgr.ports.events import Happening
from fundmgr.services.use_case import use_case
from requests_app.models import Document, Draft
from requests_app.services import document_retention

# So many at a time, that no transaction runs long.
MOST = 5_000


def remove_nightly(*, clock: Callable[[], datetime]) -> dict[str, int]:
    """This will remove what is too old, in the hour that the settings name, and return how many of what."""
    if clock().hour != settings.NIGHTLY_REPORT_HOUR_UTC:
        return {}
    fund_ids = list(Fund.objects.order_by("created_at", "id").values_list("id", flat=True))
    removed = {
        "documents": 0,
        "drafts": sum(_until_none(remove_drafts, key, clock=clock) for key in fund_ids),
        "link_asks": sum(_until_none(remove_link_asks, key, clock=clock) for key in fund_ids),
        "donor_links": sum(_until_none(remove_donor_links, key, clock=clock) for key in fund_ids),
        "pledge_offers": sum(_until_none(remove_pledge_offers, key, clock=clock) for key in fund_ids),
        "calls": 0,
        "tokens": 0,
        "sessions": 0,
        "files": 0,
    }
    # After the drafts, for what was kept with them goes too.
    removed["documents"] = sum(document_retention.purge_all(clock=clock).values())
    # The others belong to no one fund: the trail of the oldest one tells of them.
    for key in fund_ids[:1]:
        removed["calls"] = _until_none(remove_calls, key, clock=clock)
        removed["tokens"] = _until_none(remove_tokens, key, clock=clock)
        removed["sessions"] = _until_none(remove_sessions, key, clock=clock)
        removed["files"] = remove_files(fund_id=key, now=clock())
    return removed


@use_case
def remove_drafts(*, fund_id: UUID, now: datetime) -> int:
    """This will remove drafts of a fund that were neither sent nor touched for long, at most MOST of them."""
    before = _before(now)
    rows = Draft.objects.filter(fund_id=fund_id, submitted_request_id__isnull=True, updated_at__lt=before)
    return _remove("drafts.removed", rows, fund_id=fund_id, before=before, now=now)


@use_case
def remove_link_asks(*, fund_id: UUID, now: datetime) -> int:
    """This will forget who asked for a donor's link long ago, at most MOST of them."""
    before = _before(now)
    rows = DonorLinkAsk.objects.filter(fund_id=fund_id, created_at__lt=before)
    return _remove("link_asks.removed", rows, fund_id=fund_id, before=before, now=now)


@use_case
def remove_donor_links(*, fund_id: UUID, now: datetime) -> int:
    """This will remove donors' links that ran out long ago, at most MOST of them."""
    before = _before(now)
    rows = DonorLink.objects.filter(fund_id=fund_id, expires_at__lt=before)
    return _remove("donor_links.removed", rows, fund_id=fund_id, before=before, now=now)


@use_case
def remove_pledge_offers(*, fund_id: UUID, now: datetime) -> int:
    """This will remove promises that nobody proved, and those decided long ago, at most MOST of them.

    What was taken stands as a commitment of its donor.
    """
    before = _before(now)
    is_over = Q(state=PledgeOfferState.WAITING_FOR_MAIL, expires_at__lt=before) | Q(decided_at__lt=before)
    rows = PledgeOffer.objects.filter(is_over, fund_id=fund_id)
    return _remove("pledge_offers.removed", rows, fund_id=fund_id, before=before, now=now)


@use_case
def remove_calls(*, fund_id: UUID, now: datetime) -> int:
    """This will forget calls that nobody repeats any more, at most MOST of them; their keys are free again.

    The trail of `fund_id` tells of it.
    """
    before = _before(now)
    rows = RememberedCall.objects.filter(created_at__lt=before)
    return _remove("calls.forgotten", rows, fund_id=fund_id, before=before, now=now)


@use_case
def remove_tokens(*, fund_id: UUID, now: datetime) -> int:
    """This will remove tokens of programs that ran out long ago, at most MOST of them.

    The trail of `fund_id` tells of it.
    """
    before = _before(now)
    rows = AccessToken.objects.filter(expires__lt=before)
    return _remove("tokens.removed", rows, fund_id=fund_id, before=before, now=now)


@use_case
def remove_sessions(*, fund_id: UUID, now: datetime) -> int:
    """This will remove sessions that ran out, with the words that were kept in them, at most MOST of them.

    The trail of `fund_id` tells of it.
    """
    return _remove(
        "sessions.removed", Session.objects.filter(expire_date__lt=now), fund_id=fund_id, before=now, now=now
    )


@use_case
def remove_files(*, fund_id: UUID, now: datetime) -> int:
    """This will take away files that no row names: a crash came between the disk and the database.

    The trail of `fund_id` tells of it. A file of today may belong to a row that is being written.
    """
    before = now - timedelta(days=1)
    known = {*StoredFile.objects.values_list("place", flat=True)}
    known |= {*Document.objects.exclude(place="").values_list("place", flat=True)}
    strays = [place for place in files.places(before=before) if place not in known]
    for place in strays:
        files.remove(place)
    if strays:
        facts = {"count": len(strays), "before": before}
        happening = Happening("files.removed", "fund", fund_id, facts)
        events.record(happening, fund_id=fund_id, by=actors.SYSTEM, now=now)
    return len(strays)


def _before(now: datetime) -> datetime:
    return now - timedelta(days=settings.LEFTOVERS_KEPT_DAYS)


def _remove(verb: str, rows: QuerySet[Any], *, fund_id: UUID, before: datetime, now: datetime) -> int:
    # A row that somebody holds at this moment is in use: it waits for the next night.
    held = rows.select_for_update(skip_locked=True).order_by("pk").values_list("pk", flat=True)
    keys = list(held[:MOST])
    if keys:
        rows.model._default_manager.filter(pk__in=keys).delete()
        facts = {"count": len(keys), "before": before}
        events.record(Happening(verb, "fund", fund_id, facts), fund_id=fund_id, by=actors.SYSTEM, now=now)
    return len(keys)


def _until_none(remove: Callable[..., int], fund_id: UUID, *, clock: Callable[[], datetime]) -> int:
    removed = 0
    while count := remove(fund_id=fund_id, now=clock()):
        removed += count
    return removed
