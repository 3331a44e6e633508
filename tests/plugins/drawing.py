"""Strategies that are made once for each length, since making one anew takes longer than drawing from it."""

from functools import lru_cache
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy


@lru_cache(maxsize=1_000)
def so_many(values: SearchStrategy[Any], count: int) -> SearchStrategy[list[Any]]:
    """Lists of so many values."""
    return st.lists(values, min_size=count, max_size=count)


@lru_cache(maxsize=1_000)
def none_or_so_many(values: SearchStrategy[Any], count: int) -> SearchStrategy[list[Any] | None]:
    """Nothing, or a list of so many values."""
    return st.none() | so_many(values, count)


@lru_cache(maxsize=1_000)
def orders(count: int) -> SearchStrategy[list[int]]:
    """The places 0, 1, ... in any order."""
    return st.permutations(range(count))


@lru_cache(maxsize=1_000)
def none_or_orders(count: int) -> SearchStrategy[list[int] | None]:
    """Nothing, or the places in any order."""
    return st.none() | orders(count)
