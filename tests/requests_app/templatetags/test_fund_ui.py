"""Filters and tags write figures, dates and fields in one way, and escape what people typed."""

from datetime import UTC, date, datetime

import pytest
from django import forms
from django.template import Context, Template
from django.utils import timezone, translation

from requests_app.templatetags import fund_ui

NBSP = "\N{NO-BREAK SPACE}"


class NameForm(forms.Form):
    full_name = forms.CharField(
        label="Full name",
        help_text="As on your pay stub.",
        max_length=80,
        error_messages={"required": "Enter it"},
    )
    losing = forms.ChoiceField(
        label="Losing?", choices=[("yes", "Yes"), ("no", "No")], widget=forms.RadioSelect,
        error_messages={"required": "Choose yes or no"},
    )  # fmt: skip


def drawn(source: str, **context: object) -> str:
    return Template("{% load fund_ui %}" + source).render(Context(context))


@pytest.mark.parametrize(
    ("cents", "style", "words"),
    [
        (123450, "", "$1,234.50"),
        (50_000_000, "whole", "$500,000"),
        (40939, "whole", "$409.39"),
        (0, "", "$0.00"),
        (-1_000_000, "whole", "\N{MINUS SIGN}$10,000"),
        (None, "", ""),
        ("", "", ""),
    ],
)
def test_money_is_written_to_the_cent(cents: int | None, style: str, words: str) -> None:
    assert fund_ui.money(cents, style) == words


@pytest.mark.parametrize(
    ("points", "style", "words"),
    [
        (490, "", "4.9%"),
        (1200, "", "12%"),
        (1200, "fixed", "12.0%"),
        (1195, "", "12%"),
        (1192, "", "11.9%"),
        (-50, "", "\N{MINUS SIGN}0.5%"),
        (None, "", ""),
    ],
)
def test_basis_points_are_written_as_percent(points: int | None, style: str, words: str) -> None:
    assert fund_ui.percent_bp(points, style) == words


def test_counts_have_commas() -> None:
    assert fund_ui.count(1700) == "1,700"
    assert fund_ui.count(-1700) == "\N{MINUS SIGN}1,700"
    assert fund_ui.whole_percent(1195) == "12%"
    assert fund_ui.plain_money(240000) == "2,400"


def test_moments_are_written_in_the_zone_of_the_fund_and_no_line_ends_inside_them() -> None:
    moment = datetime(2023, 9, 13, 16, 42, tzinfo=UTC)

    with timezone.override("America/Los_Angeles"), translation.override("en"):
        assert fund_ui.when(moment, "datetime") == "Wednesday, September~13, 9:42~am".replace("~", NBSP)
        assert fund_ui.when(moment, "time") == "9:42~am".replace("~", NBSP)
        assert fund_ui.when(moment, "stamp") == "Sep~13, 9:42~am".replace("~", NBSP)
        assert fund_ui.when(moment, "deadline") == "Wednesday, September~13, 9:42~am".replace("~", NBSP)
        assert fund_ui.when(moment.date(), "deadline") == "Wednesday, September~13".replace("~", NBSP)
        assert fund_ui.when(moment, "due") == "September~13, 9:42~am".replace("~", NBSP)
        assert fund_ui.when(moment.date(), "due") == "September~13".replace("~", NBSP)
        assert fund_ui.when(moment.date(), "full") == "September~13,~2023".replace("~", NBSP)
    with timezone.override("UTC"), translation.override("es"):
        assert fund_ui.when(date(2023, 9, 29), "plain") == "29~de~septiembre".replace("~", NBSP)
        assert fund_ui.when(moment, "datetime") == "miércoles 13~de~septiembre, 4:42~p.~m.".replace("~", NBSP)
        assert fund_ui.when(moment.date(), "month") == "septiembre de~2023".replace("~", NBSP)
        assert fund_ui.when(None) == ""


