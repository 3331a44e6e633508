"""The worker's pages, walked as a browser without scripts does."""

import re
from datetime import timedelta
from uuid import uuid4

import casework
import pytest
from builders import World, make_world, put_money_in
from django.conf import LazySettings
from django.test import Client
from django.utils import timezone
from walking import AFTER_CODE, ANSWERS, BEFORE_CODE, Walk, code_for, errors_of, heading_of

from fundmgr.domain.actors import SYSTEM
from fundmgr.domain.lifecycle import AwardState, RequestState
from fundmgr.domain.permissions import Role
from fundmgr.models import Fund, OutboxMessage
from fundmgr.services import background, funds
from requests_app.models import (
    AllocationRound,
    Applicant,
    AssistanceRequest,
    Award,
    ContactCode,
    Notice,
    PayeeAccount,
)
from requests_app.services import award_days, awards, payouts, reviews

ROUTING, ACCOUNT = "021000021", "000123456789"


@pytest.fixture
def world(db: None) -> World:
    return make_world(now=timezone.now() - timedelta(days=1))


@pytest.fixture
def walk(world: World) -> Walk:
    return Walk(world)


@pytest.fixture
def filled(walk: Walk) -> Walk:
    walk.fill()
    return walk


@pytest.fixture
def sent(filled: Walk) -> Walk:
    filled.send()
    return filled


def text_of(response) -> str:
    return response.content.decode()


# --- asking ---------------------------------------------------------------------------------


def test_a_worker_asks_from_start_to_receipt(filled: Walk) -> None:
    check = filled.get("apply/check/")
    assert heading_of(check) == "Check your answers, then send"
    assert "$3,000" in text_of(check)
    assert "1 adult, 2 children" in text_of(check)

    response = filled.send()

    assert response.url.endswith("/request/receipt/")
    row = AssistanceRequest.objects.get()
    receipt = filled.get("request/receipt/")
    assert heading_of(receipt) == "We have your request"
    assert row.reference in text_of(receipt)
    assert "a***@example.com" in text_of(receipt)
    assert row.channel == "WEB"
    assert row.asked_cents == 300_000
    assert row.odds_shown["start"]["requests_count"] == 0


def test_every_page_works_with_the_token_that_guards_against_forgery(world: World) -> None:
    walk = Walk(world, Client(enforce_csrf_checks=True))

    walk.fill()
    walk.send()

    assert AssistanceRequest.objects.count() == 1
    assert Client(enforce_csrf_checks=True).post(f"{walk.root}apply/").status_code == 403


def test_the_steps_are_counted_and_each_page_leads_to_the_next(walk: Walk) -> None:
    walk.start()

    for number, page in enumerate(BEFORE_CODE, start=1):
        assert f"Step {number} of 9" in text_of(walk.get(f"apply/{page}/"))
        walk.answer(page)
    assert "Step 4 of 9" in text_of(walk.get("apply/contact/"))
    walk.prove()
    for number, page in enumerate(AFTER_CODE, start=5):
        assert f"Step {number} of 9" in text_of(walk.get(f"apply/{page}/"))
        walk.answer(page)
    assert "Last step" in text_of(walk.get("apply/check/"))


def test_two_taps_on_send_make_one_request(filled: Walk) -> None:
    form = {**filled.hidden("apply/check/"), "true": "on", "then": "continue"}

    first = filled.client.post(f"{filled.root}apply/check/", form)
    second = filled.client.post(f"{filled.root}apply/check/", form)

    assert first.url.endswith("/request/receipt/")
    assert second.status_code == 302
    assert AssistanceRequest.objects.count() == 1
    assert OutboxMessage.objects.filter(effect_key__startswith="request_received").count() == 1


def test_a_form_sent_again_after_coming_back_makes_nothing_new(sent: Walk) -> None:
    assert sent.client.post(f"{sent.root}apply/check/", {"true": "on"}).status_code == 302
    assert sent.get("apply/").url.endswith("/request/")
    assert sent.get("request/receipt/").status_code == 200
    assert AssistanceRequest.objects.count() == 1


def test_the_box_must_be_ticked_to_send(filled: Walk) -> None:
    response = filled.post("apply/check/", {"then": "continue"})

    assert response.status_code == 422
    assert errors_of(response) == ["Tick the box to say it is true"]
    assert "<title>Error: Check your answers" in text_of(response)
    assert not AssistanceRequest.objects.exists()


