"""The worker's forms: each reads what people type, and leaves the rules to the one place that has them."""

import calendar
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fundmgr.domain.eligibility import NeedCategory
from fundmgr.domain.text import is_seen
from requests_app.pages import typed
from requests_app.pages import worker_words as words
from requests_app.services import asks

YES_NO = [("yes", gettext_lazy("Yes")), ("no", gettext_lazy("No"))]
YES_NO_UNSURE = [*YES_NO, ("not_sure", gettext_lazy("I'm not sure"))]


class Line(forms.CharField):
    """One box whose rules stand elsewhere; what cannot be stored is refused there, not here."""

    def __init__(self, **options: Any) -> None:
        super().__init__(required=False, strip=False, **options)
        # Django's own sentence for hidden characters would come before ours.
        self.validators = []


class Choice(forms.ChoiceField):
    """Radios, none of them chosen at first."""

    widget = forms.RadioSelect

    def __init__(self, *, choices: Sequence[tuple[str, Any]], missing: Any) -> None:
        errors = {"required": missing, "invalid_choice": missing}
        super().__init__(choices=choices, error_messages=errors)


class OptionalChoice(Choice):
    """Radios that may be left alone."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.required = False


class Question(forms.Form):
    """One page of the form."""

    # Which box shows the problem of which part of the ask.
    boxes: ClassVar[Mapping[str, str]] = {}
    use_required_attribute = False

    def __init__(self, data: Mapping[str, Any] | None = None, *, today: date, **options: Any) -> None:
        super().__init__(data, **options)
        self.today = today
        # The parts of the ask that this page answers, once it is clean.
        self.found: dict[str, Any] = {}

    def read(self) -> dict[str, Any]:
        """This will read what was typed into the parts of an ask, once for each form."""
        return {name: self.cleaned_data.get(box) or "" for name, box in self.boxes.items()}

    def clean(self) -> None:
        """This will put each problem of the ask at its box."""
        self.found = self.read()
        for problem in asks.check_values(self.found, self.today):
            box = self.boxes[problem.field]
            if box not in self.errors:
                self.add_error(box, problem.sentence)

    def typed(self) -> dict[str, Any]:
        """This will return what was typed, to be kept in the draft word for word."""
        return {name: self.data.get(name, "") for name in self.fields}

    @property
    def extra_errors(self) -> list[dict[str, str]]:
        """Problems that belong to no box of Django's, as rows of the error summary."""
        return []


class ShowForm(Question):
    """Which show; one that is not on the list leads to a page of its own."""

    boxes = {"production_name": "show"}
    show = Line()
    not_listed = forms.BooleanField(required=False)
    # Set by that page: the show is on the list under another name.
    goes_by_other_name = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def clean(self) -> None:
        """This will ask for no name where the worker does not see the show."""
        if self.cleaned_data.get("not_listed") and not self.cleaned_data["show"].strip():
            self.found = {"production_name": ""}
        else:
            super().clean()

    def is_on(self, shows: Sequence[str]) -> bool:
        """This will say whether the show is one of those that the fund helps, however it is written."""
        name = self.cleaned_data["show"]
        if not shows:
            return True
        if not name.strip():
            return False
        return self.cleaned_data["goes_by_other_name"] or _plain(name) in {_plain(show) for show in shows}


class JobForm(Question):
    """What kind of work, until which month."""

    boxes = {
        "craft": "department",
        "job_title": "job_title",
        "union_local": "union",
        "engagement": "engagement",
        "last_worked_on": "last_month",
    }
    department = Choice(choices=words.CRAFTS, missing=gettext_lazy("Choose the kind of work you did"))
    job_title = Line()
    union = Line()
    last_month = Line()
    last_year = Line()
    engagement = OptionalChoice(
        choices=words.ENGAGEMENTS, missing=gettext_lazy("Choose how you were hired, or leave it empty")
    )

    def read(self) -> dict[str, Any]:
        """This will take the last day of the month, or today in the month that it is now."""
        found = super().read()
        found.pop("last_worked_on")
        if not is_seen(found["job_title"]):
            self.add_error("job_title", _("Enter your job title, like grip"))
        if not found["craft"]:
            found.pop("craft")
        month, year = (
            typed.month(self.cleaned_data["last_month"]),
            typed.whole(self.cleaned_data["last_year"]),
        )
        if month is None:
            self.add_error("last_month", _("Enter the month you last worked, like 4"))
        if not year:
            self.add_error("last_year", _("Enter the year you last worked, like 2023"))
        if month and year:
            found["last_worked_on"] = self._last_day(year, month)
        return found

    def _last_day(self, year: int, month: int) -> date:
        if (year, month) == (self.today.year, self.today.month):
            return self.today
        return date(year, month, calendar.monthrange(year, month)[1])


