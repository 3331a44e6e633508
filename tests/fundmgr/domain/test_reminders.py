"""A donor is reminded of each part four times at most, by keys that say which."""

from datetime import date
from uuid import UUID

from fundmgr.domain import reminders

DUE = date(2023, 10, 18)


def test_a_part_has_four_reminders_one_of_them_before():
    found = reminders.of_part(DUE)

    assert [(str(one.day), one.word, one.is_before) for one in found] == [
        ("2023-10-11", "before", True),
        ("2023-10-19", "day", False),
        ("2023-11-01", "fortnight", False),
        ("2023-11-17", "month", False),
    ]


def test_a_key_names_promise_schedule_day_and_word():
    key = reminders.of_part(DUE)[0].key(UUID(int=7), schedule=2)

    assert key == "pledge_due:00000000-0000-0000-0000-000000000007:2:2023-10-18:before"
