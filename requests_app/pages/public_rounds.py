"""The public page of decided rounds, their files, and the programs that check them."""

import json
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from fundmgr.domain import errors
from requests_app.exports import attachment
from requests_app.exports.rule_text import in_each_language
from requests_app.pages.kept_pages import EVERYBODY
from requests_app.pages.public_words import shared_steps
from requests_app.queries import public, public_rounds
from requests_app.queries.public_rounds import PublicRound
from requests_app.sites import site_of
from requests_app.templatetags.fund_ui import count, money, when

PROGRAMS = ("verify_round.py", "verify_draw.py")


@require_safe
def rounds(request: HttpRequest, slug: str) -> HttpResponse:
    """The rounds that were decided."""
    try:
        fund, found = public_rounds.public_rounds(slug)
    except errors.NotFound:
        raise Http404 from None
    home_url = reverse("fund", kwargs={"slug": slug})
    context = {
        "site": site_of(fund, home_url=home_url),
        "back_url": home_url,
        "rounds": [_shown(one, slug) for one in found],
        "programs": [
            {"name": name, "url": reverse("round-program", kwargs={"slug": slug, "program": name})}
            for name in PROGRAMS
        ],
    }
    return render(request, "public/rounds.html", context)


@require_safe
def rule_file(request: HttpRequest, slug: str) -> JsonResponse:
    """The rule that is told, for programs: the document, and its sentences in each language."""
    try:
        fund, told = public.told_rule(slug, now=timezone.now())
    except errors.NotFound:
        raise Http404 from None
    found: dict[str, Any] = {"fund": fund.slug, "rule": None, "sentences": {}}
    if told is not None:
        found |= {
            "rule": told.rule,
            "told_by": told.source,
            "round": told.round_number,
            "since": told.since.isoformat().replace("+00:00", "Z"),
            "sentences": in_each_language(told.promises),
        }
    return JsonResponse(found, headers={"Cache-Control": EVERYBODY})


@require_safe
def file(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """One round as a file."""
    try:
        found = public_rounds.public_document(slug, number=number)
    except errors.NotFound:
        raise Http404 from None
    return _attached(json.dumps(found, indent=1), f"{slug}-round-{number}.json", "application/json")


@require_safe
def program(request: HttpRequest, slug: str, program: str) -> HttpResponse:
    """A program that checks such files, as it lies in the project."""
    if program not in PROGRAMS:
        raise Http404
    text = (Path(settings.BASE_DIR) / "docs" / program).read_text(encoding="utf-8")
    return _attached(text, program, "text/x-python; charset=utf-8")


def _attached(text: str, name: str, content_type: str) -> HttpResponse:
    answer = HttpResponse(text, content_type=content_type)
    for header, value in attachment.headers(name).items():
        answer[header] = value
    return answer


def _shown(one: PublicRound, slug: str) -> dict[str, Any]:
    row = one.row
    text = _("So few people are in it that figures would show a person.")
    if one.shows_figures:
        numbers = {"people": count(row.awarded_count), "amount": money(row.awarded_cents, "whole")}
        text = _("The round set aside %(amount)s for %(people)s people.") % numbers
    named = {"number": row.number, "day": when(row.committed_at)}
    return {
        "title": _("Round %(number)s, %(day)s") % named,
        "rule": shared_steps(one.promises),
        "text": text,
        "root": one.list_root,
        "result": row.result_digest,
        "url": reverse("round-file", kwargs={"slug": slug, "number": row.number})
        if one.shows_figures
        else "",
    }
