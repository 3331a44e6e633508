"""How staff sign in: accounts are appointed, never opened by oneself; the second factor is kept sealed."""

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.http import HttpRequest

from fundmgr.services import sealing

_PLACE = "second_factor"


class StaffAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """Password or passkey with a second factor; nobody signs up."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """This will refuse every sign-up."""
        return False


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth has no types
    """A stolen database gives away no second factor."""

    def encrypt(self, text: str) -> str:
        """This will seal a secret with the newest key."""
        return sealing.seal_text(text, place=_PLACE)

    def decrypt(self, encrypted_text: str) -> str:
        """This will open what encrypt sealed."""
        return sealing.unseal_text(encrypted_text, place=_PLACE)