def test_check_goes_first_to_the_page_that_is_missing(walk: Walk) -> None:
    walk.start()
    assert walk.get("apply/check/").url.endswith("/apply/show/")
    walk.answer(*BEFORE_CODE)
    assert walk.get("apply/check/").url.endswith("/apply/contact/")


def test_change_returns_to_the_check_page(filled: Walk) -> None:
    page = filled.get("apply/name/?return_to=check")
    assert 'value="Ana Rivera"' in text_of(page)

    response = filled.client.post(
        f"{filled.root}apply/name/", {"full_name": "Ana R.", "return_to": "check", "then": "continue"}
    )

    assert response.url.endswith("/apply/check/")
    assert "Ana R." in text_of(filled.get("apply/check/"))


def test_the_fund_may_close_in_the_middle_and_nothing_is_lost(world: World, filled: Walk) -> None:
    funds.pause_intake(fund_id=world.fund.id, by=world.actor(Role.DIRECTOR), now=timezone.now())

    response = filled.send()

    assert response.status_code == 409
    assert errors_of(response) == ["The fund is not taking requests now. Your answers are kept."]
    assert "Ana Rivera" in text_of(filled.get("apply/check/"))
    assert Walk(world).get("apply/").url == filled.root


# --- nothing typed is lost ------------------------------------------------------------------


def test_what_is_wrong_is_kept_shown_and_named_twice(walk: Walk) -> None:
    walk.start()

    response = walk.post("apply/job/", {"job_title": "Grip", "last_month": "13", "last_year": "2023"})

    assert response.status_code == 422
    assert "<title>Error: What was your job?" in text_of(response)
    assert errors_of(response) == [
        "Choose the kind of work you did",
        "Enter the month you last worked, like 4",
    ]
    assert 'value="Grip"' in text_of(response)
    assert 'value="13"' in text_of(response)
    assert 'value="13"' in text_of(walk.get("apply/job/"))


def test_a_month_and_a_year_that_are_missing_are_told_at_once(walk: Walk) -> None:
    walk.start()

    response = walk.post("apply/job/", {"department": "Lighting", "job_title": "Grip"})

    assert errors_of(response) == [
        "Enter the month you last worked, like 4",
        "Enter the year you last worked, like 2023",
    ]


def test_a_list_of_needs_without_a_tick_has_the_edge_of_a_fault(walk: Walk) -> None:
    walk.fill()

    page = text_of(walk.post("apply/need/", {"losing": "no"}))

    assert '<div class="field bad"><fieldset aria-describedby="need-error">' in page
    assert 'class="field bad"' not in text_of(walk.get("apply/need/"))


def test_whoever_stops_for_now_reads_how_to_come_back_by_phone_or_mail(walk: Walk) -> None:
    walk.start()
    walk.answer(*BEFORE_CODE)
    assert "on this phone" in text_of(walk.get("apply/saved/"))

    walk.prove(PHONE)

    assert "enter the number or address you gave us" in text_of(walk.get("apply/saved/"))


def test_save_and_come_back_later_keeps_even_what_is_not_right_yet(walk: Walk) -> None:
    walk.start()

    response = walk.post("apply/need/", {"need": ["RENT"], "amount_RENT": "abc", "then": "later"})

    assert response.url.endswith("/apply/saved/")
    assert heading_of(walk.get("apply/saved/")) == "Your answers are saved"
    page = text_of(walk.get("apply/need/"))
    assert 'value="abc"' in page
    assert 'value="RENT" checked' in page


def test_a_draft_is_found_again_on_another_phone_after_the_code(world: World, walk: Walk) -> None:
    walk.start()
    walk.answer(*BEFORE_CODE)
    walk.prove()
    walk.answer("household")

    other = Walk(world)
    other.prove(path="sign-in/")

    assert other.get("apply/").url.endswith("/apply/need/")
    assert 'value="Ana Rivera"' in text_of(other.get("apply/name/"))


def test_the_language_can_be_changed_in_the_middle_and_the_draft_stays(walk: Walk) -> None:
    walk.start()
    walk.answer("show")
    here = f"{walk.root}apply/show/"

    response = walk.client.post("/language/", {"language": "es", "next": here})

    assert response.url == here
    page = walk.get("apply/show/")
    assert heading_of(page) == "¿En qué programa trabajó?"
    assert 'value="Badge 27"' in text_of(page)
    assert '<html lang="es"' in text_of(page)


