"""A contact is a mail address, or a number that no program writes to."""

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
