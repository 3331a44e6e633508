"""Lets calls of the API meet faults, and holds what each changed to what one call changes undisturbed."""

from collections.abc import Callable, Iterable

import tally
from builders import make_world
from failpoints import Order
from fault_ground import Answered, Ground, breaks, change, rows, until_answered
from fault_moves import MOVES, Callers

# From a function's name and the number of its steps to the points at which it is disturbed.
Chosen = Callable[[str, int], Iterable[Order]]


def undisturbed(ground: Ground, callers: Callers, name: str) -> tuple[list[str], dict[str, int]]:
    """Return what one call does that nobody disturbs: its steps, and what it changes."""
    call = MOVES[name](callers)
    before = rows()
    answers = []
    steps = ground.points.trace(name, lambda: answers.append(until_answered(ground.port, call)))
    assert answers[0].status in {200, 201}, answers[0]
    return steps, change(before, rows())


def orders(name: str, steps: int, fault: str, every: int = 1) -> list[Order]:
    """Return points of a call: before statements, and always the two around its COMMIT."""
    before = [Order(name, step, fault) for step in range(1, steps + 1)]
    return [*before[:-1:every], before[-1], Order(name, steps, fault, after=True)]


def disturb(
    ground: Ground, callers: Callers, order: Order, wanted: dict[str, int], counted: tally.Row
) -> Answered:
    """Let one call meet one fault, and hold what it changed to what it should."""
    call = MOVES[order.inside](callers)
    before, hit = rows(), len(ground.points.hits())
    ground.points.order(order)
    answer = until_answered(ground.port, call)
    ground.points.withdraw()
    assert answer.status in {200, 201}, (order, answer)
    counted.point(hit=len(ground.points.hits()) > hit, seconds=answer.seconds)
    found = change(before, rows())
    counted.effects(wanted, found)
    assert found == wanted, order
    return answer


def run(ground: Ground, names: Iterable[str], title: str, chosen: Chosen) -> list[tuple[Order, Answered]]:
    """Disturb each named call at the points chosen for it; return what the callers were answered."""
    callers, counted = Callers(make_world(name=title, reserve_bp=0)), tally.row(title)
    answers = []
    for name in names:
        # What a process remembers is looked up once: the steps are those of the second call.
        undisturbed(ground, callers, name)
        steps, wanted = undisturbed(ground, callers, name)
        for order in chosen(name, len(steps)):
            answers.append((order, disturb(ground, callers, order, wanted, counted)))
    found = breaks()
    counted.breaks += len(found)
    assert found == []
    assert counted.hits == counted.points
    return answers
