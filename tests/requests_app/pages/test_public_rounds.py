"""The public page of decided rounds: files that check themselves, no names, nothing of too few people."""

import json

import pytest
from builders import NOW, make_world, put_money_in
from django.test import Client
from publications import DOCS, run
from waiting import make_requests

from fundmgr.domain.permissions import Role
from requests_app.models import AssistanceRequest
from requests_app.services import rounds

pytestmark = pytest.mark.django_db


def world_of(needs, cents):
    made = make_world(reserve_bp=0)
    put_money_in(made, cents)
    make_requests(made, needs)
    return made


def decided(world, rule="equal_awards", *, approve=True, **more):
    document = {"version": 1, "rule": rule, **more}
    row = rounds.propose_rule(fund_id=world.fund.id, rule=document, by=world.actor(Role.DIRECTOR), now=NOW)
    if approve:
        rounds.approve(round_id=row.id, result_digest=None, by=world.actor(Role.APPROVER), now=NOW)
    return row


def get(world, path, **options):
    return Client().get(f"/f/{world.fund.slug}/{path}", **options)


def test_a_decided_round_is_told_with_its_file_and_the_program_that_checks_it(tmp_path):
    world = world_of([50_000] * 12, 120_000)
    row = decided(world)

    page = get(world, "rounds/").content.decode()
    file = get(world, "rounds/1.json")
    program = get(world, "rounds/verify_round.py")

    assert "The round set aside $1,200 for 12 people." in page
    assert row.result_digest[:32] in page
    assert "The same for everyone." in page
    assert "up to one amount that is the same for all. This amount was $100.00." in page
    assert "Then" not in page
    assert "depends on the money" not in page
    assert "attachment" in file["Content-Disposition"]
    assert run("verify_round.py", tmp_path, json.loads(file.content)).returncode == 0
    assert program.content == (DOCS / "verify_round.py").read_bytes()
    assert "rounds/" in get(world, "").content.decode()


def test_tiers_are_told_where_each_has_enough_people(tmp_path):
    world = world_of([50_000] * 20, 600_000)
    ids = list(AssistanceRequest.objects.order_by("id").values_list("id", flat=True))
    AssistanceRequest.objects.filter(id__in=ids[:10]).update(urgency=["EVICTION"])
    decided(world, rule="equal_awards", tiers="urgency")

    page = get(world, "rounds/").content.decode()
    file = get(world, "rounds/1.json")

    assert "Urgent requests first." in page
    assert run("verify_round.py", tmp_path, json.loads(file.content)).returncode == 0


def test_a_tier_of_few_people_is_not_told():
    world = world_of([50_000] * 20, 600_000)
    one = AssistanceRequest.objects.order_by("id").first()
    AssistanceRequest.objects.filter(id=one.id).update(urgency=["EVICTION"])
    decided(world, rule="equal_awards", tiers="urgency")

    assert get(world, "rounds/1.json").status_code == 404


def test_the_public_file_names_nobody_and_no_restriction():
    world = world_of([50_000] * 12, 120_000)
    row = decided(world)
    text = get(world, "rounds/1.json").content.decode()

    assert json.loads(text)["pots"][0]["name"] == "pot 1"
    for member in row.members.select_related("request"):
        assert member.request.reference not in text
        assert member.request_id.hex not in text


@pytest.mark.parametrize(
    ("needs", "cents", "rule"),
    [
        ([50_000] * 9, 500_000, "equal_awards"),
        ([50_000] * 30, 450_000, "queue"),
        ([50_000] * 19, 500_000, "queue"),
    ],
    ids=["few people", "few paid", "few left out"],
)  # fmt: skip
def test_few_people_are_not_shown(needs, cents, rule):
    world = world_of(needs, cents)
    decided(world, rule)

    page = get(world, "rounds/").content.decode()

    assert "So few people" in page
    assert "set aside" not in page
    assert get(world, "rounds/1.json").status_code == 404


def test_a_proposal_is_not_told_to_anybody():
    world = world_of([50_000] * 12, 120_000)
    decided(world, approve=False)

    assert "No money has been shared yet." in get(world, "rounds/").content.decode()
    assert get(world, "rounds/1.json").status_code == 404


def test_the_page_speaks_spanish():
    world = world_of([50_000] * 12, 120_000)
    decided(world)

    assert "Cómo se repartió el dinero" in get(world, "rounds/", HTTP_ACCEPT_LANGUAGE="es").content.decode()


@pytest.mark.parametrize(
    "path", ["rounds/2.json", "rounds/settings.py", "rounds/..%2Fapi.md", "rounds/99999999999999.json"]
)
def test_what_is_not_there_is_not_there(path):
    assert get(world_of([50_000], 120_000), path).status_code == 404


def test_no_fund_has_no_rounds():
    assert Client().get("/f/no-such-fund/rounds/").status_code == 404
