"""Every code a failure can carry: what it means, why it comes, what to do; docs/api.md lists the same."""

from dataclasses import dataclass

from fundmgr.domain.errors import FundError, Kind

STATUS_OF_KIND: dict[Kind, int] = {
    Kind.INVALID: 422,
    Kind.FORBIDDEN: 403,
    Kind.MISSING: 404,
    Kind.CONFLICT: 409,
    Kind.TOO_MANY: 429,
    Kind.UNAVAILABLE: 503,
}


@dataclass(frozen=True)
class Explained:
    """One code: its status, a title that never changes, the cause and the remedy."""

    status: int
    title: str
    cause: str
    remedy: str


PROBLEMS: dict[str, Explained] = {
    "malformed_body": Explained(
        400,
        "The body is not usable JSON",
        "It is not UTF-8 or not JSON, names a key twice, nests too deep, or holds NaN or half a character.",
        "Send one JSON object in UTF-8.",
    ),
    "unknown_parameter": Explained(
        400,
        "The address has a parameter that is not known",
        "A query parameter is misspelt or does not belong to this call.",
        "Use the parameter that the answer suggests, or leave it out.",
    ),
    "invalid_parameter": Explained(
        400,
        "A parameter in the address cannot be used",
        "A query parameter has a value that cannot be read, or stands there twice.",
        "Correct the parameter that the answer names.",
    ),
    "invalid_cursor": Explained(
        400,
        "The cursor does not fit here",
        "The cursor was changed, or comes from another list or order.",
        "Start again without a cursor and follow next_cursor.",
    ),
    "fund_needed": Explained(
        400,
        "Name the fund",
        "A signed-in person with several funds did not say which one is meant.",
        "Add ?fund=fund_… to the address.",
    ),
    "idempotency_key_missing": Explained(
        400,
        "This call needs an Idempotency-Key",
        "The call moves money, and without a key a repeated call could not be told from a second one.",
        "Send a header Idempotency-Key with a fresh random value, and the same value when you try again.",
    ),
    "idempotency_key_invalid": Explained(
        400,
        "The Idempotency-Key cannot be used",
        "The key is empty, longer than 255 characters, or not printable ASCII.",
        "Send 1 to 255 printable ASCII characters, such as a UUID.",
    ),
    "token_missing": Explained(
        401,
        "Sign in or send a token",
        "The call carries neither a bearer token nor a session.",
        "Ask POST /api/v1/oauth/token for a token and send it as Authorization: Bearer.",
    ),
    "token_invalid": Explained(
        401,
        "The token is not valid",
        "The token is unknown, has expired, or its client was switched off.",
        "Ask for a new token; tokens live 15 minutes.",
    ),
    "forbidden": Explained(
        403,
        "The role does not include this",
        "The actor's role in the fund does not allow the action.",
        "Use an actor with the right role; the roles are listed in the glossary.",
    ),
    "scope_missing": Explained(
        403,
        "The token lacks a scope",
        "The client was not given the scope, or the token was asked for without it.",
        "Ask for a token with the scope that WWW-Authenticate names.",
    ),
    "self_approval": Explained(
        403,
        "Maker is never checker",
        "The same person, or another client of the same owner, made the thing that is to be approved.",
        "Let another person approve it.",
    ),
    "person_required": Explained(
        403,
        "A signed-in person must do this",
        "A program tried to release a batch or to give a role.",
        "Let a signed-in person do it, on the page or with a session on the same address.",
    ),
    "csrf_failed": Explained(
        403,
        "The session's form token is missing",
        "A call with a session cookie came without the matching X-CSRFToken header.",
        "Send the csrftoken cookie's value as X-CSRFToken, from an address of this site.",
    ),
    "second_factor_required": Explained(
        403,
        "Set up a second factor first",
        "A member of staff signed in without a second factor.",
        "Set up a passkey or an authenticator on the sign-in pages.",
    ),
    "not_found": Explained(
        404,
        "There is nothing here",
        "The address or the id is wrong, or the thing belongs to somebody else.",
        "Check the id and its prefix, and that the client belongs to the same fund.",
    ),
    "method_not_allowed": Explained(
        405,
        "This address does not take that method",
        "The method is not one of those that the Allow header lists.",
        "Use a method that the Allow header lists.",
    ),
    "not_acceptable": Explained(
        406,
        "None of the wanted formats is on offer",
        "The Accept header excludes every format that this address can answer in.",
        "Accept application/json.",
    ),
    "conflict": Explained(
        409,
        "That cannot be done now",
        "The state of things does not allow the action.",
        "Read the thing again and decide anew.",
    ),
    "wrong_state": Explained(
        409,
        "The thing has moved on",
        "It is not in a state from which this action starts; somebody may have been quicker.",
        "Read it again; its state tells what can be done.",
    ),
    "not_yet_a_gift": Explained(
        409,
        "The money came before its condition was met",
        "It is on a conditional promise whose condition is not met that far, so it may have to go back.",
        "Ask for the letter when the condition is confirmed, or the gifts that it matches came.",
    ),
    "already_decided": Explained(
        409,
        "Somebody decided first",
        "The proposal was made final or sent back before this call.",
        "Read the request again.",
    ),
    "already_approved": Explained(
        409,
        "The same person cannot approve twice",
        "The person, or a client of the same owner, approved this round already.",
        "Let another person approve.",
    ),
    "insufficient_funds": Explained(
        409,
        "The money is not there",
        "The fund, or the restriction, holds less than the call would take.",
        "Read the fund's position; draft a smaller round.",
    ),
    "already_posted": Explained(
        409,
        "The books have this entry",
        "A transfer with the same business key exists.",
        "Nothing: it was done before. Send the same Idempotency-Key when you repeat a call.",
    ),
    "already_resolved": Explained(
        409,
        "The hold is resolved",
        "The money held was paid out or released before.",
        "Read the award again.",
    ),
    "duplicate": Explained(
        409,
        "This was recorded before",
        "Something with the same business key exists, such as a bank reference.",
        "Look for the one that exists.",
    ),
    "appeal_too_late": Explained(
        409,
        "The time to ask for a second look is over",
        "The policy's last day to ask for a second look has ended in the fund's zone.",
        "Tell the worker to write to the fund or to call it.",
    ),
    "not_appealable": Explained(
        409,
        "A second look cannot change this",
        "There was not enough money; no person's reading led to the answer.",
        "Tell the worker what stays: the place on the waiting list, or the award.",
    ),
    "appeal_exists": Explained(
        409,
        "There is one second look",
        "The request is being looked at again, or was.",
        "Read the appeal; its answer is the last one.",
    ),
    "live_request_exists": Explained(
        409,
        "There is a live request",
        "The applicant has a request with this fund that has not ended.",
        "Follow the request that exists, or withdraw it first.",
    ),
    "fund_closed": Explained(
        409,
        "The fund takes no requests now",
        "The fund is not open.",
        "Wait until the fund's state is OPEN.",
    ),
    "payee_change_held": Explained(
        409,
        "New payment details must wait",
        "The payment details changed a short time ago.",
        "Try again after the waiting time that the operator has set.",
    ),
    "idempotency_in_flight": Explained(
        409,
        "The first call with this key still runs",
        "Another call with the same key has not ended.",
        "Wait for the seconds in Retry-After and send the same call again.",
    ),
    "file_damaged": Explained(
        409,
        "The file is not as it was kept",
        "The disk no longer holds the bytes that were kept; the nightly proof tells of it too.",
        "Tell whoever runs the program, to bring the file back from a backup.",
    ),
    "version_conflict": Explained(
        409,
        "It changed since it was read",
        "Somebody changed the thing after the caller read it.",
        "Read it again, then change it.",
    ),
    "precondition_failed": Explained(
        412,
        "It changed since it was read",
        "The version in If-Match is not the present one.",
        "Read it again, take its new ETag, then change it.",
    ),
    "body_too_large": Explained(
        413,
        "The body is too large",
        "The body is larger than a megabyte, or than the 10 or 40 megabytes of an address that takes a file.",
        "Send less, or in parts.",
    ),
    "unsupported_media_type": Explained(
        415,
        "The body's type is not taken here",
        "The Content-Type is not application/json in UTF-8, or multipart/form-data where a file is sent.",
        "Send the Content-Type that the description of the call names.",
    ),
    "validation_failed": Explained(
        422,
        "Some fields cannot be used",
        "A field is missing, unknown, of the wrong type or out of range; errors names each one.",
        "Correct each field that errors points at.",
    ),
    "idempotency_mismatch": Explained(
        422,
        "The key belongs to another call",
        "The Idempotency-Key was used before on this address with another body.",
        "Use a fresh key for a different call.",
    ),
    "if_match_missing": Explained(
        428,
        "Say which version is meant",
        "A change came without If-Match, so that it could overwrite somebody else's.",
        "Read the thing and send its ETag as If-Match.",
    ),
    "rate_limited": Explained(
        429,
        "Too many calls",
        "The client made more calls in a minute than it may.",
        "Wait for the seconds in Retry-After.",
    ),
    "too_many_tries": Explained(
        429,
        "Too many tries",
        "A limit on tries was reached.",
        "Wait, then try again.",
    ),
    "internal_error": Explained(
        500,
        "Something went wrong on our side",
        "A fault in the program; it is in the log under the request_id.",
        "Try again later with the same Idempotency-Key; tell the operator the request_id.",
    ),
    "try_again": Explained(
        503,
        "The fund is busy",
        "Locks lasted too long, or the database does not answer; nothing was changed.",
        "Wait for the seconds in Retry-After and send the same call again.",
    ),
    "outcome_unknown": Explained(
        503,
        "It is not known whether this was done",
        "The line to the database broke while the call was written, perhaps after it was kept.",
        "Wait for the seconds in Retry-After and send the same call again with the same Idempotency-Key.",
    ),
}


def explained(code: str) -> Explained:
    """This will return what a code means; a refusal that has no words yet is a conflict."""
    return PROBLEMS.get(code, PROBLEMS["conflict"])


def status_of(refusal: FundError) -> int:
    """This will return the status that a refusal by a use case answers with."""
    return STATUS_OF_KIND[refusal.kind]
