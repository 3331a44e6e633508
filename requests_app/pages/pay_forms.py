"""Forms after a decision: an answer to a question, and where the money should go."""

from collections.abc import Mapping
from typing import Any, ClassVar, cast

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fundmgr.domain.errors import InvalidInput
from fundmgr.domain.text import NotText, clean_block
from requests_app.pages import worker_words as words
from requests_app.pages.forms import Choice, Line
from requests_app.services import awards

MOST_ANSWER = 1000


class AnswerForm(forms.Form):
    """What the worker answers."""

    use_required_attribute = False
    missing_text = gettext_lazy("Write your answer")
    text = Line(widget=forms.Textarea(attrs={"rows": 6}))

    def clean_text(self) -> str:
        """This will clean the answer. Errors: a sentence where it is empty or too long."""
        typed = str(self.cleaned_data["text"])
        try:
            text = clean_block(typed, most=MOST_ANSWER)
        except NotText as error:
            sentence = _("What you write must be %(most)s letters or less, without hidden characters")
            raise forms.ValidationError(sentence % {"most": MOST_ANSWER}) from error
        if not text:
            raise forms.ValidationError(self.missing_text)
        return text


class MethodForm(forms.Form):
    """Which way to pay."""

    use_required_attribute = False
    method = Choice(choices=[], missing=gettext_lazy("Choose how we should pay you"))

    def __init__(self, data: Mapping[str, Any] | None = None) -> None:
        super().__init__(data)
        ways = [(way, name) for way, name in words.CHANNELS.items() if way in settings.PAY_WAYS]
        cast("forms.ChoiceField", self.fields["method"]).choices = ways


class PayForm(forms.Form):
    """The details that one way needs; the awards' own rules judge them."""

    method: ClassVar[str]
    use_required_attribute = False

    def details(self) -> dict[str, str]:
        """This will return the details as the use case takes them."""
        return {name: self.cleaned_data.get(name, "") for name in self.fields}

    def clean(self) -> None:
        """This will put what the rules refuse at its box."""
        blank = {"name_on_account": "", "routing_number": "", "account_number": "", "address": ""}
        try:
            awards.checked(method=self.method, **(blank | self.details()))
        except InvalidInput as error:
            for problem in error.problems:
                sentence = _sentences(self.method).get((problem.field, problem.code), problem.sentence)
                self.add_error(problem.field, sentence)

    def shown_back(self) -> list[dict[str, Any]]:
        """This will return what was typed, in full, for one last look."""
        labels = {
            "name_on_account": _("Name on the account"),
            "routing_number": _("Routing number"),
            "account_number": _("Account number"),
            "address": _("Address"),
        }
        if self.method == "CHECK":
            labels["name_on_account"] = _("Name on the check")
        if self.method == "CARD":
            labels["name_on_account"] = _("Name on the card")
        return [{"label": labels[name], "value": self.cleaned_data[name]} for name in self.fields]


class BankForm(PayForm):
    """A bank transfer."""

    method = "BANK"
    name_on_account = Line()
    routing_number = Line()
    account_number = Line()


class CheckByMailForm(PayForm):
    """A check by mail."""

    method = "CHECK"
    name_on_account = Line()
    address = Line(widget=forms.Textarea(attrs={"rows": 4}))


class CardByMailForm(CheckByMailForm):
    """A prepaid card by mail."""

    method = "CARD"


class PickUpForm(PayForm):
    """A check to be picked up: nothing to fill in."""

    method = "PICK_UP"


PAY_FORMS: dict[str, type[PayForm]] = {
    form.method: form for form in (BankForm, CardByMailForm, CheckByMailForm, PickUpForm)
}


def _sentences(method: str) -> dict[tuple[str, str], str]:
    names = {
        "CHECK": _("Enter the name to write on the check"),
        "CARD": _("Enter the name to put on the card"),
    }
    return {
        ("name_on_account", "missing"): names.get(method, _("Enter the name, as the bank knows it")),
        ("name_on_account", "invalid_text"): _("Enter the name in fewer letters, without hidden characters"),
        ("address", "missing"): _("Enter the address where you get mail"),
        ("address", "invalid_text"): _("Enter the address in fewer letters, without hidden characters"),
        ("routing_number", "not_nine_digits"): _("Enter a routing number with 9 digits"),
        ("routing_number", "invalid_routing_number"): _(
            "Check the routing number. It does not match a US bank."
        ),
        ("account_number", "invalid_account_number"): _("Enter the account number: 4 to 17 digits"),
    }
