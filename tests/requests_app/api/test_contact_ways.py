"""How a worker is reached, over the API: consent, another contact, a lost one, who waits for an opening."""

import re

from builders import NOW
from calling import code_of, file_request
from django.utils import timezone

from fundmgr.domain import ids
from fundmgr.domain.permissions import Role
from fundmgr.services import background, funds
from requests_app.models import Applicant, Notice, OpeningAsk, TextConsent

NEW = "new@example.org"


def of_request(row, rest: str) -> str:
    return f"requests/{ids.public('req', row.id)}/{rest}"


def test_who_filed_passes_a_workers_stop_on_once(world, program):
    filer = program(Role.INTAKE)
    row = file_request(world, "(213) 555-0142", by=filer.actor)

    first = filer.post(of_request(row, "text-consent"), {"allows_texts": False}, key="one")
    again = filer.post(of_request(row, "text-consent"), {"allows_texts": False}, key="one")

    assert (first.status_code, again.json()) == (200, first.json()), first.content
    assert first.json()["allows_texts"] is False
    assert [(one.word, one.source, one.told) for one in TextConsent.objects.all()] == [("STOPPED", "API", "")]
    assert (
        program(Role.INTAKE).post(of_request(row, "text-consent"), {"allows_texts": True}).status_code == 404
    )


def test_another_contact_is_proved_by_its_code(world, program):
    filer = program(Role.INTAKE)
    row = file_request(world, "old@example.org", by=filer.actor)
    asked = filer.post(of_request(row, "contact-change"), {"contact": NEW}, key=None)
    assert (asked.status_code, asked.json()["contact"]) == (202, "n***@example.org"), asked.content
    wrong = filer.post(of_request(row, "contact-change/code"), {"contact": NEW, "code": "0"}, key=None)
    assert wrong.status_code == 422
    assert Applicant.objects.get().contact == "old@example.org"

    code = re.search(r"\d{6}", newest_code()).group()
    done = filer.post(of_request(row, "contact-change/code"), {"contact": NEW, "code": code}, key=None)

    assert done.status_code == 200, done.content
    assert Applicant.objects.get().contact == NEW


def newest_code() -> str:
    background.deliver(clock=timezone.now)
    return Notice.objects.filter(kind="contact_code").order_by("-id").first().subject


def test_staff_who_filed_cannot_change_it_alone(world, person):
    reviewer = person(Role.REVIEWER)
    row = file_request(world, "old@example.org", by=reviewer.actor)

    answer = reviewer.post(of_request(row, "contact-change"), {"contact": NEW}, key=None)

    assert (answer.status_code, code_of(answer)) == (404, "not_found")


def test_a_lost_contact_is_handed_over_by_two(world, program):
    row = file_request(world, "old@example.org")
    reviewer, director = program(Role.REVIEWER), program(Role.DIRECTOR)
    sent = {"contact": NEW, "reason": "Called back."}
    made = reviewer.post(of_request(row, "contact-handovers"), sent)
    assert made.status_code == 201, made.content
    path = f"contact-handovers/{made.json()['id']}/decision"
    assert reviewer.post(path, {"outcome": "MADE"}).status_code == 403

    done = director.post(path, {"outcome": "MADE"})

    assert (done.status_code, done.json()["state"]) == (200, "MADE"), done.content
    assert Applicant.objects.get().contact == NEW
    listed = reviewer.get(of_request(row, "contact-handovers")).json()["data"]
    assert [one["contact"] for one in listed] == [NEW]
    unseen = program(Role.REVIEWER, scopes="requests:read").get(of_request(row, "contact-handovers"))
    assert unseen.json()["data"][0]["contact"] is None


def test_a_contact_waits_for_an_opening_and_is_only_counted(world, program):
    path = f"funds/{ids.public('fund', world.fund.id)}/opening-asks"
    filer = program(Role.INTAKE)
    assert code_of(filer.post(path, {"contact": NEW})) == "wrong_state"
    funds.pause_intake(fund_id=world.fund.id, by=world.actor(Role.DIRECTOR), now=NOW)

    answers = [filer.post(path, {"contact": NEW, "language": "es"}) for _time in range(2)]

    assert [answer.status_code for answer in answers] == [202, 202]
    assert answers[0].json() == answers[1].json()
    assert OpeningAsk.objects.get().language == "es"
    assert program(Role.AUDITOR).get(path).json()["waiting_count"] == 1
    assert program(Role.AUDITOR).post(path, {"contact": NEW}).status_code == 403


def test_the_odds_that_were_shown_stand_on_the_request(world, program):
    row = file_request(world, "old@example.org")
    path = f"requests/{ids.public('req', row.id)}"
    reviewer = program(Role.REVIEWER)
    assert reviewer.get(path).json()["odds_shown"] is None

    odds = {"as_of": NOW.isoformat(), "cents_per_dollar": 5}
    type(row).objects.update(odds_shown={"start": odds, "receipt": None})

    found = reviewer.get(path).json()["odds_shown"]
    assert found["start"] == {"as_of": "2023-09-18T16:00:00Z", "cents_per_dollar": 5}
    assert found["receipt"] is None
