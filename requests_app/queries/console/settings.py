"""The settings pages: the fund, its policy versions, its people, its programs."""

from dataclasses import dataclass
from uuid import UUID

from fundmgr.domain.actors import Actor
from fundmgr.domain.permissions import Action
from fundmgr.domain.scopes import SCOPES
from fundmgr.models import ApiClient, Fund, Membership, PolicyVersion
from fundmgr.queries import access, funds


@dataclass(frozen=True)
class SettingsPage:
    """The fund as it is set up; programs are shown to those who may register them."""

    fund: Fund
    policies: list[PolicyVersion]
    members: list[Membership]
    clients: list[ApiClient]


def settings_page(actor: Actor, *, fund_id: UUID) -> SettingsPage:
    """This will return all that is set for a fund. Errors: NotFound for one without a role."""
    fund = funds.visible_fund(actor, fund_id=fund_id)
    appoints = access.may(actor, Action.MEMBER_APPOINT, fund_id=fund_id)
    clients = ApiClient.objects.filter(fund_id=fund_id).select_related("owner").order_by("name", "id")
    return SettingsPage(
        fund=fund,
        policies=list(PolicyVersion.objects.filter(fund_id=fund_id).order_by("-number")),
        members=list(funds.members(fund_id)),
        clients=list(clients) if appoints else [],
    )


@dataclass(frozen=True)
class ClientChoices:
    """What a new program is chosen from: (key, label) pairs."""

    owners: list[tuple[str, str]]
    scopes: list[tuple[str, str]]


def client_choices(actor: Actor, *, fund_id: UUID) -> ClientChoices:
    """This will return who may answer for a new program, and the scopes. Errors: Forbidden."""
    access.require(actor, Action.MEMBER_APPOINT, fund_id=fund_id)
    people = {row.user_id: row.user.name for row in funds.members(fund_id) if row.user_id != actor.person_id}
    owners = sorted(((str(key), name) for key, name in people.items()), key=lambda pair: pair[1])
    scopes = [(scope, f"{caption} ({scope})") for scope, caption in SCOPES.items()]
    return ClientChoices(owners, scopes)


def has_fund() -> bool:
    """This will say whether a fund was founded here: then there is no first visit any more."""
    return funds.only_fund() is not None
