"""Every refusal has a stable code, a kind and a sentence for people."""

import pytest

from fundmgr.domain import errors
from fundmgr.domain.errors import FundError, Kind, Problem


def every_refusal(root=FundError):
    return [root, *(found for child in root.__subclasses__() for found in every_refusal(child))]


NAMED = [refusal for refusal in every_refusal() if refusal.__module__ == errors.__name__]


def test_codes_are_words_and_each_is_used_once():
    codes = [refusal.code for refusal in NAMED]

    assert len(codes) == len(set(codes))
    assert all(code.replace("_", "").isalpha() and code.islower() for code in codes)


@pytest.mark.parametrize("refusal", NAMED)
def test_each_refusal_speaks_in_sentences(refusal):
    raised = refusal()

    assert isinstance(raised.kind, Kind)
    assert raised.sentence.endswith(".")
    assert str(raised) == raised.sentence
    assert raised.problems == ()


def test_a_sentence_and_problems_of_ones_own():
    problem = Problem("amount", "too_large", "That amount is too large.")

    raised = errors.InvalidInput("Look at the amount.", problems=[problem])

    assert (raised.sentence, raised.problems) == ("Look at the amount.", (problem,))


def test_self_approval_is_forbidden_and_a_decided_thing_is_in_a_wrong_state():
    assert issubclass(errors.SelfApproval, errors.Forbidden)
    assert issubclass(errors.PersonRequired, errors.Forbidden)
    assert issubclass(errors.AlreadyDecided, errors.WrongState)
    assert errors.SelfApproval().kind is Kind.FORBIDDEN
