"""The first visit to an empty installation: one token, one fund, one director, once."""

from datetime import datetime, timedelta

from django.contrib.auth.password_validation import validate_password
from django.core import signing
from django.core.exceptions import ValidationError

from fundmgr.domain import actors, errors
from fundmgr.domain.errors import Problem
from fundmgr.domain.lifecycle import FundState
from fundmgr.domain.permissions import Role
from fundmgr.models import Fund
from fundmgr.ports import locks
from fundmgr.services import founding
from fundmgr.services.founding import FundTerms, PolicyTerms
from fundmgr.services.use_case import use_case

TOKEN_LIFE = timedelta(hours=24)
_SALT = "fundmgr.first-visit"
_OVER = "A fund is set up here already. Its director can sign in."


def new_token(*, now: datetime) -> str:
    """This will make the token that opens the first visit for a day.

    It is signed, not stored: the first fund makes every token useless.
    Errors: WrongState where a fund exists.
    """
    if Fund.objects.exists():
        raise errors.WrongState(_OVER)
    return signing.dumps({"until": (now + TOKEN_LIFE).timestamp()}, salt=_SALT)


def check_token(*, token: str, now: datetime) -> None:
    """This will refuse a token that we did not make or that ran out.

    Errors: WrongState where a fund exists, Forbidden for a wrong token.
    """
    if Fund.objects.exists():
        raise errors.WrongState(_OVER)
    try:
        until = float(signing.loads(token, salt=_SALT)["until"])
    except (signing.BadSignature, KeyError, TypeError, ValueError) as error:
        raise errors.Forbidden("This link is not right. Use the one that the terminal printed.") from error
    if now.timestamp() > until:
        raise errors.Forbidden("This link ran out after a day. Ask for a new one: manage.py setup_token")


@use_case
def first_visit(
    *,
    token: str,
    fund: FundTerms,
    policy: PolicyTerms,
    director_name: str,
    director_email: str,
    password: str,
    now: datetime,
) -> Fund:
    """This will found the fund, adopt its policy, seat its first director and open intake.

    Errors: Forbidden for a wrong token, WrongState for a second use, InvalidInput for a weak password.
    """
    # Two people with the same link must not both found a fund.
    locks.take_setup_lock()
    check_token(token=token, now=now)
    _check_password(password)
    row = founding.found_fund(fund, by=actors.SYSTEM, now=now)
    founding.write_policy(row, policy, by=actors.SYSTEM, now=now)
    person = founding.write_staff(
        email=director_email, name=director_name, password=password, now=now, field="director_name"
    )
    founding.seat(row.id, person, Role.DIRECTOR, by=actors.SYSTEM, now=now)
    return founding.move_fund(row, FundState.OPEN, by=actors.SYSTEM, now=now)


def _check_password(password: str) -> None:
    try:
        validate_password(password)
    except ValidationError as error:
        problems = [Problem("password", "weak_password", sentence) for sentence in error.messages[:1]]
        raise errors.InvalidInput(problems=problems) from error
