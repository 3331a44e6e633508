"""Assistance requests: filed, listed, read, looked into and taken back."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from rest_framework.request import Request

from fundmgr.domain import errors
from fundmgr.domain.lifecycle import RequestState
from requests_app.api import fields, paging
from requests_app.api.answers import Body, json_answer
from requests_app.api.asks import RequestChange, RequestSent, read_ask, read_change
from requests_app.api.bodies import read_object
from requests_app.api.doors import Door, address, etag
from requests_app.api.errors import PreconditionFailed
from requests_app.api.paging import FundPageQuery, FundQuery
from requests_app.api.request_shapes import RequestBrief, RequestWhole, brief_body, whole_body
from requests_app.api.samples import REQUEST_BRIEF, REQUEST_SAMPLE, REQUEST_SENT
from requests_app.api.schema import IF_MATCH, KEY_OPTIONAL, Operation, page_sample, page_shape
from requests_app.queries import details, requests
from requests_app.queries.details import RequestDetail
from requests_app.queries.paging import LIMIT_DEFAULT
from requests_app.queries.requests import QueueFilters
from requests_app.services import changes, intake, reveals, reviews, taking_back
from requests_app.services.reveals import Identity

PII = "pii:read"
MOST_SEARCH_LETTERS = 254
MOST_NOTE_LETTERS = 4000


class RequestQuery(FundPageQuery):
    """Which requests."""

    state = fields.Words(RequestState, required=False, help_text="Words with commas mean any of them.")
    craft = fields.Line(most=60, required=False)
    production = fields.Line(most=120, required=False)
    asked_gte = fields.Line(most=16, required=False, help_text="At least this amount, like 100.00.")
    asked_lte = fields.Line(most=16, required=False, help_text="At most this amount.")
    created_after = fields.Moment(required=False)
    created_before = fields.Moment(required=False)
    q = fields.Line(
        most=MOST_SEARCH_LETTERS, required=False, help_text="A reference, a contact, or words of a name."
    )


class RequestDoor(Door):
    """What the addresses of requests share."""

    def identities(self, fund_id: UUID, rows: list[Any]) -> Mapping[UUID, Identity]:
        """This will return who stands behind the rows, for a caller with scope and role; it is recorded."""
        if not rows or not self.caller.has_scope(PII):
            return {}
        keys = [row.id for row in rows]
        return reveals.identities(fund_id=fund_id, request_ids=keys, by=self.actor, now=self.now)

    def masked(self, row: Any) -> Body:
        """This will write a request that was just changed, without what is personal."""
        return brief_body(row, self.currency_of(row.fund_id), None)

    def again(self, request_id: UUID) -> Any:
        """This will read a request for a repeated call."""
        return requests.visible_request(self.actor, request_id)


class Requests(RequestDoor):
    """The fund's requests."""

    @Operation(
        "list_requests",
        "List requests, oldest first",
        tag="requests",
        scope="requests:read",
        query=RequestQuery,
        gives=page_shape(RequestBrief),
        sample=page_sample(REQUEST_BRIEF),
        refusals=["forbidden"],
        description="Names, contacts and statements need `pii:read` and a role that sees identities.",
    )
    def get(self, request: Request) -> HttpResponse:
        """This will list them."""
        fund_id, currency = self.fund()
        filters = _filters(self.query)
        page = paging.turned(
            lambda: requests.queue(
                self.actor,
                fund_id,
                now=self.now,
                filters=filters,
                cursor=self.query.get("cursor"),
                limit=self.query.get("limit", LIMIT_DEFAULT),
            )
        )
        known = self.identities(fund_id, page.rows)
        return paging.page_answer(
            self.web_request, page, lambda row: brief_body(row, currency, known.get(row.id))
        )

    @Operation(
        "file_request",
        "File a request",
        tag="requests",
        scope="requests:write",
        query=FundQuery,
        sends=RequestSent,
        sample_sent=REQUEST_SENT,
        gives=RequestWhole,
        sample=REQUEST_SAMPLE,
        status=201,
        key=KEY_OPTIONAL,
        refusals=["forbidden", "fund_closed", "live_request_exists"],
        description="A program or staff files for the contact it names; a signed-in worker for themselves.",
        remembers_token=True,
    )
    def post(self, request: Request) -> HttpResponse:
        """This will file one."""
        return self.surely(self._file)

    def _file(self) -> HttpResponse:
        fund_id, currency = self.fund()
        ask, contact = read_ask(
            read_object(self.web_request),
            currency=currency,
            needs_contact=self.actor.client_id is not None,
            today=self.now.date(),
        )

        def file(once: Any) -> RequestDetail:
            row = intake.submit(
                fund_id=fund_id,
                ask=ask,
                contact=contact.address if contact else None,
                allows_texts=contact.allows_texts if contact else False,
                channel="API",
                by=self.actor,
                now=self.now,
                once=once,
                token=self.caller.token,
            )
            return RequestDetail(row, ask.need_lines, [])

        return self.act(
            file,
            again=lambda request_id: details.detail(self.actor, request_id),
            body_of=lambda found: whole_body(found, currency, None),
            status=201,
            location=lambda found: address("requests", "req", found.id),
        )


