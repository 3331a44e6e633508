"""Rounds over the API."""

import io

import builders
import pytest
from calling import code_of, file_request
from pypdf import PdfReader
from waiting import make_requests

from fundmgr.domain import ids
from fundmgr.domain.permissions import Role
from fundmgr.queries import books
from fundmgr.services import funds
from fundmgr.services.funds import PolicyTerms
from requests_app.models import AssistanceRequest, Award
from requests_app.services import next_rounds, reviews

EQUAL = {"version": 1, "rule": "equal_awards"}


@pytest.fixture
def waiting(world):
    """Ten eligible requests and less money than they need."""
    builders.put_money_in(world, 500_000)
    for number in range(10):
        request = file_request(world, f"w{number}@example.org")
        decision = reviews.propose(
            request_id=request.id, is_eligible=True, by=world.actor(Role.REVIEWER), now=builders.NOW
        )
        reviews.decide(decision_id=decision.id, approve=True, by=world.actor(Role.APPROVER), now=builders.NOW)


@pytest.fixture
def director(program, waiting):
    return program(Role.DIRECTOR)


@pytest.fixture
def proposed(director):
    """A proposed round."""
    drafted = director.post("rounds", {"rule": EQUAL}).json()["id"]
    return director.post(f"rounds/{drafted}/proposal").json()


def test_rules_are_tried_out_and_nothing_is_kept(director):
    answer = director.post(
        "rounds/preview", {"rules": [EQUAL, {"version": 1, "rule": "queue", "last": "skip"}]}
    )

    assert answer.status_code == 200, answer.content
    equal, queue = answer.json()["data"]
    assert (equal["paid_count"], equal["median"]["amount"]) == (10, "490.00")
    assert queue["paid_count"] == 3
    assert equal["estate"] == {"amount": "4900.00", "currency": "USD"}
    assert director.get("rounds").json()["data"] == []


def test_a_preview_tells_what_tied_money_would_pay_if_it_were_free(director, world):
    health = funds.add_restriction(
        fund_id=world.fund.id,
        name="Health",
        wording="",
        rule={"categories": ["HEALTH"]},
        by=world.actor(Role.DIRECTOR),
        now=builders.NOW,
    )
    builders.put_money_in(world, 30_000, bank_reference="WIRE-H", restriction_id=health.id)

    (row,) = director.post("rounds/preview", {"rules": [EQUAL]}).json()["data"]

    (pot,) = row["tied_pots"]
    assert pot.pop("restriction_id") == ids.public("rst", health.id)
    assert pot.pop("freed_people_count") == 10
    assert {name: one["amount"] for name, one in pot.items()} == {
        "available": "300.00",
        "used": "0.00",
        "unused": "300.00",
        "freed": "300.00",
        "freed_pays": "300.00",
        "freed_dollar_pays": "1.00",
    }


def test_a_rule_is_tried_with_another_cap_and_a_draw_by_example(director):
    flat = {"version": 1, "rule": "draw", "last": "stop", "need_up_to_cents": 100_000}
    whole = {"version": 1, "rule": "queue", "last": "stop", "need_up_to_cents": 750_000}

    body = director.post("rounds/preview", {"rules": [flat, whole]}).json()

    drawn, first_come = body["data"]
    assert (drawn["need_up_to"]["amount"], drawn["paid_count"], drawn["paid"]["amount"]) == (
        "1000.00",
        4,
        "4000.00",
    )
    assert (first_come["paid_count"], first_come["highest"]["amount"]) == (2, "2400.00")
    assert len(body["digest"]) == len(body["snapshot_digest"]) == 64


def test_rules_are_tried_out_on_a_rounds_own_list(director, world, proposed):
    rules = [EQUAL, {"version": 1, "rule": "queue"}, {**EQUAL, "need_up_to_cents": 30_000}]
    builders.put_money_in(world, 100_000, bank_reference="LATER")
    make_requests(world, [90_000])

    body = director.post(f"rounds/{proposed['id']}/preview", {"rules": rules}).json()

    own, queue, less = body["data"]
    assert (own["people_count"], own["estate"]) == (10, proposed["estate"])
    assert (own["paid"], own["paid_count"]) == (proposed["awarded"], proposed["awarded_count"])
    assert (queue["paid_count"], less["highest"]["amount"]) == (4, "300.00")
    now = director.post("rounds/preview", {"rules": rules}).json()
    assert now["data"][0]["people_count"] == 11
    assert now["snapshot_digest"] != body["snapshot_digest"]
    assert director.get(f"rounds/{proposed['id']}").json()["rule"] == proposed["rule"]


