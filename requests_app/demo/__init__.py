"""The demo story: a fund with $500,000 faces 1,700 requests for $10,000,000. All people are invented."""
