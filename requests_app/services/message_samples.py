"""Every message to workers as it would read now, in each language, with what its text takes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings

from fundmgr.domain import segments
from fundmgr.domain.actors import Actor
from fundmgr.domain.segments import Length
from fundmgr.queries import funds
from requests_app.services import notices
from requests_app.services.notices import Letter

_AMOUNT_CENTS = 42_000
_SHOWN = {"reference": "R-7K3Q9", "code": "482913"}


@dataclass(frozen=True)
class Sample:
    """One message in one language: its mail (none for a reply), its text, and the parts of that."""

    kind: str
    language: str
    subject: str
    mail: str
    text: str
    length: Length


def samples(*, fund_id: UUID, by: Actor, now: datetime) -> list[Sample]:
    """This will write each kind of message with made-up words, as a first text where that says more.

    Shapes: the kinds in order, each in every language. Errors: NotFound for one without a role in the fund.
    """
    fund = funds.visible_fund(by, fund_id=fund_id)
    kinds = ("contact_code", "contact_changed", *sorted(notices.KINDS), *sorted(notices.REPLIES))
    words: Mapping[str, Any] = {
        **_SHOWN,
        "amount_cents": _AMOUNT_CENTS,
        "asked_cents": _AMOUNT_CENTS,
        "together_cents": 2 * _AMOUNT_CENTS,
        "is_old": True,
        **dict.fromkeys(("accept_by", "answer_by", "look_again_until"), now + timedelta(days=14)),
    }
    return [
        _sample(Letter(fund, None, "", code, kind, words))
        for kind in kinds
        for code, _name in settings.LANGUAGES
    ]


def _sample(letter: Letter) -> Sample:
    subject, mail = ("", "") if letter.kind in notices.REPLIES else notices.written(letter)
    text = notices.worded(letter, is_first=letter.kind == notices.FIRST)
    return Sample(letter.kind, letter.language, subject, mail, text, segments.measure(text))