class NameForm(Question):
    """Who asks."""

    boxes = {"full_name": "full_name", "preferred_name": "known_as"}
    full_name = Line()
    known_as = Line()


class HouseholdForm(Question):
    """Who counts on the pay."""

    boxes = {"adults_count": "adults", "children_count": "children"}
    adults = Line(initial="1")
    children = Line(initial="0")

    def read(self) -> dict[str, Any]:
        """This will read two whole numbers."""
        found = {}
        sentences = {
            "adults": _("Enter how many adults, like 1"),
            "children": _("Enter how many children, like 2. Write 0 for none."),
        }
        for name, box in self.boxes.items():
            number = typed.whole(self.cleaned_data[box])
            if number is None:
                self.add_error(box, sentences[box])
            else:
                found[name] = number
        return found


class NeedForm(Question):
    """What for and how much, and whether it can wait."""

    losing = Choice(choices=YES_NO, missing=gettext_lazy("Choose yes or no"))
    losing_month = Line()
    losing_day = Line()
    losing_year = Line()

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        today: date,
        flat_cents: int | None = None,
        **options: Any,
    ) -> None:
        super().__init__(data, today=today, **options)
        # Where everybody is given this much, nothing is asked but what it is for.
        self.flat_cents = flat_cents
        self.needs_error = ""
        self.amount_errors: dict[NeedCategory, str] = {}

    def read(self) -> dict[str, Any]:
        """This will read the lines that are ticked, and what is at stake where one cannot wait."""
        lines = self._lines()
        is_losing = self.cleaned_data.get("losing") == "yes"
        at_stake = [words.AT_STAKE[category] for category, _cents in lines if category in words.AT_STAKE]
        loss_on = self._loss_on() if is_losing else None
        return {
            "need_lines": lines,
            "urgency": tuple(at_stake) if is_losing else (),
            "loss_on": loss_on,
        }

    def clean(self) -> None:
        """This will put the problems of the lines beside them, and those of the date at its first box."""
        self.found = self.read()
        for problem in asks.check_values(self.found, self.today):
            part, _dot, rest = problem.field.partition(".")
            if part == "loss_on":
                self.add_error("losing_month", problem.sentence)
            elif rest:
                category = self.found["need_lines"][int(rest.split(".")[0])][0]
                self.amount_errors.setdefault(category, problem.sentence)
            elif not self.amount_errors:
                self.needs_error = problem.sentence

    def is_valid(self) -> bool:
        """This will also look at the lines, which are no boxes of Django's."""
        return super().is_valid() and not self.extra_errors

    @property
    def extra_errors(self) -> list[dict[str, str]]:
        """The problems of the lines, in the order of the page."""
        rows = [
            {"href": f"#amount-{category.value}", "text": self.amount_errors[category]}
            for category in words.NEEDS
            if category in self.amount_errors
        ]
        if self.needs_error:
            rows.insert(0, {"href": f"#need-{next(iter(words.NEEDS)).value}", "text": self.needs_error})
        return rows

    @property
    def rows(self) -> list[dict[str, Any]]:
        """The lines as the page shows them."""
        source = self.data if self.is_bound else self.initial
        ticked = _many(source, "need")
        return [
            {
                "code": category.value,
                "is_flat": self.flat_cents is not None,
                "label": label,
                "checked": category.value in ticked,
                "amount": source.get(f"amount_{category.value}", ""),
                "error": self.amount_errors.get(category, ""),
            }
            for category, label in words.NEEDS.items()
        ]

    def typed(self) -> dict[str, Any]:
        """This will keep the ticks and every amount, of unticked lines too."""
        amounts = {f"amount_{category.value}" for category in words.NEEDS}
        return {
            **super().typed(),
            "need": _many(self.data, "need"),
            **{name: self.data.get(name, "") for name in sorted(amounts)},
        }

    def _lines(self) -> tuple[tuple[NeedCategory, int], ...]:
        ticked, lines = _many(self.data, "need"), []
        if self.flat_cents is not None:
            return _even(self.flat_cents, [need for need in words.NEEDS if need.value in ticked])
        for category, label in words.NEEDS.items():
            if category.value not in ticked:
                continue
            cents = typed.cents(self.data.get(f"amount_{category.value}", ""))
            if cents is None:
                sentence = _("Enter the amount for %(need)s, like 1200") % {"need": str(label).lower()}
                self.amount_errors[category] = sentence
            else:
                lines.append((category, cents))
        return tuple(lines)

    def _loss_on(self) -> date | None:
        month = typed.month(self.cleaned_data["losing_month"])
        year, day = (typed.whole(self.cleaned_data[f"losing_{part}"]) for part in ("year", "day"))
        if year is not None and month is not None and day is not None:
            try:
                return date(year, month, day)
            except ValueError:
                pass
        self.add_error("losing_month", _("Enter a real date, like 9 29 2023"))
        return None