def test_a_worker_who_writes_spanish_is_answered_in_spanish(walk: Walk) -> None:
    walk.client.post("/language/", {"language": "es", "next": walk.root})
    walk.fill()
    walk.send()

    background.deliver(clock=timezone.now)

    assert AssistanceRequest.objects.get().language == "es"
    notice = Notice.objects.get(kind="request_received")
    assert notice.subject.startswith("Tenemos su solicitud")


# --- bad input ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "amount", ["", "-5", "0", "1e9", "NaN", "1,2,3", "12.345", "٣٠٠", "1" * 30, "$", "\0", "<b>"]
)
def test_an_amount_that_cannot_be_read_gets_a_sentence(walk: Walk, amount: str) -> None:
    walk.start()

    response = walk.post(
        "apply/need/", {"need": ["RENT"], "amount_RENT": amount, "losing": "no", "then": "continue"}
    )

    assert response.status_code == 422
    (sentence,) = errors_of(response)
    assert sentence in {
        "Enter the amount for rent or mortgage, like 1200",
        "Enter an amount above zero, like 1200",
    }
    assert 'href="#amount-RENT"' in text_of(response)


@pytest.mark.parametrize("amount", ["2400", "$2,400", " 2,400.00 ", "2400.0"])
def test_an_amount_may_be_written_in_any_usual_way(filled: Walk, amount: str) -> None:
    filled.answer("need", need={"need": ["RENT"], "amount_RENT": amount})

    assert "$2,400" in text_of(filled.get("apply/check/"))


@pytest.mark.parametrize("name", ["X", "ليلى", "O’Brien-D'Arcy", "Null", "李", "María José"])
def test_a_name_of_any_kind_is_taken(filled: Walk, name: str) -> None:
    filled.answer("name", name={"full_name": name})
    filled.send()

    assert Applicant.objects.get().full_name == name


@pytest.mark.parametrize(
    ("page", "changes", "sentence"),
    [
        ("show", {"show": ""}, "Enter the show you worked on"),
        ("show", {"show": "a\0b"}, "Remove the hidden characters, or type this again by hand"),
        ("name", {"full_name": " "}, "Enter your full name"),
        ("name", {"full_name": "🙂"}, "Enter your full name"),
        ("name", {"full_name": "2023 \u200b"}, "Enter your full name"),
        ("name", {"full_name": "A\u202eB"}, "Remove the hidden characters, or type this again by hand"),
        ("name", {"full_name": "x" * 200}, "What you wrote must be 120 letters or less (it has 200)"),
        ("job", {"last_year": "2999"}, "The last day you worked must be in the past"),
        ("job", {"last_year": "0001"}, "Enter a year from 1950 on, like 2023"),
        ("job", {"last_year": "0000"}, "Enter the year you last worked, like 2023"),
        ("job", {"last_month": "٤"}, "Enter the month you last worked, like 4"),
        ("job", {"job_title": " "}, "Enter your job title, like grip"),
        ("job", {"job_title": "\u200b"}, "Enter your job title, like grip"),
        ("job", {"department": "Astronaut"}, "Choose the kind of work you did"),
        ("household", {"adults": "0"}, "Enter a number from 1 to 20"),
        ("household", {"adults": "-1"}, "Enter how many adults, like 1"),
        ("household", {"children": "99999"}, "Enter how many children, like 2. Write 0 for none."),
        ("need", {"need": []}, "Choose at least one thing you need help with"),
        ("need", {"losing": ""}, "Choose yes or no"),
        ("need", {"losing": "yes"}, "Enter a real date, like 9 29 2023"),
        (
            "need",
            {"losing": "yes", "losing_month": "2", "losing_day": "30", "losing_year": "2023"},
            "Enter a real date, like 9 29 2023",
        ),
        (
            "need",
            {"losing": "yes", "losing_month": "2", "losing_day": "3", "losing_year": "0001"},
            "Check the year of that date",
        ),
        ("other-help", {"other_help": ""}, "Choose yes, no or I'm not sure"),
        ("other-help", {"other_help": "yes", "other_amount": "1e9"}, "Enter the amount in dollars, like 500"),
        (
            "anything-else",
            {"statement": "x" * 640},
            "What you wrote must be 500 letters or less (it has 640)",
        ),
    ],
)
def test_each_page_names_what_cannot_be_used(walk: Walk, page: str, changes: dict, sentence: str) -> None:
    walk.start()

    response = walk.post(f"apply/{page}/", {"then": "continue", **ANSWERS[page], **changes})

    assert response.status_code == 422
    assert sentence in errors_of(response)
    assert text_of(response).count(sentence.split("'", maxsplit=1)[0]) >= 2


