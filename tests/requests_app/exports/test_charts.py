"""Every chart is well-formed, starts at zero, and survives what people really type."""

import re
from collections.abc import Callable
from xml.etree import ElementTree

import pytest

from requests_app.exports import charts
from requests_app.exports.charts import Bin, Chart, FunnelStep, Row, Scenario, Step

HOSTILE = "</text><script>alert(1)</script> & \"quoted\" 'name' \x00\x0b\ud800 \N{ARABIC LETTER ALEF}"
LONG = "A very long name of a need that nobody could print on one line of a chart " * 3


def layered(label: str, cents: int, **more: bool) -> Chart:
    return charts.layered_bar(
        title=label, available=Row("Available", cents // 20), layers=[Row(label, cents, label)] * 4, **more
    )


def waterfall(label: str, cents: int, **more: bool) -> Chart:
    steps = [
        Step("In", cents, is_total=True),
        Step(label, -cents * 2),
        Step(label, 0),
        Step("Out", -cents, is_total=True),
    ]
    return charts.waterfall(title=label, steps=steps, **more)


def targets(label: str, cents: int, **more: bool) -> Chart:
    return charts.target_bars(title=label, in_hand_cents=cents, targets=[Row(label, cents)], **more)


def funnel(label: str, cents: int, **more: bool) -> Chart:
    steps = [FunnelStep(label, label, cents, cents), FunnelStep("Left", "", None, cents // 2)]
    return charts.funnel(title=label, steps=steps, **more)


def histogram(label: str, cents: int, **more: bool) -> Chart:
    bins = [Bin(label, cents, cents), Bin("more", 0, cents)]
    return charts.histogram(title=label, bins=bins, point_from=1, **more)


def categories(label: str, cents: int, **more: bool) -> Chart:
    return charts.category_bars(title=label, rows=[Row(label, cents)], whole_cents=cents, **more)


def two_numbers(label: str, cents: int, **more: bool) -> Chart:
    return charts.two_number_bar(title=label, part=Row(label, cents), whole=Row(label, cents * 3), **more)


def arrivals(label: str, cents: int, **more: bool) -> Chart:
    return charts.arrivals(title=label, days=[Row(label, cents)], **more)


def gap(label: str, cents: int, **more: bool) -> Chart:
    return charts.gap_over_time(title=label, labels=[label], asked_cents=[cents], received_cents=[0], **more)


DRAWN: list[Callable[..., Chart]] = [
    layered, waterfall, targets, funnel, histogram, categories, two_numbers, arrivals, gap
]  # fmt: skip


def parsed(svg: str) -> ElementTree.Element:
    return ElementTree.fromstring(svg)  # noqa: S314 parses only what this test drew a moment before


def everything(svg: str) -> str:
    return " ".join(parsed(svg).itertext())


@pytest.mark.parametrize("standalone", [False, True])
@pytest.mark.parametrize("cents", [0, 1, 49_000_000_000])
@pytest.mark.parametrize("label", ["Rent", "", HOSTILE, LONG])
@pytest.mark.parametrize("draw", DRAWN)
def test_every_chart_is_well_formed_for_any_words_and_any_amount(
    draw: Callable[..., Chart], label: str, cents: int, standalone: bool
) -> None:
    chart = draw(label, cents, standalone=standalone)

    for svg in filter(None, (chart.svg, chart.narrow)):
        root = parsed(svg)
        assert root.get("role") == "img"
        assert root[0].tag.endswith("title")
        assert "<script" not in svg
    assert "nan" not in chart.svg


@pytest.mark.parametrize("draw", DRAWN)
def test_a_page_gets_no_colour_and_no_style_so_that_dark_mode_and_the_csp_hold(
    draw: Callable[..., Chart],
) -> None:
    chart = draw("Rent", 49_000_000)

    assert not re.search(r"style|fill=|stroke=|#[0-9a-f]{3}", chart.svg + chart.narrow)


@pytest.mark.parametrize("draw", DRAWN)
def test_paper_gets_the_colours_and_a_fixed_size_inside(draw: Callable[..., Chart]) -> None:
    root = parsed(draw("Rent", 49_000_000, standalone=True).svg)

    assert root.get("viewBox") == f"0 0 {root.get('width')} {root.get('height')}"
    assert any(part.tag.endswith("style") and "#0b5a5e" in (part.text or "") for part in root)


@pytest.mark.parametrize("draw", DRAWN)
def test_the_table_beside_a_chart_has_a_cell_for_every_heading(draw: Callable[..., Chart]) -> None:
    chart = draw("Rent", 49_000_000)

    assert chart.rows
    assert all(len(row) == len(chart.head) for row in chart.rows)


@pytest.mark.parametrize("draw", DRAWN)
def test_every_bar_stays_on_the_sheet(draw: Callable[..., Chart]) -> None:
    for mark in parsed(draw("Rent", 49_000_000).svg).iter():
        if mark.tag.endswith("rect"):
            left, width = (float(mark.attrib[name].rstrip("%")) for name in ("x", "width"))
            assert 0 <= left <= left + width <= 100.01


def test_bars_are_to_scale_from_zero() -> None:
    svg = charts.row_bars("Two", [Row("Whole", 1_000_000), Row("Twentieth", 50_000)])

    widths = [
        float(mark.attrib["width"].rstrip("%")) for mark in parsed(svg).iter() if mark.tag.endswith("rect")
    ]

    assert widths == [100.0, 5.0]


def test_the_layered_bar_draws_the_example_with_five_cents_for_each_dollar() -> None:
    layers = [Row("Capped", 162_105_800), Row("Verified", 411_106_900), Row("Asked", 1_000_000_000)]

    chart = charts.layered_bar(title="Five cents", available=Row("Available", 49_000_000), layers=layers)

    assert chart.rows[0] == ["Asked", "$10,000,000", "4.9%"]
    assert chart.rows[2] == ["Capped", "$1,621,058", "30.2%"]
    assert chart.rows[-1] == ["Available", "$490,000", "100.0%"]


def test_the_histogram_says_what_share_the_point_has() -> None:
    bins = [Bin("small", 1397, 531_000_000), Bin("large", 303, 469_000_000)]

    words = everything(charts.histogram(title="t", bins=bins, point_from=1).svg)

    assert "17.8% of people" in words
    assert "46.9%" in words


def test_a_step_that_takes_away_hangs_from_the_one_before() -> None:
    steps = [Step("Received", 100, is_total=True), Step("Reserve", -25), Step("Left", 75, is_total=True)]

    chart = charts.waterfall(title="t", steps=steps)

    taken = next(mark for mark in parsed(chart.svg).iter() if mark.get("class") == "f-away")
    whole = next(mark for mark in parsed(chart.svg).iter() if mark.get("class") == "f-1")
    assert taken.get("y") == whole.get("y")
    assert chart.rows[1] == ["Reserve", "\N{MINUS SIGN}$0.25"]


def test_charts_without_rows_are_empty_and_whole() -> None:
    empty = [
        charts.waterfall(title="t", steps=[]),
        charts.funnel(title="t", steps=[]),
        charts.histogram(title="t", bins=[], point_from=0),
        charts.category_bars(title="t", rows=[], whole_cents=0),
        charts.arrivals(title="t", days=[]),
        charts.target_bars(title="t", in_hand_cents=0, targets=[]),
        charts.gap_over_time(title="t", labels=[], asked_cents=[], received_cents=[]),
        charts.layered_bar(title="t", available=Row("", 0), layers=[]),
    ]

    for chart in empty:
        parsed(chart.svg)


def test_scenario_marks_share_one_scale_and_say_their_figure() -> None:
    scenarios = [
        Scenario(HOSTILE, "", 144, 1061, 1200, 925, 48_820_700),
        Scenario("Equal", "", 1205, 0, 2280, 7, 48_999_400, chosen=True),
        Scenario("Urgent", "", 362, 843, None, None, 48_993_400),
    ]

    first, equal, urgent = charts.scenario_rows(scenarios, eligible=1205)

    assert first.people_share_bp == 1195
    assert "144 of 1,205 people" in everything(first.people_svg)
    assert 'width="100.00%"' in equal.people_svg
    assert equal.gini == "0.007"
    assert urgent.need_svg == urgent.gini_svg == urgent.gini == ""


def test_scenarios_of_nobody_divide_by_nothing() -> None:
    (row,) = charts.scenario_rows([Scenario("None", "", 0, 0, 0, 0, 0)], eligible=0)

    assert row.people_share_bp == 0
    parsed(row.people_svg)


def curves(label: str, *, chosen: int = 0) -> list[charts.Curve]:
    points = tuple(step * 500 for step in range(21))
    return [charts.Curve(f"{label}{place}", points, 71, place == chosen) for place in range(5)]


@pytest.mark.parametrize("standalone", [False, True])
def test_lorenz_curves_lie_over_each_other_with_their_names_and_their_table(standalone):
    drawn = charts.lorenz(title="Alike", curves=curves(HOSTILE), standalone=standalone)

    root = parsed(drawn.svg)

    assert drawn.svg.count("<polyline") == 6  # five rules and the diagonal
    assert "script" not in {element.tag.split("}")[-1] for element in root.iter()}
    assert [row[0] for row in drawn.rows][::10] == ["0%", "50%", "100%"]
    assert drawn.rows[-1][1:] == ["100.0%"] * 5


def test_the_chosen_rule_stands_out_by_its_stroke_and_the_others_by_their_dashes():
    drawn = charts.lorenz(title="Alike", curves=curves("Rule", chosen=2))

    strokes = re.findall(r'<polyline class="(s-line-\d s-\w+)"', drawn.svg)

    assert strokes == [
        "s-line-2 s-ink", "s-line-3 s-ink", "s-line-1 s-made", "s-line-4 s-ink", "s-line-5 s-ink",
    ]  # fmt: skip


def test_a_long_name_in_the_legend_is_cut_and_stands_whole_in_the_table():
    name = "Equal awards, urgent requests first, up to $1,000"

    drawn = charts.lorenz(title="Alike", curves=[charts.Curve(name, (0, 10_000), 71)])

    assert "Equal awards, urgent reques… 0.007" in drawn.svg
    assert drawn.head == ["Least paid", name]


def test_coverage_starts_at_zero_and_its_table_has_a_row_a_rule():
    rules = [
        charts.Covered("Equal", [("small", 5_000), ("large", 0)], is_chosen=True),
        charts.Covered(HOSTILE, [("large", 215)]),
    ]

    drawn = charts.coverage_bars(title="Covered", rules=rules)

    parsed(drawn.svg)
    assert drawn.head == ["Rule", "small", "large"]
    # Half up, as on paper.
    assert [row[1:] for row in drawn.rows] == [["50.0", "0.0"], ["", "2.2"]]


def test_no_rules_draw_an_empty_sheet():
    parsed(charts.coverage_bars(title="Nothing", rules=[]).svg)
    parsed(charts.lorenz(title="Nothing", curves=[]).svg)


@pytest.mark.parametrize("standalone", [False, True])
def test_the_strip_of_a_smallest_grant_has_a_bar_a_step_and_a_line_at_what_is_typed(standalone):
    strips = [
        charts.Strip("Equal", [(10_000, 0), (20_000, 5), (30_000, 1_234)], 20_000, is_chosen=True),
        charts.Strip(HOSTILE, [(10_000, 0), (20_000, 0), (30_000, 2)]),
    ]

    drawn = charts.break_even(title="Strip", strips=strips, standalone=standalone)

    parsed(drawn.svg)
    parsed(drawn.narrow)
    assert drawn.svg.count('class="f-made"') == 2
    assert drawn.svg.count("s-dash") == 1 + drawn.svg.count(".s-dash")
    assert drawn.head[:2] == ["Smallest grant", "Equal"]
    assert drawn.rows[-1] == ["$300", "1,234", "2"]


def test_a_strip_that_leaves_out_nobody_is_drawn_too():
    parsed(charts.break_even(title="Strip", strips=[charts.Strip("Equal", [(2_500, 0)])]).svg)
