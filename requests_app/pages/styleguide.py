"""The style guide: every part with sample data, so that people and axe can look at all of them at once."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from requests_app.exports import charts

LONG = "Wolfeschlegelsteinhausenbergerdorff-Montgomery y de la Santísima Trinidad"
YES_NO = [("yes", "Yes"), ("no", "No")]
TEMPLATES = {"console": "styleguide_console.html", "receipt": "styleguide_receipt.html"}


class SampleForm(forms.Form):
    """Fields of every kind, filled."""

    name_es = forms.CharField(label="Nombre completo, tal como aparece en su talón de pago", initial=LONG)
    amount = forms.CharField(label="Amount", initial="1,500.00")
    department = forms.ChoiceField(label="Department", choices=[("grip", "Grip and lighting")])
    code = forms.CharField(label="Enter the 6-digit code", help_text="We sent it to a***@example.com.")
    losing = forms.ChoiceField(
        label="Is any of this about to be cut off or lost?",
        help_text="For example, you got an eviction notice.",
        choices=YES_NO,
        widget=forms.RadioSelect,
        initial="yes",
    )
    needs = forms.MultipleChoiceField(
        label="What else?",
        choices=[("care", "Cuidado de niños o de un familiar"), ("car", "Car or bus")],
        widget=forms.CheckboxSelectMultiple,
        initial=["care"],
    )
    month = forms.CharField(initial="9")
    year = forms.CharField(initial="2023")


class RefusedForm(forms.Form):
    """The same kinds of field, each with its error."""

    full_name = forms.CharField(label="Full name", error_messages={"required": "Enter your full name"})
    other_help = forms.ChoiceField(
        label="Is any other help coming?",
        choices=[*YES_NO, ("not_sure", "I'm not sure")],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose yes, no or I'm not sure"},
    )
    statement = forms.CharField(
        label="Anything else",
        widget=forms.Textarea,
        max_length=500,
        error_messages={"required": "What you wrote must be 500 letters or less (it has 640)"},
    )
    true = forms.BooleanField(
        label="What I wrote is true", error_messages={"required": "Tick the box to say it is true"}
    )


def styleguide(request: HttpRequest) -> HttpResponse:
    """Show the parts of the worker's pages, or with ?part=console or ?part=receipt the others."""
    theme = request.GET.get("theme", "")
    context = {"theme": theme if theme in {"light", "dark"} else ""}
    template = TEMPLATES.get(request.GET.get("part", ""), "styleguide.html")
    return render(request, template, {**context, **_worker(), **_console(), **_charts()})


def _pairs(*rows: tuple[str, str]) -> list[dict[str, str]]:
    return [{"label": label, "value": value} for label, value in rows]


def _worker() -> dict[str, Any]:
    return {
        "form": None,
        "bad_form": RefusedForm({}, auto_id="bad_%s"),
        "tags": _tags(),
        "needs": [
            {"code": "rent", "label": "Rent or mortgage", "checked": True, "amount": "", "error": ""},
            {"code": "food", "label": "Food", "checked": False, "amount": ""},
            {
                "code": "lights",
                "label": "Electricidad, agua o teléfono",
                "checked": True,
                "amount": "two",
                "error": "Enter the amount for lights, water or phone, like 280",
            },
        ],
        "notices": [
            {"kind": kind, "title": title, "text": "The new date is Tuesday, March 12."}
            for kind, title in (
                ("info", "Saved"),
                ("ok", "Sent"),
                ("wait", "We are late"),
                ("bad", "It came back"),
            )
        ],
        **_worker_answers(),
        **_worker_figures(),
    }


def _worker_answers() -> dict[str, Any]:
    return {
        "summary": [
            {"label": "Name", "value": LONG, "change_url": "#"},
            {"label": "Anything else", "value": "", "change_url": "#"},
        ],
        "ledger": [{"label": "Rent", "amount_cents": 240000}, {"label": "Food", "amount_cents": 60050}],
        "asked_cents": 300050,
        "steps": [
            {"label": "We have it", "when": "Wednesday, September 13", "state": "done"},
            {
                "label": "A person reads it",
                "when": "We said March 7. We are late.",
                "state": "now",
                "late": True,
            },
            {"label": "Decision", "when": "By Wednesday, September 20", "state": "next"},
        ],
        "do": {
            "title": "Tell us how to pay you",
            "text": "By Wednesday, October 4. You can choose a bank transfer, a check or cash.",
            "url": "#",
            "button": "Choose how to get paid",
            "aside": "We ask for bank details only here, after you sign in.",
        },
        "reference": "R-7K3Q9",
        "facts": _pairs(("Sent", "Wednesday, September 13, 9:42 am"), ("You ask for", "$3,280")),
    }


