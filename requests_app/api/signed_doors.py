"""The ground of what two people sign: the second signature, or a refusal."""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from django.http import HttpResponse

from requests_app.api.doors import Door
from requests_app.api.signed_shapes import SignedDecisionSent, SignedOutcome


class SignedDoor(Door):
    """What the addresses of signed things share."""

    def decide(
        self,
        make: Callable[..., Any],
        refuse: Callable[..., Any],
        key: UUID,
        *,
        named: str,
        again: Callable[[UUID], Any],
        body_of: Callable[[Any], Mapping[str, Any]],
    ) -> HttpResponse:
        """This will sign a thing too, or refuse it, as the body says.

        Shapes: `key` is its id, and `named` how the use cases call it.
        """
        again(key)
        outcome = self.read(SignedDecisionSent)["outcome"]
        use_case = make if outcome is SignedOutcome.MADE else refuse
        return self.act(
            lambda once: use_case(**{named: key}, by=self.actor, now=self.now, once=once),
            again=again,
            body_of=body_of,
        )