@pytest.mark.parametrize("email", ["", "ana", "ana@", "a b@", "a\0@b.example", "@"])
def test_an_address_that_is_none_gets_a_sentence(walk: Walk, email: str) -> None:
    response = walk.post("sign-in/", {"channel": "MAIL", "email": email})

    assert response.status_code == 422
    assert errors_of(response) == ["Enter an email address like name@example.com"]


def test_pages_and_methods_that_do_not_exist_are_refused_politely(walk: Walk) -> None:
    walk.start()

    assert walk.get("apply/nowhere/").status_code == 404
    assert walk.get("sign-out/").status_code == 405
    assert walk.client.delete(f"{walk.root}request/").status_code == 405
    assert walk.client.get("/f/no-such-fund/apply/").status_code == 404
    assert walk.client.get("/f/no-such-fund/sign-in/").status_code == 404


# --- codes ----------------------------------------------------------------------------------


def test_known_and_unknown_addresses_get_the_same_page(world: World, sent: Walk) -> None:
    pages = []
    for email in ("ana@example.com", "new@example.com"):
        other = Walk(world)
        response = other.post("sign-in/", {"email": email})
        page = text_of(other.client.get(response.url))
        pages.append(re.sub(r'value="[^"]*"', "", page).replace(f"{email[0]}***", "***"))
    assert pages[0] == pages[1]


def test_a_wrong_code_is_told_and_the_right_one_still_works(walk: Walk) -> None:
    response = walk.post("sign-in/", {"email": "ana@example.com"})
    code = code_for("ana@example.com")

    wrong = walk.client.post(response.url, {"code": "000000" if code != "000000" else "111111"})

    assert wrong.status_code == 422
    assert errors_of(wrong) == ["That code is not right. Check the newest email from us."]
    assert walk.client.post(response.url, {"code": code}).status_code == 302


def test_too_many_codes_are_refused_with_a_sentence(walk: Walk) -> None:
    for _ in range(5):
        walk.post("sign-in/", {"email": "ana@example.com"})

    response = walk.post("sign-in/", {"email": "ana@example.com"})

    assert response.status_code == 429
    assert errors_of(response) == ["We sent five codes in one hour. Wait a while, then try again."]


def test_a_new_code_can_be_asked_for(walk: Walk) -> None:
    response = walk.post("sign-in/", {"email": "ana@example.com"})

    again = walk.client.post(f"{walk.root}sign-in/code/again/", follow=True)

    assert "We sent a new code." in text_of(again)
    assert ContactCode.objects.count() == 2
    assert walk.client.post(response.url, {"code": code_for("ana@example.com")}).status_code == 302


def test_the_code_page_needs_an_address_first(walk: Walk) -> None:
    assert walk.get("sign-in/code/").url.endswith("/sign-in/")
    assert walk.client.post(f"{walk.root}sign-in/code/again/").url.endswith("/sign-in/")
    assert walk.get("apply/contact/").url.endswith("/apply/")


def test_one_who_has_asked_is_led_to_the_request(world: World, sent: Walk) -> None:
    other = Walk(world)
    other.start()
    other.answer(*BEFORE_CODE)
    other.prove()

    assert other.get("apply/household/").url.endswith("/request/")


def test_signing_out_leaves_nothing_behind(sent: Walk) -> None:
    sent.client.post(f"{sent.root}sign-out/")

    assert sent.get("request/").url.endswith("/sign-in/")
    assert all(
        not cookie.value for name, cookie in sent.client.cookies.items() if name in {"draft", "contact"}
    )


# --- phones ---------------------------------------------------------------------------------


PHONE = "(213) 555-0142"


def test_a_worker_asks_by_phone_and_is_told_by_text(world: World, walk: Walk) -> None:
    walk.start()
    walk.answer(*BEFORE_CODE)
    page = text_of(walk.get("apply/contact/"))
    assert "Text STOP to end" in page
    walk.prove(PHONE, text_consent="on")
    walk.answer(*AFTER_CODE)
    assert PHONE in text_of(walk.get("apply/check/"))

    walk.send()

    receipt = text_of(walk.get("request/receipt/"))
    assert "Text sent to" in receipt
    assert "***0142" in receipt
    background.deliver(clock=timezone.now)
    notice = Notice.objects.get(kind="request_received")
    assert (notice.way, notice.state, notice.contact) == ("TEXT", "SENT", "+12135550142")


