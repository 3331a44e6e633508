"""Every chart of the product: plain rows in, a drawing and its table out. No model, no clock, no colour.

A page prints `chart.svg` (and `chart.narrow` on a phone) and colours it through its stylesheet; paper asks
with `standalone=True` and gets the colours inside.
"""

from requests_app.exports.svg.canvas import Chart, Row
from requests_app.exports.svg.columns import Bin, Step, arrivals, histogram, waterfall
from requests_app.exports.svg.inline import Scenario, ScenarioRow, scenario_rows
from requests_app.exports.svg.lines import gap_over_time
from requests_app.exports.svg.rows import (
    FunnelStep,
    category_bars,
    funnel,
    layered_bar,
    row_bars,
    target_bars,
    two_number_bar,
)
from requests_app.exports.svg.sharing import Covered, Curve, coverage_bars, lorenz
from requests_app.exports.svg.strips import Strip, break_even

__all__ = [
    "Bin",
    "Chart",
    "Covered",
    "Curve",
    "FunnelStep",
    "Row",
    "Scenario",
    "ScenarioRow",
    "Step",
    "Strip",
    "arrivals",
    "break_even",
    "category_bars",
    "coverage_bars",
    "funnel",
    "gap_over_time",
    "histogram",
    "layered_bar",
    "lorenz",
    "row_bars",
    "scenario_rows",
    "target_bars",
    "two_number_bar",
    "waterfall",
]
