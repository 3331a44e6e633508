"""Who acts: a signed-in person, a program on a person's behalf, or the system itself."""

from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from uuid import UUID

from fundmgr.domain.permissions import Role


class ActorKind(StrEnum):
    """How the actor came in."""

    PERSON = "PERSON"
    CLIENT = "CLIENT"
    SYSTEM = "SYSTEM"


@dataclass(frozen=True)
class Actor:
    """One who acts.

    Shapes: `person_id` is the user, or the owner of a client, so that clients of one owner count as
    one person wherever four eyes are needed; `client_id` is set for a client alone. `roles_in` is the fund
    and the roles that were read with a client's token for this one call, so that they are not read twice.
    """

    kind: ActorKind
    person_id: UUID | None = None
    client_id: UUID | None = None
    roles_in: tuple[UUID, frozenset[Role]] | None = field(default=None, compare=False)

    @cached_property
    def key(self) -> str:
        """The actor as the audit trail writes it."""
        if self.kind is ActorKind.CLIENT:
            return f"client:{self.client_id}"
        return f"user:{self.person_id}" if self.person_id else "system"


def person(person_id: UUID) -> Actor:
    """This will name a signed-in person."""
    return Actor(ActorKind.PERSON, person_id=person_id)


def client(client_id: UUID, *, owner_id: UUID, roles_in: tuple[UUID, frozenset[Role]] | None = None) -> Actor:
    """This will name a program and the person who owns it."""
    return Actor(ActorKind.CLIENT, person_id=owner_id, client_id=client_id, roles_in=roles_in)


SYSTEM = Actor(ActorKind.SYSTEM)
