"""Examples of requests, as the documentation shows them; the fictional people of the demo."""

from typing import Any

_USD = "USD"
REQUEST_SENT: dict[str, Any] = {
    "contact": {"email": "ana.rivera@example.org"},
    "full_name": "Ana Rivera",
    "production_name": "Badge 27",
    "craft": "Camera",
    "job_title": "Focus puller",
    "union_local": "600",
    "engagement": "DIRECT",
    "last_worked_on": "2023-07-14",
    "adults_count": 1,
    "children_count": 2,
    "need_lines": [
        {"category": "RENT", "amount": {"amount": "2400.00", "currency": _USD}},
        {"category": "FOOD", "amount": {"amount": "600.00", "currency": _USD}},
    ],
    "other_aid": {"amount": "500.00", "currency": _USD},
    "other_aid_note": "My union's fund",
    "urgency": ["EVICTION"],
    "statement": "We are one month behind on rent.",
    "language": "en",
}
REQUEST_BRIEF: dict[str, Any] = {
    "id": "req_018aa9d5e0007c3a9d0f6b1c2e4a5d71",
    "reference": "R-7K3Q9M",
    "state": "SUBMITTED",
    "applicant": {"full_name": None, "preferred_name": None, "contact": None, "is_masked": True},
    "production_name": "Badge 27",
    "craft": "Camera",
    "job_title": "Focus puller",
    "union_local": "600",
    "engagement": "DIRECT",
    "last_worked_on": "2023-07-14",
    "adults_count": 1,
    "children_count": 2,
    "asked": {"amount": "3000.00", "currency": _USD},
    "other_aid": {"amount": "500.00", "currency": _USD},
    "other_aid_note": None,
    "verified": None,
    "capped": None,
    "urgency": ["EVICTION"],
    "loss_on": None,
    "statement": None,
    "helper_name": None,
    "language": "en",
    "channel": "API",
    "submitted_at": "2023-09-18T16:00:00Z",
    "state_since": "2023-09-18T16:00:00Z",
    "version": 1,
}
REQUEST_SAMPLE: dict[str, Any] = {
    **REQUEST_BRIEF,
    "need_lines": REQUEST_SENT["need_lines"],
    "odds_shown": {
        "start": {"as_of": "2023-09-13T16:30:00Z", "cents_per_dollar": 5},
        "receipt": {"as_of": "2023-09-13T16:40:00Z", "cents_per_dollar": 5},
    },
    "awards": [],
}
