"""The other donors: promises, a match that gifts make due, restricted money, lateness, a default."""

import io
from collections import Counter
from statistics import median

from django.core.management import call_command

from fundmgr.models import Commitment, Donor, PledgeOffer, Receipt, RestrictionRelease, StoredFile
from fundmgr.queries import books
from fundmgr.services import proof
from requests_app.demo import later, show, story
from requests_app.queries import means

# Already the next day in UTC, not yet where the fund is.
CLOCK = "2023-09-19T03:00:00+00:00"


def test_the_story_goes_on_with_the_other_donors(committed_db: str, settings, monkeypatch):
    settings.DEMO = True
    for name in ("_file", "_read"):
        monkeypatch.setattr(story, name, lambda *_: [])
    monkeypatch.setattr(story.rounds, "propose_rule", lambda **_: None)
    said = io.StringIO()

    call_command("demo", "--moment", "later", "--clock", CLOCK, stdout=said)
    call_command("demo", "--moment", "later", "--clock", CLOCK, stdout=said)

    fund = show.loaded()
    states = Counter(Commitment.objects.values_list("state", flat=True))
    assert states["DEFAULTED"] == states["OVERDUE"] == states["CONDITIONAL"] == 1
    gifts = list(Receipt.objects.filter(commitment=None).values_list("amount_cents", flat=True))
    assert len(gifts) == later.SMALL_GIFTS
    assert 6_000 <= median(gifts) <= 9_000
    match = Commitment.objects.get(match_percent=100)
    assert match.met_cents == sum(gifts)
    found = means.read(fund.id)
    assert found.raised_cents == found.cash_cents + found.receivable_cents + found.conditional_cents
    assert found.stranded_cents == 5_000_000
    offer = PledgeOffer.objects.get()
    assert (offer.state, offer.amount_cents) == ("PROVED", later.OFFER_CENTS)
    assert Donor.objects.count() == 1 + 3 + later.FRIENDS + later.SMALL_GIFTS
    assert books.position(fund.id).books_differ_by_cents == 0
    assert proof.check_books() == []
    release = RestrictionRelease.objects.get()
    assert (release.state, release.amount_cents) == ("PROPOSED", later.FREED_CENTS)
    assert {row.name for row in StoredFile.objects.all()} == {"Signed pledge.pdf", release.document.name}
    assert proof.check_files() == []
