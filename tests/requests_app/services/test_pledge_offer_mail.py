"""Who promised money on the public page is told once what the fund makes of it, at the proved address."""

from datetime import timedelta

import pytest
from builders import NOW, TODAY, make_donor, make_world
from django.core import mail
from django.db import IntegrityError, transaction
from giving import give_address
from offering import make_offer, prove_offer

from fundmgr.domain import errors
from fundmgr.domain.permissions import Role
from fundmgr.models import Commitment, Donor, Fund, OutboxMessage, PledgeOffer
from fundmgr.queries import funds
from fundmgr.services import commitments
from fundmgr.services import funds as fund_service
from requests_app.models import Notice
from requests_app.services import pledge_offer_mail, pledge_offers

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return make_world()


def take(world, offer, **said):
    return pledge_offers.take(offer_id=offer.id, by=world.actor(Role.DIRECTOR), now=NOW, **said)


def turn_down(world, offer, **said):
    told = {"reason": "A test.", **said}
    return pledge_offers.turn_down(offer_id=offer.id, by=world.actor(Role.DIRECTOR), now=NOW, **told)


def answered():
    """Do what the outbox owes to those who promised, in the test's own transaction; return the letters."""
    before = len(mail.outbox)
    for message in OutboxMessage.objects.filter(kind="pledge_answer"):
        pledge_offer_mail.answer(message=message, now=NOW)
    return mail.outbox[before:]


def test_who_promised_is_told_what_comes_next(world):
    Fund.objects.filter(id=world.fund.id).update(
        help_mail="gifts@fund.example", help_phone="(213) 555-0100", help_hours="Mon-Fri 9-5"
    )
    take(world, prove_offer(world, now=NOW, meant_on=TODAY + timedelta(days=30)))

    (letter,) = answered()

    assert letter.to == ["ana@example.org"]
    assert letter.subject == f"{world.fund.name} registró su promesa"
    assert "Usted prometió $50.00" in letter.body
    assert "prometido, todavía no recibido" in letter.body
    assert "La fecha de pago es el" in letter.body
    assert Commitment.objects.get().id.hex[-8:].upper() in letter.body
    assert "gifts@fund.example" in letter.body
    assert "(213) 555-0100. Mon-Fri 9-5" in letter.body
    # They are the donor now: the page with what becomes of a gift is theirs.
    assert f"/f/{world.fund.slug}/donor/" in letter.body
    assert "Ana Rivera" not in letter.body


def test_a_letter_speaks_english_and_names_only_what_there_is(world):
    offer = prove_offer(world, now=NOW)
    PledgeOffer.objects.update(language="en")
    Fund.objects.filter(id=world.fund.id).update(help_mail="", help_phone="")
    take(world, offer)

    (letter,) = answered()

    assert letter.subject == f"{world.fund.name} recorded your promise"
    assert "No day is set yet." in letter.body
    assert "You can also" not in letter.body
    assert "one purpose" not in letter.body
    assert "second person" not in letter.body
    assert "Answer this message to learn how to pay." in letter.body


def test_a_purpose_and_a_second_signature_are_told(world):
    offer = prove_offer(world, now=NOW, amount_cents=50_000_000)
    director = world.actor(Role.DIRECTOR)
    tied = fund_service.add_restriction(
        fund_id=world.fund.id, name="Rent only", wording="Rent.", by=director, now=NOW
    )
    take(world, offer, restriction_id=tied.id)
    Commitment.objects.update(state="DRAFT")

    (letter,) = answered()

    assert "Se guarda para un solo fin: Rent only." in letter.body
    assert "otra persona del fondo también la revisa" in letter.body


def test_taken_for_a_donor_of_another_address_it_is_told_to_the_one_that_was_proved(world):
    donor = give_address(world, make_donor(world, name="Big Company"), "office@company.example")
    take(world, prove_offer(world, now=NOW), donor_id=donor.id)

    (letter,) = answered()

    assert letter.to == ["ana@example.org"]
    assert "Big Company" not in letter.body
    assert "/donor/" not in letter.body


def test_turned_down_they_read_what_staff_wrote_for_them_and_not_the_funds_note(world):
    turn_down(world, prove_offer(world, now=NOW), reason="Known prankster.", reply="No es un monto real.")

    (letter,) = answered()

    assert letter.subject == f"{world.fund.name} no aceptó su promesa"
    assert "Usted no debe nada por ella." in letter.body
    assert "El fondo explica por qué:\nNo es un monto real." in letter.body
    assert "prankster" not in letter.body
    assert "Ana Rivera" not in letter.body


def test_turned_down_without_a_word_for_them_no_reason_is_told(world):
    turn_down(world, prove_offer(world, now=NOW))

    (letter,) = answered()

    assert "por qué" not in letter.body
    assert "A test." not in letter.body
    assert "\n\n\n" not in letter.body


@pytest.mark.parametrize("decide", [take, turn_down])
def test_each_answer_is_one_letter_however_often_it_is_owed(world, decide):
    decide(world, prove_offer(world, now=NOW))

    assert len(answered()) == 1
    assert answered() == []
    assert OutboxMessage.objects.filter(kind="pledge_answer").count() == 1
    assert Notice.objects.filter(kind__in=["pledge_taken", "pledge_turned_down"]).count() == 1


@pytest.mark.parametrize("decide", [take, turn_down])
def test_an_address_that_nobody_proved_is_never_answered(world, decide):
    offer = make_offer(world, now=NOW)

    with pytest.raises(errors.NotFound):
        decide(world, offer)

    assert answered() == []
    assert not OutboxMessage.objects.filter(kind="pledge_answer").exists()


def test_nothing_is_owed_where_the_taking_fails(world):
    offer = prove_offer(world, now=NOW)

    with pytest.raises(errors.NotFound):
        take(world, offer, donor_id=world.fund.id)

    assert not OutboxMessage.objects.filter(kind="pledge_answer").exists()


def test_what_ended_or_went_meanwhile_is_not_told(world):
    offer = prove_offer(world, now=NOW)
    row = take(world, offer)
    commitments.cancel(
        commitment_id=row.commitment_id, reason="Called.", by=world.actor(Role.DIRECTOR), now=NOW
    )
    turn_down(world, prove_offer(world, now=NOW, amount_cents=700))
    PledgeOffer.objects.filter(amount_cents=700).delete()

    assert answered() == []
    assert Donor.objects.count() == 1


def test_only_what_was_turned_down_has_a_reply(world):
    prove_offer(world, now=NOW)

    with pytest.raises(IntegrityError), transaction.atomic():
        PledgeOffer.objects.update(reply="Why")


def test_a_link_that_was_owed_is_not_sent_once_the_promise_is_decided(world):
    take(world, prove_offer(world, now=NOW))
    mail.outbox.clear()

    pledge_offer_mail.send(message=OutboxMessage.objects.get(kind="pledge_offer"), now=NOW)

    assert mail.outbox == []
    assert funds.general_restriction(world.fund.id).id == Commitment.objects.get().restriction_id
