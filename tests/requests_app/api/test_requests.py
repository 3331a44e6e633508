"""Requests over the API."""

import json
from types import SimpleNamespace

import builders
import pytest
from calling import code_of, file_request, make_things
from django.db import connection
from django.test.utils import CaptureQueriesContext
from oauth2_provider.models import AccessToken

from fundmgr.domain import ids
from fundmgr.domain.permissions import Role
from fundmgr.models import ApiClient, Event, Fund
from requests_app.api.samples import REQUEST_SENT
from requests_app.models import AssistanceRequest, Notice


def ask(**changes):
    return {**REQUEST_SENT, **changes}


def lines(*amounts: str):
    return [
        {"category": category, "amount": {"amount": amount, "currency": "USD"}}
        for category, amount in zip(("RENT", "FOOD", "CAR"), amounts, strict=False)
    ]


def pointers(answer):
    return {error["pointer"] for error in answer.json()["errors"]}


def test_a_request_is_filed_and_read_back(program):
    intake = program(Role.INTAKE)

    made = intake.post("requests", ask())

    assert made.status_code == 201, made.content
    body = made.json()
    assert body["state"] == "SUBMITTED"
    assert body["asked"] == {"amount": "3000.00", "currency": "USD"}
    assert body["need_lines"] == REQUEST_SENT["need_lines"]
    assert made["Location"] == f"/api/v1/requests/{body['id']}"
    assert intake.get(f"requests/{body['id']}").json() == body


def test_a_worker_with_a_phone_is_texted_only_where_the_program_says_that_they_allowed_it(program):
    from requests_app.models import Applicant, TextConsent

    intake = program(Role.INTAKE)
    phones = {"allows_texts": True}, {"allows_texts": False}, {}

    for number, said in enumerate(phones):
        made = intake.post("requests", ask(contact={"phone": f"213.555.010{number}", **said}))
        assert made.status_code == 201, made.content

    found = sorted(row.contact for row in Applicant.objects.all())
    assert found == ["+12135550100", "+12135550101", "+12135550102"]
    consent = TextConsent.objects.get()
    assert (consent.word, consent.source) == ("GIVEN", "API")
    assert consent.contact_hash == Applicant.objects.order_by("created_at", "id").first().contact_hash
    sought = program(Role.REVIEWER).get("requests?q=%28213%29+555-0101")
    assert len(sought.json()["data"]) == 1


def test_filing_takes_few_statements(program):
    intake = program(Role.INTAKE)
    counts = []

    for number in range(2):
        with CaptureQueriesContext(connection) as seen:
            body = ask(contact={"email": f"w{number}@example.org"})
            assert intake.post("requests", body).status_code == 201
        counts.append(len(seen))

    # One statement; the first call of a token and of a fund reads those too.
    assert counts == [3, 1]


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        (lambda row: row.accesstokens.delete(), 401, "token_invalid"),
        (lambda row: row.client.update(is_active=False), 401, "token_invalid"),
        (lambda row: row.client.update(role=Role.APPROVER), 403, "forbidden"),
        (lambda row: row.client.update(scopes="requests:read"), 403, "scope_missing"),
        (lambda row: row.fund.update(state="PAUSED"), 409, "fund_closed"),
    ],
)
def test_what_was_taken_away_a_moment_ago_counts_at_once(program, world, change, status, code):
    intake = program(Role.INTAKE)
    assert intake.post("requests", ask()).status_code == 201
    rows = SimpleNamespace(
        accesstokens=AccessToken.objects.all(),
        client=ApiClient.objects.filter(id=intake.row.id),
        fund=Fund.objects.all(),
    )
    change(rows)

    for body in (ask(contact={"email": "b@example.org"}), ask(full_name="")):
        answer = intake.post("requests", body)
        assert (answer.status_code, code_of(answer)) == (status, code)
    assert AssistanceRequest.objects.count() == 1


def test_a_scope_given_a_moment_ago_counts_at_once(program):
    intake = program(Role.INTAKE)
    AccessToken.objects.update(scope="requests:read")
    assert intake.post("requests", ask()).status_code == 403
    AccessToken.objects.update(scope="requests:write")

    assert intake.post("requests", ask()).status_code == 201


