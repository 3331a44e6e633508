"""Sessions as Django keeps them, by prepared statements, for each page of the form reads one."""

from typing import Any

from django.contrib.sessions.backends import db
from django.contrib.sessions.backends.base import VALID_KEY_CHARS, UpdateError
from django.utils import timezone
from django.utils.crypto import get_random_string

from fundmgr.models import prepared

_READ = "SELECT session_data FROM django_session WHERE session_key = $1 AND expire_date > $2"
_ADD = "INSERT INTO django_session (session_key, session_data, expire_date) VALUES ($1, $2, $3) RETURNING 1"
_SAVE = "UPDATE django_session SET session_data = $2, expire_date = $3 WHERE session_key = $1 RETURNING 1"


class SessionStore(db.SessionStore):
    """What `SESSION_ENGINE` names."""

    _is_new = False

    def load(self) -> dict[str, Any]:
        """This will read what is kept; a key that is unknown or ran out is forgotten."""
        row = prepared.one(_READ, [self.session_key, timezone.now()])
        if row is None:
            self._session_key = None
            return {}
        kept: dict[str, Any] = self.decode(row[0])
        return kept

    def create(self) -> None:
        """This will take a new key, which is written with what the session then says, once."""
        # Nobody meets one of 32 letters by chance twice, and the table would refuse it.
        self._session_key = get_random_string(32, VALID_KEY_CHARS)
        self._get_session(no_load=True)  # type: ignore[attr-defined]  # the stubs leave it out
        self._is_new = self.modified = True

    def save(self, must_create: bool = False) -> None:
        """This will write it. Errors: UpdateError where it was ended elsewhere meanwhile."""
        if self.session_key is None:
            self.create()
        says = self._get_session(no_load=must_create)  # type: ignore[attr-defined]  # the stubs leave it out
        kept = [self.session_key, self.encode(says), self.get_expiry_date()]
        if must_create or self._is_new:
            prepared.one(_ADD, kept)
            self._is_new = False
        elif prepared.one(_SAVE, kept) is None:
            raise UpdateError
