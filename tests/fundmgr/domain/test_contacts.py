"""A contact is a mail address or a number, written one way; a donor's number is kept as it was given."""

import pytest

from fundmgr.domain import contacts


@pytest.mark.parametrize("contact", ["gifts@example.org", " Gifts@example.co.uk ", "ñandú@example.org"])
def test_an_address_can_be_written_to(contact):
    assert contacts.is_mail(contact)
    assert contacts.problems(contact) == []


@pytest.mark.parametrize("contact", [None, "(213) 555-0100", "the office"])
def test_what_is_no_address_is_kept_and_not_written_to(contact):
    assert not contacts.is_mail(contact)
    assert contacts.problems(contact) == []


@pytest.mark.parametrize(
    "contact", ["@", "gifts@", "gifts@example", "a b@example.org", "a@b@c.org", "a@b.", "a@\nb.c"]
)
def test_half_an_address_is_refused(contact):
    assert [(one.field, one.code) for one in contacts.problems(contact)] == [("contact", "not_an_address")]


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (" Ana@Example.com", "ana@example.com"),
        ("(213) 555-0142", "+12135550142"),
        ("+1 213.555.0142", "+12135550142"),
        ("555 0142", "5550142"),
        ("\ud800", "\ufffd\ufffd\ufffd"),
        ("+12135550142@example.com", "+12135550142@example.com"),
    ],
)
def test_a_contact_is_written_one_way(typed, kept):
    assert contacts.normalise(typed) == kept
    assert contacts.normalise(kept) == kept


def test_only_a_number_is_a_number():
    assert contacts.is_phone("+12135550142")
    for other in ("ana@example.com", "+12135550142@example.com", "2135550142", "+", "", "+1²"):
        assert not contacts.is_phone(other)


def test_a_masked_contact_keeps_what_tells_two_apart():
    assert contacts.masked("ana@example.com") == "a***@example.com"
    assert contacts.masked("+12135550142") == "***0142"
