"""The audit trail as a whole: the chain, and that no request came in without its event."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef

from fundmgr.models import Event
from fundmgr.queries import trail
from fundmgr.queries.trail import ChainState
from requests_app.models import AssistanceRequest


@dataclass(frozen=True)
class AuditState:
    """The chain's state and the first request that has no event."""

    chain: ChainState
    orphan_reference: str | None

    @property
    def is_sound(self) -> bool:
        """Whether nothing is wrong; events that wait for their link are not a fault."""
        return self.chain.problem is None and self.orphan_reference is None


def state() -> AuditState:
    """This will walk the chain and look for a request whose submission left no event."""
    filed = Event.objects.filter(object_id=OuterRef("id"), verb="request.submitted")
    orphan = AssistanceRequest.objects.filter(~Exists(filed)).order_by("created_at").first()
    return AuditState(trail.verify_chain(), orphan.reference if orphan else None)


def as_json(found: AuditState) -> dict[str, Any]:
    """This will return the state as plain values."""
    chain = found.chain
    return {
        "ok": found.is_sound,
        "linked": chain.linked,
        "waiting": chain.waiting,
        "waiting_since": chain.waiting_since.isoformat() if chain.waiting_since else None,
        "head": chain.head_hash,
        "problem": chain.problem,
        "problem_sequence": chain.problem_sequence,
        "request_without_event": found.orphan_reference,
    }


def sentence(found: AuditState) -> str:
    """This will say the state in words."""
    chain = found.chain
    if chain.problem:
        return f"The chain is broken at link {chain.problem_sequence}: {chain.problem}."
    if found.orphan_reference:
        return f"Request {found.orphan_reference} has no event of its submission."
    waiting = f", {chain.waiting} events wait for a link since {chain.waiting_since}" if chain.waiting else ""
    return f"The chain holds: {chain.linked} links{waiting}. Head {chain.head_hash}."
