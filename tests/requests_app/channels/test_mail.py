"""Mail: what a crash lets us send twice is one letter to every mailbox."""

from django.core import mail as box

from requests_app.channels import mail


def test_a_letter_sent_again_has_the_id_of_the_first_and_another_letter_has_another():
    for key in ("award_made:1", "award_made:1", "award_made:2"):
        mail.send(subject="An award", text="Dear Ana", to="ana@example.org", key=key)

    first, again, other = (letter.message() for letter in box.outbox)
    assert first["Message-ID"] == again["Message-ID"] != other["Message-ID"]
    assert first["Message-ID"].endswith("@localhost>")
    assert (first["To"], first["Subject"]) == ("ana@example.org", "An award")
