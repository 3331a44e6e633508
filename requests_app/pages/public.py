"""The fund's public page: the honest numbers, how it chooses, and the way to ask."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from fundmgr.domain import errors
from fundmgr.domain.ratios import rounded_ratio
from requests_app.pages import kept_pages, public_gifts
from requests_app.pages import worker_words as words
from requests_app.pages.applicant.odds_box import odds_of
from requests_app.pages.kept_pages import Found, language
from requests_app.pages.public_words import rule_notes, rule_source, rule_steps
from requests_app.queries import public
from requests_app.queries.helped_groups import NOT_URGENT, OTHERS, URGENT, Group
from requests_app.queries.public import Figures, FundPage
from requests_app.services.pledge_offers import ENDING
from requests_app.sites import site_of
from requests_app.templatetags.fund_ui import count, money, when

OPEN = "OPEN"
TEMPLATE = "public/fund.html"
LEAST_PEOPLE = 10
MOST_FACTS = 3


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The only fund's page; before there is one, the page that sets it up."""
    try:
        return _shown(request, None)
    except errors.NotFound:
        return HttpResponseRedirect(reverse("setup"))


@require_safe
def fund(request: HttpRequest, slug: str) -> HttpResponse:
    """One fund's page."""
    try:
        return _shown(request, slug)
    except errors.NotFound:
        raise Http404 from None


@require_safe
def short_link(_request: HttpRequest, reference: str) -> HttpResponse:
    """The short address in a text: on to where the worker signs in; an unknown one leads to the front."""
    slug = public.slug_of_reference(reference)
    url = reverse("my-request", kwargs={"slug": slug}) if slug else reverse("home")
    return HttpResponseRedirect(url)


def _shown(request: HttpRequest, slug: str | None) -> HttpResponse:
    def find() -> Found:
        page = public.fund_page(slug, now=timezone.now())
        # All that the page says follows from these, and from whether the last day to ask is over.
        seen = (page, page.fund.closes_at and page.fund.closes_at > timezone.now())
        return Found(seen, page.fund.time_zone, lambda: _context(request, page))

    return kept_pages.answer(request, TEMPLATE, find)


def _context(request: HttpRequest, page: FundPage) -> dict[str, Any]:
    keys = {"slug": page.fund.slug}
    news_url = reverse("news", kwargs={**keys, "language": language()})
    return {
        "site": site_of(page.fund, home_url=reverse("fund", kwargs=keys)),
        "start_url": reverse("apply", kwargs=keys),
        "tell_me_url": reverse("tell-me", kwargs=keys),
        "rounds_url": reverse("rounds", kwargs=keys),
        "my_request_url": reverse("my-request", kwargs=keys),
        "news_url": news_url,
        "pledge_url": "" if page.fund.state in ENDING else reverse("pledge", kwargs=keys),
        "donor_url": reverse("donor-ask", kwargs=keys),
        "sign_out_url": reverse("sign-out", kwargs=keys) if request.user.is_authenticated else "",
        **_hero(page),
        **_rule(page),
        **_sections(page.figures),
        "marginal": public_gifts.what_money_does(page),
        "kept": public_gifts.kept(page.figures.kept),
        "odds": odds_of(page.figures.numbers),
        "donors": _donors(page.figures),
        "footer_links": [
            {"label": _("Who runs this fund"), "url": reverse("about", kwargs=keys)},
            {"label": _("Your privacy"), "url": reverse("privacy", kwargs=keys)},
            {"label": _("News (Atom)"), "url": news_url},
            {"label": _("Show it on your site"), "url": reverse("embed", kwargs=keys)},
            {"label": _("All figures as CSV"), "url": reverse("figures-csv", kwargs=keys)},
            {"label": _("All figures as JSON"), "url": reverse("figures-json", kwargs=keys)},
            {"label": _("The rule as JSON"), "url": reverse("rule-file", kwargs=keys)},
        ],
    }


def _hero(page: FundPage) -> dict[str, Any]:
    can_ask = page.fund.state == OPEN and page.policy is not None
    headline = _(page.fund.purpose) if page.fund.purpose else _("Help with rent, food and bills")
    return {
        "headline": headline,
        "status": _status(page),
        "eligible_text": _who(page),
        "minutes": 8,
        "can_ask": can_ask,
        "waiting_list": page.figures.odds.is_full,
        "paused_text": "" if can_ask else _("The fund is not taking requests now."),
        "facts": _facts(page),
        "shows": page.shows,
    }


