"""A worker stops texts on their page, and lets them come again."""

from datetime import timedelta

import gateway as gateways
import pytest
from builders import World, make_world
from console import Staff, text_of
from django.utils import timezone
from walking import AFTER_CODE, BEFORE_CODE, Walk, code_for, errors_of, heading_of

from fundmgr.domain import actors, ids
from fundmgr.domain.actors import Actor
from fundmgr.domain.permissions import Role
from fundmgr.models import Event
from fundmgr.services import background
from requests_app.models import AssistanceRequest, Notice, TextConsent
from requests_app.services import reviews

PHONE, MAIL = "(213) 555-0142", "ana@example.org"


@pytest.fixture
def world(db: None) -> World:
    return make_world(now=timezone.now() - timedelta(days=1))


def sent(world: World, contact: str, **more: str) -> Walk:
    walk = Walk(world)
    walk.start()
    walk.answer(*BEFORE_CODE)
    walk.prove(contact, **more)
    walk.answer(*AFTER_CODE)
    walk.send()
    return walk


def test_texts_are_stopped_and_begun_again_each_kept(world: World) -> None:
    walk = sent(world, PHONE, text_consent="on")
    assert "Stop texts" in walk.get("request/").content.decode()
    page = walk.get("request/texts/")
    assert heading_of(page) == "Stop texts"
    assert "Codes to get in still come" in page.content.decode()

    stopped = walk.post("request/texts/", {"texts": "stop"}, follow=True)

    assert "We stopped the texts." in stopped.content.decode()
    assert "Get texts" in stopped.content.decode()
    assert heading_of(walk.get("request/texts/")) == "Get texts"
    walk.post("request/texts/", {"texts": "start"})
    words = TextConsent.objects.order_by("created_at", "id").values_list("word", "source")
    assert list(words) == [("GIVEN", "FORM"), ("STOPPED", "PAGE"), ("GIVEN", "PAGE")]


def test_two_taps_are_one_word(world: World) -> None:
    walk = sent(world, PHONE, text_consent="on")
    form = {**walk.hidden("request/texts/"), "texts": "stop"}

    for _ in range(2):
        assert walk.client.post(f"{walk.root}request/texts/", form).status_code == 302

    assert TextConsent.objects.filter(word="STOPPED").count() == 1


def test_one_with_a_mailbox_stops_the_mail_and_reads_the_answers_on_the_page(world: World) -> None:
    walk = sent(world, "ana@example.com")
    assert "Stop emails" in text_of(walk.get("request/"))
    page = walk.get("request/texts/")
    assert heading_of(page) == "Stop emails"
    assert "not safe for you that someone sees them" in text_of(page)

    stopped = walk.post("request/texts/", {"texts": "stop"}, follow=True)
    ask_one_thing(world)

    assert "We stopped the emails." in text_of(stopped)
    told = Notice.objects.get(kind="info_needed")
    assert (told.state, told.sent_at) == ("HELD", None)
    assert "Every answer is on this page" in text_of(walk.get("request/"))
    assert "On your page only." in text_of(walk.get("request/receipt/"))
    case = Staff(world, Role.REVIEWER).get(
        f"requests/{ids.public('req', AssistanceRequest.objects.get().id)}/"
    )
    assert "stopped messages. It may not be safe to call or write" in text_of(case)
    # A code that is asked for comes, or nobody would get in again.
    Walk(world).prove("ana@example.com", path="sign-in/")

    walk.post("request/texts/", {"texts": "start"})
    ask_one_thing(world, again=True)
    assert heading_of(walk.get("request/texts/")) == "Stop emails"
    assert Notice.objects.filter(kind="info_needed").order_by("created_at").last().state == "SENT"


