"""An example of each body of rounds, as the description shows them."""

from requests_app.api.answers import Body

RULE_SAMPLE: Body = {"version": 1, "rule": "equal_awards"}


def _usd(amount: str) -> Body:
    return {"amount": amount, "currency": "USD"}


SAMPLE: Body = {
    "id": "rnd_018aa9d5e0007c3a9d0f6b1c2e4a5d91",
    "number": 1,
    "state": "DRAFT",
    "cause": "PERSON",
    "topup_note": "",
    "tops_up": None,
    "freed": [],
    "rule": RULE_SAMPLE,
    "estate": _usd("490000.00"),
    "frozen_count": 1205,
    "frozen": _usd("1621058.00"),
    "awarded_count": 0,
    "awarded": _usd("0.00"),
    "leftover": _usd("0.00"),
    "pots": [
        {
            "restriction_id": "rst_018aa9d5e0007c3a9d0f6b1c2e4a5d31",
            "available": _usd("490000.00"),
            "used": _usd("0.00"),
        }
    ],
    "policy_version": 1,
    "list_root": "77b1" * 16,
    "problem_digest": "",
    "result_digest": "",
    "proposed_at": None,
    "committed_at": None,
    "void_reason": "",
    "created_at": "2023-09-22T16:00:00Z",
    "version": 1,
}
PROPOSED_SAMPLE: Body = {
    **SAMPLE,
    "state": "PROPOSED",
    "awarded_count": 1205,
    "awarded": _usd("490000.00"),
    "pots": [{**SAMPLE["pots"][0], "used": _usd("490000.00")}],
    "problem_digest": "9f2c" * 16,
    "result_digest": "51ad" * 16,
    "proposed_at": "2023-09-22T16:05:00Z",
    "version": 2,
}
MEMBER_SAMPLE: Body = {
    "request_id": "req_018aa9d5e0007c3a9d0f6b1c2e4a5d71",
    "position": 0,
    "tier": 1,
    "capped": _usd("1500.00"),
    "award": _usd("407.21"),
    "before": _usd("0.00"),
    "lines": [{"restriction_id": "rst_018aa9d5e0007c3a9d0f6b1c2e4a5d31", "amount": _usd("407.21")}],
}
PREVIEW_SAMPLE: Body = {
    "rule": RULE_SAMPLE,
    "need_up_to": _usd("1500.00"),
    "estate": _usd("490000.00"),
    "people_count": 1205,
    "paid_count": 1205,
    "paid": _usd("490000.00"),
    "lowest": _usd("120.00"),
    "median": _usd("407.21"),
    "highest": _usd("407.21"),
    "leftover": _usd("0.00"),
    "general_leftover": _usd("0.00"),
    "tied_leftover": _usd("1600.00"),
    "tied_pots": [
        {
            "restriction_id": "rst_018aa9d5e0007c3a9d0f6b1c2e4a5d32",
            "available": _usd("11600.00"),
            "used": _usd("10000.00"),
            "unused": _usd("1600.00"),
            "freed": _usd("1600.00"),
            "freed_pays": _usd("1600.00"),
            "freed_people_count": 1199,
            "freed_dollar_pays": _usd("1.00"),
        }
    ],
    "level": _usd("407.21"),
    "capped_met_bp": 3023,
    "need_met_bp": 2276,
    "poorest_tenth_bp": 604,
    "gini_bp": 71,
    "lorenz_bp": [step * 500 for step in range(21)],
    "bands": [
        {
            "need_from": _usd("0.00"),
            "need_below": _usd("1000.00"),
            "people_count": 131,
            "paid_count": 131,
            "verified": _usd("95211.00"),
            "awarded": _usd("52104.18"),
            "met_bp": 5472,
        }
    ],
    "tiers": [
        {
            "tier": 1,
            "people_count": 310,
            "paid_count": 310,
            "verified": _usd("1204311.00"),
            "awarded": _usd("126102.19"),
            "met_bp": 1047,
        },
        {
            "tier": 2,
            "people_count": 895,
            "paid_count": 895,
            "verified": _usd("2906758.00"),
            "awarded": _usd("363897.81"),
            "met_bp": 1252,
        },
    ],
    "minimums": [{"floor": _usd("500.00"), "paid_count": 980, "losing_count": 225}],
    "other_money": [
        {"percent": 90, "paid_count": 1205, "median": _usd("366.20"), "paid": _usd("441000.00")},
        {"percent": 110, "paid_count": 1205, "median": _usd("448.41"), "paid": _usd("539000.00")},
    ],
    "inflating_gains": _usd("0.00"),
    "splitting_gains": _usd("406.87"),
    "promises": ["Everybody gets the same amount, and nobody more than the need that counts."],
}


COMPARISON_SAMPLE: Body = {
    "data": [PREVIEW_SAMPLE],
    "population": {},
    "everybody_count": 1205,
    "snapshot_digest": "2b6e" * 16,
    "digest": "c40d" * 16,
}
