"""Restricted money set free over the API: never without a letter or an order, never by one person."""

import pytest
from builders import make_world, put_money_in
from calling import code_of
from casework import add_role
from restricted import keep_letter, tie_money

from fundmgr.domain import ids
from fundmgr.domain.permissions import Role
from fundmgr.models import RestrictionRelease
from fundmgr.models.ledger import Entry
from fundmgr.services import proof


@pytest.fixture
def tied(world):
    """5,000 cents tied to health premiums, which nobody needs."""
    return tie_money(world, 5_000)


def place_of(restriction):
    return f"restrictions/{ids.public('rst', restriction.id)}/releases"


def body_of(letter, *, amount="20.00", **changes):
    return {
        "amount": {"amount": amount, "currency": "USD"},
        "ground": "CONSENT_LETTER",
        "document_id": ids.public("fil", letter.id),
        "reason": "No need for premiums is left.",
        **changes,
    }


def decide(caller, made, outcome="MADE", **options):
    return caller.post(f"releases/{made['id']}/decision", {"outcome": outcome}, **options)


def means_of(caller, world):
    found = caller.get(f"funds/{ids.public('fund', world.fund.id)}/means").json()
    return {name: found[name]["amount"] for name in ("stranded", "unrestricted_available", "usable", "cash")}


def test_two_people_and_a_letter_set_stranded_money_free(program, world, tied):
    put_money_in(world, 1_000)
    director, treasurer = program(Role.DIRECTOR), program(Role.TREASURER_RELEASES)
    before = means_of(director, world)

    made = director.post(place_of(tied), body_of(keep_letter(world, tied)))

    assert made.status_code == 201, made.content
    assert (made.json()["state"], means_of(director, world)) == ("PROPOSED", before)
    done = decide(treasurer, made.json())
    assert (done.status_code, done.json()["state"]) == (200, "MADE")
    assert before == {
        "stranded": "50.00",
        "unrestricted_available": "9.80",
        "usable": "9.80",
        "cash": "60.00",
    }
    assert means_of(director, world) == {
        "stranded": "30.00",
        "unrestricted_available": "29.80",
        "usable": "29.80",
        "cash": "60.00",
    }
    place = made["Location"].removeprefix("/api/v1/")
    assert director.get(place).json() == done.json()
    assert director.get(place_of(tied)).json()["data"] == [done.json()]
    (transfer,) = [
        row for row in director.get("transfers").json()["data"] if row["move"] == "RESTRICTION_RELEASE"
    ]
    assert (transfer["cause_type"], transfer["cause_id"]) == ("release", made.json()["id"])


def test_invariant_17_a_release_always_has_a_supporting_award_letter_or_order(program, world, tied):
    director = program(Role.DIRECTOR)
    other = tie_money(world, 1_000, name="Grips")
    letter = keep_letter(world, tied)
    without = body_of(letter)
    del without["document_id"]

    refused = [
        director.post(place_of(tied), without),
        director.post(place_of(tied), body_of(letter, document_id=None)),
        director.post(place_of(tied), body_of(letter, document_id=f"fil_{'0' * 32}")),
        director.post(place_of(tied), body_of(keep_letter(world, other))),
        director.post(place_of(tied), body_of(letter, ground="BOARD_WISH")),
        director.post(place_of(tied), body_of(letter, reason="")),
    ]

    assert [(answer.status_code, code_of(answer)) for answer in refused] == [(422, "validation_failed")] * 6
    assert {answer.json()["errors"][0]["pointer"] for answer in refused[:4]} == {"#/document_id"}
    assert not RestrictionRelease.objects.exists()
    made = director.post(place_of(tied), body_of(letter)).json()
    assert decide(program(Role.TREASURER_RELEASES), made).status_code == 200
    left = Entry.objects.filter(account__code="3100", amount_cents__gt=0)
    assert [(row.transfer.move, row.transfer.cause_id) for row in left] == [
        ("RESTRICTION_RELEASE", RestrictionRelease.objects.get().id)
    ]
    assert proof.check_books() == []


def test_the_proposer_decides_nothing_and_nothing_is_decided_twice(program, world, tied):
    owner = world.actor(Role.DIRECTOR)
    add_role(world, owner, Role.TREASURER_RELEASES)
    made = program(Role.DIRECTOR).post(place_of(tied), body_of(keep_letter(world, tied))).json()

    own = decide(program(Role.TREASURER_RELEASES, owner=owner), made)
    first = decide(program(Role.TREASURER_RELEASES), made, "REFUSED", key="k")
    again = decide(program(Role.TREASURER_RELEASES), made)

    assert (own.status_code, code_of(own)) == (403, "self_approval")
    assert (first.status_code, first.json()["state"]) == (200, "REFUSED")
    assert (again.status_code, code_of(again)) == (409, "already_decided")
    assert code_of(decide(program(Role.DIRECTOR), made)) == "forbidden"


def test_a_decision_sent_again_moves_no_more_money(program, world, tied):
    treasurer = program(Role.TREASURER_RELEASES)
    made = program(Role.DIRECTOR).post(place_of(tied), body_of(keep_letter(world, tied))).json()

    answers = [decide(treasurer, made, key="same") for _ in range(3)]

    assert [answer.json() for answer in answers[1:]] == [answers[0].json()] * 2
    assert answers[2]["Idempotent-Replayed"] == "true"
    assert means_of(treasurer, world)["stranded"] == "30.00"


@pytest.mark.parametrize(
    ("amount", "code"),
    [("0.00", "not_positive"), ("50.01", "more_than_available"), ("-1.00", "not_money")],
)
def test_an_amount_that_is_not_there_is_pointed_at(program, world, tied, amount, code):
    answer = program(Role.DIRECTOR).post(place_of(tied), body_of(keep_letter(world, tied), amount=amount))

    assert (answer.status_code, code_of(answer)) == (422, "validation_failed")
    assert [error["code"] for error in answer.json()["errors"]] == [code]


def test_another_funds_release_is_not_there(program, world, tied):
    made = program(Role.DIRECTOR).post(place_of(tied), body_of(keep_letter(world, tied))).json()
    stranger = program(Role.TREASURER_RELEASES, of=make_world(name="Harbor Relief"))

    assert code_of(decide(stranger, made)) == "not_found"
    assert code_of(stranger.get(f"releases/{made['id']}")) == "not_found"
    assert code_of(stranger.get(place_of(tied))) == "not_found"
