"""Letters to givers and staff are written down once per effect, in one language and by the fund's clock."""

from datetime import UTC, datetime

import pytest
from builders import NOW, make_world
from django.core import mail

from requests_app.models import Notice
from requests_app.services import mailings
from requests_app.services.mailings import Mailing

pytestmark = pytest.mark.django_db
WORDS = {"amount_cents": 5_000, "link": "https://l", "expires_at": datetime(2023, 9, 2, 3, tzinfo=UTC)}


def a_letter(world, **more):
    return Mailing(world.fund, "ana@example.org", "es", "pledge_offer", {**WORDS, **more})


def test_a_letter_is_written_down_as_it_is_mailed():
    world = make_world()

    mailings.send(a_letter(world), key="one", now=NOW)

    row, (sent,) = Notice.objects.get(), mail.outbox
    assert (row.kind, row.contact, row.applicant, row.sent_at) == ("pledge_offer", sent.to[0], None, NOW)
    assert (row.subject, row.text) == (sent.subject, sent.body)
    assert sent.subject == f"Confirme su promesa a {world.fund.name}"
    # Three in the morning of September 2 is the evening before where the fund is.
    assert "viernes 1" in sent.body.replace("\N{NO-BREAK SPACE}", " ").replace(",", "")
    assert f"/f/{world.fund.slug}/" in sent.body


def test_an_effect_is_mailed_once_whatever_its_words_are_by_then():
    world = make_world()

    for cents in (5_000, 6_000):
        mailings.send(a_letter(world, amount_cents=cents), key="one", now=NOW)
    mailings.send(a_letter(world), key="two", now=NOW)

    assert [letter.to for letter in mail.outbox] == [["ana@example.org"]] * 2
    assert Notice.objects.count() == 2


@pytest.mark.parametrize("rendered", ["\nA  fund\n\nWords\n", "A fund\nWords"])
def test_the_first_line_of_a_template_is_the_subject(rendered):
    assert mailings.parted(rendered) == ("A fund", "Words\n")