class OneRequest(RequestDoor):
    """One request."""

    @Operation(
        "get_request",
        "Read a request",
        tag="requests",
        scope="requests:read",
        gives=RequestWhole,
        sample=REQUEST_SAMPLE,
        refusals=["forbidden"],
        description="Names, contacts and statements need `pii:read` and a role that sees identities. The "
        "answer's ETag names the version for If-Match.",
    )
    def get(self, request: Request, request_id: UUID) -> HttpResponse:
        """This will show it."""
        found = details.detail(self.actor, request_id)
        known = self.identities(found.request.fund_id, [found.request])
        return self._shown(found, known.get(request_id))

    @Operation(
        "change_request",
        "Change a request until its reading starts",
        tag="requests",
        scope="requests:write",
        headers=[IF_MATCH],
        sends=RequestChange,
        sample_sent={"need_lines": REQUEST_SENT["need_lines"]},
        gives=RequestWhole,
        sample={**REQUEST_SAMPLE, "version": 2},
        refusals=["wrong_state", "precondition_failed", "if_match_missing"],
        description="By the worker, or by who filed it. What is left out stays; what was sent before is kept "
        "as a revision. Its place in line does not change.",
    )
    def patch(self, request: Request, request_id: UUID) -> HttpResponse:
        """This will change it."""
        version = self.version_meant()
        currency = self.currency_of(self.again(request_id).fund_id)
        parts = read_change(read_object(self.web_request), currency=currency)
        try:
            changes.change(request_id=request_id, version=version, parts=parts, by=self.actor, now=self.now)
        except errors.StaleVersion as error:
            raise PreconditionFailed from error
        return self._shown(details.detail(self.actor, request_id), None)

    def _shown(self, found: RequestDetail, identity: Identity | None) -> HttpResponse:
        answer = json_answer(whole_body(found, self.currency_of(found.request.fund_id), identity))
        answer["ETag"] = etag(found.request.version)
        return answer


class Withdrawal(RequestDoor):
    """A request taken back."""

    @Operation(
        "withdraw_request",
        "Take a request back, before an award",
        tag="requests",
        scope="requests:write",
        gives=RequestBrief,
        sample={**REQUEST_BRIEF, "state": "WITHDRAWN"},
        key=KEY_OPTIONAL,
        refusals=["wrong_state"],
    )
    def post(self, request: Request, request_id: UUID) -> HttpResponse:
        """This will take it back."""
        self.read_nothing()
        return self.act(
            lambda once: intake.withdraw(request_id=request_id, by=self.actor, now=self.now, once=once),
            again=self.again,
            body_of=self.masked,
        )


class WithdrawalUndo(RequestDoor):
    """A request taken back, or whose money was given up, that comes back."""

    @Operation(
        "undo_withdrawal",
        "Undo that a request was taken back, or its money given up",
        tag="requests",
        scope="requests:write",
        description="Within the hours of the setting. It gets its state and its place again; where money was "
        "given up, it goes to the waiting list.",
        gives=RequestBrief,
        sample=REQUEST_BRIEF,
        key=KEY_OPTIONAL,
        refusals=["wrong_state", "live_request_exists"],
    )
    def post(self, request: Request, request_id: UUID) -> HttpResponse:
        """This will undo it."""
        self.read_nothing()
        return self.act(
            lambda once: taking_back.undo(request_id=request_id, by=self.actor, now=self.now, once=once),
            again=self.again,
            body_of=self.masked,
        )


class Review(RequestDoor):
    """A request taken into review."""

    @Operation(
        "start_review",
        "Take a new request into review",
        tag="requests",
        scope="decisions:write",
        gives=RequestBrief,
        sample={**REQUEST_BRIEF, "state": "IN_REVIEW"},
        key=KEY_OPTIONAL,
        refusals=["forbidden", "wrong_state"],
    )
    def post(self, request: Request, request_id: UUID) -> HttpResponse:
        """This will start it."""
        self.read_nothing()
        return self.act(
            lambda once: reviews.start(request_id=request_id, by=self.actor, now=self.now, once=once),
            again=self.again,
            body_of=self.masked,
        )


def _filters(query: Mapping[str, Any]) -> QueueFilters:
    """Read the filters. Errors: InvalidParameter for an amount that is none."""
    return QueueFilters(
        states=query.get("state", ()),
        craft=query.get("craft", ""),
        production=query.get("production", ""),
        asked_min_cents=paging.cents_or_none(query, "asked_gte"),
        asked_max_cents=paging.cents_or_none(query, "asked_lte"),
        sent_after=query.get("created_after"),
        sent_before=query.get("created_before"),
        q=query.get("q", ""),
    )
