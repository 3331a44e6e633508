"""The spread of the asks, as the report shows it."""

from fundmgr.domain.shortfall_asks import ask_histogram, large_asks, spread


def test_each_ask_falls_into_the_bin_that_it_reaches():
    asked = [99_999, 100_000, 149_999, 150_000, 250_000, 500_000, 1_000_000, 2_499_999, 2_500_000]

    assert [found.people for found in ask_histogram(asked)] == [1, 2, 1, 1, 1, 2, 1]


def test_bins_touch_and_the_last_is_open():
    bins = ask_histogram([])

    assert [found.high_cents for found in bins[:-1]] == [found.low_cents for found in bins[1:]]
    assert (bins[0].low_cents, bins[-1].low_cents, bins[-1].high_cents) == (0, 2_500_000, None)


def test_the_last_cumulative_figures_are_everybody_and_everything():
    asked = [50_000, 120_000, 3_000_000]

    last = ask_histogram(asked)[-1]

    assert (last.cumulative_people, last.cumulative_amount_cents) == (3, sum(asked))
    assert (last.cumulative_people_bp, last.cumulative_amount_bp) == (10_000, 10_000)


def test_shares_are_exact_and_rounded_half_to_even():
    bins = ask_histogram([50_000, 50_000, 200_000])

    assert (bins[0].people_bp, bins[0].amount_bp) == (6_667, 3_333)
    assert (bins[2].people_bp, bins[2].amount_bp) == (3_333, 6_667)


def test_nobody_asking_has_no_shares():
    assert ask_histogram([])[0].people_bp is None
    assert large_asks([]) == (None, None)


def test_few_people_can_ask_for_most_of_the_money():
    assert large_asks([1_000_000, 100_000, 100_000, 100_000, 100_000]) == (2_000, 7_143)


def test_the_spread_of_the_asks_names_amounts_that_occur():
    found = spread([400_000, 100_000, 5_000_000, 1_200_000])

    assert (found.people, found.total_cents, found.mean_cents) == (4, 6_700_000, 1_675_000)
    assert (found.median_cents, found.p90_cents, found.max_cents) == (400_000, 5_000_000, 5_000_000)


def test_the_spread_of_nothing_is_empty():
    assert spread([]).max_cents is None
