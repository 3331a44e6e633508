"""Policy documents: what is read, what is refused, and that one meaning has one form."""

import json

import pytest

from fundmgr.allocation import Policy, Problem, allocate, errors, exact


def test_a_document_comes_back_whole_with_its_defaults():
    policy = Policy.from_json({"version": 1, "rule": "queue", "last": "skip"})

    assert policy.to_json() == {
        "floor_cents": 0,
        "last": "skip",
        "remainder": "distribute",
        "rule": "queue",
        "version": 1,
    }
    assert Policy.from_json(policy.to_json()) == policy
    assert Policy.from_json(json.dumps(policy.to_json())) == policy


def test_one_meaning_has_one_digest():
    assert Policy.from_json('{"rule":"talmud","version":1}').digest() == Policy(rule="talmud").digest()
    assert Policy(rule="talmud", floor_cents=5).digest() != Policy(rule="talmud").digest()


@pytest.mark.parametrize(
    ("document", "error"),
    [
        ({"rule": "queue"}, errors.UnknownPolicyVersion),
        ({"version": 2, "rule": "queue"}, errors.UnknownPolicyVersion),
        ({"version": True, "rule": "queue"}, errors.UnknownPolicyVersion),
        ({"version": "1", "rule": "queue"}, errors.UnknownPolicyVersion),
        ({"version": 1}, errors.UnknownRule),
        ({"version": 1, "rule": "whim"}, errors.UnknownRule),
        ({"version": 1, "rule": "queue", "lasst": "stop"}, errors.UnknownPolicyField),
        ({"version": 1, "rule": "queue", "last": "first"}, errors.BadPolicyValue),
        ({"version": 1, "rule": "queue", "remainder": "keep"}, errors.BadPolicyValue),
        ({"version": 1, "rule": "queue", "floor_cents": -1}, errors.BadPolicyValue),
        ({"version": 1, "rule": "queue", "floor_cents": 1.0}, errors.BadPolicyValue),
        ("not json", errors.BadPolicyValue),
        ("[]", errors.BadPolicyValue),
    ],
)
def test_a_document_that_is_not_understood_is_refused_by_name(document, error):
    with pytest.raises(error):
        Policy.from_json(document)


@pytest.mark.parametrize("share", [allocate, exact])
@pytest.mark.parametrize(
    ("problem", "policy", "error"),
    [
        (Problem(1, [5, 6]), Policy(rule="equal_awards", floor_cents=7), errors.FloorAboveEveryClaim),
        (Problem(1, [9], caps_cents=6), Policy(rule="queue", floor_cents=7), errors.FloorAboveEveryClaim),
        (Problem(1, [5, 6]), Policy(rule="draw"), errors.OrderMissing),
        (Problem(1, [5, 6], weights=[1, 2]), Policy(rule="random_arrival"), errors.RuleRefusesWeights),
        (Problem(1, [5] * 21), Policy(rule="average_of_awards"), errors.TooManyClaims),
        (Problem(1, [5] * 201), Policy(rule="dominguez_thomson"), errors.TooManyClaims),
    ],
)
def test_a_policy_that_does_not_fit_the_problem_is_refused_by_name(share, problem, policy, error):
    with pytest.raises(error):
        share(problem, policy)