def test_of_a_frozen_need_no_more_counts_than_was_frozen(director, proposed):
    rules = [EQUAL, {**EQUAL, "need_up_to_cents": 150_001}]

    answer = director.post(f"rounds/{proposed['id']}/preview", {"rules": rules})

    assert (answer.status_code, code_of(answer)) == (422, "validation_failed")
    assert [error["pointer"] for error in answer.json()["errors"]] == ["#/rules/1/need_up_to_cents"]


def test_a_rounds_list_is_tried_whole_and_a_population_is_refused_at_its_name(director, proposed):
    sent = {"rules": [EQUAL], "population": {"urgency": "URGENT"}}

    answer = director.post(f"rounds/{proposed['id']}/preview", sent)

    assert (answer.status_code, code_of(answer)) == (422, "validation_failed")
    assert [error["pointer"] for error in answer.json()["errors"]] == ["#/population"]


def test_a_round_of_another_fund_is_not_tried(program, proposed):
    elsewhere = program(Role.DIRECTOR, of=builders.make_world(name="Another fund"))

    answer = elsewhere.post(f"rounds/{proposed['id']}/preview", {"rules": [EQUAL]})

    assert answer.status_code == 404


def test_a_cap_of_a_trial_is_no_part_of_a_rounds_rule(director):
    answer = director.post("rounds", {"rule": {**EQUAL, "need_up_to_cents": 100_000}})

    assert (answer.status_code, code_of(answer)) == (422, "validation_failed")


def test_the_same_figures_stand_on_a_page_for_the_board(director):
    sent = {"rules": [EQUAL, {"version": 1, "rule": "queue"}], "chosen": 1}
    shown = director.post("rounds/preview", {"rules": sent["rules"]}).json()

    answer = director.post("rounds/preview", sent, Accept="application/pdf")

    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    (page,) = PdfReader(io.BytesIO(answer.content)).pages
    words = page.extract_text()
    assert shown["digest"] in words
    assert "Selected: First come." in words
    assert all(f"${float(row['paid']['amount']):,.2f}" in words for row in shown["data"])


@pytest.mark.parametrize(
    ("sent", "pointer"),
    [({"rules": [EQUAL] * 6}, "#/rules"), ({"rules": [EQUAL], "chosen": 1}, "#/chosen")],
)
def test_a_page_that_cannot_be_made_is_refused(director, sent, pointer):
    answer = director.post("rounds/preview", sent, Accept="application/pdf")

    assert (answer.status_code, code_of(answer)) == (422, "validation_failed")
    assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]


def test_a_round_is_drafted_proposed_and_approved_by_another(director, program, world, proposed):
    approver = program(Role.APPROVER)
    body = {"result_digest": proposed["result_digest"]}
    own = director.post(f"rounds/{proposed['id']}/approvals", body)
    approved = approver.post(f"rounds/{proposed['id']}/approvals", body, key="a")
    again = approver.post(f"rounds/{proposed['id']}/approvals", body, key="a")

    assert (proposed["state"], proposed["awarded"]["amount"]) == ("PROPOSED", "4900.00")
    assert (own.status_code, code_of(own)) == (403, "self_approval")
    assert (approved.status_code, approved.json()["state"]) == (200, "COMMITTED"), approved.content
    assert again["Idempotent-Replayed"] == "true"
    assert Award.objects.count() == 10
    assert books.available_cents(world.fund.id) == 0


def test_the_members_of_a_round_turn_by_pages(director, proposed):
    first = director.get(f"rounds/{proposed['id']}/requests?limit=6").json()
    rest = director.get(f"rounds/{proposed['id']}/requests?limit=6&cursor={first['next_cursor']}").json()

    positions = [row["position"] for row in first["data"] + rest["data"]]
    assert positions == sorted(positions)
    assert len(positions) == 10
    assert {row["award"]["amount"] for row in first["data"]} == {"490.00"}


def test_another_result_is_not_approved(program, proposed):
    answer = program(Role.APPROVER).post(f"rounds/{proposed['id']}/approvals", {"result_digest": "0" * 64})

    assert (answer.status_code, code_of(answer)) == (409, "wrong_state")


