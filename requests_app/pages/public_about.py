"""Who runs a fund and what becomes of what people tell it: two pages that anybody may read."""

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from fundmgr.domain import errors
from fundmgr.queries import funds
from requests_app.pages import kept_pages
from requests_app.pages.kept_pages import Found
from requests_app.queries import public
from requests_app.sites import site_of


@require_safe
def about(request: HttpRequest, slug: str) -> HttpResponse:
    """The board, the charity behind the fund, and how to reach them."""
    return _kept(request, slug, "public/about.html")


@require_safe
def privacy(request: HttpRequest, slug: str) -> HttpResponse:
    """What the fund asks of people, who sees it, and when it goes."""
    return _kept(request, slug, "public/privacy.html")


def _kept(request: HttpRequest, slug: str, template: str) -> HttpResponse:
    def find() -> Found:
        fund, policy = public.fund_and_policy(slug)
        seen = (fund.version, fund.name, fund.state, policy and policy.number)
        return Found(seen, fund.time_zone, lambda: _context(fund, policy))

    try:
        return kept_pages.answer(request, template, find)
    except errors.NotFound:
        raise Http404 from None


def _context(fund: Any, policy: Any) -> dict[str, Any]:
    keys = {"slug": fund.slug}
    home_url = reverse("fund", kwargs=keys)
    return {
        "site": site_of(fund, home_url=home_url),
        "back_url": home_url,
        "standing": _standing(fund),
        "ein": fund.ein,
        "board": funds.board_of(fund),
        "mail": fund.help_mail,
        "surplus_clause": fund.surplus_clause,
        "document_days": policy.document_days if policy else None,
        "draft_days": settings.LEFTOVERS_KEPT_DAYS,
        "paid_years": settings.PAID_RECORDS_KEPT_YEARS,
        "my_data_url": reverse("my-data", kwargs=keys),
        "rounds_url": reverse("rounds", kwargs=keys),
        "footer_links": [
            {"label": _("Who runs this fund"), "url": reverse("about", kwargs=keys)},
            {"label": _("Your privacy"), "url": reverse("privacy", kwargs=keys)},
        ],
    }


def _standing(fund: Any) -> str:
    """What the fund is in law, as far as it said."""
    named = {"fund": fund.name, "sponsor": fund.sponsor}
    if fund.sponsor:
        return _("%(fund)s is part of %(sponsor)s, which holds its money.") % named
    if fund.legal_form in {"charity", "public_charity", "private_foundation"}:
        return _("%(fund)s is a charity of its own.") % named
    if fund.legal_form == "union":
        return _("%(fund)s is a union's hardship fund.") % named
    return ""
