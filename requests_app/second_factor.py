"""Whether a session proved a second factor: asked by the pages' middleware and by the API alike."""

from typing import Any

from allauth.account.authentication import get_authentication_records
from allauth.mfa.signals import authenticator_added
from django.dispatch import receiver
from django.http import HttpRequest

SET_UP_HERE = "second_factor_set_up_by"


def is_proved(request: HttpRequest) -> bool:
    """This will say whether the signed-in person showed a second factor in this session."""
    user: Any = request.user
    if request.session.get(SET_UP_HERE) == str(user.pk):
        return True
    return any(record.get("method") == "mfa" for record in get_authentication_records(request, user))


@receiver(authenticator_added)
def remember_set_up(request: HttpRequest, user: Any, **_: Any) -> None:
    """This will count setting a factor up as showing it."""
    request.session[SET_UP_HERE] = str(user.pk)