def _worker_figures() -> dict[str, Any]:
    return {
        "form": SampleForm(),
        "odds": {
            "in_fund_cents": 50_000_000,
            "asked_cents": 1_000_000_000,
            "requests": 1700,
            "cents_per_dollar": "5 cents",
        },
        "groups": [
            {"label": "Urgent, paid first", "part": 261, "whole": 261, "shown": "261 of 261"},
            {"label": "The draw (your group)", "part": 101, "whole": 544, "shown": "101 of 544"},
            {"label": "All others", "part": 0, "whole": 400, "shown": "0 of 400"},
        ],
        "parts": [
            {"amount_cents": 34_875_500, "kind": "made"},
            {"amount_cents": 14_124_500, "kind": "edge"},
            {"amount_cents": 1_000_000, "kind": "rest"},
        ],
        "table_head": ["Donor", "Promised", "Received"],
        "table_rows": [["The founder", "$500,000", "$500,000"], ["All donors", "$500,000", "$500,000"]],
        "links": [
            {"label": "Messages", "url": "#", "aside": "1 new, from Dana"},
            {"label": "Call 211", "url": "#", "under": "Food, rent and bills near you, any hour"},
        ],
        "jobs": [
            {"label": "Shortfall report", "state": "RUNNING", "done": 412, "total": 1700},
            {"label": "Shortfall report", "state": "QUEUED", "done": 0, "total": 0},
            {
                "label": "Shortfall report",
                "state": "DONE",
                "result_url": "#",
                "result_label": "Open the report",
            },
            {"label": "Shortfall report", "state": "FAILED", "error": "The books moved. Build it again."},
        ],
    }


def _tags() -> list[dict[str, str]]:
    words = ("Paid", "Approved", "Paper missing", "Payment came back", "On the waiting list", "Not sent yet")
    kinds = ("ok", "done", "wait", "bad", "info", "neutral")
    return [{"kind": kind, "text": text} for kind, text in zip(kinds, words, strict=True)]


def _console() -> dict[str, Any]:
    return {
        "nav_items": [
            {"label": "Home", "url": "#", "key": "h"},
            {"label": "Requests", "url": "#", "count": "1,460", "current": True, "key": "r"},
            {"label": "Approvals", "url": "#", "count": "2", "todo": True},
        ],
        "ribbon": _pairs(("Available to award", "$490,000"), ("Asked for", "$10,000,000")),
        "person": {"name": "Ana Reyes", "role": "Intake reviewer"},
        "search_url": "#",
        "test_data": "Test data. No message or payment leaves this machine.",
        "tiles": [
            {"label": "Ready to decide", "value": "1,205", "note": "60 a day is the pace", "url": "#"},
            {"label": "Past promised date", "value": "0", "note": "759 are due on Friday"},
        ],
        **_console_lists(),
    }


def _console_lists() -> dict[str, Any]:
    cells = [
        {"text": "R-7K3Q9", "url": "#"},
        {"text": LONG, "strong": True},
        {"text": "$2,400.00"},
        {"tag": {"kind": "info", "text": "Being read"}},
    ]
    return {
        "chips": [{"label": "Asked over $800", "remove_url": "#"}],
        "menus": [{"label": "Show", "options": [{"label": "Badge 27", "url": "#"}]}],
        "clear_url": "#",
        "order_label": "Oldest first",
        "selected": 2,
        "all_label": "Select all 841 that match",
        "actions": [{"label": "Assign to me", "value": "assign", "key": "e"}],
        "columns": [
            {"label": "Request"},
            {"label": "Name"},
            {"label": "Asked", "number": True},
            {"label": "Status"},
        ],
        "rows": [{"cells": cells}, {"cells": cells}],
        "pager": {"summary": "Rows 1 to 24 of 841", "older_url": "#"},
        "pairs": [{"label": "Phone", "value": "*** *** 0142", "reveal_url": "#"}, *_pairs(("Name", LONG))],
        "checks": [
            {"label": "Worked on a covered show", "note": "Matches the crew list", "state": "ok"},
            {"label": "Other help", "note": "Says $300; no paper", "state": "open"},
            {"label": "Asked in time", "note": "After the last day", "state": "bad"},
        ],
        "console_steps": [
            {"label": "Proposed", "note": "Dana, 8:52", "state": "done"},
            {"label": "Approve", "note": "you, now", "state": "now"},
            {"label": "Release", "note": "a treasurer", "state": "next"},
        ],
        "figures": _pairs(("People", "261"), ("Total", "$348,755")),
    }


def _charts() -> dict[str, Any]:
    row, step, bin_ = charts.Row, charts.Step, charts.Bin
    rents = [row("Rent or mortgage", 189_109_200), row(LONG, 61_666_100)]
    scenarios = [
        charts.Scenario("First come", "for comparison only", 364, 841, 1800, 727, 48_913_700),
        charts.Scenario("Equal cap of $409.39", "the usual rule", 1205, 0, 2280, 7, 48_999_400, chosen=True),
        charts.Scenario("Urgent first", "then a draw", 362, 843, None, None, 48_993_400),
    ]
    available, demand = row("Available to award", 49_000_000), row("Asked", 1_000_000_000, "1,700 requests")
    return {
        "scenarios": {"rows": charts.scenario_rows(scenarios, eligible=1205)},
        "drawings": [
            charts.layered_bar(
                title="The fund has 5 cents for each dollar", available=available, layers=[demand]
            ),
            charts.waterfall(
                title="Most of the money can be awarded",
                steps=[
                    step("Received", 50_000_000, is_total=True),
                    step("Reserve 2%", -1_000_000),
                    step("Available", 49_000_000, is_total=True),
                ],
            ),
            charts.category_bars(title="Rent is most of the need", rows=rents, whole_cents=250_775_300),
            charts.histogram(
                title="A few people ask for half of the dollars",
                bins=[bin_("under $1k", 79, 5_000_000), bin_("$10k+", 38, 112_000_000)],
                point_from=1,
            ),
        ],
    }
