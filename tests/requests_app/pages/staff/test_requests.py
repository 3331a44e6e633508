"""The queue and one request on the pages of the console."""

from datetime import timedelta

import pytest
from builders import NOW, make_world
from casework import add_role, decide, file_request, make_eligible, propose, worker_of
from console import Staff, new_token, summary_of, text_of

from fundmgr.domain.eligibility import Urgency
from fundmgr.domain.ids import public
from fundmgr.domain.permissions import Role
from fundmgr.models import Event
from fundmgr.services import background
from requests_app.models import AssistanceRequest, Decision, InfoRequest
from requests_app.services import reviews

pytestmark = pytest.mark.django_db


def page_of(request: AssistanceRequest) -> str:
    """A request's page."""
    return f"requests/{public('req', request.id)}/"


def two_requests(world):
    """Two households."""
    first = file_request(world, 240_000, urgency=[Urgency.EVICTION])
    later = NOW + timedelta(minutes=5)
    second = file_request(
        world, 90_000, contact="b@example.org", full_name="Ali Khan", craft="Camera", now=later
    )
    return first, second


def test_the_queue_shows_who_asks_for_what():
    world = make_world()
    first, second = two_requests(world)

    words = text_of(Staff(world, Role.REVIEWER).get("requests/"))

    for said in (first.reference, second.reference, "River Stone", "Ali Khan", "2,400", "Eviction notice"):
        assert said in words


def test_an_approver_sees_needs_and_no_names():
    world = make_world()
    first, _ = two_requests(world)
    desk = Staff(world, Role.APPROVER)

    assert "River Stone" not in text_of(desk.get("requests/"))
    page = text_of(desk.get(page_of(first)))
    assert "River Stone" not in page
    assert "river@" not in page
    assert "r***@" not in page
    assert first.reference in page


def test_an_approver_finds_requests_by_their_number_only():
    world = make_world()
    first, _ = two_requests(world)
    desk = Staff(world, Role.APPROVER)

    by_name = desk.get("requests/", q="River")
    assert by_name.status_code == 422
    assert "by their number" in summary_of(by_name)
    assert desk.get("search/", q=first.reference)["Location"] == desk.address(page_of(first))


@pytest.mark.parametrize(
    ("query", "shown", "hidden"),
    [
        ("asked:>1000", "River Stone", "Ali Khan"),
        ("craft:Camera", "Ali Khan", "River Stone"),
        ("urgent:eviction", "River Stone", "Ali Khan"),
        ("Khan", "Ali Khan", "River Stone"),
        ("b@example.org", "Ali Khan", "River Stone"),
        ("reader:none", "River Stone", "nobody else"),
    ],
)
def test_filters_narrow_the_queue(query, shown, hidden):
    world = make_world()
    two_requests(world)

    words = text_of(Staff(world, Role.REVIEWER).get("requests/", q=query))

    assert shown in words
    assert hidden not in words


@pytest.mark.parametrize("query", ["colour:red", "asked:>lots", 'show:"x', "a" * 300, "status:\x00"])
def test_a_query_that_cannot_be_read_still_shows_the_queue(query):
    world = make_world()
    two_requests(world)

    answer = Staff(world, Role.REVIEWER).get("requests/", q=query)

    assert answer.status_code == 422
    assert summary_of(answer)
    assert "River Stone" in text_of(answer)


def test_an_empty_queue_says_why_and_what_to_do():
    words = text_of(Staff(make_world(), Role.REVIEWER).get("requests/"))

    assert "No request fits these filters" in words


def test_pages_of_the_queue_keep_the_filters():
    world = make_world()
    for number in range(53):
        file_request(world, 100_000 + number, contact=f"w{number}@example.org", full_name=f"Worker {number}")
    desk = Staff(world, Role.REVIEWER)

    first = text_of(desk.get("requests/", q="status:to_read", order="largest"))
    assert first.count("data-row") == 50
    link = first.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
    second = text_of(desk.browser.get(link))

    assert second.count("data-row") == 3
    assert 'value="status:to_read"' in second
    assert 'rel="prev"' in second


def test_searching_for_a_number_opens_the_request():
    world = make_world()
    first, _ = two_requests(world)
    desk = Staff(world, Role.REVIEWER)

    for words in (first.reference, first.reference.removeprefix("R-").lower(), "River Stone"):
        assert desk.get("search/", q=words)["Location"] == desk.address(page_of(first))
    assert "?q=Nobody" in desk.get("search/", q="Nobody")["Location"]


def test_the_next_request_is_the_oldest_unread():
    world = make_world()
    first, _ = two_requests(world)
    desk = Staff(world, Role.REVIEWER)

    assert desk.get("requests/next/")["Location"] == desk.address(page_of(first))
    assert Staff(world, Role.APPROVER).get("requests/next/").status_code == 403


