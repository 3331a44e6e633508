"""A second look at a decision: asked for by the worker, read and answered by a different person."""

from enum import StrEnum
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from rest_framework import serializers
from rest_framework.request import Request

from fundmgr.domain import ids
from fundmgr.domain.appeals import AppealGround
from fundmgr.domain.lifecycle import AppealState
from requests_app.api import fields
from requests_app.api.answers import Body, json_answer, stamp, stamp_or_null
from requests_app.api.doors import Door, address
from requests_app.api.paging import FundPageQuery
from requests_app.api.requests import PII
from requests_app.api.schema import KEY_OPTIONAL, Operation, page_sample, page_shape
from requests_app.queries import appeals as found
from requests_app.services import appeals

MOST_LETTERS = 4000
TAG = "appeals"


class Outcome(StrEnum):
    """What a second look ends with."""

    UPHELD = "UPHELD"
    OVERTURNED = "OVERTURNED"


class AppealQuery(FundPageQuery):
    """Which appeals."""

    state = fields.Words(AppealState, required=False, help_text="Words with commas mean any of them.")


class AppealSent(fields.Sent):
    """Why the worker asks."""

    ground = fields.Word(AppealGround)
    text = fields.Block(most=MOST_LETTERS, help_text="In the worker's words. Kept encrypted.")


class AppealAnswerSent(fields.Sent):
    """What the second reader found."""

    outcome = fields.Word(Outcome)
    answer = fields.Block(most=MOST_LETTERS, help_text="The worker reads this.")


class Appeal(fields.Shown):
    """One second look."""

    id = fields.Id("apl")
    request_id = fields.Id("req")
    decision_id = fields.Id("dec")
    state = fields.Word(AppealState)
    ground = fields.Word(AppealGround)
    text = serializers.CharField(allow_null=True, help_text="Null without `pii:read`, and once it is erased.")
    answer_by = serializers.DateField(help_text="The day that was promised, on the fund's calendar.")
    answer = serializers.CharField(allow_null=True, help_text="Null without `pii:read`.")
    filed_at = fields.MomentOut()
    decided_at = fields.MomentOut(allow_null=True)


SAMPLE: dict[str, Any] = {
    "id": "apl_018aa9d5e0007c3a9d0f6b1c2e4a5db1",
    "request_id": "req_018aa9d5e0007c3a9d0f6b1c2e4a5d71",
    "decision_id": "dec_018aa9d5e0007c3a9d0f6b1c2e4a5d81",
    "state": "FILED",
    "ground": "MISSED",
    "text": "My pay stub shows that I worked on the show in May.",
    "answer_by": "2023-10-03",
    "answer": None,
    "filed_at": "2023-09-19T16:00:00Z",
    "decided_at": None,
}
_READING = {**SAMPLE, "state": "READING"}
_ANSWER = "You are right: the pay stub shows it. We decide on your request again."
_OVERTURNED = {**SAMPLE, "state": "OVERTURNED", "answer": _ANSWER, "decided_at": "2023-09-25T16:00:00Z"}


def appeal_body(row: Any, *, is_masked: bool) -> Body:
    """This will write an appeal; the words of people are null where they are masked."""
    return {
        "id": ids.public("apl", row.id),
        "request_id": ids.public("req", row.request_id),
        "decision_id": ids.public("dec", row.decision_id),
        "state": row.state,
        "ground": row.ground,
        "text": None if is_masked else row.text,
        "answer_by": row.answer_by.isoformat(),
        "answer": None if is_masked else row.answer,
        "filed_at": stamp(row.created_at),
        "decided_at": stamp_or_null(row.decided_at),
    }


class AppealDoor(Door):
    """What the addresses of appeals share."""

    def again(self, appeal_id: UUID) -> Any:
        """This will read an appeal for a repeated call."""
        return found.visible_appeal(self.actor, appeal_id)

    def body(self, row: Any) -> Body:
        """This will write an appeal, its words only for a caller with the scope."""
        return appeal_body(row, is_masked=not self.caller.has_scope(PII))