def _status(page: FundPage) -> dict[str, str]:
    if page.fund.state == OPEN and page.policy is not None:
        closes_at = page.fund.closes_at
        if closes_at is not None and closes_at > timezone.now():
            return {"kind": "ok", "text": _("Open until %(day)s") % {"day": when(closes_at)}}
        return {"kind": "ok", "text": _("Open")}
    if page.fund.state in {"OPEN", "DRAFT"}:
        return {"kind": "neutral", "text": _("Not open yet")}
    if page.fund.state == "PAUSED":
        return {"kind": "wait", "text": _("Paused")}
    return {"kind": "neutral", "text": _("Closed")}


def _who(page: FundPage) -> str:
    if not page.shows:
        return _("For people who lost their pay.")
    shown = {"n": len(page.shows)}
    return (
        ngettext(
            "For anyone who worked on our show.",
            "For anyone who worked on one of our %(n)s shows.",
            len(page.shows),
        )
        % shown
    )


def _facts(page: FundPage) -> list[dict[str, str]]:
    """At most three figures beside the headline; a small number of people is not shown."""
    figures, facts = page.figures, []
    if figures.split.paid_cents and figures.split.paid_people >= LEAST_PEOPLE:
        people = _("to %(n)s people") % {"n": count(figures.split.paid_people)}
        facts.append(_fact(_("Paid so far"), money(figures.split.paid_cents, "whole"), people))
    if figures.pace is not None:
        facts.append(_fact(_("Usual time to an answer"), _days(figures.pace.median_days), ""))
    if figures.helped is not None:
        facts.append(_fact(_("People who met the rules"), count(figures.helped.eligible_count), _("so far")))
    if page.policy is not None:
        cap = money(page.policy.award_cap_cents, "whole")
        facts.append(_fact(_("At most"), cap, _("to one household")))
        days, note = _days(page.policy.decision_days), _("or on the working day after")
        facts.append(_fact(_("An answer within"), days, note))
    return facts[:MOST_FACTS]


def _rule(page: FundPage) -> dict[str, Any]:
    if page.policy is None:
        return {"rules": [], "rule_notes": [], "rule_source": ""}
    told = page.figures.numbers.rule
    return {
        "rules": rule_steps(told, cap_cents=page.policy.award_cap_cents),
        "rule_notes": rule_notes(told),
        "rule_source": rule_source(told),
    }


def _sections(figures: Figures) -> dict[str, Any]:
    return {
        "pace": _pace(figures),
        "paid": _paid(figures),
        "groups": _helped(figures),
        "categories": _categories(figures),
    }


def _pace(figures: Figures) -> dict[str, Any] | None:
    pace, to_money = figures.pace, figures.to_money
    if pace is None:
        return None
    paid_days = to_money.median_days if to_money else 0
    late = pace.answered_count - pace.on_time_count
    text = ""
    if min(late, pace.on_time_count) >= LEAST_PEOPLE or late == 0:
        text = _("We kept our date for %(kept)s of %(all)s people.") % {
            "kept": count(pace.on_time_count),
            "all": count(pace.answered_count),
        }
    return {
        "title": _("Half of the requests got an answer in %(days)s") % {"days": _days(pace.median_days)},
        "widest": max(pace.median_days, pace.promised_days, paid_days),
        "rows": [
            {
                "label": _("From sending to an answer"),
                "days": pace.median_days,
                "promised": pace.promised_days,
                "shown": _days(pace.median_days),
                "said": _("we said %(n)s") % {"n": pace.promised_days},
            },
            *([_to_money(paid_days)] if paid_days else []),
        ],
        "text": text,
    }


def _to_money(days: int) -> dict[str, Any]:
    """No day is promised for the money, so that its bar has no mark."""
    return {"label": _("From an award to the money"), "days": days, "shown": _days(days)}