def test_a_reviewer_takes_a_request_and_proposes():
    world = make_world()
    first, _ = two_requests(world)
    desk = Staff(world, Role.REVIEWER)

    desk.post(f"{page_of(first)}start/")
    first.refresh_from_db()
    assert (first.state, first.assignee_id) == ("IN_REVIEW", desk.actor.person_id)

    sent = {"outcome": "eligible", "amount": "2,000", "note": "The lease fits."}
    answer = desk.post(page_of(first), sent)

    assert answer["Location"] == desk.address(page_of(first))
    made = Decision.objects.get()
    assert (made.is_eligible, made.verified_cents, made.note) == (True, 200_000, "The lease fits.")
    page = text_of(desk.get(page_of(first)))
    assert "You proposed this. Another person must approve it." in page
    assert ">Approve" not in page


def test_proposing_and_opening_the_next_leads_to_the_next():
    world = make_world()
    first, second = two_requests(world)
    desk = Staff(world, Role.REVIEWER)

    answer = desk.post(page_of(first), {"outcome": "eligible", "amount": "", "then": "next"})

    assert answer["Location"] == desk.address("requests/next/")
    assert desk.get("requests/next/")["Location"] == desk.address(page_of(second))


def test_a_proposal_sent_twice_is_one_proposal():
    world = make_world()
    first, _ = two_requests(world)
    desk, token = Staff(world, Role.REVIEWER), new_token()

    for _ in range(2):
        answer = desk.post(page_of(first), {"outcome": "eligible", "amount": "100"}, token=token)
        assert answer.status_code == 302

    assert Decision.objects.count() == 1


@pytest.mark.parametrize(
    ("sent", "status", "said"),
    [
        ({}, 422, "Choose what you propose."),
        ({"outcome": "maybe"}, 422, "Choose what you propose."),
        ({"outcome": "not_eligible"}, 422, "Choose the reason."),
        ({"outcome": "not_eligible", "reason": "BORED"}, 422, "Choose a reason from the list."),
        ({"outcome": "ask"}, 422, "Write to the worker what you need."),
        ({"outcome": "eligible", "amount": "2400.01"}, 422, "cannot be more than was asked"),
        ({"outcome": "eligible", "amount": "1e3"}, 422, "Write the amount in dollars and cents"),
        ({"outcome": "eligible", "amount": "100", "note": "x" * 2001}, 422, "2000 letters or less"),
        ({"outcome": "eligible", "amount": "100", "note": "a\x00"}, 422, "cannot be stored"),
    ],
)
def test_a_proposal_that_cannot_be_made_is_told_with_what_was_typed(sent, status, said):
    world = make_world()
    first, _ = two_requests(world)

    answer = Staff(world, Role.REVIEWER).post(page_of(first), sent)

    assert answer.status_code == status
    assert said in summary_of(answer)
    assert not Decision.objects.exists()
    if sent.get("amount"):
        assert f'value="{sent["amount"]}"' in text_of(answer)


def test_asking_the_worker_stops_the_clock():
    world = make_world()
    first, _ = two_requests(world)
    desk = Staff(world, Role.REVIEWER)

    desk.post(page_of(first), {"outcome": "ask", "note": "Please send the lease."})

    first.refresh_from_db()
    assert first.state == "NEEDS_INFO"
    assert InfoRequest.objects.get().text == "Please send the lease."
    assert "Please send the lease." in text_of(desk.get(page_of(first)))


def test_an_answer_of_the_worker_is_shown():
    world = make_world()
    first, _ = two_requests(world)
    worker = worker_of(first)
    reviews.ask_for_info(request_id=first.id, text="The lease?", by=world.actor(Role.REVIEWER), now=NOW)
    reviews.answer_info(request_id=first.id, text="<b>Here</b> it is.", by=worker, now=NOW)

    words = text_of(Staff(world, Role.REVIEWER).get(page_of(first)))

    assert "&lt;b&gt;Here&lt;/b&gt; it is." in words


def test_another_person_makes_the_proposal_final():
    world = make_world()
    first, _ = two_requests(world)
    made = propose(world, first)
    desk = Staff(world, Role.APPROVER)
    assert "Approve $2,400" in text_of(desk.get(page_of(first)))

    answer = desk.post(f"{page_of(first)}{public('dec', made.id)}-final/")

    assert answer["Location"] == desk.address(page_of(first))
    first.refresh_from_db()
    assert (first.state, first.verified_cents, first.capped_cents) == ("ELIGIBLE", 240_000, 150_000)


def test_ones_own_proposal_is_403_with_the_sentence():
    world = make_world()
    first, _ = two_requests(world)
    add_role(world, world.actor(Role.REVIEWER), Role.APPROVER)
    made = propose(world, first)

    answer = Staff(world, Role.REVIEWER).post(f"{page_of(first)}{public('dec', made.id)}-final/")

    assert answer.status_code == 403
    assert "You proposed this. Another person must approve it." in summary_of(answer)
    first.refresh_from_db()
    assert first.state == "IN_REVIEW"


