"""A restriction's page: its money, its letters and orders, and what two people set free by them."""

import pytest
from builders import make_world, put_money_in
from casework import add_role
from console import Staff, summary_of, text_of
from papers import a_pdf, named
from restricted import keep_letter, propose_release, tie_money

from fundmgr.domain.ids import public
from fundmgr.domain.permissions import Role
from fundmgr.models import Restriction, RestrictionRelease, StoredFile

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return make_world(reserve_bp=0)


@pytest.fixture
def tied(world):
    """5,000 cents tied to health premiums, which nobody needs."""
    return tie_money(world, 5_000)


def page_of(restriction):
    return f"money/{public('rst', restriction.id)}/"


def typed(letter, **changes):
    return {
        "amount": "20",
        "ground": "CONSENT_LETTER",
        "document": public("fil", letter.id),
        "reason": "No need is left.",
        **changes,
    }


def test_a_letter_is_added_a_release_proposed_and_another_person_sets_the_money_free(world, tied):
    director, treasurer = Staff(world, Role.DIRECTOR), Staff(world, Role.TREASURER_RELEASES)
    page = page_of(tied)
    assert director.address(page) in text_of(director.get("money/"))
    first = text_of(director.get(page))
    assert "No letter or order is kept here." in first
    assert "For the health premiums of crew members." in first
    assert "Only for these needs" in first
    assert "Set money free" not in first

    sent = director.post(f"{page}evidence/", {"file": named("consent.pdf", a_pdf())})
    assert sent["Location"] == director.address(page)
    assert 'value="50.00"' in text_of(director.get(f"{page}release/"))
    proposed = director.post(f"{page}release/", typed(StoredFile.objects.get()))
    assert proposed["Location"] == director.address(page)
    release = RestrictionRelease.objects.get()

    assert "You proposed to set money free. Another person must decide it." in text_of(director.get(page))
    inbox = text_of(treasurer.get("approvals/"))
    assert "To set free of its restriction" in inbox
    assert treasurer.address(page) in inbox
    assert "Set $20.00 free" in text_of(treasurer.get(page))
    done = treasurer.post(f"{page}{public('rls', release.id)}-make/")
    assert done["Location"] == treasurer.address(page)
    words = text_of(treasurer.get(page))
    assert "Set free" in words
    assert f"{release.proposed_by}, then {RestrictionRelease.objects.get().decided_by}" in words
    assert "$30" in words
    assert "A restriction was lifted" in text_of(treasurer.get("ledger/transfers/"))


def test_the_transfer_leads_back_to_the_restriction(world, tied):
    treasurer = Staff(world, Role.TREASURER_RELEASES)
    release = propose_release(world, tied, 2_000)
    treasurer.post(f"{page_of(tied)}{public('rls', release.id)}-make/")

    listed = text_of(treasurer.get("ledger/transfers/", cause=str(release.id)))
    place = listed.split("/ledger/transfers/trf_")[1].split("/")[0]
    words = text_of(treasurer.get(f"ledger/transfers/trf_{place}/"))

    assert treasurer.address(page_of(tied)) in words
    assert "Release of a restriction Health premiums" in words


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"amount": "50.01"}, "Only $50.00 of this money is available"),
        ({"amount": "0"}, "Enter an amount above 0."),
        ({"document": ""}, "Choose the letter or order."),
        ({"document": f"fil_{'0' * 32}"}, "Choose a letter or an order that is kept with this restriction."),
        ({"ground": "WISH"}, "Choose what allows it."),
        ({"reason": ""}, "Write why the money is set free."),
    ],
)
def test_what_does_not_fit_is_said_at_its_box(world, tied, changes, sentence):
    answer = Staff(world, Role.DIRECTOR).post(
        f"{page_of(tied)}release/", typed(keep_letter(world, tied), **changes)
    )

    assert answer.status_code == 422
    assert sentence in summary_of(answer)
    assert not RestrictionRelease.objects.exists()


def test_maker_is_never_checker_and_a_refusal_moves_nothing(world, tied):
    director = Staff(world, Role.DIRECTOR)
    add_role(world, director.actor, Role.TREASURER_RELEASES)
    release = propose_release(world, tied, 2_000)
    place = f"{page_of(tied)}{public('rls', release.id)}"

    own = director.post(f"{place}-make/")
    refused = Staff(world, Role.TREASURER_RELEASES).post(f"{place}-refuse/")

    assert (own.status_code, "Another person must approve it." in summary_of(own)) == (403, True)
    assert "Set $20.00 free" not in text_of(director.get(page_of(tied)))
    assert refused.status_code == 302
    assert RestrictionRelease.objects.get().state == "REFUSED"
    late = Staff(world, Role.TREASURER_RELEASES).post(f"{place}-make/")
    assert (late.status_code, "decided already" in summary_of(late)) == (409, True)


def test_roles_and_other_funds_are_turned_away(world, tied):
    page, other = page_of(tied), make_world(name="Harbor Relief")
    auditor, reviewer = Staff(world, Role.AUDITOR), Staff(world, Role.REVIEWER)

    assert auditor.get(page).status_code == 200
    assert "Set money free" not in text_of(auditor.get(page))
    assert auditor.get(f"{page}release/").status_code == 403
    assert auditor.post(f"{page}evidence/", {"file": named("x.pdf", a_pdf())}).status_code == 403
    assert reviewer.get(page).status_code == 403
    assert Staff(other, Role.DIRECTOR).get(page).status_code == 404


def test_money_tied_to_nothing_shows_only_its_figures(world):
    put_money_in(world, 1_000)
    general = Restriction.objects.get(fund=world.fund)

    words = text_of(Staff(world, Role.DIRECTOR).get(page_of(general)))

    assert "Tied to nothing" in words
    assert "Letters and orders" not in words
    assert "Set money free" not in words
