"""How a worker is reached, over the API: consent, another contact, a lost one, who waits for an opening."""

import re

import gateway as gateways
from builders import NOW
from calling import code_of, file_request
from casework import worker_of
from django.utils import timezone

from fundmgr.domain import ids
from fundmgr.domain.permissions import Role
from fundmgr.models import Event
from fundmgr.services import background, funds
from requests_app.models import Applicant, ContactCode, Notice, OpeningAsk, SecondContact, TextConsent
from requests_app.queries import people, reach
from requests_app.services import erasures, intake

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
    refused = filer.post(path, {"contact": NEW})
    assert code_of(refused) == "wrong_state"
    assert "takes requests now" in refused.json()["detail"]
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


def asked_code(contact: str) -> str:
    background.deliver(clock=timezone.now)
    rows = Notice.objects.filter(kind="contact_code").order_by("-created_at", "-id")
    found = next(row for row in rows if row.contact == contact)
    return re.search(r"\d{6}", found.subject or found.text).group()


def test_who_filed_adds_a_second_contact_by_its_code_and_takes_it_away(world, program):
    filer = program(Role.INTAKE)
    row = file_request(world, "(213) 555-0142", by=filer.actor)
    path = of_request(row, "second-contact")
    asked = filer.post(path, {"contact": NEW}, key="ask")
    assert (asked.status_code, asked.json()["contact"]) == (202, "n***@example.org"), asked.content
    assert filer.get(path).json()["is_kept"] is False
    wrong = filer.post(f"{path}/code", {"contact": NEW, "code": "12"})
    assert wrong.json()["errors"][0]["pointer"] == "#/code"

    sent = {"contact": NEW, "code": asked_code(NEW)}
    done, again = (filer.post(f"{path}/code", sent, key="code") for _time in range(2))

    assert (done.status_code, again.json(), again["Idempotent-Replayed"]) == (200, done.json(), "true")
    assert SecondContact.objects.get().contact == NEW
    whole = {"request_id": ids.public("req", row.id), "is_kept": True, "contact": "n***@example.org"}
    assert filer.get(path).json() == whole
    assert Event.objects.filter(verb="contact.second_added").count() == 1

    gone = [filer.post(f"{path}/removal", key="gone") for _time in range(2)]
    assert [answer.json() for answer in gone] == [{**whole, "is_kept": False, "contact": None}] * 2
    assert filer.post(path, {"contact": NEW}, key="ask").json() == asked.json()
    assert not SecondContact.objects.exists()


def test_a_second_number_is_kept_with_the_workers_yes_alone(world, program, settings):
    filer = program(Role.INTAKE)
    row = file_request(world, "old@example.org", by=filer.actor)
    path, number = of_request(row, "second-contact"), "+12135550142"
    with gateways.used(settings):
        assert filer.post(path, {"contact": NEW}).json()["errors"][0]["code"] == "same_kind"
        assert filer.post(path, {"contact": number}).status_code == 202
        sent = {"contact": number, "code": asked_code(number)}
        refused = filer.post(f"{path}/code", sent)
        done = filer.post(f"{path}/code", {**sent, "allows_texts": True})

    assert refused.status_code == 422
    assert [(one["pointer"], one["code"]) for one in refused.json()["errors"]] == [
        ("#/allows_texts", "no_consent")
    ]
    assert done.status_code == 200, done.content
    assert [(one.word, one.source, one.told) for one in TextConsent.objects.all()] == [("GIVEN", "API", "")]
    assert reach.may_text(fund_id=world.fund.id, contact_hash=people.contact_hash(number))


def test_a_worker_keeps_a_second_contact_by_a_session_and_nobody_else_learns_it(world, program, person):
    row = file_request(world, "+12135550142")
    worker, path = person(worker_of(row)), of_request(row, "second-contact")
    worker.post(path, {"contact": NEW})
    assert worker.post(f"{path}/code", {"contact": NEW, "code": asked_code(NEW)}).status_code == 200

    reader = program(Role.REVIEWER).get(path)
    others = [program(Role.INTAKE), person(worker_of(file_request(world, "other@example.org")))]

    assert worker.get(path).json()["contact"] == "n***@example.org"
    assert (reader.json()["is_kept"], reader.json()["contact"]) == (True, None)
    for other in others:
        answers = [
            other.get(path),
            other.post(path, {"contact": "third@example.org"}),
            other.post(f"{path}/code", {"contact": NEW, "code": "123456"}),
            other.post(f"{path}/removal"),
        ]
        assert [(one.status_code, code_of(one)) for one in answers] == [(404, "not_found")] * 4
    assert SecondContact.objects.get().contact == NEW


def test_a_code_is_asked_for_in_the_workers_language(world, program):
    filer = program(Role.INTAKE)
    row = file_request(world, "old@example.org", by=filer.actor)
    Applicant.objects.update(language="es")

    filer.post(of_request(row, "contact-change"), {"contact": NEW})

    assert ContactCode.objects.get().language == "es"


def test_who_filed_reaches_nobody_who_was_erased(world, program):
    filer = program(Role.INTAKE)
    row = file_request(world, "old@example.org", by=filer.actor)
    by = worker_of(row)
    intake.withdraw(request_id=row.id, by=by, now=NOW)
    erasures.ask(applicant_id=row.applicant_id, by=by, now=NOW)
    erasures.erase(applicant_id=row.applicant_id, now=NOW)

    coded = {"contact": NEW, "code": "123456"}
    answers = [
        filer.post(of_request(row, "contact-change"), {"contact": NEW}),
        filer.post(of_request(row, "contact-change/code"), coded),
        filer.post(of_request(row, "second-contact"), {"contact": "+12135550142"}),
        filer.post(of_request(row, "second-contact/code"), coded),
    ]

    assert [(one.status_code, code_of(one)) for one in answers] == [(409, "wrong_state")] * 4
    assert not ContactCode.objects.exists()
