"""The forms of getting in: where a code goes, and the code."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fundmgr.domain.contacts import is_phone, shown
from fundmgr.domain.texting import Way
from requests_app.pages.forms import Choice, Line


class ContactForm(forms.Form):
    """Where a code can be sent: a phone or a mailbox. What a fund does not offer is not in the form."""

    use_required_attribute = False
    channel = Choice(
        choices=[(Way.TEXT, gettext_lazy("A text message")), (Way.MAIL, gettext_lazy("An email"))], missing=""
    )
    phone = Line()
    email = Line()
    text_consent = forms.BooleanField(required=False)

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        has_texts: bool = False,
        asks_consent: bool = False,
        sent_to: str = "",
        last_way: str = "",
        only: Way | None = None,
    ) -> None:
        box = "phone" if is_phone(sent_to) else "email"
        way = way_of(sent_to) if sent_to else last_way or Way.TEXT
        super().__init__(data, initial={box: shown(sent_to), "channel": way})
        # Whoever fills one box has said which it is.
        self.fields["channel"].required = False
        left_out: tuple[str, ...] = () if has_texts else ("channel", "phone", "text_consent")
        if only is not None:
            left_out = (
                *left_out,
                "channel",
                *(("email",) if only is Way.TEXT else ("phone", "text_consent")),
            )
        for name in left_out if asks_consent else {*left_out, "text_consent"}:
            self.fields.pop(name, None)

    def clean(self) -> None:
        """This will ask again at the box that counts where the way is none that was offered."""
        if "channel" in self.errors:
            del self.errors["channel"]
            sentences = {
                "phone": _("Enter a mobile phone number with 10 digits"),
                "email": _("Enter an email address like name@example.com"),
            }
            self.add_error(self.box, sentences[self.box])

    @property
    def way(self) -> Way:
        """The way that was chosen; where its box is empty and the other is not, the way of the other."""
        typed = {Way.TEXT: self._typed("phone"), Way.MAIL: self._typed("email")}
        default = Way.TEXT if "phone" in self.fields else Way.MAIL
        chosen = next((way for way in Way if way == self._typed("channel")), default)
        other = Way.MAIL if chosen is Way.TEXT else Way.TEXT
        return other if not typed[chosen] and typed[other] else chosen

    @property
    def box(self) -> str:
        """The name of the box that counts."""
        return "phone" if self.way is Way.TEXT else "email"

    @property
    def contact(self) -> str:
        """What was typed into it."""
        return self._typed(self.box)

    @property
    def allows_texts(self) -> bool:
        """Whether news may be texted to it."""
        return self.way is Way.TEXT and bool(self.cleaned_data.get("text_consent"))

    def _typed(self, name: str) -> str:
        return str(self.cleaned_data.get(name) or "") if name in self.fields else ""


def way_of(contact: str) -> Way:
    """This will return the way that leads to a number or an address."""
    return Way.MAIL if "@" in contact else Way.TEXT


class CodeForm(forms.Form):
    """The code that was sent."""

    use_required_attribute = False
    code = Line()
