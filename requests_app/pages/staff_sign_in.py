"""How staff sign in: accounts are appointed, never opened by oneself; the second factor is kept sealed."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.mfa.adapter import DefaultMFAAdapter
from django.http import HttpRequest
from django.utils import timezone

from fundmgr.services import sealing
from requests_app import addresses

RECENT_SECONDS = 300
_PLACE = "second_factor"


class StaffAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """Password or passkey with a second factor; nobody signs up."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """This will refuse every sign-up."""
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        """This will return the address that the library counts by, found as everywhere else."""
        return addresses.of(request)

    def is_reauthentication_required(self, *, app: str) -> bool:
        """This will ask again only of one who signed in some minutes ago, not of one who just did."""
        user: Any = self.request.user
        records = get_authentication_records(self.request, user)
        newest = max((record.get("at", 0.0) for record in records), default=0.0)
        return bool(timezone.now().timestamp() - newest >= RECENT_SECONDS)


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth has no types
    """A stolen database gives away no second factor."""

    def encrypt(self, text: str) -> str:
        """This will seal a secret with the newest key."""
        return sealing.seal_text(text, place=_PLACE)

    def decrypt(self, encrypted_text: str) -> str:
        """This will open what encrypt sealed."""
        return sealing.unseal_text(encrypted_text, place=_PLACE)