def test_without_the_tick_only_codes_are_texted_and_the_page_says_so(world: World, walk: Walk) -> None:
    walk.start()
    walk.answer(*BEFORE_CODE)
    walk.prove(PHONE)
    walk.answer(*AFTER_CODE)

    walk.send()

    assert "You did not ask for texts." in text_of(walk.get("request/receipt/"))
    background.deliver(clock=timezone.now)
    assert Notice.objects.get(kind="request_received").state == "HELD"


@pytest.mark.parametrize("phone", ["", "213 555 014", "ana@example.com", "(800) 555-0142", "\0", "911"])
def test_a_number_that_is_none_gets_a_sentence_and_stays_in_its_box(walk: Walk, phone: str) -> None:
    response = walk.post("sign-in/", {"channel": "TEXT", "phone": phone})

    assert response.status_code == 422
    assert errors_of(response) == ["Enter a mobile phone number with 10 digits"]
    assert not ContactCode.objects.exists()


def test_a_box_that_is_filled_says_which_way_was_meant(walk: Walk) -> None:
    response = walk.post("sign-in/", {"channel": "TEXT", "phone": "", "email": "ana@example.com"})

    assert response.status_code == 302
    assert ContactCode.objects.get().contact == "ana@example.com"


def test_a_new_code_goes_to_the_same_phone_and_the_number_can_be_changed(walk: Walk) -> None:
    response = walk.post("sign-in/", {"channel": "TEXT", "phone": PHONE})
    page = text_of(walk.client.get(response.url))
    assert "We texted it to ***0142" in page
    assert "Change the number, or use email" in page

    walk.client.post(f"{walk.root}sign-in/code/again/")

    assert {row.contact for row in ContactCode.objects.all()} == {"+12135550142"}
    assert ContactCode.objects.count() == 2
    assert f'value="{PHONE}"' in text_of(walk.get("sign-in/"))


def test_known_and_unknown_numbers_get_the_same_page(world: World, walk: Walk) -> None:
    walk.prove(PHONE, path="sign-in/")
    pages = []
    for phone in (PHONE, "(213) 555-0143"):
        other = Walk(world)
        response = other.post("sign-in/", {"channel": "TEXT", "phone": phone})
        page = text_of(other.client.get(response.url))
        pages.append(re.sub(r'value="[^"]*"|\*\*\*\d+', "", page))
    assert pages[0] == pages[1]


def test_a_fund_without_texts_asks_for_an_address_alone(walk: Walk, settings) -> None:
    settings.SMS_CHANNEL = "none"

    page = text_of(walk.get("sign-in/"))

    assert 'name="email"' in page
    assert 'name="phone"' not in page
    assert 'name="channel"' not in page
    assert walk.post("sign-in/", {"phone": PHONE}).status_code == 422


# --- other people's things ------------------------------------------------------------------


def test_a_tampered_cookie_opens_no_draft(world: World, walk: Walk) -> None:
    walk.start()
    walk.answer("show")
    stolen = walk.client.cookies["draft"].value

    for forged in (stolen[:-1] + "x", stolen.split(":")[0], uuid4().hex, ""):
        other = Walk(world)
        other.client.cookies["draft"] = forged
        assert other.get("apply/show/").url.endswith("/apply/")


def test_a_cookie_of_a_draft_that_has_an_owner_opens_nothing_without_the_owner(
    world: World, filled: Walk
) -> None:
    other = Walk(world)
    other.client.cookies["draft"] = filled.client.cookies["draft"].value
    assert other.get("apply/name/").url.endswith("/apply/")

    other.prove("eve@example.com", path="sign-in/")
    assert other.get("apply/name/").url.endswith("/apply/")


def test_a_cookie_of_one_fund_means_nothing_to_another(world: World, walk: Walk) -> None:
    walk.start()
    second = make_world(name="Second Fund", now=timezone.now())
    other = Walk(second)
    other.client.cookies["draft"] = walk.client.cookies["draft"].value

    assert other.get("apply/show/").url.endswith("/apply/")


def test_a_worker_of_one_fund_has_no_request_in_another(sent: Walk) -> None:
    second = make_world(name="Second Fund", now=timezone.now())

    assert sent.client.get(f"/f/{second.fund.slug}/request/").status_code == 404


