"""Which format to answer in, by the Accept header (RFC 9110, section 12.5.1)."""

from collections.abc import Mapping

from requests_app.api.answers import JSON, PROBLEM_JSON
from requests_app.api.errors import NotAcceptable

_MOST_RANGES = 20


def chosen(header: str, formats: tuple[str, ...]) -> str:
    """This will return the format that the caller likes best; of equals the first one on offer.

    Errors: NotAcceptable where every format is excluded.
    """
    likings = _likings(header)
    if not likings:
        return formats[0]
    best = max(formats, key=lambda kind: _liking(kind, likings))
    if _liking(best, likings) <= 0:
        raise NotAcceptable(f"This address answers in {', '.join(formats)}.")
    return best


def _likings(header: str) -> dict[str, float]:
    found: dict[str, float] = {}
    for part in header.split(",")[:_MOST_RANGES]:
        kind, *parameters = (word.strip().lower() for word in part.split(";"))
        if "/" in kind:
            # One who takes problems takes what they are a kind of.
            found[JSON if kind == PROBLEM_JSON else kind] = _quality(parameters)
    return found


def _quality(parameters: list[str]) -> float:
    for parameter in parameters:
        if parameter.startswith("q="):
            try:
                return min(max(float(parameter.removeprefix("q=")), 0.0), 1.0)
            except ValueError:
                return 0.0
    return 1.0


def _liking(kind: str, likings: Mapping[str, float]) -> float:
    family = f"{kind.partition('/')[0]}/*"
    return next((likings[name] for name in (kind, family, "*/*") if name in likings), 0.0)
