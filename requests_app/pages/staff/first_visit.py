"""The first visit: whoever holds the token of the terminal sets up the fund and its first director."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from fundmgr.domain.errors import FundError
from fundmgr.services import setup
from fundmgr.services.founding import FundTerms, PolicyTerms
from requests_app.pages.staff.doors import STATUS, outside
from requests_app.pages.staff.fields import CentsField, LineField

LEGAL_FORMS = [
    ("fiscal_sponsored", "A fund inside a charity (fiscal sponsor)"),
    ("charity", "A charity of its own"),
    ("union", "A union's hardship fund"),
    ("other", "Something else"),
]
ZONES = [
    ("America/Los_Angeles", "Pacific: Los Angeles"),
    ("America/Denver", "Mountain: Denver"),
    ("America/Phoenix", "Mountain without summer time: Phoenix"),
    ("America/Chicago", "Central: Chicago"),
    ("America/New_York", "Eastern: New York"),
    ("America/Anchorage", "Alaska: Anchorage"),
    ("Pacific/Honolulu", "Hawaii: Honolulu"),
    ("America/Puerto_Rico", "Atlantic: Puerto Rico"),
    ("Europe/London", "London"),
    ("UTC", "UTC"),
]
FUND_FIELDS = ("name", "legal_form", "purpose", "time_zone", "help_phone", "help_hours")


class FirstVisitForm(forms.Form):
    """All that a fund needs to open: its name, its rules, one person."""

    name = LineField(label="Name of the fund", missing="Enter the fund's name.")
    legal_form = forms.ChoiceField(label="What it is in law", choices=LEGAL_FORMS)
    purpose = LineField(label="What it is for, in one sentence", most=300, required=False)
    time_zone = forms.ChoiceField(label="Its clock", choices=ZONES)
    help_phone = LineField(label="Phone number for help", most=40, required=False)
    help_hours = LineField(label="When someone answers", most=120, required=False)
    award_cap = CentsField(label="Most that one household can get", initial="1500")
    need_ceiling = CentsField(label="Most need that counts for one household", initial="7500")
    reserve_percent = forms.IntegerField(
        label="Percent of each receipt kept in reserve",
        min_value=0,
        max_value=50,
        initial=2,
        error_messages=dict.fromkeys(
            ("required", "invalid", "min_value", "max_value"), "Enter a whole number from 0 to 50."
        ),
    )
    two_approvers_from = CentsField(label="Rounds from this amount need two approvers", initial="100000")
    adopted_by = LineField(
        label="Who adopted these rules", missing="Enter who adopted the rules, like The board."
    )
    director_name = LineField(label="Your name", most=120, missing="Enter your name.")
    director_email = forms.EmailField(
        label="Your email address",
        max_length=254,
        error_messages=dict.fromkeys(("required", "invalid"), "Enter an address like name@example.com."),
    )
    password = forms.CharField(
        label="A password of 15 letters or more",
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        error_messages={"required": "Choose a password."},
    )

    def clean(self) -> dict[str, Any]:
        """This will compare the two amounts that belong together."""
        found = super().clean() or {}
        cap, ceiling = found.get("award_cap"), found.get("need_ceiling")
        if cap and ceiling and cap > ceiling:
            self.add_error(
                "award_cap", "The most one household can get cannot be above the need that counts."
            )
        return found

    def fund(self) -> FundTerms:
        """This will return the fund's terms."""
        return FundTerms(**{name: self.cleaned_data[name] for name in FUND_FIELDS})

    def policy(self) -> PolicyTerms:
        """This will return the first policy's terms."""
        found = self.cleaned_data
        return PolicyTerms(
            need_ceiling_cents=found["need_ceiling"],
            award_cap_cents=found["award_cap"],
            reserve_bp=found["reserve_percent"] * 100,
            two_approvers_from_cents=found["two_approvers_from"],
            adopted_by=found["adopted_by"],
        )


@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def first_visit(request: HttpRequest) -> HttpResponse:
    """Show the form to the holder of the token; found the fund from what was sent."""
    token = request.POST.get("token") or request.GET.get("token", "")
    form = FirstVisitForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        return _found(request, form, token)
    if request.method != "POST":
        try:
            setup.check_token(token=token, now=timezone.now())
        except FundError as error:
            return outside(request, error)
    return _page(request, form, token, status=422 if form.errors else 200)


def _found(request: HttpRequest, form: FirstVisitForm, token: str) -> HttpResponse:
    try:
        setup.first_visit(
            token=token,
            fund=form.fund(),
            policy=form.policy(),
            director_name=form.cleaned_data["director_name"],
            director_email=form.cleaned_data["director_email"],
            password=form.cleaned_data["password"],
            now=timezone.now(),
        )
    except FundError as error:
        if not error.problems:
            return outside(request, error)
        for problem in error.problems:
            form.add_error(problem.field, problem.sentence)
        return _page(request, form, token, status=STATUS[error.kind])
    return HttpResponseRedirect(reverse("account_login"))


def _page(request: HttpRequest, form: FirstVisitForm, token: str, *, status: int) -> HttpResponse:
    return render(request, "staff/first_visit.html", {"form": form, "token": token}, status=status)
