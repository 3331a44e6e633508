"""The program that checks a published draw: it agrees with the engine, and names what was tampered with."""

import json

import pytest
from publications import SECRETS, drawn, run, tampered

from fundmgr.allocation import draw


def entry(place, **changes):
    return lambda told: told["list"][place].update(changes)


def of_draw(**changes):
    return lambda told: told["draw"].update(changes)


def of_round(**changes):
    return lambda told: told.update(changes)


def moved_award(told):
    paid = next(one for one in told["list"] if one["award_cents"])
    other = next(one for one in told["list"] if not one["award_cents"])
    paid["award_cents"], other["award_cents"] = 0, paid["award_cents"]


def raised_award(told):
    told["list"][0]["award_cents"] += 1


def swapped_order(told):
    order = told["draw"]["order"]
    order[0], order[-1] = order[-1], order[0]


def another_secret(told):
    """A secret made up afterwards, with its hash and its seed: only the noted commitment tells."""
    secrets = [SECRETS[0], "a secret that wins for a friend"]
    told["draw"].update(secrets=secrets, commitments=[draw.commitment(one) for one in secrets])


TAMPERED = {
    "not an object": (lambda told: None, "no published round"),
    "another format": (of_round(format="fundmgr round 2"), "no published round"),
    "no draw": (of_round(draw=None), "was not drawn"),
    "no list": (of_round(list=[]), "the list is empty"),
    "a line that is none": (lambda told: told["list"].__setitem__(2, "x"), "entry 3"),
    "a name for a token": (entry(0, id="Ana Rivera"), "entry 1 of the list has no token"),
    "a person twice": (lambda told: told["list"].append(told["list"][0]), "twice"),
    "a person left out": (lambda told: told["list"].pop(), "not the one whose root"),
    "people moved": (lambda told: told["list"].reverse(), "not the one whose root"),
    "a claim raised": (entry(1, claim_cents=30_001), "not the one whose root"),
    "a claim below zero": (entry(1, claim_cents=-1), "no claim"),
    "a claim with a point": (entry(1, claim_cents=30_000.0), "no claim"),
    "a ticket more": (entry(1, tickets=3), "not the one whose root"),
    "no ticket": (entry(1, tickets=0), "no ticket"),
    "true for a ticket": (entry(0, tickets=True), "no ticket"),
    "withdrawn is missing": (lambda told: told["list"][0].pop("withdrawn"), "withdrawn"),
    "somebody made to withdraw": (entry(0, withdrawn=True), "the order"),
    "another root": (of_round(list_root="0" * 64), "not the one whose root"),
    "one secret": (lambda told: told["draw"]["secrets"].pop(), "not told"),
    "one person": (of_draw(commitments=["a" * 64], secrets=["x" * 16]), "fewer than two"),
    "the same secret twice": (
        lambda told: told["draw"].update(
            secrets=[SECRETS[0]] * 2, commitments=[draw.commitment(SECRETS[0])] * 2
        ),
        "the same secret",
    ),
    "another secret": (of_draw(secrets=[SECRETS[0], "some other secret"]), "secret 2 is not the one"),
    "the secrets swapped": (of_draw(secrets=SECRETS[::-1]), "secret 1 is not the one"),
    "a commitment that is none": (of_draw(commitments=["a", "b"]), "no SHA-256"),
    "a short secret": (of_draw(commitments=["a" * 64, "b" * 64], secrets=["x", "y"]), "too short"),
    "no beacon said": (lambda told: told["draw"].pop("beacon"), "whether there is a beacon"),
    "the beacon taken away": (of_draw(beacon=None), "the seed"),
    "another beacon": (of_draw(beacon={"round": 749_812, "value": "cd" * 32}), "the seed"),
    "a beacon without value": (of_draw(beacon={"round": 749_812}), "no value"),
    "a beacon without round": (of_draw(beacon={"round": 0, "value": "ab" * 32}), "no round"),
    "another seed": (of_draw(seed="0" * 64), "the seed"),
    "the order swapped": (swapped_order, "the order"),
    "one left out of the order": (lambda told: told["draw"]["order"].pop(), "the order"),
    "an award moved": (moved_award, "gets"),
    "an award raised": (raised_award, "gets"),
    "another rule": (lambda told: told["rule"].update(rule="queue"), "not a draw"),
    "another version": (lambda told: told["rule"].update(version=2), "a version"),
    "another ending": (lambda told: told["rule"].update(last="skip"), "gets"),
    "no ending": (lambda told: told["rule"].update(last="never"), "does not fit"),
    "a floor": (lambda told: told["rule"].update(floor_cents=5), "useful minimum"),
    "more money": (of_round(estate_cents=200_000), "gets"),
    "no money": (of_round(estate_cents=None), "no amount"),
    "another leftover": (of_round(leftover_cents=7), "leftover_cents"),
    "another count": (of_round(awarded_count=99), "awarded_count"),
    "another total": (of_round(awarded_cents=1), "awarded_cents"),
}  # fmt: skip


