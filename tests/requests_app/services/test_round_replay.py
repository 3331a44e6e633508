"""Rounds computed again: the same bytes for every rule, and a finding for anything that was bent."""

import json
from io import StringIO

import pytest
from builders import NOW, make_world, put_money_in
from calling import draw_order
from django.core.management import CommandError, call_command
from django.db.models import F
from waiting import make_requests

from fundmgr.domain import actors, errors, ids
from fundmgr.domain.permissions import Role
from fundmgr.models import Job
from requests_app.models import AllocationRound, AssistanceRequest
from requests_app.queries import publications
from requests_app.services import proofs, round_awards, round_frozen, round_replay, rounds

NEEDS = [100_000, 80_001, 50_000, 120_003, 60_007]
RULES = [
    {"version": 1, "rule": "equal_awards"},
    {"version": 1, "rule": "proportional"},
    {"version": 1, "rule": "equal_losses"},
    {"version": 1, "rule": "talmud"},
    {"version": 1, "rule": "queue", "last": "skip"},
    {"version": 1, "rule": "draw", "last": "stop"},
    {"version": 1, "rule": "equal_awards", "floor_cents": 60_000, "remainder": "hold"},
]


@pytest.fixture
def world(db):
    made = make_world(reserve_bp=0)
    put_money_in(made, 200_003)
    make_requests(made, NEEDS)
    return made


def proposed(world, rule):
    by = world.actor(Role.DIRECTOR)
    row = rounds.draft(fund_id=world.fund.id, rule=rule, by=by, now=NOW)
    if rule["rule"] == "draw":
        draw_order(world, row)
    return rounds.propose(round_id=row.id, by=by, now=NOW)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: f"{rule['rule']} {rule.get('remainder', '')}")
def test_a_round_computed_again_gives_the_same_bytes(world, rule):
    row = proposed(world, rule)

    found = round_replay.replay(word="1")

    assert found.findings == ()
    assert (found.problem_digest, found.result_digest) == (row.problem_digest, row.result_digest)


def test_a_committed_round_is_still_the_same_after_new_money(world):
    row = proposed(world, RULES[0])
    rounds.approve(round_id=row.id, result_digest=None, by=world.actor(Role.APPROVER), now=NOW)
    put_money_in(world, 77_777, bank_reference="WIRE-2")

    assert round_replay.replay(word=ids.public("rnd", row.id)).findings == ()
    assert round_replay.replay(word=str(row.id), slug=world.fund.slug).findings == ()


def test_what_a_round_told_of_the_need_stands_however_a_need_is_read_later(world):
    row = proposed(world, RULES[0])
    rounds.approve(round_id=row.id, result_digest=None, by=world.actor(Role.APPROVER), now=NOW)
    AssistanceRequest.objects.filter(fund=world.fund).update(verified_cents=F("verified_cents") * 2)

    again = round_frozen.share(row)

    row.refresh_from_db()
    assert again.row.verified_cents == sum(NEEDS) == row.preview["verified_cents"]
    assert again.row.spread.need_met_bp == row.preview["spread"]["need_met_bp"]


def test_a_bent_award_is_found_by_the_command_and_by_the_nightly_proof(world, monkeypatch):
    store = round_awards.store_awards
    bend = lambda row, awards_cents, *rest, now: store(row, (1, *awards_cents[1:]), *rest, now=now)  # noqa: E731
    monkeypatch.setattr(round_awards, "store_awards", bend)
    row = proposed(world, RULES[0])
    AllocationRound.objects.filter(id=row.id).update(result_digest="0" * 64)
    said = StringIO()

    with pytest.raises(SystemExit) as left:
        call_command("allocate", "replay", "1", json=True, stdout=said)

    assert left.value.code == 3
    found = json.loads(said.getvalue())
    assert found["ok"] is False
    assert "1 stored awards" in found["findings"][0]
    job = Job(fund_id=world.fund.id)
    assert any(
        "round 1: 1 stored awards" in one for one in proofs.run(job=job, clock=lambda: NOW)["findings"]
    )


def test_a_sound_round_is_told_in_lines(world):
    row = proposed(world, RULES[0])
    said = StringIO()

    call_command("allocate", "replay", "1", stdout=said)

    assert row.result_digest in said.getvalue()
    assert "WRONG" not in said.getvalue()


@pytest.mark.parametrize("word", ["2", "0", "rnd_00000000000000000000000000000000", "x", "", "9" * 30])
def test_a_round_that_is_not_there_is_said_to_be_so(world, word):
    with pytest.raises(CommandError, match="no such round"):
        call_command("allocate", "replay", word)


def test_a_number_of_several_funds_asks_for_the_fund(world):
    proposed(world, RULES[0])
    other = make_world(name="Harbor Relief", reserve_bp=0)
    put_money_in(other, 100_000, bank_reference="WIRE-9")
    make_requests(other, [50_000])
    proposed(other, RULES[0])

    with pytest.raises(errors.WrongState, match="--fund"):
        round_replay.replay(word="1")
    assert round_replay.replay(word="1", slug="harbor-relief").fund == "harbor-relief"


def test_a_draft_has_nothing_to_compute_again_and_nothing_to_publish(world):
    row = rounds.draft(fund_id=world.fund.id, rule=RULES[0], by=world.actor(Role.DIRECTOR), now=NOW)

    with pytest.raises(errors.WrongState):
        round_replay.replay(word="1")
    with pytest.raises(errors.WrongState):
        publications.publication(world.actor(Role.DIRECTOR), round_id=row.id)


def test_a_publication_names_nobody_and_is_not_for_strangers(world):
    row = proposed(world, RULES[-2])
    text = json.dumps(publications.publication(world.actor(Role.BOARD), round_id=row.id))

    for member in row.members.select_related("request"):
        assert member.request.reference not in text
        assert str(member.request_id) not in text
        assert member.request_id.hex not in text
    assert "Ana Rivera" not in text
    with pytest.raises(errors.NotFound):
        publications.publication(actors.person(ids.new_id(NOW)), round_id=row.id)
