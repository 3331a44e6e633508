"""Filters and tags that keep every page's words, figures and parts alike."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time
from typing import Any

from django import template
from django.forms import BaseForm, BoundField
from django.utils import dateformat, timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from fundmgr.domain.money import dollars

register = template.Library()

MINUS = "\N{MINUS SIGN}"
NOON = 12
# A day that counts to its end ends here.
LAST_SECOND = time(23, 59, 59)
_DEADLINES = {"deadline": ("date", "datetime"), "due": ("plain", "due_at")}
_WITH_CLOCK = {"datetime", "time", "stamp", "due_at"}
# No line ends between an hour and its half of the day, nor between a day and its month.
NBSP = "\N{NO-BREAK SPACE}"
# Django's format letters; Spanish puts the day before the month and joins them with "de".
DATE_FORMATS = {
    "en": {
        "date": "l, F~j",
        "full": "F~j,~Y",
        "long": "l, F~j,~Y",
        "month": "F~Y",
        "short": "M~j",
        "day": "D, M~j",
        "plain": "F~j",
    },
    "es": {
        "date": r"l j~\d\e~F",
        "full": r"j~\d\e~F \d\e~Y",
        "long": r"l j~\d\e~F \d\e~Y",
        "month": r"F \d\e~Y",
        "short": "j~M",
        "day": "D j~M",
        "plain": r"j~\d\e~F",
    },
}


@register.filter
def money(cents: int | str | None, style: str = "") -> str:
    """Cents as dollars: 123450 is "$1,234.50"; "whole" drops the cents where they are zero."""
    if cents is None or cents == "":
        return ""
    return dollars(int(cents), whole=style == "whole")


@register.filter
def count(value: int | str | None) -> str:
    """A number of people or requests with its commas: 1700 is "1,700"."""
    return "" if value is None or value == "" else f"{int(value):,}".replace("-", MINUS)


@register.filter
def percent_bp(basis_points: int | str | None, style: str = "") -> str:
    """Basis points as a percentage: 490 is "4.9%", 1200 is "12%", or "12.0%" with "fixed" for columns."""
    if basis_points is None or basis_points == "":
        return ""
    value = int(basis_points)
    sign = MINUS if value < 0 else ""
    # Half up on integers: 1192 is 11.9, 1195 is 12.0.
    tenths = (abs(value) + 5) // 10
    whole, rest = divmod(tenths, 10)
    return f"{sign}{whole}.{rest}%" if rest or style == "fixed" else f"{sign}{whole}%"


@register.filter
def whole_percent(basis_points: int | str | None) -> str:
    """Basis points as a whole percentage, half up: 1195 is "12%"."""
    if basis_points is None or basis_points == "":
        return ""
    return f"{(int(basis_points) + 50) // 100}%"


@register.filter
def when(moment: date | datetime | None, style: str = "date") -> str:
    """A date or a moment in the fund's zone, in words.

    Styles: date (Wednesday, September 13), datetime (... 9:42 am), time, full, long, month, short, day,
    stamp (Sep 18, 8:31 am), plain (September 29), deadline (a date, with the time where the day does not
    count to its end), due (the same without the weekday: in Spanish one of them has a letter that makes a
    text to a phone twice as long).
    """
    if moment is None or moment == "":
        return ""
    if isinstance(moment, datetime):
        moment = timezone.localtime(moment) if timezone.is_aware(moment) else moment
    if style in _DEADLINES:
        is_whole_day = not isinstance(moment, datetime) or moment.time().replace(microsecond=0) == LAST_SECOND
        style = _DEADLINES[style][0 if is_whole_day else 1]
    language = "es" if (get_language() or "en").startswith("es") else "en"
    clock = ""
    if isinstance(moment, datetime) and style in _WITH_CLOCK:
        half = (f"a.{NBSP}m.", f"p.{NBSP}m.") if language == "es" else ("am", "pm")
        clock = f"{moment.hour % NOON or NOON}:{moment.minute:02d}{NBSP}{half[moment.hour >= NOON]}"
    if style == "time":
        return clock
    chosen = {"datetime": "date", "stamp": "short", "due_at": "plain"}.get(style, style)
    words = dateformat.format(moment, DATE_FORMATS[language][chosen]).replace("~", NBSP)
    if language == "es":
        # Django writes its short months with a capital, which Spanish does not.
        words = words.lower()
    return f"{words}, {clock}" if clock else words


@register.filter
def lookup(mapping: Mapping[Any, Any] | None, key: Any) -> Any:
    """One value of a mapping by a key that is itself a variable."""
    return mapping.get(key, "") if mapping else ""


@register.simple_tag
def tag(kind: str, text: str) -> SafeString:
    """A status: the word with the shape of its kind (ok, done, wait, bad, info or neutral)."""
    return format_html('<span class="tag {}">{}</span>', kind, text)


def _percent(part: int | float, whole: int | float) -> str:
    share = 0.0 if whole <= 0 else max(0.0, min(1.0, part / whole))
    return f"{share * 100:.3f}".rstrip("0").rstrip(".")


@register.inclusion_tag("components/bar.html")
def bar(
    part: int, whole: int, *, of: int | None = None, size: str = "", label: str = "", kind: str = "made"
) -> dict[str, Any]:
    """A filled part inside an outlined whole; `of` is the widest whole among bars that share a scale."""
    scale = whole if of is None else of
    return {
        "part": _percent(part, scale),
        "whole": _percent(whole, scale),
        "size": size,
        "label": label,
        "kind": kind,
        "outlined": part < whole,
    }


@register.inclusion_tag("components/split_bar.html")
def split_bar(parts: Iterable[Mapping[str, Any]], *, size: str = "mid", label: str = "") -> dict[str, Any]:
    """One bar cut into parts, each {amount_cents, kind}; kinds are made, edge, rest, soft, away."""
    rows = list(parts)
    total = sum(int(row["amount_cents"]) for row in rows)
    cuts, start = [], 0
    for row in rows:
        amount = int(row["amount_cents"])
        cuts.append({"x": _percent(start, total), "width": _percent(amount, total), "kind": row["kind"]})
        start += amount
    return {"cuts": cuts, "size": size, "label": label}


def _anchor(bound: BoundField) -> str:
    many = bound.widget_type in {"radioselect", "checkboxselectmultiple"}
    return f"{bound.auto_id}_0" if many else bound.auto_id


def _shape(bound: BoundField, options: Mapping[str, Any]) -> dict[str, Any]:
    hint = options.get("hint") or bound.help_text
    described = []
    if hint:
        described.append(f"{bound.auto_id}-hint")
    if bound.errors:
        described.append(f"{bound.auto_id}-error")
    return {
        **options,
        "bound": bound,
        "label": options.get("label") or bound.label,
        "hint": hint,
        "described_by": " ".join(described),
        "bad": bool(bound.errors),
    }


@register.inclusion_tag("components/field.html")
def field(bound: BoundField, **options: Any) -> dict[str, Any]:
    """One labelled text box, text area or select of a Django form.

    Options: label, hint, heading (label is the page's h1), big, hidden_label, prefix ("$"), width (w2 w4 w5
    w10 w20 code), optional, counted (a limit of letters), private (never kept in the browser); any other
    option becomes an attribute of the box (autocomplete, inputmode, spellcheck, list).
    """
    # Validation is the server's: a browser's own bubble would hide our sentences.
    bound.form.use_required_attribute = False
    own = {
        "label",
        "hint",
        "heading",
        "big",
        "hidden_label",
        "prefix",
        "width",
        "optional",
        "counted",
        "private",
    }
    shape = _shape(bound, options)
    attrs: dict[str, Any] = {key: value for key, value in options.items() if key not in own}
    attrs["class"] = f"input {options.get('width', '')}".strip()
    attrs["maxlength"] = attrs["minlength"] = False
    if shape["described_by"]:
        attrs["aria-describedby"] = shape["described_by"]
    if options.get("private"):
        attrs["data-private"] = ""
    return {**shape, "box": bound.as_widget(attrs=attrs)}


@register.inclusion_tag("components/radios.html")
def radios(bound: BoundField, **options: Any) -> dict[str, Any]:
    """A group of radios or check boxes of a Django form.

    Options: label, hint, heading, big, pair (side by side), reveals (the value that shows the `.reveal` block
    which follows), hints (mapping from value to a second line).
    """
    hints = options.get("hints") or {}
    kind = "checkbox" if bound.widget_type == "checkboxselectmultiple" else "radio"
    rows = [
        {
            "id": choice.id_for_label,
            "value": str(choice.data["value"]),
            "label": choice.choice_label,
            "selected": choice.data["selected"],
            "reveals": str(choice.data["value"]) == options.get("reveals"),
            "hint": hints.get(str(choice.data["value"]), ""),
        }
        for choice in bound.subwidgets
        if str(choice.data["value"])
    ]
    # Django numbers the ids; the first real choice carries the one that the error summary links to.
    if rows:
        rows[0]["id"] = f"{bound.auto_id}_0"
    return {**_shape(bound, options), "rows": rows, "kind": kind}


@register.inclusion_tag("components/checkbox.html")
def checkbox(bound: BoundField, **options: Any) -> dict[str, Any]:
    """One tick box of a Django form, with its sentence beside it."""
    return {**_shape(bound, options), "checked": bool(bound.value())}


@register.inclusion_tag("components/error_summary.html")
def error_summary(form: BaseForm | None = None, extra: Sequence[Mapping[str, str]] = ()) -> dict[str, Any]:
    """The list at the top of a page that did not pass; `extra` rows are {href, text}."""
    errors = [{"href": row.get("href", ""), "text": row["text"]} for row in extra or ()]
    if form and form.errors:
        errors += [{"href": "", "text": str(text)} for text in form.non_field_errors()]
        errors += [
            {"href": f"#{_anchor(bound)}", "text": str(bound.errors[0])} for bound in form if bound.errors
        ]
    return {"errors": errors}


@register.inclusion_tag("components/amount_rows.html")
def amount_rows(rows: Sequence[Mapping[str, Any]], *, name: str = "need") -> dict[str, Any]:
    """Check boxes with an amount in the row: rows of {code, label, checked, amount, error}."""
    return {"rows": rows, "name": name}


@register.inclusion_tag("components/chart.html")
def chart(figure: Any, *, csv_url: str = "", level: int = 2, scroll: bool = False) -> dict[str, Any]:
    """A chart with its heading, its table under "Show as a table", and its CSV."""
    return {"figure": figure, "csv_url": csv_url, "level": level, "scroll": scroll}


@register.inclusion_tag("components/pace_bar.html")
def pace_bar(
    days: float, promised: float | str, widest: float, *, shown: str, said: str = ""
) -> dict[str, Any]:
    """How long it took as a bar, with a tick where a promise stood; `widest` is the scale of the set."""
    # Room at the end for the words beside the last tick.
    scale = float(widest) * 1.5
    tick = _percent(float(promised), scale) if said else ""
    return {"part": _percent(days, scale), "tick": tick, "shown": shown, "said": said}


@register.inclusion_tag("components/label_bar.html")
def label_bar(part: int, widest: int, *, shown: str, kind: str = "rest") -> dict[str, Any]:
    """A bar with its figure just behind its end; the widest leaves room for eight figures on a phone."""
    return {"part": _percent(part, widest * 1.65), "shown": shown, "kind": kind}


@register.inclusion_tag("components/change_bar.html")
def change_bar(change_cents: int, most_cents: int, least_cents: int) -> dict[str, Any]:
    """A change as a bar from a common zero, grey to the left for less, the accent to the right for more.

    Units: cents; `most_cents` and `least_cents` are the ends of one scale for both sides, with zero on it.
    """
    across = max(most_cents, 0) - min(least_cents, 0)
    zero = -100 * min(least_cents, 0) / across if across else 0.0
    width = min(100.0, 100 * abs(change_cents) / across) if across else 0.0
    words = dollars(change_cents).replace("$", "")
    return {
        "up": change_cents > 0,
        "zero": f"{min(99.0, max(1.0, zero)):.2f}",
        "start": f"{zero if change_cents > 0 else zero - width:.2f}",
        "width": f"{width:.2f}",
        "words": f"+{words}" if change_cents > 0 else words,
    }


@register.filter
def plain_money(cents: int | str | None) -> str:
    """Cents for a column whose heading has the dollar sign: 240000 is "2,400"."""
    return money(cents, "whole").replace("$", "")


@register.filter
def item(rows: Sequence[Any], place: int) -> Any:
    """One member of a list by its place; "" where the list is shorter."""
    return rows[place] if 0 <= place < len(rows) else ""