class OtherHelpForm(Question):
    """What other help comes; it lowers what is needed and shuts nobody out."""

    boxes = {"other_aid_cents": "other_amount", "other_aid_note": "other_from"}
    other_help = Choice(choices=YES_NO_UNSURE, missing=gettext_lazy("Choose yes, no or I'm not sure"))
    other_from = Line()
    other_amount = Line()

    def read(self) -> dict[str, Any]:
        """This will read from where help comes and how much, as far as it is known."""
        if self.cleaned_data.get("other_help") != "yes":
            return {"other_aid_cents": 0, "other_aid_note": ""}
        amount, note = self.cleaned_data["other_amount"].strip(), self.cleaned_data["other_from"]
        cents = typed.cents(amount) if amount else 0
        if cents is None:
            self.add_error("other_amount", _("Enter the amount in dollars, like 500"))
        return {"other_aid_cents": cents or 0, "other_aid_note": note}


class AnythingElseForm(Question):
    """What else we should know."""

    boxes = {"statement": "statement"}
    statement = Line(widget=forms.Textarea(attrs={"rows": 6}))


class ProofForm(Question):
    """Whether proof comes later, where none was added; it never keeps anybody from going on."""

    proof = Choice(
        choices=[
            ("later", gettext_lazy("I will send it later")),
            ("none", gettext_lazy("I don't have it")),
        ],
        missing=gettext_lazy("Add a photo or PDF, or choose what you will do"),
    )

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, today: date, has_files: bool = False, **options: Any
    ) -> None:
        super().__init__(data, today=today, **options)
        self.fields["proof"].required = not has_files


class CheckForm(forms.Form):
    """The tick box before sending."""

    use_required_attribute = False
    true = forms.BooleanField(error_messages={"required": gettext_lazy("Tick the box to say it is true")})


QUESTIONS: dict[str, type[Question]] = {
    "show": ShowForm,
    "job": JobForm,
    "name": NameForm,
    "household": HouseholdForm,
    "need": NeedForm,
    "other-help": OtherHelpForm,
    "proof": ProofForm,
    "anything-else": AnythingElseForm,
}


def _even(cents: int, needs: Sequence[NeedCategory]) -> tuple[tuple[NeedCategory, int], ...]:
    """One amount for all that is ticked, in parts that sum to it; the first ones take the odd cents."""
    part, odd = divmod(cents, len(needs) or 1)
    return tuple((need, part + (place < odd)) for place, need in enumerate(needs))


def _plain(name: str) -> str:
    """A name by its letters and digits alone, so that case, accents and signs do not count."""
    letters = unicodedata.normalize("NFKD", name.casefold())
    return "".join(char for char in letters if char.isalnum())


def _many(source: Mapping[str, Any], name: str) -> list[str]:
    getlist = getattr(source, "getlist", None)
    found = getlist(name) if getlist else source.get(name, [])
    return [str(value) for value in found] if isinstance(found, list) else [str(found)]