@pytest.mark.parametrize(
    "path", ["request/answer/", "request/take-back/", "request/give-up/", "request/pay/", "request/pay/bank/"]
)
def test_nobody_acts_on_a_request_without_signing_in(world: World, sent: Walk, path: str) -> None:
    before = AssistanceRequest.objects.values().get()

    for answer in (Walk(world).get(path), Walk(world).client.post(f"{sent.root}{path}")):
        assert (answer.status_code, answer.url) == (302, f"{sent.root}sign-in/")
    assert AssistanceRequest.objects.values().get() == before


def test_private_pages_are_not_kept_by_caches(sent: Walk) -> None:
    for path in ("request/", "request/receipt/", "apply/"):
        assert sent.get(path)["Cache-Control"] == "no-store"


# --- after sending --------------------------------------------------------------------------


def test_my_request_says_where_it_is_and_what_is_promised(sent: Walk) -> None:
    page = text_of(sent.get("request/"))

    assert AssistanceRequest.objects.get().reference in page
    assert "We have it" in page
    assert page.count('aria-current="step"') == 1
    assert "By " in page


def test_a_question_is_shown_answered_and_read_on(world: World, sent: Walk) -> None:
    request = AssistanceRequest.objects.get()
    reviewer = world.actor(Role.REVIEWER)
    reviews.start(request_id=request.id, by=reviewer, now=timezone.now())
    reviews.ask_for_info(
        request_id=request.id, text="Which month did you stop?", by=reviewer, now=timezone.now()
    )

    status = text_of(sent.get("request/"))
    assert "We need one thing" in status
    assert "Which month did you stop?" in status
    empty = sent.post("request/answer/", {"text": " "})
    assert errors_of(empty) == ["Write your answer"]
    stale = {**sent.hidden("request/answer/"), "text": "In June, from another phone"}
    response = sent.post("request/answer/", {"text": "In May"})

    assert response.url.endswith("/request/")
    request.refresh_from_db()
    assert request.state == RequestState.IN_REVIEW
    assert request.info_requests.get().answer == "In May"
    assert sent.get("request/answer/").url.endswith("/request/")
    late = sent.client.post(f"{sent.root}request/answer/", stale)
    assert (late.status_code, len(errors_of(late))) == (409, 1)
    assert "In June, from another phone</textarea>" in text_of(late)
    assert request.info_requests.get().answer == "In May"


def test_a_request_is_taken_back_once(sent: Walk) -> None:
    form = sent.hidden("request/take-back/")

    for _ in range(2):
        response = sent.client.post(f"{sent.root}request/take-back/", form)
        assert response.url.endswith("/request/")

    assert AssistanceRequest.objects.get().state == RequestState.WITHDRAWN
    page = sent.get("request/")
    assert heading_of(page) == "You took your request back"
    assert sent.get("request/take-back/").url.endswith("/request/")
    assert sent.get("apply/").status_code == 200


def test_a_refusal_gives_its_reason_in_plain_words(world: World, sent: Walk) -> None:
    request = AssistanceRequest.objects.get()
    decision = casework.propose(world, request, is_eligible=False, reasons=["NOT_IN_CLASS"])
    assert "Not this time" not in text_of(sent.get("request/"))
    casework.decide(world, decision)

    page = sent.get("request/")

    assert heading_of(page) == "This fund cannot pay for your request"
    assert "This fund is only for people who worked on its shows." in text_of(page)
    assert "denied" not in text_of(page).lower()


@pytest.fixture
def awarded(world: World, sent: Walk) -> Walk:
    put_money_in(world, 50_000_000, now=timezone.now())
    _share(world)
    return sent


def _share(world: World) -> None:
    casework.make_eligible(world, list(AssistanceRequest.objects.all()))
    row = casework.rounds.propose_rule(
        fund_id=world.fund.id, rule=casework.EQUAL, by=world.actor(Role.DIRECTOR), now=timezone.now()
    )
    casework.rounds.approve(
        round_id=row.id, result_digest=None, by=world.actor(Role.APPROVER), now=timezone.now()
    )


def test_an_award_shows_its_amount_why_and_the_one_thing_to_do(awarded: Walk) -> None:
    page = awarded.get("request/")

    assert heading_of(page) == "$1,500.00"
    assert "Approved" in text_of(page)
    assert "This fund pays at most $1,500 to one household" in text_of(page)
    assert "Choose how to get paid" in text_of(page)


