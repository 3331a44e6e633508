"""The sizes of need and the smallest grants that a comparison of rules goes through. Units: cents."""

# A need below the first counts to band 0, below the second to band 1, and so on.
BANDS_CENTS = (100_000, 200_000, 400_000)
MINIMUMS_CENTS = (2_500, 5_000, 10_000, 20_000, 30_000, 40_000, 50_000, 75_000, 100_000, 150_000)
