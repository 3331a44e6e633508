"""Restricted money in a small world, and its release by two people over a letter."""

from datetime import datetime
from typing import Any

import builders
from papers import a_pdf

from fundmgr.domain.permissions import Role
from fundmgr.domain.restrictions import ReleaseGround
from fundmgr.models import Restriction, RestrictionRelease, StoredFile
from fundmgr.services import evidence, funds, releases


def tie_money(
    world: builders.World,
    amount_cents: int,
    *,
    name: str = "Health premiums",
    now: datetime = builders.NOW,
) -> Restriction:
    """Open a restriction for health premiums, and let a donor give to it."""
    row = funds.add_restriction(
        fund_id=world.fund.id,
        name=name,
        wording="For the health premiums of crew members.",
        rule={"categories": ["HEALTH"]},
        by=world.actor(Role.DIRECTOR),
        now=now,
    )
    reference = f"TIED-{name}-{world.fund.slug[:20]}"
    builders.put_money_in(world, amount_cents, bank_reference=reference, restriction_id=row.id, now=now)
    return row


def keep_letter(world: builders.World, restriction: Restriction, words: bytes = b"We consent.") -> StoredFile:
    """Keep the donor's letter with the restriction."""
    return evidence.add_to_restriction(
        restriction_id=restriction.id,
        name="consent.pdf",
        content=a_pdf(words),
        by=world.actor(Role.TREASURER_PREPARES),
        now=builders.NOW,
    )


def propose_release(
    world: builders.World, restriction: Restriction, amount_cents: int, **said: Any
) -> RestrictionRelease:
    """Propose to set money free, over a letter that is kept for it unless another is named."""
    document_id = said.pop("document_id", None) or keep_letter(world, restriction).id
    shape = {
        "ground": ReleaseGround.CONSENT_LETTER,
        "reason": "No need for premiums is left.",
        "by": world.actor(Role.DIRECTOR),
        **said,
    }
    return releases.propose(
        restriction_id=restriction.id,
        amount_cents=amount_cents,
        document_id=document_id,
        now=builders.NOW,
        **shape,
    )


def make_release(world: builders.World, release: RestrictionRelease) -> RestrictionRelease:
    """Set the money free, by a treasurer."""
    by = world.actor(Role.TREASURER_RELEASES)
    return releases.make(release_id=release.id, by=by, now=builders.NOW)
