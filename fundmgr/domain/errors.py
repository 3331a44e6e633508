"""Every refusal by name: a stable code for programs, a sentence for people."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar
from uuid import UUID


class Kind(StrEnum):
    """What sort of refusal it is; a door turns it into a status."""

    INVALID = "invalid"
    FORBIDDEN = "forbidden"
    MISSING = "missing"
    CONFLICT = "conflict"
    TOO_MANY = "too_many"
    UNAVAILABLE = "unavailable"


@dataclass(frozen=True)
class Problem:
    """One thing wrong with one field: a name like `need_lines.0.amount`, a code and a sentence."""

    field: str
    code: str
    sentence: str


class FundError(Exception):
    """The root of every refusal that a use case raises.

    Shapes: where a use case was given several things, `keys` are those that it refuses, so that a door can
    say which of its fields named them.
    """

    kind: ClassVar[Kind] = Kind.CONFLICT
    code: ClassVar[str] = "conflict"
    sentence_default: ClassVar[str] = "That cannot be done now."

    def __init__(
        self, sentence: str = "", *, problems: Sequence[Problem] = (), keys: Collection[UUID] = ()
    ) -> None:
        self.sentence = sentence or self.sentence_default
        self.problems = tuple(problems)
        self.keys = frozenset(keys)
        super().__init__(self.sentence)


class InvalidInput(FundError):
    """Something that was sent cannot be used; `problems` names each field."""

    kind = Kind.INVALID
    code = "validation_failed"
    sentence_default = "Some of what was sent cannot be used."


class NotFound(FundError):
    """It is not there, or not for this person: both answer the same."""

    kind = Kind.MISSING
    code = "not_found"
    sentence_default = "There is nothing here."


class Forbidden(FundError):
    """The person's role does not include this."""

    kind = Kind.FORBIDDEN
    code = "forbidden"
    sentence_default = "Your role does not include this."


class SelfApproval(Forbidden):
    """Maker is never checker."""

    code = "self_approval"
    sentence_default = "You proposed this. Another person must approve it."


class PersonRequired(Forbidden):
    """A program may not do what only a signed-in person may."""

    code = "person_required"
    sentence_default = "A signed-in person must do this; a program may not."


class WrongState(FundError):
    """The thing is not in a state from which this move starts."""

    code = "wrong_state"
    sentence_default = "This has moved on since you looked. Load it again."


class AlreadyDecided(WrongState):
    """Somebody decided first."""

    code = "already_decided"
    sentence_default = "This was decided already."


class AlreadyApproved(WrongState):
    """The same person cannot approve twice."""

    code = "already_approved"
    sentence_default = "You approved this already. Another person must be the second."


class NotYetGift(WrongState):
    """Money that came before its condition was met may have to go back, so nothing acknowledges it."""

    code = "not_yet_a_gift"
    sentence_default = (
        "This came in before its condition was met. It becomes a gift, and is acknowledged, when it is."
    )


class InsufficientFunds(FundError):
    """The money is not there, inside its restriction."""

    code = "insufficient_funds"
    sentence_default = "The fund does not have that much money to award."


class AlreadyPosted(FundError):
    """The business key of a transfer was used before."""

    code = "already_posted"
    sentence_default = "This was entered in the books already."


class AlreadyResolved(FundError):
    """A hold is posted or voided once."""

    code = "already_resolved"
    sentence_default = "This hold was posted or released already."


class Duplicate(FundError):
    """Something with the same business key exists."""

    code = "duplicate"
    sentence_default = "This was recorded already."


class LiveRequestExists(FundError):
    """One live request per applicant and fund."""

    code = "live_request_exists"
    sentence_default = "You already have a request with this fund."


class AppealTooLate(FundError):
    """The time to ask for a second look is over."""

    code = "appeal_too_late"
    sentence_default = "The time to ask for a second look is over."


class NotAppealable(FundError):
    """The answer follows from the money, not from a person's reading."""

    code = "not_appealable"
    sentence_default = "There was not enough money. A second look cannot change that."


class AppealIsFinal(FundError):
    """There is one second look at a request."""

    code = "appeal_exists"
    sentence_default = "This request is being looked at again, or was. There is one second look."


class FundClosed(FundError):
    """The fund takes no new requests now."""

    code = "fund_closed"
    sentence_default = "The fund is not taking requests now."


class FileDamaged(FundError):
    """A file's bytes are gone from the disk, or are not those that were kept."""

    code = "file_damaged"
    sentence_default = "This file is missing or was altered where it is kept. Tell whoever runs the program."


class StaleVersion(FundError):
    """The row changed since the caller read it."""

    code = "version_conflict"
    sentence_default = "This changed since you read it. Load it again, then change it."


class PayeeHeld(FundError):
    """New bank details wait before money may go to them."""

    code = "payee_change_held"
    sentence_default = "The payment details changed a short time ago and must wait."


class KeyReused(FundError):
    """An idempotency key came back with another body."""

    kind = Kind.INVALID
    code = "idempotency_mismatch"
    sentence_default = "This idempotency key was used before with another body."


class KeyInFlight(FundError):
    """The first call with this key has not ended."""

    code = "idempotency_in_flight"
    sentence_default = "The first call with this key is still running. Try again in a moment."


class TooMany(FundError):
    """A limit on tries was reached."""

    kind = Kind.TOO_MANY
    code = "too_many_tries"
    sentence_default = "Too many tries. Wait 15 minutes, then try again."


class OutcomeUnknown(FundError):
    """The line to the database broke while it wrote: it may have been done or not."""

    kind = Kind.UNAVAILABLE
    code = "outcome_unknown"
    sentence_default = (
        "The line to the database broke, so we cannot say whether this was done. "
        "Send the same once more: it is done once."
    )


class Busy(FundError):
    """Locks or serialization failures outlasted the retries."""

    kind = Kind.UNAVAILABLE
    code = "try_again"
    sentence_default = "The fund is busy. Nothing was changed. Try again in a moment."