def test_more_money_for_the_same_request_is_told_as_coming_on_top(world: World, sent: Walk) -> None:
    put_money_in(world, 100_000, now=timezone.now())
    _share(world)
    (first,) = AllocationRound.objects.all()
    awards.choose_payee(award_id=Award.objects.get().id, method="PICK_UP", by=SYSTEM, now=timezone.now())
    put_money_in(world, 20_000, bank_reference="WIRE-2", now=timezone.now())

    row = casework.rounds.top_up(round_id=first.id, by=world.actor(Role.DIRECTOR), now=timezone.now())
    assert heading_of(sent.get("request/")) != "$196.00"
    casework.rounds.approve(
        round_id=row.id, result_digest=None, by=world.actor(Role.APPROVER), now=timezone.now()
    )

    page = sent.get("request/")
    assert heading_of(page) == "$196.00"
    assert "This comes on top of the $980.00 from before." in text_of(page)
    assert "We pay by:" in text_of(page)
    assert "Choose how to get paid" not in text_of(page)


def test_bank_details_are_judged_shown_back_once_and_then_masked(awarded: Walk) -> None:
    assert errors_of(awarded.post("request/pay/", {})) == ["Choose how we should pay you"]
    response = awarded.post("request/pay/", {"method": "BANK"})
    assert response.url.endswith("/request/pay/bank/")

    wrong = awarded.post(
        "request/pay/bank/",
        {"name_on_account": "Ana", "routing_number": "123456789", "account_number": "12"},
    )
    assert wrong.status_code == 422
    assert errors_of(wrong) == [
        "Check the routing number. It does not match a US bank.",
        "Enter the account number: 4 to 17 digits",
    ]
    short = awarded.post("request/pay/bank/", {"name_on_account": "Ana", "routing_number": "12345678"})
    assert "Enter a routing number with 9 digits" in errors_of(short)
    typed = {"name_on_account": "Ana Rivera", "routing_number": ROUTING, "account_number": ACCOUNT}
    shown = awarded.post("request/pay/bank/", typed)
    assert heading_of(shown) == "Is this right?"
    assert ACCOUNT in text_of(shown)
    assert not PayeeAccount.objects.exists()

    done = awarded.post("request/pay/bank/", {**typed, "confirm": "1"})

    assert done.url.endswith("/request/")
    page = text_of(awarded.get("request/"))
    assert "6789" in page
    assert ACCOUNT not in page
    assert PayeeAccount.objects.get().account_number == ACCOUNT
    assert Award.objects.get().state == AwardState.COMMITTED


def test_a_card_by_mail_is_offered_where_the_operator_says_so(awarded: Walk, settings: LazySettings) -> None:
    assert "Prepaid card by mail" in text_of(awarded.get("request/pay/"))
    typed = {"name_on_account": "Ana Rivera", "address": "1 Main Street, Burbank, CA 91505"}
    assert "Name on the card" in text_of(awarded.post("request/pay/card/", typed))
    awarded.post("request/pay/card/", {**typed, "confirm": "1"})
    assert PayeeAccount.objects.get().method == "CARD"

    settings.PAY_WAYS = frozenset({"BANK"})

    assert "Prepaid card by mail" not in text_of(awarded.get("request/pay/"))
    assert awarded.get("request/pay/card/").status_code == 404


def test_changed_details_say_how_long_they_wait(awarded: Walk) -> None:
    typed = {"name_on_account": "Ana", "routing_number": ROUTING, "account_number": ACCOUNT, "confirm": "1"}
    assert "we wait 72 hours" not in text_of(awarded.get("request/pay/"))
    awarded.post("request/pay/bank/", typed)
    assert "You changed this" not in text_of(awarded.get("request/"))
    assert "we wait 72 hours before we pay" in text_of(awarded.get("request/pay/"))

    awarded.post("request/pay/bank/", {**typed, "account_number": "999888777"})

    page = text_of(awarded.get("request/"))
    assert "You changed this, so we wait until" in page
    assert "ending in 8777" in page


def test_details_can_be_changed_before_they_are_kept(awarded: Walk) -> None:
    typed = {"name_on_account": "Ana", "routing_number": ROUTING, "account_number": ACCOUNT, "change": "1"}

    page = awarded.post("request/pay/bank/", typed)

    assert page.status_code == 200
    assert f'value="{ACCOUNT}"' in text_of(page)
    assert not PayeeAccount.objects.exists()


