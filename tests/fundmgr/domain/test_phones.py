"""A number is one number, however it is written; what can take no texts is none."""

import pytest

from fundmgr.domain import phones

NUMBER = "+12135550142"


@pytest.mark.parametrize(
    "written",
    [
        "2135550142",
        "(213) 555-0142",
        "213.555.0142",
        "213 555 0142",
        " 213-555-0142 ",
        "1 213 555 0142",
        "+1 (213) 555-0142",
        "0012135550142".removeprefix("00"),
        "+12135550142",
        "213\u2013555\u20130142",
        "٢١٣٥٥٥٠١٤٢",
        "tel:+1-213-555-0142",
    ],
)
def test_any_way_of_writing_is_the_same_number(written):
    assert phones.read(written) == NUMBER


@pytest.mark.parametrize(
    "written",
    [
        "",
        "555-0142",
        "213555014",
        "21355501421",
        "(800) 555-0142",
        "(900) 555-0142",
        "213-555-0142 x12",
        "123 456 7890",
        "911",
        "ana@example.com",
        "1" * 60,
        "+",
        "\0",
        "\ud800",
    ],
)
def test_what_can_take_no_text_is_refused(written):
    assert phones.read(written) is None


def test_a_number_of_another_country_keeps_its_country():
    number = phones.read("+44 7400 123456")

    assert number == "+447400123456"
    assert phones.region(number) == "GB"
    assert phones.shown(number) == "+44 7400 123456"


def test_a_number_at_home_is_shown_as_people_read_it():
    assert phones.shown(NUMBER) == "(213) 555-0142"
    assert phones.region(NUMBER) == "US"
