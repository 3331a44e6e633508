"""A choice that no page offers: asked for again in words, with all that was typed still there.

The choices are read from the pages as a browser has them, so a new one stands in here from its first day on.
"""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from html import unescape

import builders
import casework
import gateway as gateways
import pytest
from builders import World
from django import forms
from django.utils import timezone
from walking import AFTER_CODE, BEFORE_CODE, Walk, errors_of

from fundmgr.domain.eligibility import Reason
from fundmgr.domain.permissions import Role
from requests_app.models import AssistanceRequest, Draft, TextConsent
from requests_app.pages import contact_forms, pay_forms
from requests_app.pages import forms as questions
from requests_app.pages.applicant import appeal, form_feedback, texts
from requests_app.services import reviews

FORGED = ("", "FORGED", "yes\x00", "<b>", "٣", "x" * 5_000)
# Where nothing chosen is an answer too: whoever fills one box has said which, and some need no answer.
MAY_BE_EMPTY = {"channel", "engagement"}
PLACES = {
    "draft": ["apply/show/", "apply/job/", "apply/name/", "apply/contact/"],
    "proved": [f"apply/{page}/" for page in (*AFTER_CODE, "anything-else")],
    "sent": [
        *(f"request/change/{page}/" for page in ("show", "job", "household", "need", "other-help")),
        "request/how-was-this-form/",
        "request/texts/",
        "my-data/contact/",
        "my-data/second-contact/",
    ],
    "nobody": ["sign-in/"],
    "refused": ["request/look-again/"],
    "awarded": ["request/pay/"],
}
INPUT = re.compile(r"<(?:input|button|select)\b[^>]*>")
PHONE = "+12135550142"


@pytest.fixture
def world(db: None, settings) -> Iterator[World]:
    with gateways.used(settings):
        yield builders.make_world(now=timezone.now() - timedelta(days=1))


def _draft(world: World) -> Walk:
    walk = Walk(world)
    walk.start()
    walk.answer(*BEFORE_CODE)
    return walk


def _proved(world: World) -> Walk:
    walk = _draft(world)
    walk.prove(PHONE)
    return walk


def _sent(world: World) -> Walk:
    walk = _proved(world)
    walk.answer(*AFTER_CODE)
    walk.send()
    return walk


def _refused(world: World) -> Walk:
    walk, now = _sent(world), timezone.now()
    decision = reviews.propose(
        request_id=AssistanceRequest.objects.get().id,
        is_eligible=False,
        reasons=[Reason.NO_LOSS_LINK],
        by=world.actor(Role.REVIEWER),
        now=now,
    )
    reviews.decide(decision_id=decision.id, approve=True, by=world.actor(Role.APPROVER), now=now)
    return walk


def _awarded(world: World) -> Walk:
    walk, now = _sent(world), timezone.now()
    builders.put_money_in(world, 50_000_000, now=now)
    casework.make_eligible(world, list(AssistanceRequest.objects.all()))
    row = casework.rounds.propose_rule(
        fund_id=world.fund.id, rule=casework.EQUAL, by=world.actor(Role.DIRECTOR), now=now
    )
    casework.rounds.approve(round_id=row.id, result_digest=None, by=world.actor(Role.APPROVER), now=now)
    return walk


AT: dict[str, Callable[[World], Walk]] = {
    "draft": _draft,
    "proved": _proved,
    "sent": _sent,
    "nobody": Walk,
    "refused": _refused,
    "awarded": _awarded,
}


def boxes_of(walk: Walk, place: str) -> tuple[set[str], set[str]]:
    """The names of the choices of a page, and those of its boxes for words."""
    text = walk.get(place).content.decode()
    main = text[text.find("<main") : text.find("</main")]
    choices, words = set(), set(re.findall(r'<textarea[^>]*name="([\w-]+)"', main))
    for tag in INPUT.findall(main):
        name = re.search(r'name="([\w-]+)"', tag)
        kind = re.search(r'type="([\w-]+)"', tag)
        if name and (tag.startswith("<select") or (kind and kind.group(1) == "radio")):
            choices.add(name.group(1))
        elif (
            name and tag.startswith("<input") and (kind is None or kind.group(1) in {"text", "tel", "email"})
        ):
            words.add(name.group(1))
    if place == "request/texts/":
        choices.add("texts")
    return choices, words


def fields_of_code() -> set[str]:
    """Every choice that a form of the workers' pages has."""
    modules = (questions, contact_forms, pay_forms, appeal, form_feedback)
    found = {
        name
        for module in modules
        for form in vars(module).values()
        if isinstance(form, type) and issubclass(form, forms.Form)
        for name, field in form.base_fields.items()
        if isinstance(field, forms.ChoiceField)
    }
    return found | {"texts"}


def test_control_every_choice_of_the_code_stands_on_a_page(world: World):
    found = set()
    for stage in ("draft", "proved", "nobody"):
        for place in PLACES[stage]:
            found |= boxes_of(AT[stage](world), place)[0]
    assert found == {"department", "engagement", "channel", "losing", "other_help", "proof"}

    assert fields_of_code() - found == {"opinion", "ground", "method", "texts"}
    assert texts.START == "start"


@pytest.mark.parametrize("stage", AT)
def test_a_forged_choice_is_asked_for_again_and_nothing_typed_is_lost(world: World, stage: str):
    walk, tried = AT[stage](world), set()
    for place in PLACES[stage]:
        choices, words = boxes_of(walk, place)
        typed = {name: f"Kept {name} 27" for name in words}
        for name in choices:
            for value in FORGED:
                if value == "" and name in MAY_BE_EMPTY:
                    continue
                answer = walk.post(place, {**typed, name: value, "then": "continue"})

                assert answer.status_code == 422, (place, name, value, answer.status_code)
                told = errors_of(answer)
                assert told, (place, name, value)
                assert all(told), (place, name, value, told)
                page = unescape(answer.content.decode())
                assert [kept for kept in typed.values() if kept not in page] == [], (place, name)
                tried.add(name)
    expected = {"sent": {"opinion", "texts"}, "refused": {"ground"}, "awarded": {"method"}}
    assert expected.get(stage, set()) <= tried


def test_a_forged_channel_is_told_in_the_words_of_the_box(world: World):
    walk = _draft(world)

    neither = walk.post("apply/contact/", {"channel": "PIGEON"})
    mail = walk.post(
        "apply/contact/", {"channel": "PIGEON", "email": "ana@example.com", "text_consent": "on"}
    )

    assert (neither.status_code, errors_of(neither)) == (422, ["Enter a mobile phone number with 10 digits"])
    assert (mail.status_code, errors_of(mail)) == (422, ["Enter an email address like name@example.com"])
    assert 'value="ana@example.com"' in mail.content.decode()


def test_a_word_that_no_button_has_stops_no_texts(world: World):
    walk = _sent(world)
    before = list(TextConsent.objects.values_list("word", flat=True))

    for value in ("", "STOP", "halt"):
        assert walk.post("request/texts/", {"texts": value}).status_code == 422

    assert list(TextConsent.objects.values_list("word", flat=True)) == before
    assert walk.post("request/texts/", {"texts": "stop"}).status_code == 302


def test_a_forged_choice_in_a_draft_keeps_the_form_at_its_page(world: World):
    walk = _draft(world)
    walk.post(
        "apply/job/", {"department": "FORGED", "last_month": "5", "last_year": "2023", "then": "continue"}
    )

    assert walk.get("apply/check/").url.endswith("/apply/job/")
    assert Draft.objects.count() == 1
