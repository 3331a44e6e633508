"""The first visit: whoever holds the token of the terminal sets up the fund and its first director."""

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from fundmgr.domain.errors import FundError
from fundmgr.services import setup
from fundmgr.services.founding import FundTerms
from requests_app.pages.staff.doors import STATUS, outside
from requests_app.pages.staff.fields import LineField
from requests_app.pages.staff.rules_form import RulesForm

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
# What most funds begin with.
USUAL_RULES = {
    "award_cap": "1500",
    "need_ceiling": "7500",
    "reserve_percent": 2,
    "two_approvers_from": "100000",
}


class FirstVisitForm(RulesForm):
    """All that a fund needs to open: its name, its rules, one person."""

    # Mistakes are told from the top of the page down.
    field_order = FUND_FIELDS
    name = LineField(label="Name of the fund", missing="Enter the fund's name.")
    legal_form = forms.ChoiceField(label="What it is in law", choices=LEGAL_FORMS)
    purpose = LineField(label="What it is for, in one sentence", most=300, required=False)
    time_zone = forms.ChoiceField(label="Its clock", choices=ZONES)
    help_phone = LineField(label="Phone number for help", most=40, required=False)
    help_hours = LineField(label="When someone answers", most=120, required=False)
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

    def fund(self) -> FundTerms:
        """This will return the fund's terms."""
        return FundTerms(**{name: self.cleaned_data[name] for name in FUND_FIELDS})


@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def first_visit(request: HttpRequest) -> HttpResponse:
    """Show the form to the holder of the token; found the fund from what was sent."""
    token = request.POST.get("token") or request.GET.get("token", "")
    form = FirstVisitForm(request.POST if request.method == "POST" else None, initial=USUAL_RULES)
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
            policy=form.terms(),
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