def _paid(figures: Figures) -> dict[str, Any] | None:
    split, received = figures.split, figures.numbers.received_cents
    if received <= 0:
        return None
    title = _("%(paid)s has been paid so far") % {"paid": money(split.paid_cents, "whole")}
    if not split.paid_cents:
        title = _("Nothing has been paid yet")
    parts: list[dict[str, Any]] = [
        {"label": _("Paid to people"), "amount_cents": split.paid_cents, "kind": "made"},
        {"label": _("Decided, not yet paid"), "amount_cents": split.held_cents, "kind": "soft"},
        {"label": _("Still to be shared"), "amount_cents": split.available_cents, "kind": "edge"},
        {"label": _("Kept for appeals and returns"), "amount_cents": split.reserve_cents, "kind": "rest"},
        {"label": _("Not free to share"), "amount_cents": received - split.spoken_for_cents, "kind": "rest"},
    ]
    return {
        "title": title,
        "parts": [part for part in parts if part["amount_cents"] > 0],
        "total_label": _("Received"),
        "total_cents": received,
    }


def _helped(figures: Figures) -> dict[str, Any] | None:
    helped = figures.helped
    if helped is None:
        return None
    waiting = helped.waiting_count
    numbers = {"helped": count(helped.awarded_count), "all": count(helped.eligible_count)}
    row = {
        "label": _("With an award"),
        "note": "",
        "part": helped.awarded_count,
        "whole": helped.eligible_count,
        "shown": _("%(helped)s of %(all)s") % numbers,
    }
    rest = {
        "label": _("Waiting"),
        "note": _("when new money comes") if helped.awarded_count else "",
        "part": 0,
        "whole": waiting,
        "shown": count(waiting),
    }
    title = _("%(helped)s of %(all)s people who met the rules have an award")
    if not helped.awarded_count:
        title = _("%(all)s people met the rules and wait")
    return {
        "title": title % numbers,
        "tables": _tables(figures),
        "widest": helped.eligible_count,
        "rows": [each for each in (row, rest) if each["part"] or (each is rest and waiting)],
    }


def _tables(figures: Figures) -> list[dict[str, Any]]:
    """How far the money went by urgency and by department; nothing where it would tell of few people."""
    tiers = {URGENT: _("Urgent requests"), NOT_URGENT: _("Other requests")}
    crafts = {**dict(words.CRAFTS), OTHERS: _("All others")}
    found = [
        (
            _("By urgency"),
            _("Group"),
            _("Urgent: they told us that something is about to be cut off or lost."),
            _rows_of(figures.groups.tiers, tiers),
        ),
        (_("By department"), _("Department"), "", _rows_of(figures.groups.crafts, crafts)),
    ]
    return [dict(zip(("title", "head", "note", "rows"), one, strict=True)) for one in found if one[-1]]


def _rows_of(groups: Sequence[Group], labels: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [
        {"label": labels.get(one.name, one.name), "with": one.awarded_count, "whole": one.whole_count}
        for one in groups
    ]


def _categories(figures: Figures) -> dict[str, Any] | None:
    """What the money is asked for, most first."""
    if figures.numbers.too_early or not figures.categories:
        return None
    percent = rounded_ratio(100 * figures.categories[0][1], figures.numbers.asked_cents)
    labels = {category.value: label for category, label in words.NEEDS.items()}
    rows = [{"label": labels[name], "amount_cents": cents} for name, cents in figures.categories]
    return {
        "title": _("%(most)s: %(percent)s%% of what people ask for")
        % {"most": rows[0]["label"], "percent": percent},
        "rows": rows,
        "widest_cents": figures.categories[0][1],
    }


def _donors(figures: Figures) -> dict[str, Any] | None:
    """The promises and what came of each; money without one has a row, so that the table sums to all."""
    if not figures.donors:
        return None
    promised = sum(row[1] for row in figures.donors)
    received = sum(row[2] for row in figures.donors)
    shown = {"promised": money(promised, "whole"), "received": money(received, "whole")}
    title = (
        _("All %(promised)s promised has arrived")
        if received >= promised
        else _("%(received)s of %(promised)s promised has arrived")
    )
    rows = [(name or _("A donor"), cents, arrived) for name, cents, arrived in figures.donors]
    if figures.unpromised_cents:
        rows.append((_("Money without a promise"), 0, figures.unpromised_cents))
    return {
        "title": title % shown,
        "rows": [
            {"name": name, "promised_cents": cents, "received_cents": arrived}
            for name, cents, arrived in rows
        ],
        "promised_cents": promised,
        "received_cents": received + figures.unpromised_cents,
        "note": "",
    }


def _fact(label: str, value: str, note: str) -> dict[str, str]:
    return {"label": label, "value": value, "note": note}


def _days(days: int) -> str:
    return ngettext("%(n)s day", "%(n)s days", days) % {"n": days}