def test_a_call_that_was_tried_twice_is_counted_once(program, world):
    intake = program(Role.INTAKE)
    left = int(intake.post("requests", ask())["RateLimit-Remaining"])

    assert int(intake.post("requests", ask())["RateLimit-Remaining"]) == left - 1


def test_the_same_key_files_one_request(program):
    intake = program(Role.INTAKE)

    first = intake.post("requests", ask(), key="k-1")
    again = intake.post("requests", ask(), key="k-1")

    assert (first.status_code, again.status_code) == (201, 201)
    assert again.json() == first.json()
    assert again["Location"] == first["Location"]
    assert again["Idempotent-Replayed"] == "true"
    assert "Idempotent-Replayed" not in first
    assert AssistanceRequest.objects.count() == 1


def test_one_contact_has_one_live_request(program):
    intake = program(Role.INTAKE)
    intake.post("requests", ask())

    answer = intake.post("requests", ask())

    assert (answer.status_code, code_of(answer)) == (409, "live_request_exists")


def test_a_reviewer_may_file_and_an_approver_may_not(program):
    assert program(Role.REVIEWER).post("requests", ask()).status_code == 201
    refused = program(Role.APPROVER).post("requests", ask(contact={"email": "b@example.org"}))

    assert (refused.status_code, code_of(refused)) == (403, "forbidden")


@pytest.mark.parametrize(
    "name", ["X", "محمد", "O’Brien-Ñúñez", "Null", "Robert'); DROP TABLE x;--", "李", "True", "Ω\u0301"]
)
def test_names_of_every_kind_are_taken(program, name):
    answer = program(Role.INTAKE).post("requests", ask(full_name=name))

    assert answer.status_code == 201, answer.content


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"full_name": ""}, "#/full_name"),
        ({"full_name": 7}, "#/full_name"),
        ({"full_name": "a\u0000b"}, "#/full_name"),
        ({"full_name": "a\u202eb"}, "#/full_name"),
        ({"full_name": "x" * 121}, "#/full_name"),
        ({"craft": None}, "#/craft"),
        ({"production_name": ["x"]}, "#/production_name"),
        ({"production_name": "\u0000"}, "#/production_name"),
        ({"last_worked_on": "0001-01-01"}, "#/last_worked_on"),
        ({"last_worked_on": "2999-01-01"}, "#/last_worked_on"),
        ({"last_worked_on": "2023-02-30"}, "#/last_worked_on"),
        ({"last_worked_on": "14.07.2023"}, "#/last_worked_on"),
        ({"last_worked_on": 20230714}, "#/last_worked_on"),
        ({"last_worked_on": "٢٠٢٣-٠٧-١٤"}, "#/last_worked_on"),
        ({"loss_on": "9999-12-31"}, "#/loss_on"),
        ({"adults_count": 0}, "#/adults_count"),
        ({"adults_count": True}, "#/adults_count"),
        ({"adults_count": 10**17}, "#/adults_count"),
        ({"children_count": -1}, "#/children_count"),
        ({"children_count": "2"}, "#/children_count"),
        ({"children_count": 1.5}, "#/children_count"),
        ({"need_lines": []}, "#/need_lines"),
        ({"need_lines": {}}, "#/need_lines"),
        ({"need_lines": [1]}, "#/need_lines/0"),
        ({"need_lines": lines("1.00") * 2}, "#/need_lines/0/category"),
        ({"need_lines": lines("1.00") * 500}, "#/need_lines"),
        (
            {"need_lines": [{"category": "YACHT", "amount": lines("1.00")[0]["amount"]}]},
            "#/need_lines/0/category",
        ),
        ({"need_lines": [{"category": "RENT"}]}, "#/need_lines/0/amount"),
        ({"other_aid": {"amount": "-1.00", "currency": "USD"}}, "#/other_aid/amount"),
        ({"other_aid": "5"}, "#/other_aid"),
        ({"urgency": ["PANIC"]}, "#/urgency/0"),
        ({"urgency": "EVICTION"}, "#/urgency"),
        ({"statement": "x" * 501}, "#/statement"),
        ({"statement": {}}, "#/statement"),
        ({"language": "xx"}, "#/language"),
        ({"contact": None}, "#/contact"),
        ({"full_name": "🙂"}, "#/full_name"),
        ({"full_name": "\u3164 123"}, "#/full_name"),
        ({"contact": "ana@example.org"}, "#/contact"),
        ({"contact": {"email": 1}}, "#/contact/email"),
        ({"contact": {"email": "nobody"}}, "#/contact"),
        ({"contact": {"email": "a\u0000@example.org"}}, "#/contact"),
        ({"contact": {"email": "ana@example.org", "fax": "1"}}, "#/contact/fax"),
        ({"contact": {}}, "#/contact/email"),
        ({"contact": {"phone": 2135550142}}, "#/contact/phone"),
        ({"contact": {"phone": "555"}}, "#/contact"),
        ({"contact": {"phone": "213 555 0142", "allows_texts": "yes"}}, "#/contact/allows_texts"),
        ({"contact": {"phone": "213 555 0142", "email": "ana@example.org"}}, "#/contact"),
        ({"surprise": 1}, "#/surprise"),
    ],
)
def test_what_cannot_be_used_is_pointed_at(program, changes, pointer):
    answer = program(Role.INTAKE).post("requests", ask(**changes))

    assert (answer.status_code, code_of(answer)) == (422, "validation_failed"), answer.content
    assert pointer in pointers(answer)
    assert AssistanceRequest.objects.count() == 0


