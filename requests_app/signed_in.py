"""Who a session is of, read by one prepared statement, for each page of the form reads it."""

from typing import Any
from uuid import UUID

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.auth.models import update_last_login

from fundmgr.models import User, prepared


class Backend(AuthenticationBackend):  # type: ignore[misc]  # allauth has no types
    """Signing in as the library does it."""

    def get_user(self, user_id: Any) -> User | None:
        """This will return the person, who must be active."""
        found = prepared.found(User, "id = $1", [UUID(str(user_id))])
        return found[0] if found and self.user_can_authenticate(found[0]) else None


def note_sign_in(sender: type[User], user: User, **_said: Any) -> None:
    """This will note when someone signed in by a password: links to set a new one end with it.

    A worker has none, and a rush of them would pay one more commit each for what nobody reads.
    """
    if user.has_usable_password():
        update_last_login(sender, user)