def test_midnight_and_noon_read_as_twelve() -> None:
    with timezone.override("UTC"), translation.override("en"):
        assert fund_ui.when(datetime(2023, 9, 13, 0, 5, tzinfo=UTC), "time") == f"12:05{NBSP}am"
        assert fund_ui.when(datetime(2023, 9, 13, 12, 5, tzinfo=UTC), "time") == f"12:05{NBSP}pm"


def test_a_field_joins_its_label_hint_and_error_and_leaves_validation_to_the_server() -> None:
    html = drawn('{% field form.full_name autocomplete="name" %}', form=NameForm({}))

    assert '<label for="id_full_name">' in html
    assert 'aria-describedby="id_full_name-hint id_full_name-error"' in html
    assert 'aria-invalid="true"' in html
    assert 'autocomplete="name"' in html
    assert "Enter it" in html
    assert " required" not in html
    assert "maxlength" not in html


def test_what_was_typed_comes_back_escaped() -> None:
    html = drawn("{% field form.full_name %}", form=NameForm({"full_name": '"><script>'}))

    assert "&quot;&gt;&lt;script&gt;" in html
    assert "<script>" not in html


def test_the_error_summary_links_to_the_first_radio_of_a_group() -> None:
    form = NameForm({})

    html = drawn("{% error_summary form %}{% radios form.losing %}", form=form)

    assert '<a href="#id_losing_0">Choose yes or no</a>' in html
    assert 'id="id_losing_0"' in html
    assert 'role="alert"' in html


def test_no_error_draws_no_summary() -> None:
    assert drawn("{% error_summary form %}", form=NameForm()).strip() == ""


def test_amount_rows_keep_what_was_typed_and_name_each_box() -> None:
    rows = [
        {"code": "rent", "label": "Rent <b>", "checked": True, "amount": "two", "error": "Enter the amount"}
    ]

    html = drawn("{% amount_rows rows %}", rows=rows)

    assert 'name="amount_rent"' in html
    assert 'value="two"' in html
    assert "Amount for Rent &lt;b&gt;" in html
    assert 'aria-invalid="true"' in html


@pytest.mark.parametrize(("part", "whole", "width"), [(5, 100, "5%"), (0, 0, "0%"), (7, 5, "100%")])
def test_a_bar_is_to_scale_and_never_leaves_its_frame(part: int, whole: int, width: str) -> None:
    assert f'class="b-made" width="{width}"' in drawn("{% bar part whole %}", part=part, whole=whole)


def test_a_split_bar_lays_its_parts_end_to_end() -> None:
    html = drawn(
        "{% split_bar parts %}",
        parts=[{"amount_cents": 75, "kind": "made"}, {"amount_cents": 25, "kind": "edge"}],
    )

    assert 'class="b-edge" x="75%" width="25%"' in html


def test_no_part_carries_a_style_or_a_script_of_its_own() -> None:
    html = drawn(
        '{% bar 1 2 %}{% pace_bar 4 5 5 shown="4 days" said="we said 5" %}{% label_bar 1 2 shown="$1" %}'
        '{% change_bar 500 1000 -500 %}{% change_bar -500 1000 -500 %}{% tag "ok" "Paid" %}'
    )

    assert "style=" not in html
    assert "<script" not in html
    assert "+5.00" in html
    assert "\N{MINUS SIGN}5.00" in html


def test_a_gain_and_a_loss_of_one_size_are_bars_of_one_length_from_one_zero() -> None:
    up, down = drawn("{% change_bar 500 1000 -1000 %}"), drawn("{% change_bar -500 1000 -1000 %}")

    assert 'x="50.00%" y="5" width="25.00%"' in up
    assert 'x="25.00%" y="5" width="25.00%"' in down
    assert 'width="100.00%"' in drawn("{% change_bar -1000 0 -1000 %}")
    assert 'width="0.00%"' in drawn("{% change_bar 0 0 0 %}")