@pytest.mark.parametrize("sent", [{}, {"result_digest": None}, {"result_digest": ""}])
def test_nobody_approves_what_was_not_looked_at(program, proposed, sent):
    answer = program(Role.APPROVER).post(f"rounds/{proposed['id']}/approvals", sent)

    assert (answer.status_code, code_of(answer)) == (422, "validation_failed")
    assert answer.json()["errors"][0]["pointer"] == "#/result_digest"


def test_a_proposal_is_told_as_void_from_the_withdrawal_on(director, proposed):
    before = director.get(f"rounds/{proposed['id']}").json()
    request = AssistanceRequest.objects.order_by("submitted_at").first()
    AssistanceRequest.objects.filter(id=request.id).update(state="WITHDRAWN", version=request.version + 1)

    one, listed = director.get(f"rounds/{proposed['id']}").json(), director.get("rounds").json()["data"][0]

    assert (before["state"], before["void_reason"]) == ("PROPOSED", "")
    assert one == listed
    assert one["state"] == "VOID"
    assert one["void_reason"] == f"{request.reference} changed after this round was proposed."


@pytest.mark.parametrize(
    ("number", "code"),
    [(2**62 + 1, "too_large"), (-(10**30), "too_large"), (10**17, "out_of_range"), (0, "out_of_range"),
     (1.5, "wrong_type"), ("5", "wrong_type")],
)  # fmt: skip
def test_a_number_that_nothing_takes_is_told_by_what_is_wrong_with_it(director, number, code):
    answer = director.post("rounds/preview", {"rules": [{**EQUAL, "need_up_to_cents": number}]})

    assert answer.status_code == 422
    assert [error["code"] for error in answer.json()["errors"]] == [code]


def test_a_preview_tells_how_far_urgent_and_other_requests_are_covered(director, world):
    urgent = AssistanceRequest.objects.order_by("submitted_at").first()
    AssistanceRequest.objects.filter(id=urgent.id).update(urgency=["EVICTION"])

    rules = [EQUAL, {**EQUAL, "tiers": "urgency"}]
    alike, first = director.post("rounds/preview", {"rules": rules}).json()["data"]

    assert [(row["tier"], row["people_count"]) for row in alike["tiers"]] == [(1, 1), (2, 9)]
    assert (
        alike["tiers"][0]["met_bp"]
        <= first["tiers"][0]["met_bp"]
        == 10_000 * min(1, 150_000 / urgent.verified_cents)
    )
    paid = sum(float(row["awarded"]["amount"]) for row in first["tiers"])
    assert f"{paid:.2f}" == first["paid"]["amount"]


def test_a_round_is_given_up(director, proposed):
    answer = director.post(f"rounds/{proposed['id']}/cancellation", {"reason": "Another rule."})

    assert (answer.status_code, answer.json()["state"]) == (200, "VOID")


def test_a_draft_takes_another_rule(director):
    drafted = director.post("rounds", {"rule": EQUAL}).json()["id"]

    answer = director.post(f"rounds/{drafted}/rule", {"rule": {"version": 1, "rule": "proportional"}})

    assert (answer.status_code, answer.json()["rule"]["rule"]) == (200, "proportional")


@pytest.mark.parametrize(
    ("rule", "pointer"),
    [
        (None, "#/rule"),
        ("equal_awards", "#/rule"),
        ([], "#/rule"),
        ({}, "#/rule/version"),
        ({"version": 2, "rule": "queue"}, "#/rule/version"),
        ({"version": True, "rule": "queue"}, "#/rule/version"),
        ({"version": 1, "rule": "lottery"}, "#/rule/rule"),
        ({"version": 1, "rule": "draw", "floor_cents": 100}, "#/rule"),
        ({"version": 1, "rule": ["queue"]}, "#/rule/rule"),
        ({"version": 1, "rule": "queue", "last": "maybe"}, "#/rule/last"),
        ({"version": 1, "rule": "queue", "floor_cents": -1}, "#/rule/floor_cents"),
        ({"version": 1, "rule": "queue", "floor_cents": 10**17}, "#/rule/floor_cents"),
        ({"version": 1, "rule": "queue", "weights": []}, "#/rule/weights"),
    ],
)
def test_a_rule_that_is_not_known_is_pointed_at(director, rule, pointer):
    answer = director.post("rounds", {"rule": rule})

    assert (answer.status_code, code_of(answer)) == (422, "validation_failed"), answer.content
    assert pointer in {error["pointer"] for error in answer.json()["errors"]}


