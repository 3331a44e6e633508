"""The rules of an ask, field by field, without a database."""

from datetime import date

import pytest
from builders import TODAY
from django.utils import translation

from fundmgr.domain.eligibility import NeedCategory, Urgency
from requests_app.services import asks
from requests_app.services.asks import Ask

ASK = Ask(
    full_name="Ana Rivera",
    production_name="Badge 27",
    craft="Lighting",
    last_worked_on=date(2023, 5, 1),
    need_lines=((NeedCategory.RENT, 240_000),),
)


def test_an_ordinary_ask_has_no_problem() -> None:
    assert asks.check(ASK, TODAY) == []


def test_every_field_of_an_ask_has_a_rule() -> None:
    assert asks.check_values(vars(ASK), TODAY) == []


def test_one_page_is_checked_without_the_others() -> None:
    problems = asks.check_values({"adults_count": 0}, TODAY)

    assert [problem.field for problem in problems] == ["adults_count"]
    assert problems[0].sentence == "Enter a number from 1 to 20"


def test_all_problems_are_named_at_once() -> None:
    problems = asks.check_values({"full_name": "", "craft": "", "need_lines": ()}, TODAY)

    assert [problem.field for problem in problems] == ["full_name", "craft", "need_lines"]


def test_work_of_today_is_in_the_past_enough() -> None:
    assert asks.check_values({"last_worked_on": TODAY}, TODAY) == []


def test_a_statement_of_exactly_the_most_letters_fits() -> None:
    assert asks.check_values({"statement": "é" * 500}, TODAY) == []
    (problem,) = asks.check_values({"statement": "é" * 501}, TODAY)
    assert problem.sentence == "What you wrote must be 500 letters or less (it has 501)"


def test_cleaning_stores_one_form_of_each_letter() -> None:
    clean = asks.cleaned(
        Ask(
            **{
                **vars(ASK),
                "full_name": " Jose\u0301  Luis ",
                "statement": " a\r\nb ",
                "urgency": (Urgency.MEDICAL, Urgency.EVICTION, Urgency.MEDICAL),
            }
        )
    )

    assert clean.full_name == "José Luis"
    assert clean.statement == "a\nb"
    assert clean.urgency == (Urgency.EVICTION, Urgency.MEDICAL)


def test_answers_are_plain_words_and_numbers() -> None:
    answers = asks.as_answers(ASK)

    assert answers["need_lines"] == [["RENT", 240_000]]
    assert answers["last_worked_on"] == date(2023, 5, 1)


def test_sentences_speak_the_language_of_the_reader() -> None:
    with translation.override("es"):
        (problem,) = asks.check_values({"full_name": ""}, TODAY)

    assert problem.code == "blank"


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("🙂", "no_letters"),
        ("123", "no_letters"),
        ("- '", "no_letters"),
        ("\u200b", "blank"),
        ("\u3164", "no_letters"),
    ],
)
def test_who_asks_has_a_name_with_a_letter(name: str, code: str) -> None:
    problems = asks.check_values({"full_name": name, "helper_name": name}, TODAY)

    told = [(problem.field, problem.code, problem.sentence) for problem in problems]
    assert told == [(field, code, "Enter your full name") for field in ("full_name", "helper_name")]


@pytest.mark.parametrize("name", ["Q", "O'Hara", "李", "q\u0301", "محمد", "Ana 🙂"])
def test_a_name_of_one_letter_in_any_script_is_a_name(name: str) -> None:
    assert asks.check_values({"full_name": name, "helper_name": name}, TODAY) == []


def test_nobody_need_help_another() -> None:
    assert asks.check_values({"helper_name": ""}, TODAY) == []