@pytest.mark.parametrize(
    ("path", "typed"),
    [
        ("check", {"name_on_account": "Ana Rivera", "address": "1 Main St\nLos Angeles, CA 90001"}),
        ("pick-up", {}),
    ],
)
def test_a_check_needs_no_bank(awarded: Walk, path: str, typed: dict) -> None:
    shown = awarded.post(f"request/pay/{path}/", typed)
    assert heading_of(shown) == "Is this right?"

    awarded.post(f"request/pay/{path}/", {**typed, "confirm": "1"})

    assert PayeeAccount.objects.get().method == path.upper().replace("-", "_")


def test_a_way_to_pay_that_does_not_exist_is_not_found(awarded: Walk) -> None:
    assert awarded.get("request/pay/bitcoin/").status_code == 404


def test_an_award_can_be_given_up(awarded: Walk) -> None:
    assert heading_of(awarded.get("request/give-up/")) == "Give the money up"

    awarded.post("request/give-up/")

    assert Award.objects.get().state == AwardState.DECLINED
    assert heading_of(awarded.get("request/")) == "Your request is closed"
    assert awarded.get("request/pay/").url.endswith("/request/")


@pytest.mark.parametrize(
    ("language", "said"), [("en", "did not hear how to pay you"), ("es", "no supimos cómo pagarle")]
)
def test_an_award_that_expired_is_told_with_a_way_to_ask_again(
    awarded: Walk, language: str, said: str
) -> None:
    award = Award.objects.get()
    assert award.accept_by is not None
    after = award.accept_by + timedelta(seconds=1)
    award_days.expire(fund_id=award.fund_id, now=after)

    awarded.client.post("/language/", {"language": language, "next": awarded.root})
    page = awarded.get("request/")

    assert said in text_of(page)
    assert awarded.get("request/pay/").url.endswith("/request/")


def test_a_payment_is_followed_to_the_end_and_back(world: World, awarded: Walk) -> None:
    typed = {"name_on_account": "Ana", "routing_number": ROUTING, "account_number": ACCOUNT, "confirm": "1"}
    awarded.post("request/pay/bank/", typed)
    batch = casework.build(world, now=timezone.now())
    casework.release(world, batch, now=timezone.now())
    assert "and is on its way to you." in text_of(awarded.get("request/"))
    assert "Change how we pay you" not in text_of(awarded.get("request/"))
    Fund.objects.update(help_phone="(213) 555-0100")
    for path in ("request/pay/", "request/pay/bank/"):
        page = awarded.get(path)
        assert heading_of(page) == "This payment already left"
        assert "account ending in 6789" in text_of(page)
        assert "Call (213) 555-0100</a>" in text_of(page)
    awarded.client.post(f"{awarded.root}request/pay/bank/", {**typed, "account_number": "999888777"})
    assert PayeeAccount.objects.count() == 1

    payout = Award.objects.get().payouts.get()
    payouts.settle(payout_ids=[payout.id], by=world.actor(Role.TREASURER_PREPARES), now=timezone.now())
    assert "Paid" in text_of(awarded.get("request/"))
    payouts.record_return(
        payout_id=payout.id, code="R03", by=world.actor(Role.TREASURER_PREPARES), now=timezone.now()
    )

    page = text_of(awarded.get("request/"))
    assert "Payment came back" in page
    assert "Tell us a new way to pay you" in page
    # Once there is a new way, nothing of it has come back.
    awarded.post("request/pay/bank/", {**typed, "account_number": "5555000011"})
    page = text_of(awarded.get("request/"))
    assert "Payment came back" not in page
    assert "account ending in 0011" in page


def test_one_on_the_waiting_list_is_told_that_it_is_the_money(world: World, sent: Walk) -> None:
    request = AssistanceRequest.objects.get()
    AssistanceRequest.objects.filter(id=request.id).update(state=RequestState.WAITLISTED)

    page = sent.get("request/")

    assert heading_of(page) == "We could not pay you this time"
    assert "This is not about your work or your worth." in text_of(page)


def test_a_promise_that_was_broken_is_said(sent: Walk) -> None:
    long_ago = timezone.now() - timedelta(days=30)
    AssistanceRequest.objects.update(submitted_at=long_ago)

    assert "We are late." in text_of(sent.get("request/"))
