"""The fund's news as an Atom feed in each language: what happened, and each day how far the money goes."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from fundmgr.domain import errors
from fundmgr.domain.lifecycle import FundState
from requests_app.pages import kept_pages
from requests_app.pages.applicant.odds_box import far_words
from requests_app.queries import public_news
from requests_app.queries.public import FundNumbers
from requests_app.queries.public_news import News, RoundNews, StateNews
from requests_app.templatetags.fund_ui import count, money, when

CONTENT_TYPE = "application/atom+xml; charset=utf-8"


@require_safe
def news(request: HttpRequest, slug: str, language: str) -> HttpResponse:
    """The feed; who made nothing new since the last look is answered with the same bytes."""
    if language not in dict(settings.LANGUAGES):
        raise Http404

    def find() -> tuple[object, kept_pages.Writer]:
        fund, numbers, told = public_news.news(slug, now=timezone.now())
        day = timezone.localdate(numbers.as_of, ZoneInfo(fund.time_zone))
        seen = (fund.version, fund.name, day, numbers.received_cents, numbers.asked_cents, told)
        return seen, lambda: _feed(fund, numbers, told, language)

    try:
        return kept_pages.file(request, find, content_type=CONTENT_TYPE, language=language)
    except errors.NotFound:
        raise Http404 from None


def _feed(fund: Any, numbers: FundNumbers, told: list[News], language: str) -> str:
    with translation.override(language), timezone.override(ZoneInfo(fund.time_zone)):
        home, rounds = (_address(name, fund) for name in ("fund", "rounds"))
        feed = Atom1Feed(
            title=fund.name,
            link=home,
            description=_("News of the fund"),
            subtitle=_("What happened, and how far the money goes."),
            language=language,
            author_name=fund.name,
            feed_url=_address("news", fund, language=language),
            feed_guid=_guid(fund.id, f"feed:{language}"),
        )
        now = (_figures(numbers), far_words(numbers))
        _add(feed, now, link=home, at=numbers.as_of, key=_day_key(fund, numbers, language))
        for one in told:
            link = rounds if isinstance(one, RoundNews) else home
            key = _guid(fund.id, f"{type(one).__name__}:{one.at.isoformat()}:{language}")
            _add(feed, _said(one), link=link, at=one.at, key=key)
        return feed.writeString("utf-8")


def _address(name: str, fund: Any, **keys: str) -> str:
    return f"{settings.SITE_URL}{reverse(name, kwargs={'slug': fund.slug, **keys})}"


def _add(feed: Atom1Feed, said: tuple[str, str], *, link: str, at: datetime, key: str) -> None:
    title, words = said
    feed.add_item(
        title=title, link=link, description=words, content=words, pubdate=at, updateddate=at, unique_id=key
    )


def _day_key(fund: Any, numbers: FundNumbers, language: str) -> str:
    """One entry a day: it follows the figures until the next day begins another."""
    return _guid(fund.id, f"figures:{timezone.localdate(numbers.as_of).isoformat()}:{language}")


def _guid(fund_id: UUID, name: str) -> str:
    return uuid5(fund_id, name).urn


def _figures(numbers: FundNumbers) -> str:
    return _("The figures of %(day)s") % {"day": when(numbers.as_of, "full")}


def _said(one: News) -> tuple[str, str]:
    if isinstance(one, StateNews):
        return _state(one.state)
    if not isinstance(one, RoundNews):
        return (
            _("The fund said by which rule it shares its next money"),
            _("The rule and what follows from it stand on the fund's page."),
        )
    title = _("Round %(number)s is decided") % {"number": one.number}
    if one.people_count is None or one.awarded_cents is None:
        return title, _("So few people are in it that figures would show a person.")
    shown = {"people": count(one.people_count), "amount": money(one.awarded_cents, "whole")}
    return title, _("The round set aside %(amount)s for %(people)s people.") % shown


def _state(state: FundState) -> tuple[str, str]:
    if state is FundState.OPEN:
        return _("The fund is open"), _("It takes requests now.")
    if state is FundState.PAUSED:
        return _("The fund is paused"), _(
            "It takes no new requests. What was sent is still decided and paid."
        )
    if state is FundState.INTAKE_CLOSED:
        return (
            _("The fund takes no more requests"),
            _("What was sent is still decided and paid."),
        )
    if state is FundState.WINDING_DOWN:
        return _("The fund comes to its end"), _("What is open is decided and paid first.")
    return _("The fund is closed"), _("All is decided and paid.")
