"""The sentences of a report, made from its figures: plain text, the same on the page and on paper."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from fundmgr.domain.money import dollars
from requests_app.exports.report_rows import CATEGORIES, figure, percent, scenario_name

Body = Mapping[str, Any]


def headline(body: Body) -> str:
    """This will say in one sentence how far the money goes."""
    found = body["headline"]
    if not found["requests"]:
        return f"The fund has {_whole(found['available_cents'])} to award, and nobody has asked yet."
    if found["shortfall_cents"] == 0:
        return "The fund has all that people asked for."
    if not found["cash_cents"]:
        return f"People asked for {_whole(found['requested_cents'])}; the fund has no money yet."
    cents = found["cents_per_dollar"]
    if not cents:
        return "The fund has less than 1 cent for each dollar people asked for."
    return f"The fund has {cents} {'cent' if cents == 1 else 'cents'} for each dollar people asked for."


def standfirst(body: Body) -> list[str]:
    """This will return the opening paragraph, as pieces that are plain and strong in turn."""
    found, missing = body["headline"], figure(body, "F12.100")["amount_cents"]
    coverage = figure(body, "F11.verified")["share_bp"]
    pieces = [
        f"{_since(body)}{_requests(found['requests'])} asked for ",
        _whole(found["requested_cents"]),
        ". The fund received ",
        _whole(found["cash_cents"]),
        " and can award ",
        _whole(found["available_cents"]),
    ]
    if coverage is None:
        return [*pieces, ". No need has been verified yet."]
    if not missing:
        return [*pieces, ". That meets all the need we could verify."]
    met = f". That meets {percent(coverage)} of the need we could verify."
    return [*pieces, f"{met} To meet all of it, the fund must raise ", _whole(missing), " more."]


def waterfall_title(body: Body) -> str:
    """This will say whether the money promised has arrived."""
    position = body["position"]
    if not position["committed_cents"]:
        return "Nobody has committed money yet"
    if position["outstanding_cents"]:
        return f"{_whole(position['outstanding_cents'])} of the money promised is not in the bank"
    return "All the money promised is in the bank"


def targets_title(body: Body) -> str:
    """This will name the nearest target that the money at hand does not meet."""
    names = {"25": "A quarter of", "50": "Half of", "75": "Three quarters of", "100": "All of"}
    for key, words in names.items():
        missing = figure(body, f"F12.{key}")["amount_cents"]
        if missing:
            return f"{words} the verified need is {_whole(missing)} away"
    return "The money at hand meets all the verified need"


def funnel_title(body: Body) -> str:
    """This will say how many requests passed the review, and what they need."""
    asked, eligible, verified = (figure(body, key) for key in ("F1", "F2", "F3"))
    return (
        f"Of {_requests(asked['people'])}, {eligible['people']:,} are eligible; "
        f"their verified need is {_whole(verified['amount_cents'])}"
    )


def asks_title(body: Body) -> str:
    """This will say how few people ask for how much of the money."""
    asks = body["asks"]
    people, dollars_share = asks["large_people_bp"], asks["large_amount_bp"]
    if not people:
        return f"Nobody asks for {_whole(asks['large_from_cents'])} or more"
    return f"{percent(people)} of people ask for {percent(dollars_share)} of the dollars"


def asks_note(body: Body) -> str:
    """This will describe the spread of the asks."""
    asks = body["asks"]
    if not asks["people"]:
        return "No requests yet."
    return (
        f"All {_requests(asks['people'])} by size. Asks of {_whole(asks['large_from_cents'])} or more are in "
        f"teal. Mean {_whole(asks['mean_cents'])}, median {_whole(asks['median_cents'])}, "
        f"largest {_whole(asks['max_cents'])}."
    )


def categories_title(body: Body) -> str:
    """This will say what most of the need is for."""
    rows, column = body["categories"], need_column(body)
    if not rows:
        return "What the money is for"
    whole = sum(row[column] for row in rows)
    top = CATEGORIES.get(rows[0]["category"], rows[0]["category"])
    share = percent((rows[0][column] * 10_000 + whole // 2) // whole) if whole else "0%"
    return f"{top} is {share} of the {'verified need' if column == 'verified_cents' else 'money asked'}"


def need_column(body: Body) -> str:
    """This will name the column that says what the money is for: the asks, until need is verified."""
    return "verified_cents" if figure(body, "F3")["amount_cents"] else "asked_cents"


def arrivals_title(body: Body) -> str:
    """This will name the fullest day."""
    days = body["days"]
    if not days:
        return "No requests yet"
    top = max(days, key=lambda day: day["people_count"])
    return f"{_requests(top['people_count'])} came on {day_name(top['label'])}, the fullest day"


def scenarios_title(body: Body) -> str:
    """This will compare the equal rule with first come, first served."""
    rows = {row["key"]: row for row in body["sharing"]["scenarios"]}
    equal, first = rows["equal_awards"], rows["first_come_verified"]
    if not body["sharing"]["people_count"]:
        return "Nobody waits for a share of the money now"
    name = scenario_name(equal, body)
    whom = "everyone" if not equal["unpaid_count"] else f"{equal['paid_count']:,} people"
    return f"{name} reaches {whom}; first come would leave {first['unpaid_count']:,} people with nothing"


def scenarios_note(body: Body) -> str:
    """This will say what the table of scenarios compares."""
    sharing = body["sharing"]
    tied = sharing.get("tied_cents", 0)
    also = f", and {_whole(tied)} that donors tied to a purpose where the way can keep to it," if tied else ""
    return (
        f"Usual ways to share {_whole(sharing['to_share_cents'])}{also} among the same "
        f"{sharing['people_count']:,} eligible people without an award. Need met is the mean share of each "
        "person's own verified need. Gini is 0 when all get the same, 1 when one gets everything. The lot's "
        "order is an example from a public test seed, not a draw."
    )


def method(body: Body) -> str:
    """This will say how the figures were made."""
    ceiling = _whole(body["policy"]["need_ceiling_cents"])
    return (
        "Available is cash received, less paid, held and reserve. Promises not yet in the bank are not "
        f"counted. Verified need is documented essential costs less other aid, up to {ceiling}. Every figure "
        "follows from the records behind it, read in one moment."
    )


def limits(body: Body) -> str:
    """This will say what the figures leave out."""
    incomplete, unread = figure(body, "F2.incomplete"), figure(body, "F2.unsorted")
    sentences = [f"{_requests(incomplete['people'])} with a paper missing count in what is asked only."]
    if unread["people"]:
        sentences.append(f"{unread['people']:,} have no decision yet.")
    if body["restricted_cents"]:
        tied = _whole(body["restricted_cents"])
        sentences.append(f"{tied} is tied to a narrower purpose; no scenario shares it.")
    if body["books_differ_by_cents"]:
        sentences.append(f"The books differ from these figures by {dollars(body['books_differ_by_cents'])}.")
    sentences.append("Crafts and productions under 10 people are shown together.")
    return " ".join(sentences)


def as_of(body: Body) -> datetime:
    """This will return the report's moment in the fund's zone."""
    return datetime.fromisoformat(body["as_of"]).astimezone(ZoneInfo(body["fund"]["time_zone"]))


def day_name(day: str) -> str:
    """This will write a day like Friday, September 8."""
    found = date.fromisoformat(day)
    return f"{found:%A, %B} {found.day}"


def short_day(day: str) -> str:
    """This will write a day like Fri, Sep 8."""
    found = date.fromisoformat(day)
    return f"{found:%a, %b} {found.day}"


def _since(body: Body) -> str:
    days: Sequence[Mapping[str, Any]] = body["days"]
    if not days:
        return ""
    first, last = (date.fromisoformat(days[place]["label"]) for place in (0, -1))
    count = (last - first).days + 1
    if count == 1:
        return "In one day "
    words = ("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
    if count - 2 < len(words):
        return f"In {words[count - 2]} days "
    return f"In {count:,} days "


def _requests(count: int) -> str:
    return f"{count:,} {'request' if count == 1 else 'requests'}"


def _whole(cents: int | None) -> str:
    return dollars(cents or 0, whole=True)
