"""What a problem refuses, by name, and that it cannot change afterwards."""

from fractions import Fraction

import numpy as np
import pytest

from fundmgr.allocation import Policy, Problem, allocate, errors, exact


@pytest.mark.parametrize(
    ("arguments", "structure", "error"),
    [
        ((-1, [1]), {}, errors.NegativeEstate),
        ((1.0, [1]), {}, errors.NotWholeCents),
        ((1, [1, -1]), {}, errors.NegativeClaim),
        ((1, [Fraction(-1, 2)]), {}, errors.NegativeClaim),
        ((1, [1.5]), {}, errors.NotWholeCents),
        ((1, ["1"]), {}, errors.NotWholeCents),
        ((1, [True]), {}, errors.NotWholeCents),
        ((1, np.array([1.0])), {}, errors.NotWholeCents),
        ((1, [[1], [2]]), {}, errors.NotWholeCents),
        ((1, np.ones((2, 2), dtype=np.int64)), {}, errors.ShapeMismatch),
        ((1, [2**62, 1]), {}, errors.ClaimsTooLarge),
        ((1, [2**64]), {}, errors.ClaimsTooLarge),
        ((1, [2**61] * 3), {}, errors.ClaimsTooLarge),
        ((1, [1, 2]), {"weights": [1]}, errors.ShapeMismatch),
        ((1, [1, 2]), {"weights": [0, 0]}, errors.AllWeightsZero),
        ((1, [1, 2]), {"weights": [1, -1]}, errors.BadWeight),
        ((1, [1, 2]), {"weights": [1, 0.5]}, errors.BadWeight),
        ((1, [1, 2]), {"tiers": [1]}, errors.ShapeMismatch),
        ((1, [1, 2]), {"tiers": [1, Fraction(1, 2)]}, errors.BadTier),
        ((1, [1, 2]), {"caps_cents": [-1, 2]}, errors.NegativeCap),
        ((1, [1, 2]), {"caps_cents": -5}, errors.NegativeCap),
        ((1, [1, 2]), {"order": [0, 0]}, errors.BadOrder),
        ((1, [1, 2]), {"order": [0, 2]}, errors.BadOrder),
        ((1, [1, 2]), {"order": [-1]}, errors.BadOrder),
        ((1, [1, 2]), {"tie_key": [1]}, errors.ShapeMismatch),
        ((1, [1, 2]), {"tie_key": [1, "a"]}, errors.BadTieKey),
        ((1, [1]), {"pots_cents": [1]}, errors.PotsMismatch),
        ((1, [1]), {"eligibility": [[0]]}, errors.PotsMismatch),
        ((1, [1]), {"draw_order": [0]}, errors.PotsMismatch),
        ((3, [1]), {"pots_cents": [1, 1], "eligibility": [[0]]}, errors.PotsMismatch),
        ((0, [1]), {"pots_cents": [1, -1], "eligibility": [[0]]}, errors.NegativePot),
        ((2, [1]), {"pots_cents": [1, 1], "eligibility": [[2]]}, errors.UnknownPot),
        ((2, [1]), {"pots_cents": [1, 1], "eligibility": [[-1]]}, errors.UnknownPot),
        ((2, [1]), {"pots_cents": [1, 1], "eligibility": [[0], [1]]}, errors.ShapeMismatch),
        ((2, [1]), {"pots_cents": [1, 1], "eligibility": np.ones((1, 3), bool)}, errors.ShapeMismatch),
        ((2, [1]), {"pots_cents": [1, 1], "eligibility": [[0]], "draw_order": [2]}, errors.UnknownPot),
        ((2, [1]), {"pots_cents": [1, 1], "eligibility": [[0]], "draw_order": [0, 0]}, errors.BadOrder),
    ],
)
def test_what_cannot_be_shared_is_refused_by_name(arguments, structure, error):
    with pytest.raises(error) as refusal:
        Problem(*arguments, **structure)

    assert isinstance(refusal.value, errors.AllocationError)
    assert isinstance(refusal.value, ValueError)


def test_claims_up_to_the_limit_are_taken():
    assert len(Problem(5, [2**62])) == 1


def test_a_problem_keeps_its_own_copy_and_never_changes():
    claims = np.array([5, 7], dtype=np.int64)
    problem = Problem(3, claims)

    claims[0] = 99

    assert problem.claims_cents.tolist() == [5, 7]
    with pytest.raises(ValueError, match="read-only"):
        problem.claims_cents[0] = 1
    with pytest.raises(AttributeError):
        problem.estate_cents = 4


@pytest.mark.parametrize("kind", [list, tuple, np.array, lambda values: np.array(values, dtype=np.int32)])
def test_the_digest_does_not_depend_on_how_the_numbers_came(kind):
    assert Problem(3, kind([5, 7])).digest() == Problem(3, [5, 7]).digest()
    assert Problem(3, kind([5, 7])) == Problem(3, [5, 7])


def test_whole_fractions_are_the_same_as_integers():
    assert Problem(Fraction(3), [Fraction(10, 2), 7]) == Problem(3, [5, 7])
    assert Problem(3, [5, 7], weights=[Fraction(2), 1]) == Problem(3, [5, 7], weights=[2, 1])


@pytest.mark.parametrize(
    "other",
    [
        Problem(4, [5, 7]),
        Problem(3, [7, 5]),
        Problem(3, [5, 7], weights=[1, 1]),
        Problem(3, [5, 7], tiers=[0, 0]),
        Problem(3, [5, 7], caps_cents=9),
        Problem(3, [5, 7], order=[0, 1]),
        Problem(3, [5, 7], tie_key=[0, 1]),
        Problem(3, [5, 7], pots_cents=[3], eligibility=[[0], [0]]),
    ],
)
def test_any_difference_changes_the_digest(other):
    assert other.digest() != Problem(3, [5, 7]).digest()


def test_the_digest_is_the_hash_of_plain_json():
    """Written out so that anybody can recompute it without this package."""
    assert Problem(3, [5, 7], weights=[Fraction(1, 2), 1]).canonical() == (
        b'{"caps_cents":null,"claims_cents":[5,7],"draw_order":null,"eligibility":null,"estate_cents":3,'
        b'"order":null,"pots_cents":null,"tie_key":null,"tiers":null,"version":1,"weights":["1/2",1]}'
    )


def test_one_cap_serves_for_all():
    assert Problem(3, [5, 7], caps_cents=6).counted_cents.tolist() == [5, 6]


def test_fractions_of_cents_are_shared_exactly_but_never_paid():
    problem = Problem(Fraction(1, 2), [Fraction(1, 3), 1])

    assert exact(problem, Policy(rule="proportional")) == [Fraction(1, 8), Fraction(3, 8)]
    with pytest.raises(errors.NotWholeCents):
        allocate(problem, Policy(rule="proportional"))
