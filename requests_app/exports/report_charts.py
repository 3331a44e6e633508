"""The charts of a report, drawn from its body; each title is the finding."""

from collections.abc import Mapping
from typing import Any

from fundmgr.domain.money import dollars
from requests_app.exports import charts, report_words
from requests_app.exports.report_rows import CATEGORIES, bin_label, figure, percent, scenario_name
from requests_app.exports.svg.canvas import Chart

Body = Mapping[str, Any]
_MOST_DAYS = 14
_MOST_GROUPS = 8


def drawn(body: Body, *, standalone: bool = False) -> dict[str, Chart]:
    """This will draw every chart of the report, by key; `standalone` is for paper."""
    return {
        "layers": _layers(body, standalone),
        "waterfall": _waterfall(body, standalone),
        "targets": _targets(body, standalone),
        "funnel": _funnel(body, standalone),
        "histogram": _histogram(body, standalone),
        "categories": _categories(body, standalone),
        "arrivals": _arrivals(body, standalone),
        "crafts": _groups(body, "crafts", "Crafts that ask for most", standalone),
        "productions": _groups(body, "productions", "Productions whose crews ask for most", standalone),
    }


def scenarios(body: Body) -> list[charts.ScenarioRow]:
    """This will draw the marks in the table of scenarios."""
    usual = body["sharing"]["usual"]
    rows = [
        charts.Scenario(
            label=scenario_name(row, body),
            note="the fund's usual rule" if row["key"] == usual else "for comparison only",
            people=row["paid_count"],
            nothing=row["unpaid_count"],
            need_met_bp=row["need_met_bp"],
            gini_thousandths=(row["gini_bp"] + 5) // 10,
            paid_cents=row["paid_cents"],
            chosen=row["key"] == usual,
        )
        for row in body["sharing"]["scenarios"]
    ]
    return charts.scenario_rows(rows, eligible=body["sharing"]["people_count"])


def _layers(body: Body, standalone: bool) -> Chart:
    cap = dollars(body["policy"]["award_cap_cents"], whole=True)
    asked, eligible, verified, capped = (figure(body, key) for key in ("F1", "F2", "F3", "F4"))
    return charts.layered_bar(
        title="What can be awarded, inside what is needed and asked",
        available=charts.Row("Available to award", figure(body, "F9")["amount_cents"]),
        layers=[
            charts.Row("Capped need", capped["amount_cents"], f"at most {cap} each"),
            charts.Row("Verified need", verified["amount_cents"], "papers checked"),
            charts.Row("Eligible", eligible["amount_cents"], f"{eligible['people']:,} requests"),
            charts.Row("Asked", asked["amount_cents"], f"{asked['people']:,} requests"),
        ],
        standalone=standalone,
    )


def _waterfall(body: Body, standalone: bool) -> Chart:
    position = body["position"]
    promised = position["committed_cents"] - position["outstanding_cents"]
    # Money given without a commitment, or on a condition, comes in beside the promises.
    beside = position["received_cents"] - promised
    obligated = figure(body, "F7")["amount_cents"]
    steps = [
        charts.Step("Committed", position["committed_cents"], is_total=True),
        charts.Step("Not yet received", -position["outstanding_cents"]),
        *_if_any("Received beside", beside),
        charts.Step("Received", position["received_cents"], is_total=True),
        *_if_any("Refunded", -position["refunded_cents"]),
        *_if_any("Condition not met", -position["refundable_advance_cents"]),
        charts.Step(f"Reserve {percent(body['policy']['reserve_bp'])}", -position["reserve_cents"]),
        charts.Step("Held for awards", -obligated),
        *_if_any("Paid", -position["paid_cents"]),
        charts.Step("Available", figure(body, "F9")["amount_cents"], is_total=True),
    ]
    return charts.waterfall(
        title=report_words.waterfall_title(body),
        steps=steps,
        note="From commitment to what can be awarded today, in dollars.",
        standalone=standalone,
    )


def _if_any(label: str, cents: int) -> list[charts.Step]:
    return [charts.Step(label, cents)] if cents else []


def _targets(body: Body, standalone: bool) -> Chart:
    names = {
        "F12.25": "Verified need, 25% met",
        "F12.50": "Verified need, 50% met",
        "F12.75": "Verified need, 75% met",
        "F12.100": "Verified need, all met",
        "F12.capped": "Capped need, all met",
    }
    rows = [charts.Row(label, figure(body, key)["amount_cents"]) for key, label in names.items()]
    in_hand_cents = figure(body, "F9")["amount_cents"]
    return charts.target_bars(
        title=report_words.targets_title(body),
        in_hand_cents=in_hand_cents,
        targets=sorted(rows, key=lambda row: row.amount),
        note=f"What each target costs beyond the {dollars(in_hand_cents, whole=True)} in hand.",
        standalone=standalone,
    )


