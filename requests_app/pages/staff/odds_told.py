"""What a worker was told of the odds, as the ones who read the request see it."""

from collections.abc import Mapping
from typing import Any

_TIMES = (("start", "at the start"), ("receipt", "on the receipt"))


def line(kept: Mapping[str, Any] | None) -> str:
    """This will say in one line what the worker read before starting and after sending."""
    # Requests of before kept the start alone.
    shown = kept if kept and "start" in kept else {"start": kept}
    said = [f"{_words(shown[name])} {when}" for name, when in _TIMES if shown.get(name)]
    return ", ".join(said)


def _words(odds: Mapping[str, Any]) -> str:
    cents = odds.get("cents_per_dollar")
    if cents is None:
        return "too early to say"
    return f"{cents} cent{'' if cents == 1 else 's'} for each dollar" if cents else "less than 1 cent"