@pytest.mark.parametrize("last", ["partial", "stop", "skip"])
@pytest.mark.parametrize("beacon", ["", "ab" * 32])
@pytest.mark.parametrize("estate", [0, 1, 165_000, 10**9])
def test_a_draw_of_the_engine_holds(tmp_path, last, beacon, estate):
    said = run("verify_draw.py", tmp_path, drawn(last=last, beacon=beacon, estate=estate))

    assert (said.returncode, said.stderr) == (0, ""), said.stdout
    assert "The draw holds." in said.stdout


@pytest.mark.parametrize("withdrawn", [(0,), (4,), (0, 3), (1, 2, 5)])
def test_a_withdrawn_ticket_falls_to_the_next(tmp_path, withdrawn):
    told = drawn(withdrawn=withdrawn)

    assert run("verify_draw.py", tmp_path, told).returncode == 0
    left = [token for token in drawn()["draw"]["order"] if token in told["draw"]["order"]]
    assert told["draw"]["order"] == left


@pytest.mark.parametrize("named", TAMPERED)
def test_what_was_tampered_with_is_named(tmp_path, named):
    change, sentence = TAMPERED[named]
    told = None if named == "not an object" else tampered(drawn(), change)

    said = run("verify_draw.py", tmp_path, told)

    assert said.returncode == 1, said.stdout + said.stderr
    assert said.stdout.startswith("WRONG: ")
    assert sentence in said.stdout


def test_more_than_thirty_ways_to_cheat_are_tried():
    assert len(TAMPERED) > 30


def test_what_was_noted_before_shows_a_draw_made_up_afterwards(tmp_path):
    honest = drawn()
    forged = tampered(honest, another_secret)
    forged["draw"]["seed"] = draw.seed(forged["list_root"], forged["draw"]["secrets"], "ab" * 32)
    noted = ["--root", honest["list_root"], "--commitment", honest["draw"]["commitments"][1]]

    assert run("verify_draw.py", tmp_path, honest, *noted).returncode == 0
    assert "commitment that you noted" in run("verify_draw.py", tmp_path, forged, *noted).stdout
    assert "root is not the one that you noted" in run(
        "verify_draw.py", tmp_path, honest, "--root", "0" * 64
    ).stdout  # fmt: skip


@pytest.mark.parametrize("text", ["", "{", "[1,", "[" * 100_000, '{"a": 1} {"b": 2}', "\x00"])
def test_a_file_that_cannot_be_read_is_said_to_be_one(tmp_path, text):
    said = run("verify_draw.py", tmp_path, text)

    assert said.returncode == 2
    assert "cannot be read" in said.stderr
    assert "Traceback" not in said.stderr


def test_a_thing_named_twice_is_refused(tmp_path):
    text = json.dumps(drawn()).replace('"estate_cents"', '"estate_cents": 1, "estate_cents"', 1)

    assert "names a thing twice" in run("verify_draw.py", tmp_path, text).stdout