def ask_one_thing(world: World, *, again: bool = False) -> None:
    """The reader asks, and what is owed goes out."""
    row, now = AssistanceRequest.objects.get(), timezone.now()
    if again:
        reviews.answer_info(request_id=row.id, text="Local 80", by=worker_of(row), now=now)
    reviews.ask_for_info(
        request_id=row.id, text="Which local?", by=world.actor(Role.REVIEWER), now=timezone.now()
    )
    background.deliver(clock=timezone.now)


def worker_of(row: AssistanceRequest) -> Actor:
    return actors.person(row.applicant.user_id)


def test_a_wrong_code_sends_one_with_a_phone_to_the_newest_text(world: World) -> None:
    walk = Walk(world)
    walk.start()
    walk.answer(*BEFORE_CODE)
    walk.post("apply/contact/", {"channel": "TEXT", "phone": PHONE})
    code = code_for(PHONE)

    wrong = walk.post("apply/code/", {"code": "000000" if code != "000000" else "111111"})

    assert errors_of(wrong) == ["That code is not right. Check the newest text."]


def test_nobody_else_reaches_the_page(world: World) -> None:
    assert Walk(world).get("request/texts/").url.endswith("/sign-in/")


def test_one_who_stopped_texts_is_told_where_answers_are_and_can_have_them_by_mail(world: World) -> None:
    walk = sent(world, PHONE, text_consent="on")
    assert "We send you no messages now" not in text_of(walk.get("request/"))
    walk.post("request/texts/", {"texts": "stop"})

    assert "Every answer is on this page" in text_of(walk.get("request/"))
    page = walk.get("my-data/second-contact/")
    assert heading_of(page) == "A second way to reach you"
    assert 'name="phone"' not in text_of(page)
    wrong = walk.post("my-data/second-contact/", {"email": "(213) 555-0143"})
    assert (wrong.status_code, errors_of(wrong)) == (422, ["Enter an email address"])

    asked = walk.post("my-data/second-contact/", {"email": "ana@example.org"})
    assert asked.url.endswith("/second-contact/code/")
    done = walk.post("my-data/second-contact/code/", {"code": code_for("ana@example.org")})

    assert done.url.endswith("/my-data/")
    assert "a***@example.org" in text_of(walk.get("my-data/"))
    assert "We send you no messages now" not in text_of(walk.get("request/"))
    assert "Email sent to" in text_of(walk.get("request/receipt/"))
    case = Staff(world, Role.REVIEWER).get(
        f"requests/{ids.public('req', AssistanceRequest.objects.get().id)}/"
    )
    assert "Mail, to the second contact" in text_of(case)
    walk.post("my-data/second-contact/remove/")
    assert "Every answer is on this page" in text_of(walk.get("request/"))


def test_one_with_mail_adds_a_number_only_with_a_yes_to_texts(world: World) -> None:
    walk = sent(world, "ana@example.com")

    page = walk.post("my-data/second-contact/", {"phone": PHONE})

    assert errors_of(page) == ["Tick the box so that we may text you there"]
    assert 'name="email"' not in text_of(page)
    walk.post("my-data/second-contact/", {"phone": PHONE, "text_consent": "on"})
    walk.post("my-data/second-contact/code/", {"code": code_for(PHONE)})
    assert "***0142" in text_of(walk.get("my-data/"))
    assert TextConsent.objects.get().word == "GIVEN"


def with_second(world: World, first: str, second: dict[str, str], **more: str) -> Walk:
    """One who is reached at two contacts, the second proved by its code."""
    walk = sent(world, first, **more)
    walk.post("my-data/second-contact/", second)
    walk.post("my-data/second-contact/code/", {"code": code_for(next(iter(second.values())))})
    return walk


def by_mail_and_phone(world: World) -> Walk:
    return with_second(world, "ana@example.com", {"phone": PHONE, "text_consent": "on"})


def by_phone_and_mail(world: World) -> Walk:
    return with_second(world, PHONE, {"email": MAIL}, text_consent="on")


def told() -> list[tuple[str, str]]:
    rows = Notice.objects.filter(kind="info_needed").order_by("created_at", "id")
    return [(row.way, row.state) for row in rows]


