"""The two numbers as a small picture that other sites may show: no script, no style of theirs, no visitor."""

import base64
import hashlib
import textwrap
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template import loader
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from fundmgr.domain import errors
from fundmgr.queries import funds
from requests_app.pages import kept_pages
from requests_app.pages.applicant.odds_box import far_words
from requests_app.queries import public
from requests_app.queries.public import FundNumbers
from requests_app.sites import site_of
from requests_app.templatetags.fund_ui import money, when

CONTENT_TYPE = "image/svg+xml; charset=utf-8"
TEMPLATE = "public/embed.svg"
# The bar inside its frame, and how many letters fit above it: of a name in small, of a sentence in a line.
BAR_WIDTH, MOST_LETTERS, LINE_LETTERS = 440, 52, 40
FIRST_LINE_Y, LINE_HEIGHT = 60, 22
# Own colours in light and in dark; the answer's policy lets in this text alone, by its hash.
STYLE = (
    "text{font:600 17px system-ui,-apple-system,'Segoe UI',Roboto,Arial,sans-serif;fill:#1b1f24}"
    ".s{font-size:14px;font-weight:400}.m{fill:#565d66}.e{text-anchor:end}"
    ".p{fill:#fbfaf7;stroke:#8a8f98}.w{fill:#fff;stroke:#8a8f98}.b{fill:#0b5a5e}"
    "@media(prefers-color-scheme:dark){text{fill:#edf0f2}.m{fill:#a9b2bb}"
    ".p{fill:#12161a;stroke:#8a8f98}.w{fill:#1a2026;stroke:#8a8f98}.b{fill:#5cc8c4}}"
)
_HASH = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
POLICY = f"default-src 'none'; style-src 'sha256-{_HASH}'; form-action 'none'; base-uri 'none'"


@require_safe
def picture(request: HttpRequest, slug: str, language: str) -> HttpResponse:
    """The bar with its words, as an SVG; its text stands in it too, for those who do not see it."""
    if language not in dict(settings.LANGUAGES):
        raise Http404

    def find() -> tuple[object, kept_pages.Writer]:
        fund = funds.fund_by_slug(slug)
        numbers = public.fund_numbers(fund.id, now=timezone.now())
        return (fund.name, numbers), lambda: _drawn(fund, numbers, language)

    try:
        answer = kept_pages.file(request, find, content_type=CONTENT_TYPE, language=language)
    except errors.NotFound:
        raise Http404 from None
    answer["Content-Security-Policy"] = POLICY
    return answer


@require_safe
def embed(request: HttpRequest, slug: str) -> HttpResponse:
    """How another site shows the picture: a line to copy for each language."""
    try:
        fund = funds.fund_by_slug(slug)
    except errors.NotFound:
        raise Http404 from None
    home_url = reverse("fund", kwargs={"slug": slug})
    context = {
        "site": site_of(fund, home_url=home_url),
        "back_url": home_url,
        "pictures": [_shown(fund, code, str(name)) for code, name in settings.LANGUAGES],
    }
    return render(request, "public/embed.html", context)


def _shown(fund: Any, code: str, name: str) -> dict[str, str]:
    keys = {"slug": fund.slug}
    path = reverse("embed-picture", kwargs={**keys, "language": code})
    return {"language": name, "code": code, "path": path, "url": f"{settings.SITE_URL}{path}"} | {
        "home": f"{settings.SITE_URL}{reverse('fund', kwargs=keys)}"
    }


def _lines(sentence: str) -> list[dict[str, Any]]:
    """A picture does not break lines by itself; one line alone stands in the middle of two."""
    found = textwrap.wrap(sentence, LINE_LETTERS)[:2]
    top = FIRST_LINE_Y + (LINE_HEIGHT // 2 if len(found) == 1 else 0)
    return [{"y": top + place * LINE_HEIGHT, "text": line} for place, line in enumerate(found)]


def _drawn(fund: Any, numbers: FundNumbers, language: str) -> str:
    with translation.override(language), timezone.override(ZoneInfo(fund.time_zone)):
        return loader.render_to_string(TEMPLATE, _context(fund, numbers, language))


def _context(fund: Any, numbers: FundNumbers, language: str) -> dict[str, Any]:
    received, asked = numbers.received_cents, numbers.asked_cents
    whole = max(received, asked)
    name = fund.name if len(fund.name) <= MOST_LETTERS else f"{fund.name[: MOST_LETTERS - 1]}…"
    return {
        "language": language,
        "style": STYLE,
        "name": name,
        "sentence": (sentence := far_words(numbers)),
        "lines": _lines(sentence),
        "part": BAR_WIDTH * max(received, 0) // whole if whole else 0,
        "whole": BAR_WIDTH * asked // whole if whole else BAR_WIDTH,
        "in_fund": _("%(amount)s in the fund") % {"amount": money(received, "whole")},
        "asked": _("%(amount)s asked for") % {"amount": money(asked, "whole")},
        "updated": _("Updated on %(moment)s") % {"moment": when(numbers.as_of, "stamp")},
    }
