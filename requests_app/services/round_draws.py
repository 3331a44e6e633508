"""A draw's seed out of the secrets of two people: each publishes a hash, then each tells the secret."""

import re
from datetime import datetime
from uuid import UUID

from fundmgr.domain import errors, ids
from fundmgr.domain.actors import Actor
from fundmgr.domain.errors import InvalidInput, Problem
from fundmgr.domain.lifecycle import RoundState
from fundmgr.domain.permissions import Action
from fundmgr.ports import events
from fundmgr.ports.events import Happening
from fundmgr.ports.idempotency import Once
from fundmgr.queries import access
from fundmgr.services.use_case import use_case
from requests_app.models import AllocationRound, RoundList, RoundSecret
from requests_app.models.round_list import SECRETS_NEEDED
from requests_app.queries import round_draws as queries
from requests_app.queries.round_lists import is_draw, published_list
from requests_app.services.round_lists import require_not_inside

HEX = re.compile(r"[0-9a-f]{64}")
# Below this, somebody could find a secret from its hash by trying.
LEAST_SECRET, MOST_SECRET = 16, 200


@use_case
def commit_secret(
    *, round_id: UUID, commitment: str, by: Actor, now: datetime, once: Once | None = None
) -> RoundSecret:
    """This will publish the hash of one person's secret for a draw whose list is frozen.

    Shapes: `commitment` is the SHA-256 of the secret's text, in lower-case hex.
    Errors: NotFound, Forbidden, InvalidInput, SelfApproval for one whose household is in the round;
    WrongState where the round is no draft of a draw, the person committed already, two others did, or the
    beacon is out.
    """
    row = _locked(round_id, by=by)
    person_id = access.person_id(by)
    secrets = queries.secrets_of(row)
    if any(one.person_id == person_id for one in secrets):
        raise errors.WrongState("You committed to a secret already. Another person must be the second.")
    if len(secrets) >= SECRETS_NEEDED:
        raise errors.WrongState("Two people committed to a secret already.")
    moment = queries.beacon_moment(published_list(row))
    if moment is not None and now >= moment:
        # Who knows the beacon's value can choose a secret by it.
        raise errors.WrongState("The beacon's value is out already. Give this round up and prepare another.")
    if not HEX.fullmatch(commitment):
        sentence = "Send the SHA-256 of your secret: 64 letters from 0 to 9 and a to f."
        raise _refused("commitment", "no_hash", sentence)
    if RoundSecret.objects.filter(commitment=commitment).exists():
        raise _refused("commitment", "used_before", "This hash was used before. Choose a new secret.")
    made = RoundSecret.objects.create(
        id=ids.new_id(now),
        fund_id=row.fund_id,
        created_at=now,
        round=row,
        person_id=person_id,
        place=len(secrets) + 1,
        commitment=commitment,
    )
    facts = {"place": made.place, "commitment": commitment}
    happening = Happening("round.secret_committed", "round", row.id, facts)
    events.record(happening, fund_id=row.fund_id, by=by, now=now)
    return made


@use_case
def reveal_secret(
    *, round_id: UUID, secret: str, beacon_value: str, by: Actor, now: datetime, once: Once | None = None
) -> RoundSecret:
    """This will take the secret behind a person's hash; the last one makes the seed, and so the order.

    Until then nobody sees the first: who tells last could else choose whether to tell.
    Shapes: `beacon_value` is the value of the beacon named with the list, in hex, the same from both people;
    empty where none was named.
    Errors: NotFound, Forbidden, InvalidInput, WrongState where a hash is missing or it was told already.
    """
    row = _locked(round_id, by=by)
    published, secrets = published_list(row), queries.secrets_of(row)
    own = next((one for one in secrets if one.person_id == access.person_id(by)), None)
    _require_turn(own, len(secrets))
    assert own is not None  # noqa: S101  # the line above refused it
    _check_secret(own, secret)
    _check_beacon(published, beacon_value, now=now)
    own.secret, own.revealed_at = secret, now
    own.save(update_fields=["secret", "revealed_at"])
    happenings = [Happening("round.secret_revealed", "round", row.id, {"place": own.place})]
    _draw(published, queries.secrets_of(row), beacon_value)
    if published.seed:
        facts = {"root": published.list_root, "seed": published.seed, "beacon": published.beacon_value}
        happenings.append(Happening("round.drawn", "round", row.id, facts))
    events.record_many(happenings, fund_id=row.fund_id, by=by, now=now)
    return own


def _draw(published: RoundList, secrets: tuple[RoundSecret, ...], beacon_value: str) -> None:
    from fundmgr.allocation import draw  # noqa: PLC0415  # NumPy: not at the web's start

    told = [one.secret for one in secrets if one.secret is not None]
    published.beacon_value = beacon_value
    if len(told) == SECRETS_NEEDED:
        published.seed = draw.seed(published.list_root, told, beacon_value)
    published.save(update_fields=["beacon_value", "seed"])


def _require_turn(own: RoundSecret | None, count: int) -> None:
    if own is None:
        raise errors.WrongState("You committed to no secret of this draw.")
    if count < SECRETS_NEEDED:
        raise errors.WrongState("Another person must commit first. Keep your secret until then.")
    if own.revealed_at is not None:
        raise errors.WrongState("You told your secret already.")


def _check_secret(own: RoundSecret, secret: str) -> None:
    from fundmgr.allocation import draw  # noqa: PLC0415  # NumPy: not at the web's start

    if draw.commitment(secret) != own.commitment:
        raise _refused("secret", "other_secret", "This is not the secret whose hash you published.")
    if not LEAST_SECRET <= len(secret) <= MOST_SECRET or "\n" in secret:
        sentence = f"A secret is one line of {LEAST_SECRET} to {MOST_SECRET} letters. Give this round up."
        raise _refused("secret", "unsafe_secret", sentence)


def _check_beacon(published: RoundList, value: str, *, now: datetime) -> None:
    if published.beacon_round is None:
        if value:
            raise _refused("beacon_value", "no_beacon", "No beacon was named with this list.")
        return
    moment = queries.beacon_moment(published)
    if moment is not None and now < moment:
        raise errors.WrongState("The beacon's value is not out yet. Tell your secret after it.")
    if not HEX.fullmatch(value):
        sentence = f"Look up round {published.beacon_round} of the beacon: 64 letters from 0 to 9 and a to f."
        raise _refused("beacon_value", "no_value", sentence)
    if published.beacon_value not in ("", value):
        sentence = "The other person looked up another value. Compare, then send it again."
        raise _refused("beacon_value", "other_value", sentence)


def _refused(field: str, code: str, sentence: str) -> InvalidInput:
    return InvalidInput(problems=[Problem(field, code, sentence)])


def _locked(round_id: UUID, *, by: Actor) -> AllocationRound:
    row = AllocationRound.objects.select_for_update(of=("self",), no_key=True).filter(id=round_id).first()
    if row is None:
        raise errors.NotFound
    access.require(by, Action.ROUND_SEED, fund_id=row.fund_id)
    if not is_draw(row):
        raise errors.WrongState("This round is not drawn, so it needs no secret.")
    if row.state != RoundState.DRAFT:
        raise errors.WrongState("This round is no longer a draft.")
    require_not_inside(row, by)
    return row
