"""The rule and its parameters, as a small versioned document that a board can adopt."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from fundmgr.allocation.errors import BadPolicyValue, UnknownPolicyField, UnknownPolicyVersion, UnknownRule

VERSION = 1
PRODUCTION_RULES = ("equal_awards", "proportional", "equal_losses", "talmud", "queue", "draw")
COMPARISON_RULES = (
    "piniles",
    "constrained_egalitarian",
    "adjusted_proportional",
    "random_arrival",
    "minimal_overlap",
    "average_of_awards",
    "dominguez_thomson",
    "reverse_talmud",
    "average_cea_cel",
)
RULES = PRODUCTION_RULES + COMPARISON_RULES
UNWEIGHTED_RULES = ("random_arrival", "minimal_overlap", "average_of_awards", "dominguez_thomson")
POT_RULES = ("equal_awards", "proportional")
ORDERED_RULES = ("queue", "draw")
LASTS = ("partial", "stop", "skip")
REMAINDERS = ("distribute", "hold")
TIERS = ("", "urgency")
WHOLE_BP = 10_000
_TIERED = ("tiers", "tier_shares_bp")


@dataclass(frozen=True, kw_only=True)
class Policy:
    """How to share: the rule, what happens to the one that does not fit, the useful minimum, and tiers.

    Shapes: `tiers` says what the tiers of a problem were made from; empty where the policy does not ask for
    any. `tier_shares_bp` are the fixed parts of the tiers 1, 2, ...; empty where a tier is served before the
    next. Both stand in the document only where they say something, so documents of before stay the same.
    Units: `floor_cents` in cents; 0 means no useful minimum. Parts in basis points, 10,000 together.
    Errors: UnknownPolicyVersion, UnknownRule, BadPolicyValue.
    """

    rule: str
    last: str = "partial"
    floor_cents: int = 0
    remainder: str = "distribute"
    tiers: str = ""
    tier_shares_bp: tuple[int, ...] = ()
    version: int = VERSION

    def __post_init__(self) -> None:
        if isinstance(self.version, bool) or self.version != VERSION:
            raise UnknownPolicyVersion(
                f"This engine reads policies of version {VERSION}, not {self.version!r}."
            )
        if self.rule not in RULES:
            raise UnknownRule(f"There is no rule {self.rule!r}; the rules are {', '.join(RULES)}.")
        _one_of("last", self.last, LASTS)
        _one_of("remainder", self.remainder, REMAINDERS)
        if (
            isinstance(self.floor_cents, bool)
            or not isinstance(self.floor_cents, int)
            or self.floor_cents < 0
        ):
            raise BadPolicyValue(f"floor_cents must be whole cents, zero or more, not {self.floor_cents!r}.")
        _check_tiers(self.tiers, self.tier_shares_bp)

    @classmethod
    def from_json(cls, document: Mapping[str, Any] | str | bytes) -> "Policy":
        """This will read a policy document, as a mapping or as JSON text; version and rule must be there.

        Errors: UnknownPolicyVersion, UnknownRule, UnknownPolicyField, BadPolicyValue.
        """
        fields = _mapping(document)
        if fields.get("version") != VERSION or isinstance(fields["version"], bool):
            raise UnknownPolicyVersion(
                f"This engine reads policies of version {VERSION}, not {fields.get('version')!r}."
            )
        unknown = sorted(set(fields) - set(cls.__dataclass_fields__))
        if unknown:
            raise UnknownPolicyField(f"A policy has no field {', '.join(map(repr, unknown))}.")
        if "rule" not in fields:
            raise UnknownRule("The policy names no rule.")
        shares = fields.pop("tier_shares_bp", ())
        if not isinstance(shares, (list, tuple)):
            raise BadPolicyValue("tier_shares_bp must be a list of basis points.")
        return cls(**fields, tier_shares_bp=tuple(shares))

    def to_json(self) -> dict[str, Any]:
        """This will return the whole document in the order of its keys; of tiers only what was asked for."""
        found = {**asdict(self), "tier_shares_bp": list(self.tier_shares_bp)}
        return {name: value for name, value in sorted(found.items()) if value or name not in _TIERED}

    def canonical(self) -> bytes:
        """This will write the document as JSON with sorted keys and no spaces."""
        return json.dumps(self.to_json(), sort_keys=True, separators=(",", ":")).encode()

    def digest(self) -> str:
        """This will return the SHA-256, in hex, of `canonical()`."""
        return hashlib.sha256(self.canonical()).hexdigest()


def _check_tiers(tiers: object, shares: tuple[object, ...]) -> None:
    _one_of("tiers", str(tiers), TIERS)
    whole = [part for part in shares if isinstance(part, int) and not isinstance(part, bool) and part >= 0]
    if shares and (not tiers or len(whole) != len(shares) or sum(whole) != WHOLE_BP):
        raise BadPolicyValue("tier_shares_bp are the parts of tiers in basis points, 10,000 together.")


def _mapping(document: Mapping[str, Any] | str | bytes) -> dict[str, Any]:
    try:
        fields = json.loads(document) if isinstance(document, (str, bytes)) else document
    except ValueError as unreadable:
        raise BadPolicyValue("The policy is not JSON.") from unreadable
    if not isinstance(fields, Mapping):
        raise BadPolicyValue("The policy must be an object with named fields.")
    return {str(name): value for name, value in fields.items()}


def _one_of(field: str, value: str, allowed: tuple[str, ...]) -> None:
    if value not in allowed:
        raise BadPolicyValue(f"{field} must be one of {', '.join(allowed)}, not {value!r}.")
