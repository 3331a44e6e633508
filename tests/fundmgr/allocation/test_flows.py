"""The network between pots and groups: as much as can be, the first pots most, and who is left short."""

from drawing import so_many
from effort import examples
from hypothesis import given, settings
from hypothesis import strategies as st

from fundmgr.allocation.flows import PotFlow


@st.composite
def networks(draw):
    pots = draw(st.lists(st.integers(0, 9), min_size=1, max_size=4))
    demands = draw(st.lists(st.integers(0, 9), min_size=1, max_size=5))
    row = so_many(st.booleans(), len(pots))
    return pots, demands, draw(so_many(row, len(demands)))


@settings(max_examples=examples(200), deadline=None)
@given(networks())
def test_whoever_is_starved_has_emptied_all_pots_in_reach(network):
    """The groups left short and the pots they may use prove that no more could be paid."""
    pots, demands, allowed = network
    flow = PotFlow(pots, demands, allowed)
    flow.fill()

    starved = flow.starved()
    reach = {pot for group in starved for pot, may in enumerate(allowed[group]) if may}
    paid = [sum(row[group] for row in flow.paid) for group in range(len(demands))]
    assert sum(paid[group] for group in starved) == sum(pots[pot] for pot in reach)
    assert all(paid[group] == demands[group] for group in range(len(demands)) if group not in starved)
    assert all(used <= pot for used, pot in zip(flow.used(), pots, strict=True))
    assert all(
        allowed[group][pot] for pot, row in enumerate(flow.paid) for group, cents in enumerate(row) if cents
    )


def test_a_payment_moves_to_another_pot_to_let_somebody_else_in():
    flow = PotFlow([5, 5], [5, 5], [[True, True], [True, False]])

    flow.fill([0, 1])

    assert flow.paid == [[0, 5], [5, 0]]
    assert flow.starved() == []


def test_the_first_pot_is_used_most():
    flow = PotFlow([5, 5], [4, 3], [[True, True], [True, True]])

    flow.fill([1, 0])

    assert flow.used() == (2, 5)