@pytest.mark.parametrize(
    "amount",
    ["-1.00", "0", "0.00", "1e9", "NaN", "1,200.00", "١٢٠٠", "12.345", "9" * 13, "", " 5.00", 5, 5.0, None],
)
def test_an_amount_is_plain_digits_above_zero(program, amount):
    money = {"amount": amount, "currency": "USD"}
    answer = program(Role.INTAKE).post("requests", ask(need_lines=[{"category": "RENT", "amount": money}]))

    assert answer.status_code == 422, answer.content
    assert pointers(answer) == {"#/need_lines/0/amount/amount"} or pointers(answer) == {
        "#/need_lines/0/amount"
    }


@pytest.mark.parametrize("currency", ["EUR", "usd", "", None, 1, ["USD"]])
def test_another_currency_is_refused(program, currency):
    money = {"amount": "5.00", "currency": currency}
    answer = program(Role.INTAKE).post("requests", ask(need_lines=[{"category": "RENT", "amount": money}]))

    assert answer.status_code == 422
    assert pointers(answer) == {"#/need_lines/0/amount/currency"}


def test_every_fault_is_named_at_once(program):
    answer = program(Role.INTAKE).post("requests", {"adults_count": "x", "children_count": 99})

    assert pointers(answer) == {
        "#/contact", "#/full_name", "#/production_name", "#/craft", "#/last_worked_on", "#/need_lines",
        "#/adults_count", "#/children_count",
    }  # fmt: skip


def test_a_closed_fund_takes_no_request(program, world):
    world.fund.state = "PAUSED"
    world.fund.save(update_fields=["state"])

    answer = program(Role.INTAKE).post("requests", ask())

    assert (answer.status_code, code_of(answer)) == (409, "fund_closed")


def test_identities_are_masked_without_the_scope(program, world):
    request = file_request(world, "ana@example.org")
    reviewer = program(Role.REVIEWER, scopes="requests:read")

    one = reviewer.get(f"requests/{ids.public('req', request.id)}").json()
    many = reviewer.get("requests").json()["data"][0]

    for body in (one, many):
        assert body["applicant"] == {
            "full_name": None, "preferred_name": None, "contact": None, "is_masked": True,
        }  # fmt: skip
        assert body["statement"] is None
    assert not Event.objects.filter(verb="identities.read").exists()


def test_identities_are_masked_for_a_role_that_does_not_see_them(program, world):
    request = file_request(world, "ana@example.org")

    body = program(Role.APPROVER).get(f"requests/{ids.public('req', request.id)}").json()

    assert body["applicant"]["is_masked"]


