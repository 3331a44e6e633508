"""How a worker may be reached: what they said about texts, and whether one went to them before."""

from uuid import UUID

from django.db.models import Q

from fundmgr.domain import contacts
from fundmgr.domain.texting import Consent, DeliveryState, Way
from fundmgr.models import prepared
from requests_app.models import Applicant, Notice, SecondContact, TextConsent
from requests_app.queries import people

_NEWEST = "contact_hash = $1 ORDER BY created_at DESC, id DESC LIMIT 1"


def may_text(*, fund_id: UUID, contact_hash: str) -> bool:
    """This will say whether news may be texted: this fund has the person's yes, and no stop came after it.

    A stop is said to a number that all funds of a house share, so it holds for each of them.
    """
    said = TextConsent.objects.filter(contact_hash=contact_hash).order_by("-created_at", "-id")
    newest = said.first()
    if newest is None or newest.word == Consent.STOPPED:
        return False
    return said.filter(Q(fund_id=fund_id) & ~Q(word=Consent.STOPPED)).exists()


def has_stopped(contact_hash: str) -> bool:
    """This will say whether the newest word about messages to a contact is a stop."""
    found = prepared.found(TextConsent, _NEWEST, [contact_hash])
    return bool(found) and found[0].word == Consent.STOPPED


def is_first_text(contact_hash: str) -> bool:
    """This will say whether no news was texted to a number yet; codes and replies are none."""
    news = Notice.objects.filter(contact_hash=contact_hash, way=Way.TEXT, applicant__isnull=False)
    return not news.exists()


def undelivered(applicant: Applicant) -> Notice | None:
    """This will return the newest message to a worker where it failed or its outcome is in doubt."""
    newest = Notice.objects.filter(applicant=applicant).order_by("-created_at", "-id").first()
    in_doubt = {DeliveryState.FAILED, DeliveryState.UNKNOWN}
    return newest if newest is not None and newest.state in in_doubt else None


def way_of(applicant: Applicant) -> Way | None:
    """This will return how news reaches a worker at the first contact; None for one who takes none there."""
    hashed = people.contact_hash(applicant.contact)
    if not contacts.is_phone(applicant.contact):
        return None if has_stopped(hashed) else Way.MAIL
    return Way.TEXT if may_text(fund_id=applicant.fund_id, contact_hash=hashed) else None


def second_of(applicant: Applicant) -> str:
    """This will return the second contact of a worker; empty where there is none."""
    row = SecondContact.objects.filter(applicant=applicant).first()
    return row.contact if row else ""


def open_second_of(applicant: Applicant, *, is_open: bool = True) -> str:
    """This will return a worker's second contact where it takes messages; empty where they stopped them all.

    Shapes: with `is_open` false only one that takes none.
    """
    row = SecondContact.objects.filter(applicant=applicant, takes_messages=is_open).first()
    return row.contact if row else ""


def second_path_of(applicant: Applicant) -> tuple[Way | None, str]:
    """This will return how news reaches a worker at the second contact; None where it takes none."""
    second = open_second_of(applicant)
    if not second:
        return None, ""
    hashed = people.contact_hash(second)
    if contacts.is_phone(second):
        may = may_text(fund_id=applicant.fund_id, contact_hash=hashed)
        return (Way.TEXT, second) if may else (None, "")
    return (None, "") if has_stopped(hashed) else (Way.MAIL, second)


def path_of(applicant: Applicant) -> tuple[Way | None, str]:
    """This will return how news reaches a worker and where: at the first contact, else at the second."""
    way = way_of(applicant)
    return (way, applicant.contact) if way is not None else second_path_of(applicant)


def applicant(key: UUID) -> Applicant:
    """This will return one worker."""
    return Applicant.objects.get(id=key)


def text_consent(key: UUID) -> TextConsent:
    """This will return one word on texts."""
    return TextConsent.objects.get(id=key)