def test_a_proposal_is_decided_once():
    world = make_world()
    first, _ = two_requests(world)
    made = propose(world, first)
    desk = Staff(world, Role.APPROVER)
    desk.post(f"{page_of(first)}{public('dec', made.id)}-final/")

    answer = desk.post(f"{page_of(first)}{public('dec', made.id)}-final/")

    assert answer.status_code == 409
    assert summary_of(answer)


def test_a_proposal_goes_back_with_a_note():
    world = make_world()
    first, _ = two_requests(world)
    made = propose(world, first)
    desk, path = Staff(world, Role.APPROVER), f"{page_of(first)}{public('dec', made.id)}-back/"

    refused = desk.post(path, {"note": ""})
    done = desk.post(path, {"note": "Which month is the rent for?"})

    assert refused.status_code == 422
    assert "Write what must change." in text_of(refused)
    assert done.status_code == 302
    made.refresh_from_db()
    assert made.state == "SENT_BACK"


def test_several_are_proposed_at_once():
    world = make_world()
    first, second = two_requests(world)
    desk = Staff(world, Role.REVIEWER)

    nothing = desk.post("requests/propose/")
    done = desk.post("requests/propose/", {"request": [public("req", row.id) for row in (first, second)]})
    again = desk.post("requests/propose/", {"request": [public("req", first.id)]})
    wrong = desk.post("requests/propose/", {"request": ["req_1", "x"]})

    assert nothing.status_code == wrong.status_code == 422
    assert "Tick at least one request." in summary_of(nothing)
    assert done.status_code == 302
    assert Decision.objects.count() == 2
    assert again.status_code == 409
    assert "waits for a decision already" in summary_of(again)


def test_several_proposals_sent_twice_are_answered_as_the_first_time():
    world = make_world()
    sent = {"request": [public("req", row.id) for row in two_requests(world)]}
    desk, token = Staff(world, Role.REVIEWER), new_token()

    answers = [desk.post("requests/propose/", sent, token=token) for _ in range(2)]
    said = text_of(desk.get("requests/"))
    fewer = desk.post("requests/propose/", {"request": sent["request"][:1]}, token=token)

    assert [answer.status_code for answer in answers] == [302, 302]
    assert answers[0]["Location"] == answers[1]["Location"]
    assert said.count("2 proposals now wait for an approver.") == 2
    assert Decision.objects.count() == 2
    assert fewer.status_code == 422
    assert "sent before with other words" in summary_of(fewer)


def test_holding_back_and_opening_again():
    world = make_world()
    first, _ = two_requests(world)
    desk = Staff(world, Role.DIRECTOR)

    assert desk.post(f"{page_of(first)}hold/", {"reason": "because"}).status_code == 422
    desk.post(f"{page_of(first)}hold/", {"reason": "FRAUD_CHECK"})
    first.refresh_from_db()
    assert first.state == "ON_HOLD"
    assert "Open it again" in text_of(desk.get(page_of(first)))

    desk.post(f"{page_of(first)}reopen/", {"reason": "FRAUD_CHECK"})
    first.refresh_from_db()
    assert first.state == "IN_REVIEW"


def test_a_contact_is_shown_to_one_who_says_why_and_the_trail_keeps_it():
    world = make_world()
    first, _ = two_requests(world)
    desk = Staff(world, Role.REVIEWER)
    assert "river@example.org" not in text_of(desk.get(page_of(first)))
    assert "r***@example.org" in text_of(desk.get(page_of(first)))

    refused = desk.post(f"{page_of(first)}contact/", {})
    shown = desk.post(f"{page_of(first)}contact/", {"purpose": "CALL_WORKER"})

    assert refused.status_code == 422
    assert "river@example.org" not in text_of(refused)
    assert "river@example.org" in text_of(shown)
    event = Event.objects.get(verb="contact.revealed")
    assert event.object_id == first.id
    assert event.actor == desk.actor.key
    assert b"river" not in bytes(event.body)
    background.link_events()
    assert "opened the contact" in text_of(desk.get(page_of(first)))


def test_ones_own_households_request_is_not_there():
    world = make_world()
    first, _ = two_requests(world)
    worker = worker_of(first)
    add_role(world, worker, Role.REVIEWER)

    desk = Staff(world, worker)

    assert desk.get(page_of(first)).status_code == 404
    assert first.reference not in text_of(desk.get("requests/"))


def test_a_decided_request_shows_who_decided():
    world = make_world()
    first, second = two_requests(world)
    make_eligible(world, [first])
    decide(world, propose(world, second, is_eligible=False, reasons=["LATE"]))
    desk = Staff(world, Role.AUDITOR)

    page = text_of(desk.get(page_of(second)))
    assert "Came after the last day" in page
    assert "Decided by" in page
    assert "It waits for the next round." in text_of(desk.get(page_of(first)))