def test_reading_identities_is_recorded_once_a_call(program, world):
    first, second = file_request(world, "ana@example.org"), file_request(world, "bo@example.org")
    reviewer = program(Role.REVIEWER, scopes="requests:read pii:read")

    rows = reviewer.get("requests").json()["data"]

    assert sorted(row["applicant"]["contact"] for row in rows) == ["ana@example.org", "bo@example.org"]
    assert rows[0]["applicant"]["full_name"] == "Ana Rivera"
    event = Event.objects.get(verb="identities.read")
    said = json.loads(bytes(event.body))
    assert said["actor"] == reviewer.actor.key
    assert said["facts"]["requests"] == sorted([str(first.id), str(second.id)])
    assert "Ana" not in bytes(event.body).decode()


def test_intake_sees_what_it_filed_and_nothing_else(program, world):
    other = file_request(world, "bo@example.org")
    intake = program(Role.INTAKE)
    own = intake.post("requests", ask()).json()

    assert [row["id"] for row in intake.get("requests").json()["data"]] == [own["id"]]
    assert intake.get(f"requests/{ids.public('req', other.id)}").status_code == 404


def test_requests_are_found_by_filters(program, world):
    things = make_things(world)
    file_request(world, "bo@example.org")
    reviewer = program(Role.REVIEWER)

    def found(query: str) -> list[str]:
        answer = reviewer.get(f"requests?{query}")
        assert answer.status_code == 200, answer.content
        return [row["reference"] for row in answer.json()["data"]]

    awarded = things.rows["req"].reference
    assert found("state=AWARDED") == [awarded]
    assert len(found("state=AWARDED,SUBMITTED")) == 2
    assert len(found("craft=Camera&production=Badge%2027")) == 3
    assert found("craft=Grip") == []
    assert len(found("asked_gte=2400.00&asked_lte=2400")) == 3
    assert found("asked_gte=2400.01") == []
    assert len(found("created_after=2023-09-18T16:00:00Z&created_before=2023-09-19T00:00:00%2B02:00")) == 3
    assert found("created_before=2023-09-18T16:00:00Z") == []
    assert found(f"q={awarded}") == [awarded]
    assert found("q=worker@example.org") == [awarded]
    assert len(found("q=rivera")) == 3


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ("state=SENT", "state"),
        ("asked_gte=-1", "asked_gte"),
        ("asked_lte=1e3", "asked_lte"),
        ("created_after=yesterday", "created_after"),
        ("created_after=2023-09-18T16:00:00", "created_after"),
        ("created_before=9999-12-31T23:59:59-14:00", "created_before"),
        ("q=%00", "q"),
        ("q=%ff", None),
        ("craft=" + "x" * 61, "craft"),
        ("limit=0", "limit"),
        ("limit=201", "limit"),
        ("limit=" + "9" * 400, "limit"),
        ("limit=٥", "limit"),
        ("limit=5&limit=6", "limit"),
        ("fund=req_00000000000000000000000000000000", "fund"),
    ],
)
def test_a_parameter_that_cannot_be_read_is_named(program, query, parameter):
    answer = program(Role.REVIEWER).get(f"requests?{query}")

    if parameter is None:
        assert answer.status_code == 200
        return
    assert (answer.status_code, code_of(answer)) == (400, "invalid_parameter"), answer.content
    assert [error["parameter"] for error in answer.json()["errors"]] == [parameter]


def test_a_request_is_taken_back_by_its_filer(program):
    intake = program(Role.INTAKE)
    made = intake.post("requests", ask()).json()

    answer = intake.post(f"requests/{made['id']}/withdrawal", key="w")
    again = intake.post(f"requests/{made['id']}/withdrawal", key="w")
    anew = intake.post(f"requests/{made['id']}/withdrawal")

    assert (answer.status_code, answer.json()["state"]) == (200, "WITHDRAWN")
    assert (again.status_code, again["Idempotent-Replayed"]) == (200, "true")
    assert (anew.status_code, code_of(anew)) == (409, "wrong_state")