@pytest.mark.parametrize(
    ("begin", "words", "ways"),
    [
        (by_mail_and_phone, ("If you stop emails, we text it to ***0142", "Stop emails"), ("MAIL", "TEXT")),
        (by_phone_and_mail, ("If you stop texts, we email it to a***@", "Stop texts"), ("TEXT", "MAIL")),
    ],
)
def test_stopping_the_first_way_sends_news_the_second_as_the_page_says(
    world: World, gateway, begin, words, ways
) -> None:
    walk = begin(world)
    page = walk.get("request/texts/")
    assert heading_of(page) == "Stop messages"
    assert all(word in text_of(page) for word in words)

    walk.post("request/texts/", {"texts": "stop"})
    ask_one_thing(world)

    assert told() == list(zip(ways, ("HELD", "SENT"), strict=True))
    assert "We send you no messages now" not in text_of(walk.get("request/"))


@pytest.mark.parametrize("begin", [by_mail_and_phone, by_phone_and_mail])
def test_stopping_all_messages_is_silence_at_both_until_they_are_wanted_again(
    world: World, gateway, begin
) -> None:
    walk = begin(world)
    page = text_of(walk.get("request/texts/"))
    assert "Stop all messages if it is not safe for you that someone sees them." in page

    stopped = walk.post("request/texts/", {"texts": "stop_all"}, follow=True)
    ask_one_thing(world)

    assert "We stopped all messages." in text_of(stopped)
    assert [state for _way, state in told()] == ["HELD"]
    assert "We send you no messages now" in text_of(walk.get("request/"))
    assert "You did not ask for texts" not in text_of(walk.get("request/receipt/"))
    assert Event.objects.filter(verb="contact.second_stopped").count() == 1
    case = Staff(world, Role.REVIEWER).get(
        f"requests/{ids.public('req', AssistanceRequest.objects.get().id)}/"
    )
    assert "stopped messages. It may not be safe to call or write" in text_of(case)
    again = text_of(walk.get("request/texts/"))
    assert "If that does not reach you, we write to" in again
    assert "Message and data rates may apply." in again
    assert "Stop all messages" not in again

    walk.post("request/texts/", {"texts": "start"})
    ask_one_thing(world, again=True)

    assert [state for _way, state in told()] == ["HELD", "SENT"]
    assert Event.objects.filter(verb="contact.second_allowed").count() == 1
    assert heading_of(walk.get("request/texts/")) == "Stop messages"


def test_after_the_first_way_was_stopped_the_second_can_be_too(world: World, gateway) -> None:
    walk = by_mail_and_phone(world)
    walk.post("request/texts/", {"texts": "stop"})
    page = text_of(walk.get("request/texts/"))
    assert "We text news about your request to ***0142." in page
    assert "We can email news about your request to a***@example.com." in page

    walk.post("request/texts/", {"texts": "stop_all"})
    ask_one_thing(world)

    assert told() == [("MAIL", "HELD")]


def test_a_second_way_that_is_added_anew_takes_messages_after_all_were_stopped(world: World, gateway) -> None:
    walk = by_phone_and_mail(world)
    walk.post("request/texts/", {"texts": "stop_all"})
    Notice.objects.filter(kind="contact_code").delete()

    walk.post("my-data/second-contact/", {"email": MAIL})
    walk.post("my-data/second-contact/code/", {"code": code_for(MAIL)})
    ask_one_thing(world)

    assert told() == [("TEXT", "HELD"), ("MAIL", "SENT")]


def test_others_of_a_shared_address_are_not_silenced(world: World, gateway) -> None:
    partner = sent(world, MAIL)
    walk = by_phone_and_mail(world)

    walk.post("request/texts/", {"texts": "stop_all"})

    assert heading_of(partner.get("request/texts/")) == "Stop emails"


@pytest.fixture
def gateway(settings):
    with gateways.used(settings) as one:
        yield one
