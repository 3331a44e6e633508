"""The waterfall of a fund's money: from what was committed to what may be awarded to anyone."""

from fundmgr.domain.means import Means
from fundmgr.domain.money import dollars
from fundmgr.domain.shortfall import Position
from requests_app.exports import charts
from requests_app.exports.svg.canvas import Chart


def waterfall(position: Position, means: Means, *, standalone: bool = False) -> Chart:
    """This will draw committed, received, restricted, held, paid and available, step by step."""
    available = means.unrestricted_available_cents
    return charts.waterfall(
        title=_title(position, available),
        steps=_steps(position, means),
        note="From what was committed to what may be awarded to anyone today, in dollars.",
        standalone=standalone,
        is_wide=True,
    )


def _title(position: Position, available_cents: int) -> str:
    available, received = (dollars(cents, whole=True) for cents in (available_cents, position.cash_cents))
    return f"Of {received} received, {available} may be awarded to anyone"


def _steps(position: Position, means: Means) -> list[charts.Step]:
    promised_and_in = position.committed_cents - position.outstanding_cents
    return [
        charts.Step("Committed", position.committed_cents, is_total=True),
        *_if_any("Not yet received", -position.outstanding_cents),
        *_if_any("Given beside", position.cash_cents - promised_and_in),
        charts.Step("Received", position.cash_cents, is_total=True),
        *_if_any("Condition not met", -position.refundable_advance_cents),
        *_if_any("Not matched", -position.suspense_cents),
        *_if_any("Bank fees", -position.fees_cents),
        charts.Step("Restricted", -means.restricted_available_cents),
        charts.Step("Reserve", -position.reserve_cents),
        charts.Step("Held", -position.obligated_cents),
        charts.Step("Paid", -position.paid_cents),
        charts.Step("Available", means.unrestricted_available_cents, is_total=True),
    ]


def _if_any(label: str, cents: int) -> list[charts.Step]:
    return [charts.Step(label, cents)] if cents else []