def test_a_request_changes_until_its_reading_starts(program):
    intake, reviewer = program(Role.INTAKE), program(Role.REVIEWER)
    path = f"requests/{intake.post('requests', ask()).json()['id']}"
    tag = intake.get(path)["ETag"]

    changed = intake.call("PATCH", path, {"need_lines": lines("90.00"), "loss_on": None}, If_Match=tag)
    late = intake.call("PATCH", path, {"adults_count": 2}, If_Match=tag)
    blind = intake.call("PATCH", path, {"adults_count": 2})
    others = reviewer.call("PATCH", path, {"adults_count": 2}, If_Match='"2"')
    reviewer.post(f"{path}/review")
    after = intake.call("PATCH", path, {"adults_count": 2}, If_Match='"2"')

    assert (changed.status_code, changed["ETag"], changed.json()["version"]) == (200, '"2"', 2)
    assert (changed.json()["need_lines"], changed.json()["loss_on"]) == (lines("90.00"), None)
    assert [(answer.status_code, code_of(answer)) for answer in (late, blind, after)] == [
        (412, "precondition_failed"),
        (428, "if_match_missing"),
        (409, "wrong_state"),
    ]
    assert others.status_code in {403, 404}


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({}, "#"),
        ({"full_name": "Else"}, "#/full_name"),
        ({"contact": {"email": "x@example.org"}}, "#/contact"),
        ({"adults_count": "2"}, "#/adults_count"),
        ({"adults_count": 0}, "#/adults_count"),
        ({"need_lines": []}, "#/need_lines"),
        ({"other_aid": {"amount": "1.00", "currency": "EUR"}}, "#/other_aid/currency"),
    ],
)
def test_a_change_that_cannot_be_used_is_pointed_at(program, body, pointer):
    intake = program(Role.INTAKE)
    path = f"requests/{intake.post('requests', ask()).json()['id']}"

    answer = intake.call("PATCH", path, body, If_Match='"1"')

    assert (answer.status_code, code_of(answer)) == (422, "validation_failed")
    assert pointers(answer) == {pointer}
    assert intake.get(path).json()["version"] == 1


def test_a_review_starts_and_asks_for_more(program, world):
    public_id = ids.public("req", file_request(world, "ana@example.org").id)
    reviewer = program(Role.REVIEWER)

    started = reviewer.post(f"requests/{public_id}/review")
    asked = reviewer.post(f"requests/{public_id}/info-requests", {"text": "Which local?"}, key="q")
    again = reviewer.post(f"requests/{public_id}/info-requests", {"text": "Which local?"}, key="q")

    assert (started.status_code, started.json()["state"]) == (200, "IN_REVIEW")
    assert (asked.status_code, asked.json()["state"]) == (200, "NEEDS_INFO")
    assert again["Idempotent-Replayed"] == "true"


def test_a_signed_in_worker_files_for_themselves(person, world):
    from requests_app.services import contacts

    user = _worker(world, contacts)
    worker = person(user)

    made = worker.post("requests", {name: value for name, value in ask().items() if name != "contact"})

    assert made.status_code == 201, made.content
    assert worker.get(f"requests/{made.json()['id']}").status_code == 200
    assert not Notice.objects.exists()


def test_workers_read_what_they_wrote_of_themselves_and_nobody_is_noted_as_looking(person, world):
    from requests_app.services import contacts

    worker = person(_worker(world, contacts))
    said = {name: value for name, value in ask(statement="The rent is due.").items() if name != "contact"}
    made = worker.post("requests", said).json()

    one = worker.get(f"requests/{made['id']}").json()
    many = worker.get(f"requests?fund={ids.public('fund', world.fund.id)}").json()["data"][0]

    for body in (one, many):
        assert (body["applicant"]["full_name"], body["applicant"]["contact"]) == (
            said["full_name"],
            "ana@example.org",
        )
        assert body["statement"] == "The rent is due."
        assert not body["applicant"]["is_masked"]
    assert not Event.objects.filter(verb="identities.read").exists()


def _worker(world, contacts):
    """Prove a contact by the code that was sent, as a worker does."""
    from fundmgr.domain import actors
    from fundmgr.models import User
    from requests_app.models import Applicant, Household

    user = User.objects.create_user(now=builders.NOW)
    home = Household.objects.create(id=ids.new_id(builders.NOW), fund=world.fund, created_at=builders.NOW)
    Applicant.objects.create(
        id=ids.new_id(builders.NOW), fund=world.fund, created_at=builders.NOW, household=home, user=user,
        full_name="Ana Rivera", contact="ana@example.org", contact_hash="0" * 64,
    )  # fmt: skip
    return actors.person(user.id)
