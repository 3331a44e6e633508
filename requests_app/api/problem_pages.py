"""The pages that a problem's `type` points at, for programs and for people."""

from typing import Any

from django.http import Http404, HttpResponse
from django.template.loader import render_to_string
from rest_framework import serializers
from rest_framework.request import Request

from requests_app.api import fields
from requests_app.api.answers import JSON, Body, json_answer
from requests_app.api.doors import Door
from requests_app.api.problems import PROBLEMS
from requests_app.api.schema import Operation

HTML = "text/html"


class ProblemCode(fields.Shown):
    """One code that a failure can carry."""

    code = serializers.CharField()
    status = serializers.IntegerField()
    title = serializers.CharField()
    cause = serializers.CharField()
    remedy = serializers.CharField()


class ProblemCodes(fields.Shown):
    """Every code."""

    data = ProblemCode(many=True)  # type: ignore[assignment]  # the lists' usual name, not the form's


def code_body(code: str) -> Body:
    """This will write what a code means."""
    return {"code": code, **vars(PROBLEMS[code])}


class Problems(Door):
    """Every code that a failure can carry."""

    @Operation(
        "list_problems",
        "List the codes of failures",
        tag="problems",
        scope=None,
        gives=ProblemCodes,
        sample={"data": [code_body("scope_missing")]},
        formats=(JSON, HTML),
    )
    def get(self, request: Request) -> HttpResponse:
        """This will list them."""
        bodies = [code_body(code) for code in PROBLEMS]
        if self.wanted == HTML:
            return page({"problems": bodies})
        return json_answer({"data": bodies})


class OneProblem(Door):
    """One code: why it comes and what to do."""

    @Operation(
        "get_problem",
        "Read what a code means",
        tag="problems",
        scope=None,
        gives=ProblemCode,
        sample=code_body("scope_missing"),
        formats=(JSON, HTML),
        refusals=["not_found"],
    )
    def get(self, request: Request, code: str) -> HttpResponse:
        """This will show it."""
        if code not in PROBLEMS:
            raise Http404
        if self.wanted == HTML:
            return page({"problems": [code_body(code)]})
        return json_answer(code_body(code))


class NoSuchPlace(Door):
    """Every address that is not one of ours."""

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """There is nothing to ask first."""
        raise Http404

    @property
    def default_response_headers(self) -> dict[str, str]:
        """No method would find more here, so that none is listed."""
        return {}


def page(context: dict[str, Any]) -> HttpResponse:
    """This will show codes as a page."""
    return HttpResponse(render_to_string("api/problems.html", context))
