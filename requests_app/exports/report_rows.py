"""A report's body as tables: the one list of rows behind the page, the CSV and the PDF."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from fundmgr.domain import money
from requests_app.exports.rule_words import GENERAL_LEFT, TIED_LEFT

Cell = int | str | None


class Kind(StrEnum):
    """What a column holds; it decides how a cell is written, the same way in each format."""

    TEXT = "text"
    COUNT = "count"
    CENTS = "cents"
    SHARE = "share"
    INDEX = "index"
    DAYS = "days"


@dataclass(frozen=True)
class Column:
    """One column. Units: cents for amounts, basis points for shares and indexes, whole days."""

    label: str
    kind: Kind


@dataclass(frozen=True)
class Table:
    """One table of the report; the first column names each row."""

    key: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]

    @property
    def head(self) -> list[str]:
        """This will return the columns' labels."""
        return [column.label for column in self.columns]

    def shown(self) -> list[list[str]]:
        """This will write every cell for a reader, like $1,234.50 and 4.9%."""
        return [
            [shown(cell, column.kind) for cell, column in zip(row, self.columns, strict=True)]
            for row in self.rows
        ]


CATEGORIES = {
    "RENT": "Rent or mortgage",
    "HEALTH": "Health insurance, medical",
    "FOOD": "Food",
    "UTILITIES": "Lights, water, phone",
    "CAR": "Car, bus, fuel",
    "CARE": "Child or family care",
    "OTHER": "Other, such as a funeral",
}
_POSITION = {
    "committed_cents": "Committed by donors, unconditional",
    "outstanding_cents": "Committed and not received yet",
    "committed_conditional_cents": "Committed on a condition, not counted",
    "received_cents": "Received in cash",
    "refunded_cents": "Refunded to donors",
    "refundable_advance_cents": "Received on a condition not met yet",
    "suspense_cents": "Received and not matched to a donor",
    "fees_cents": "Bank fees",
    "reserve_cents": "Reserve",
    "reserved_cents": "Held for awards",
    "committed_unpaid_cents": "Awarded and unpaid",
    "in_transit_cents": "Payments in transit",
    "returned_cents": "Returned, to be paid again",
    "unclaimed_cents": "Unclaimed",
    "paid_cents": "Paid",
    "available_cents": "Available to award",
}
_MEANS = {
    "raised_cents": "Given and promised in all",
    "cash_cents": "Cash",
    "receivable_cents": "Receivable",
    "conditional_cents": "Conditional, not counted",
    "unrestricted_available_cents": "Unrestricted available",
    "stranded_cents": "Stranded",
    "usable_cents": "Usable now",
    "expected_cents": "Expected",
}
_POT = {
    "received_cents": "Received",
    "held_cents": "Held",
    "paid_cents": "Paid",
    "available_cents": "Available",
    "matching_need_cents": "Need that matches",
    "stranded_cents": "Stranded",
}
_NAME, _PEOPLE, _DOLLARS = (
    Column("Name", Kind.TEXT),
    Column("People", Kind.COUNT),
    Column("Dollars", Kind.CENTS),
)
_GROUP_COLUMNS = (
    _PEOPLE,
    Column("Asked", Kind.CENTS),
    Column("Eligible people", Kind.COUNT),
    Column("Eligible asked", Kind.CENTS),
    Column("Verified need", Kind.CENTS),
    Column("Capped need", Kind.CENTS),
)


def tables(body: Mapping[str, Any]) -> list[Table]:
    """This will return every table of the report, in the order of reading."""
    return [
        _figures(body),
        _position(body),
        _means(body),
        _pots(body),
        _layers(body),
        _targets(body),
        _asks(body),
        _categories(body),
        _groups("crafts", "Demand by craft", "Craft", body["crafts"]),
        _groups("productions", "Demand by production", "Production", body["productions"]),
        _groups("days", "Demand by day", "Day", body["days"]),
        _scenarios(body),
        _proof(body),
    ]


def table(body: Mapping[str, Any], key: str) -> Table | None:
    """This will return one table by its key, or None."""
    return next((found for found in tables(body) if found.key == key), None)


def figure(body: Mapping[str, Any], figure_id: str) -> Mapping[str, Any]:
    """This will return one figure by its id, like F11.verified. Errors: KeyError."""
    for row in body["figures"]:
        if row["id"] == figure_id:
            found: Mapping[str, Any] = row
            return found
    raise KeyError(figure_id)


