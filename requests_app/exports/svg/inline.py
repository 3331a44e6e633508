"""Small marks inside the cells of a table: bars for shares, a dot on a line for Gini."""

from collections.abc import Sequence
from typing import NamedTuple

from requests_app.exports.svg.canvas import plain, share_of


class Scenario(NamedTuple):
    """One way to share the money; shares are in basis points, Gini in thousandths, None if not compared."""

    label: str
    note: str
    people: int
    nothing: int
    need_met_bp: int | None
    gini_thousandths: int | None
    paid_cents: int
    chosen: bool = False


class ScenarioRow(NamedTuple):
    """The scenario with its three marks drawn."""

    scenario: Scenario
    people_svg: str
    need_svg: str
    gini_svg: str
    people_share_bp: int

    @property
    def gini(self) -> str:
        """The coefficient as people read it, like 0.385."""
        value = self.scenario.gini_thousandths
        return "" if value is None else f"{value // 1000}.{value % 1000:03d}"


def _mini(name: str, marks: str) -> str:
    root = 'class="chart mini" height="10" role="img" focusable="false"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {root}><title>{plain(name)}</title>{marks}</svg>'


def _bar(share: float, chosen: bool, name: str) -> str:
    css = "f-made" if chosen else "f-1"
    whole = '<rect class="f-4" width="100%" height="10"/>'
    return _mini(name, f'{whole}<rect class="{css}" width="{share * 100:.2f}%" height="10"/>')


def _dot(share: float, chosen: bool, name: str) -> str:
    css = "f-made" if chosen else "f-1"
    lines = (
        'x1="0" x2="100%" y1="5" y2="5"',
        'x1="0" x2="0" y1="1" y2="9"',
        'x1="100%" x2="100%" y1="1" y2="9"',
    )
    scale = "".join(f'<line class="s-axis" {ends}/>' for ends in lines)
    return _mini(name, f'{scale}<circle class="{css}" cx="{share * 100:.2f}%" cy="5" r="5"/>')


def scenario_rows(scenarios: Sequence[Scenario], *, eligible: int) -> list[ScenarioRow]:
    """This will draw each scenario's people, need met and Gini on scales that all rows share.

    Shapes: one row per scenario, same order; a mark is "" where nothing is compared.
    """
    best = max((one.need_met_bp or 0 for one in scenarios), default=0)
    # The scale ends a little beyond the best, as no rule meets all the need.
    scale = max(2500, best)
    rows = []
    for one in scenarios:
        share = share_of(one.people, eligible)
        met, gini = one.need_met_bp, one.gini_thousandths
        rows.append(
            ScenarioRow(
                scenario=one,
                people_svg=_bar(share, one.chosen, f"{one.people:,} of {eligible:,} people"),
                need_svg=""
                if met is None
                else _bar(share_of(met, scale), one.chosen, f"{met / 100:.1f}% met"),
                gini_svg=""
                if gini is None
                else _dot(share_of(gini, 1000), one.chosen, f"Gini {gini / 1000:.3f}"),
                people_share_bp=(one.people * 20000 + eligible) // (2 * eligible) if eligible > 0 else 0,
            )
        )
    return rows
