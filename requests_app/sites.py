"""What stands above and below each page of a fund: its name and who answers the phone.

Whatever a process showed last is remembered, in its memory and beside the kept pages, so that a page which
may ask nothing of the database names the fund too.
"""

import contextlib
import json
import os
import re
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from fundmgr.domain import contacts

_OF_A_FUND = re.compile(r"/f/(?P<slug>[-a-zA-Z0-9_]{1,80})/")
_NAME_WORDS_BELOW = 3


@dataclass(frozen=True)
class Facts:
    """What is told of a fund on all of its pages."""

    name: str
    help_phone: str
    help_hours: str


_known: dict[str, Facts] = {}


def site_of(fund: Any, *, home_url: str) -> dict[str, str]:
    """This will return the masthead and the help line of a fund, its name cut into two lines."""
    facts = Facts(fund.name, fund.help_phone, fund.help_hours)
    _remember(fund.slug, facts)
    return _words(facts, home_url=home_url)


def remembered(path: str) -> dict[str, str]:
    """This will return the same for the fund of an address, without asking the database; empty if unknown."""
    found = _OF_A_FUND.match(path)
    if found is None:
        return {}
    facts = _known.get(found["slug"]) or _saved(found["slug"])
    return _words(facts, home_url=reverse("fund", kwargs={"slug": found["slug"]})) if facts else {}


def _words(facts: Facts, *, home_url: str) -> dict[str, str]:
    name = facts.name.split()
    cut = len(name) - _NAME_WORDS_BELOW if len(name) > _NAME_WORDS_BELOW else len(name)
    return {
        "name": " ".join(name[:cut]),
        "second_line": " ".join(name[cut:]),
        "home_url": home_url,
        "phone": facts.help_phone,
        "phone_href": "".join(char for char in facts.help_phone if char in "+0123456789"),
        "hours": _(facts.help_hours) if facts.help_hours else "",
        "host": urlsplit(settings.SITE_URL).netloc,
        "texts_from": contacts.shown(contacts.normalise(settings.SMS_FROM)),
    }


def _remember(slug: str, facts: Facts) -> None:
    """Keep it for processes that start anew, too; a disk that is full costs nobody the page."""
    if _known.get(slug) == facts:
        return
    _known[slug] = facts
    path = _file(slug)
    part = path.with_suffix(f".{os.getpid()}.part")
    with contextlib.suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        part.write_text(json.dumps(asdict(facts)))
        part.replace(path)


def _saved(slug: str) -> Facts | None:
    try:
        return Facts(**json.loads(_file(slug).read_text()))
    except (OSError, ValueError, TypeError):
        return None


def _file(slug: str) -> Path:
    return Path(settings.DATA_DIR, "kept_pages", f"site-{sha256(slug.encode()).hexdigest()[:32]}.json")