def shown(cell: Cell, kind: Kind) -> str:
    """This will write one cell for a reader; nothing where there is no value."""
    if cell is None:
        return ""
    if isinstance(cell, str):
        return cell
    if kind is Kind.CENTS:
        return money.dollars(cell)
    if kind is Kind.SHARE:
        return percent(cell)
    if kind is Kind.INDEX:
        return f"{cell // 10_000}.{cell % 10_000:04d}"
    return f"{cell:,}"


def plain(cell: Cell, kind: Kind) -> str:
    """This will write one cell for a program: amounts like 420.00, shares in percent like 11.92."""
    if cell is None:
        return ""
    if isinstance(cell, str):
        return cell
    if kind in {Kind.CENTS, Kind.SHARE}:
        return money.wire(cell)
    return shown(cell, kind) if kind is Kind.INDEX else str(cell)


def percent(basis_points: int | None) -> str:
    """This will write basis points with one decimal, half up, none where it is zero: 490 is 4.9%."""
    if basis_points is None:
        return ""
    whole, rest = divmod((basis_points + 5) // 10, 10)
    return f"{whole}.{rest}%" if rest else f"{whole}%"


def scenario_name(row: Mapping[str, Any], body: Mapping[str, Any]) -> str:
    """This will name one way to share the money."""
    cap = money.dollars(body["policy"]["award_cap_cents"], whole=True)
    level = row["level_cents"]
    flat = money.dollars(row.get("need_up_to_cents", 0), whole=True)
    return {
        "first_come_verified": "First come, full verified need",
        "first_come_capped": f"First come, cap {cap}",
        "flat_by_draw": f"Up to {flat} each by lot, an example",
        "pro_rata": "Pro rata to verified need",
        "equal_awards": f"Equal cap of {money.dollars(level)}" if level is not None else f"Equal, cap {cap}",
    }[row["key"]]


def _figures(body: Mapping[str, Any]) -> Table:
    columns = (
        Column("Figure", Kind.TEXT),
        _NAME,
        _PEOPLE,
        _DOLLARS,
        Column("Share", Kind.SHARE),
        Column("Days", Kind.DAYS),
    )
    names = ("id", "name", "people", "amount_cents", "share_bp", "days")
    return _table("figures", "Figures", columns, body["figures"], names)


def _position(body: Mapping[str, Any]) -> Table:
    rows: list[tuple[Cell, ...]] = [(label, body["position"][name]) for name, label in _POSITION.items()]
    rows.append(("Available for a narrower purpose only", body["restricted_cents"]))
    rows.append(("Difference between books and report", body["books_differ_by_cents"]))
    return Table("position", "The money", (_NAME, _DOLLARS), tuple(rows))


def _means(body: Mapping[str, Any]) -> Table:
    rows = tuple((label, body["means"][name]) for name, label in _MEANS.items())
    return Table("means", "How far the money reaches", (_NAME, _DOLLARS), rows)


def _pots(body: Mapping[str, Any]) -> Table:
    columns = (_NAME, *(Column(label, Kind.CENTS) for label in _POT.values()))
    rows = tuple((pot["name"], *(pot[name] for name in _POT)) for pot in body["means"]["pots"])
    return Table("restrictions", "What the money is tied to", columns, rows)


def _layers(body: Mapping[str, Any]) -> Table:
    ids = ("F1", "F2.incomplete", "F2.unsorted", "F2.duplicates", "F2.withdrawn", "F2.ineligible")
    asked, *fallen = (figure(body, figure_id) for figure_id in ids)
    complete = {"name": "Complete"} | {
        name: asked[name] - fallen[0][name] - fallen[1][name] for name in ("people", "amount_cents")
    }
    needs = [figure(body, figure_id) for figure_id in ("F2", "F3", "F4")]
    found = [asked, *fallen[:2], complete, *fallen[2:], *needs]
    return _table("layers", "Demand", (_NAME, _PEOPLE, _DOLLARS), found, ("name", "people", "amount_cents"))


def _targets(body: Mapping[str, Any]) -> Table:
    found = [row for row in body["figures"] if row["id"].startswith("F12.")]
    return _table("targets", "Still to raise", (_NAME, _DOLLARS), found, ("name", "amount_cents"))


def _asks(body: Mapping[str, Any]) -> Table:
    columns = (
        Column("Size of ask", Kind.TEXT),
        _PEOPLE,
        Column("Share of people", Kind.SHARE),
        _DOLLARS,
        Column("Share of dollars", Kind.SHARE),
        Column("Dollars added up", Kind.CENTS),
        Column("Share added up", Kind.SHARE),
    )
    names = (
        "people",
        "people_bp",
        "amount_cents",
        "amount_bp",
        "cumulative_amount_cents",
        "cumulative_amount_bp",
    )
    rows = [(bin_label(row), *(row[name] for name in names)) for row in body["asks"]["bins"]]
    return Table("asks", "Requests by size of ask", columns, tuple(rows))


def bin_label(row: Mapping[str, Any]) -> str:
    """This will name one size of ask, like $1.5–2.5k."""
    low, high = row["low_cents"], row["high_cents"]
    if not low:
        return f"under ${_thousands(high)}"
    if high is None:
        return f"${_thousands(low)}+"
    return f"${_thousands(low).removesuffix('k')}\N{EN DASH}{_thousands(high)}"


def _thousands(cents: int) -> str:
    whole, rest = divmod(cents, 100_000)
    return f"{whole}.{rest // 10_000}k" if rest else f"{whole}k"


def _categories(body: Mapping[str, Any]) -> Table:
    columns = (
        Column("What for", Kind.TEXT),
        _PEOPLE,
        Column("Asked", Kind.CENTS),
        Column("Eligible asked", Kind.CENTS),
        Column("Verified need", Kind.CENTS),
    )
    rows = [
        (
            CATEGORIES.get(row["category"], row["category"]),
            row["people_count"],
            row["asked_cents"],
            row["eligible_cents"],
            row["verified_cents"],
        )
        for row in body["categories"]
    ]
    return Table("categories", "Demand by what the money is for", columns, tuple(rows))


def _groups(key: str, title: str, label: str, rows: Sequence[Mapping[str, Any]]) -> Table:
    names = (
        "label",
        "people_count",
        "asked_cents",
        "eligible_count",
        "eligible_cents",
        "verified_cents",
        "capped_cents",
    )
    return _table(key, title, (Column(label, Kind.TEXT), *_GROUP_COLUMNS), rows, names)


def _scenarios(body: Mapping[str, Any]) -> Table:
    left = {"Left over": "leftover_cents"}
    # Reports of before share the general money alone.
    if body["sharing"].get("tied_cents"):
        left = {GENERAL_LEFT: "general_left_cents", TIED_LEFT: "tied_left_cents"}
    columns = (
        Column("Method", Kind.TEXT),
        Column("People paid", Kind.COUNT),
        Column("Get nothing", Kind.COUNT),
        Column("Paid out", Kind.CENTS),
        *(Column(label, Kind.CENTS) for label in left),
        Column("Lowest", Kind.CENTS),
        Column("Median", Kind.CENTS),
        Column("Highest", Kind.CENTS),
        Column("Need met, mean", Kind.SHARE),
        Column("Gini", Kind.INDEX),
    )
    names = (
        "paid_count",
        "unpaid_count",
        "paid_cents",
        *left.values(),
        "lowest_cents",
        "median_cents",
        "highest_cents",
        "need_met_bp",
        "gini_bp",
    )
    rows = [
        (scenario_name(row, body), *(row[name] for name in names)) for row in body["sharing"]["scenarios"]
    ]
    return Table("scenarios", "Ways to share the money at hand", columns, tuple(rows))


def _proof(body: Mapping[str, Any]) -> Table:
    policy = body["policy"]
    rows: list[tuple[Cell, ...]] = [
        ("Fund", body["fund"]["name"]),
        ("Currency", body["fund"]["currency"]),
        ("As of", body["as_of"]),
        ("Ledger sequence", str(body["ledger_sequence"])),
        ("Policy", f"version {policy['number']}, adopted {policy['adopted_on']}"),
        ("Need counted up to", money.dollars(policy["need_ceiling_cents"])),
        ("Award cap", money.dollars(policy["award_cap_cents"])),
        ("Reserve", percent(policy["reserve_bp"])),
        ("Undecided for longer than promised", f"{body['overdue_count']:,}"),
    ]
    return Table("proof", "What this report stands on", (_NAME, Column("Value", Kind.TEXT)), tuple(rows))


def _table(
    key: str,
    title: str,
    columns: tuple[Column, ...],
    rows: Sequence[Mapping[str, Any]],
    names: Sequence[str],
) -> Table:
    return Table(key, title, columns, tuple(tuple(row[name] for name in names) for row in rows))