class Appeals(AppealDoor):
    """The appeals of a fund."""

    @Operation(
        "list_appeals",
        "List appeals, oldest first",
        tag=TAG,
        scope="requests:read",
        query=AppealQuery,
        gives=page_shape(Appeal),
        sample=page_sample(SAMPLE),
        refusals=["forbidden"],
    )
    def get(self, request: Request) -> HttpResponse:
        """This will list them."""
        fund_id, _ = self.fund()
        states = self.query.get("state", ())
        return self.page(found.visible_appeals(self.actor, fund_id, states=states), ("id",), self.body)


class RequestAppeals(AppealDoor):
    """The second look at one request."""

    @Operation(
        "file_appeal",
        "Ask for a second look at a request that was refused",
        tag=TAG,
        scope="requests:write",
        description="Once for each request, by its worker or by who filed it, until the end of the policy's "
        "last day in the fund's zone.",
        sends=AppealSent,
        sample_sent={"ground": SAMPLE["ground"], "text": SAMPLE["text"]},
        gives=Appeal,
        sample=SAMPLE,
        status=201,
        key=KEY_OPTIONAL,
        refusals=["wrong_state", "appeal_too_late", "not_appealable", "appeal_exists"],
    )
    def post(self, request: Request, request_id: UUID) -> HttpResponse:
        """This will ask."""
        said = self.read(AppealSent)
        return self.act(
            lambda once: appeals.file(request_id=request_id, **said, by=self.actor, now=self.now, once=once),
            again=self.again,
            body_of=self.body,
            status=201,
            location=lambda row: address("appeals", "apl", row.id),
        )


class OneAppeal(AppealDoor):
    """One appeal."""

    @Operation(
        "get_appeal",
        "Read an appeal",
        tag=TAG,
        scope="requests:read",
        gives=Appeal,
        sample=SAMPLE,
        refusals=["forbidden"],
    )
    def get(self, request: Request, appeal_id: UUID) -> HttpResponse:
        """This will show it."""
        return json_answer(self.body(self.again(appeal_id)))


class AppealReading(AppealDoor):
    """An appeal in somebody's hands."""

    @Operation(
        "take_appeal",
        "Take an appeal to read it",
        tag=TAG,
        scope="decisions:write",
        description="Nobody who filed, proposed or decided before.",
        gives=Appeal,
        sample=_READING,
        key=KEY_OPTIONAL,
        refusals=["forbidden", "self_approval", "already_decided"],
    )
    def post(self, request: Request, appeal_id: UUID) -> HttpResponse:
        """This will take it."""
        self.again(appeal_id)
        self.read_nothing()
        return self.act(
            lambda once: appeals.take(appeal_id=appeal_id, by=self.actor, now=self.now, once=once),
            again=self.again,
            body_of=self.body,
        )


class AppealDecision(AppealDoor):
    """The answer to an appeal."""

    @Operation(
        "decide_appeal",
        "Answer an appeal for good",
        tag=TAG,
        scope="decisions:write",
        description="Upheld: the decision stands. Overturned: the request is in review again, and two people "
        "decide on it. Nobody who filed, proposed or decided before may answer.",
        sends=AppealAnswerSent,
        sample_sent={"outcome": "OVERTURNED", "answer": _ANSWER},
        gives=Appeal,
        sample=_OVERTURNED,
        key=KEY_OPTIONAL,
        refusals=["forbidden", "self_approval", "already_decided", "live_request_exists", "wrong_state"],
    )
    def post(self, request: Request, appeal_id: UUID) -> HttpResponse:
        """This will answer it."""
        self.again(appeal_id)
        said = self.read(AppealAnswerSent)
        return self.act(
            lambda once: appeals.decide(
                appeal_id=appeal_id,
                overturn=said["outcome"] is Outcome.OVERTURNED,
                answer=said["answer"],
                by=self.actor,
                now=self.now,
                once=once,
            ),
            again=self.again,
            body_of=self.body,
        )