def _funnel(body: Body, standalone: bool) -> Chart:
    ids = ("F1", "F2", "F2.incomplete", "F2.unsorted", "F2.duplicates", "F2.withdrawn", "F2.ineligible")
    asked, eligible, incomplete, unread, duplicates, withdrawn, ineligible = (
        figure(body, key) for key in ids
    )
    missing = f"less {incomplete['people']:,} with a paper missing"
    if unread["people"]:
        missing = f"less {incomplete['people']:,} incomplete, {unread['people']:,} undecided"
    left_out = (
        f"{duplicates['people']:,} duplicates, {withdrawn['people']:,} withdrawn, "
        f"{ineligible['people']:,} ineligible"
    )
    policy = body["policy"]
    ceiling, cap = (dollars(policy[name], whole=True) for name in ("need_ceiling_cents", "award_cap_cents"))
    complete_cents = asked["amount_cents"] - incomplete["amount_cents"] - unread["amount_cents"]
    steps = [
        charts.FunnelStep("Submitted", "all that came in", asked["people"], asked["amount_cents"]),
        charts.FunnelStep(
            "Complete", missing, asked["people"] - incomplete["people"] - unread["people"], complete_cents
        ),
        charts.FunnelStep("Eligible", left_out, eligible["people"], eligible["amount_cents"]),
        _same_people(body, "F3", "Verified", f"same people; costs with papers, up to {ceiling}"),
        _same_people(body, "F4", "Capped", f"same people; at most {cap} each"),
        charts.FunnelStep(
            "Available to award", "how many it reaches depends on the rule", None, _amount(body, "F9")
        ),
    ]
    return charts.funnel(
        title=report_words.funnel_title(body),
        steps=steps,
        note="Each step keeps the people and dollars that pass it. Bars start at zero.",
        standalone=standalone,
    )


def _same_people(body: Body, key: str, label: str, note: str) -> charts.FunnelStep:
    return charts.FunnelStep(label, note, figure(body, key)["people"], _amount(body, key))


def _amount(body: Body, key: str) -> int:
    return int(figure(body, key)["amount_cents"])


def _histogram(body: Body, standalone: bool) -> Chart:
    asks = body["asks"]
    large = [place for place, row in enumerate(asks["bins"]) if row["low_cents"] >= asks["large_from_cents"]]
    return charts.histogram(
        title=report_words.asks_title(body),
        bins=[charts.Bin(bin_label(row), row["people"], row["amount_cents"]) for row in asks["bins"]],
        point_from=large[0] if large else len(asks["bins"]),
        note=report_words.asks_note(body),
        standalone=standalone,
    )


def _categories(body: Body, standalone: bool) -> Chart:
    column = report_words.need_column(body)
    rows = [
        charts.Row(CATEGORIES.get(row["category"], row["category"]), row[column])
        for row in body["categories"]
    ]
    whole = sum(row.amount for row in rows)
    what = "Verified need" if column == "verified_cents" else "Money asked"
    return charts.category_bars(
        title=report_words.categories_title(body),
        rows=rows,
        whole_cents=whole,
        note=f"{what} of {dollars(whole, whole=True)}, by what people need help with.",
        standalone=standalone,
    )


def _arrivals(body: Body, standalone: bool) -> Chart:
    days = body["days"][-_MOST_DAYS:]
    note = "Requests sent, by day." if len(days) == len(body["days"]) else f"The last {_MOST_DAYS} days."
    return charts.arrivals(
        title=report_words.arrivals_title(body),
        days=[charts.Row(report_words.short_day(day["label"]), day["people_count"]) for day in days],
        note=note,
        standalone=standalone,
    )


def _groups(body: Body, key: str, title: str, standalone: bool) -> Chart:
    ranked = sorted(body[key], key=lambda row: (-row["asked_cents"], row["label"]))[:_MOST_GROUPS]
    return charts.category_bars(
        title=title,
        rows=[charts.Row(row["label"], row["asked_cents"]) for row in ranked],
        whole_cents=figure(body, "F1")["amount_cents"],
        note="Dollars asked; the whole list is in the tables below.",
        standalone=standalone,
    )
