"""Who may do what in which fund: the one scoping point of the money half."""

from uuid import UUID

from fundmgr.domain import actors, errors
from fundmgr.domain.actors import Actor, ActorKind
from fundmgr.domain.permissions import Action, Role, allows
from fundmgr.models import ApiClient, Membership, User


def roles_of(actor: Actor, *, fund_id: UUID) -> frozenset[Role]:
    """This will return the actor's roles in the fund; the system has every role."""
    if actor.kind is ActorKind.SYSTEM:
        return frozenset(Role)
    if actor.roles_in is not None:
        known_fund_id, roles = actor.roles_in
        return roles if known_fund_id == fund_id else frozenset()
    if actor.client_id is not None:
        rows = ApiClient.objects.filter(
            fund_id=fund_id, id=actor.client_id, is_active=True, owner__is_active=True
        )
        return frozenset(Role(role) for role in rows.values_list("role", flat=True))
    members = Membership.objects.filter(
        fund_id=fund_id, user_id=person_id(actor), user__is_active=True, ended_at__isnull=True
    )
    return frozenset(Role(role) for role in members.values_list("role", flat=True))


def may(actor: Actor, action: Action, *, fund_id: UUID) -> bool:
    """This will say whether one of the actor's roles in the fund includes the action."""
    return allows(roles_of(actor, fund_id=fund_id), action)


def require(actor: Actor, action: Action, *, fund_id: UUID) -> frozenset[Role]:
    """This will return the actor's roles where they include the action.

    Errors: NotFound for one who has no role in the fund, Forbidden for one whose roles do not include it.
    """
    roles = roles_of(actor, fund_id=fund_id)
    if not roles:
        raise errors.NotFound
    if not allows(roles, action):
        raise errors.Forbidden
    return roles


def require_person(actor: Actor) -> UUID:
    """This will return the signed-in person's id.

    Errors: PersonRequired for a program.
    """
    if actor.kind is not ActorKind.PERSON or actor.person_id is None:
        raise errors.PersonRequired
    return actor.person_id


def person_id(actor: Actor) -> UUID:
    """This will return the person who answers for the act: the person, or the owner of the program.

    Errors: PersonRequired where nobody does.
    """
    if actor.person_id is None:
        raise errors.PersonRequired
    return actor.person_id


def fund_ids_of(actor: Actor) -> list[UUID]:
    """This will return the funds where the actor has a role, oldest first."""
    if actor.client_id is not None:
        rows = ApiClient.objects.filter(id=actor.client_id, is_active=True)
        return list(rows.values_list("fund_id", flat=True))
    members = Membership.objects.filter(user_id=person_id(actor), user__is_active=True, ended_at__isnull=True)
    return sorted(set(members.values_list("fund_id", flat=True)))


def client_scopes(*, oauth_client_id: str) -> list[str]:
    """This will return the scopes that a program may ask for; none where it is not active."""
    row = ApiClient.objects.filter(oauth_client_id=oauth_client_id, is_active=True).first()
    return row.scopes.split() if row else []


def client_actor(*, oauth_client_id: str) -> tuple[Actor, UUID] | None:
    """This will return the actor and the fund of an active program whose owner is active, or None."""
    row = (
        ApiClient.objects.filter(oauth_client_id=oauth_client_id, is_active=True, owner__is_active=True)
        .only("id", "owner_id", "fund_id")
        .first()
    )
    return (actors.client(row.id, owner_id=row.owner_id), row.fund_id) if row else None


def staff_names(user_ids: set[UUID]) -> dict[UUID, str]:
    """This will return the names of staff by id."""
    return dict(User.objects.filter(id__in=user_ids).values_list("id", "name"))