@pytest.mark.parametrize("rules", [[], [EQUAL] * 11, EQUAL, "x"])
def test_a_preview_takes_a_few_rules(director, rules):
    assert director.post("rounds/preview", {"rules": rules}).status_code == 422


def test_without_anybody_waiting_there_is_nothing_to_share(program):
    answer = program(Role.DIRECTOR).post("rounds", {"rule": EQUAL})

    assert (answer.status_code, code_of(answer)) == (409, "wrong_state")


def test_a_round_says_why_it_is_there(director, program, world, proposed):
    assert (proposed["cause"], proposed["freed"]) == ("PERSON", [])
    body = {"result_digest": proposed["result_digest"]}
    program(Role.APPROVER).post(f"rounds/{proposed['id']}/approvals", body, key="a")
    terms = PolicyTerms(750_000, 150_000, 0, 10**9, "The board", next_round_from_cents=1)
    funds.adopt_policy(fund_id=world.fund.id, terms=terms, by=world.actor(Role.DIRECTOR), now=builders.NOW)
    make_requests(world, [90_000])
    builders.put_money_in(world, 20_000, bank_reference="WIRE-9")

    next_rounds.offer(fund_id=world.fund.id, now=builders.NOW)

    newest = director.get("rounds").json()["data"][0]
    assert (newest["state"], newest["cause"]) == ("PROPOSED", "NEW_MONEY")
    assert newest["freed"] == [{"cause": "NEW_MONEY", "amount": {"amount": "200.00", "currency": "USD"}}]
    body = {"result_digest": newest["result_digest"]}
    done = director.post(f"rounds/{newest['id']}/approvals", body, key="b")
    assert done.json()["state"] == "COMMITTED", done.content


def test_a_round_goes_by_tiers(director, world):
    urgent = AssistanceRequest.objects.order_by("-submitted_at", "-id").first()
    AssistanceRequest.objects.filter(id=urgent.id).update(urgency=["SHUT_OFF"])
    rule = {**EQUAL, "tiers": "urgency", "tier_shares_bp": [3_000, 7_000]}

    drafted = director.post("rounds", {"rule": rule})
    row = director.post(f"rounds/{drafted.json()['id']}/proposal").json()

    assert row["rule"]["tier_shares_bp"] == [3_000, 7_000]
    members = director.get(f"rounds/{row['id']}/requests").json()["data"]
    assert [(one["tier"], one["award"]["amount"]) for one in members][-1] == (1, "1470.00")
    assert {one["tier"] for one in members[:-1]} == {2}
    for wrong in ([5_000, 4_000], [10_000], "half"):
        refused = director.post("rounds/preview", {"rules": [{**rule, "tier_shares_bp": wrong}]})
        assert (refused.status_code, code_of(refused)) == (422, "validation_failed")


def test_a_decided_round_is_topped_up_over_the_api(director, program, world, proposed):
    body = {"result_digest": proposed["result_digest"]}
    program(Role.APPROVER).post(f"rounds/{proposed['id']}/approvals", body, key="a")
    early = director.post(f"rounds/{proposed['id']}/topup")
    Award.objects.update(state="COMMITTED")
    builders.put_money_in(world, 100_000, bank_reference="WIRE-9")

    answer = director.post(f"rounds/{proposed['id']}/topup", key="t")
    again = director.post(f"rounds/{proposed['id']}/topup", key="t")

    assert (early.status_code, code_of(early)) == (409, "wrong_state")
    assert "did not answer yet" in early.json()["detail"]
    row = answer.json()
    assert (answer.status_code, row["state"], row["tops_up"]) == (201, "PROPOSED", proposed["id"]), row
    assert again.json()["id"] == row["id"]
    members = director.get(f"rounds/{row['id']}/requests").json()["data"]
    assert {one["before"]["amount"] for one in members} == {"490.00"}
    assert sum(float(one["award"]["amount"]) for one in members) == 980.0
    assert program(Role.APPROVER).post(f"rounds/{row['id']}/topup").status_code == 403
