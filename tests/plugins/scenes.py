"""Pages of a worker beside the straight way: a short form, a helper, another show, a new code."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from uuid import uuid4

import nasty
from builders import World
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from stages import NAME
from walking import AFTER_CODE, BEFORE_CODE, Walk, code_for

from fundmgr.domain.permissions import Role
from fundmgr.services import funds
from fundmgr.services.founding import PolicyTerms
from requests_app.services import openings


@dataclass(frozen=True)
class Scene:
    """What has happened in one browser, and the pages that it can see then, by a short name."""

    play: Callable[[World], Walk]
    pages: Mapping[str, str]
    # Pages whose form, sent empty, says what is missing.
    forms: frozenset[str] = field(default_factory=frozenset)


def _new(world: World) -> Walk:
    return Walk(world)


def _asked_for_a_code(world: World) -> Walk:
    walk = Walk(world)
    walk.post("sign-in/", {"channel": "MAIL", "email": "ana@example.com"})
    return walk


def _paused(world: World) -> Walk:
    funds.pause_intake(fund_id=world.fund.id, by=world.actor(Role.DIRECTOR), now=timezone.now())
    return Walk(world)


def _short(world: World) -> Walk:
    terms = PolicyTerms(750_000, 150_000, 200, 100_000_000, "The board", flat_grant_cents=50_000)
    by = world.actor(Role.DIRECTOR)
    funds.adopt_policy(fund_id=world.fund.id, terms=terms, by=by, now=timezone.now())
    walk = _begun(world)
    walk.prove()
    walk.answer("household")
    return walk


def _begun(world: World) -> Walk:
    walk = Walk(world)
    walk.start()
    walk.answer(*BEFORE_CODE, name={"full_name": NAME})
    return walk


def _other_show(world: World) -> Walk:
    walk = Walk(world)
    walk.start()
    walk.answer("show", show={"show": "Prairie Signal"})
    return walk


def _with_a_photo(world: World) -> Walk:
    walk = _begun(world)
    walk.prove()
    walk.answer(*AFTER_CODE[:-1])
    photo = SimpleUploadedFile("a-very-long-name-of-a-photo-of-a-pay-stub-of-last-may.jpg", nasty.a_photo())
    walk.client.post(f"{walk.root}apply/proof/add/", {"file": photo})
    return walk


def _helped(world: World) -> Walk:
    walk = Walk(world)
    walk.post("apply/helping/", {"helper_name": NAME[:60], "agreed": "on"})
    return walk


def _by_phone(world: World) -> Walk:
    walk = _begun(world)
    walk.prove("(213) 555-0142", texts="on")
    walk.answer(*AFTER_CODE)
    walk.send()
    return walk


def _two_ways(world: World) -> Walk:
    walk = _begun(world)
    walk.prove("(213) 555-0142", text_consent="on")
    walk.answer(*AFTER_CODE)
    walk.send()
    walk.post("my-data/second-contact/", {"email": "ana@example.org"})
    walk.post("my-data/second-contact/code/", {"code": code_for("ana@example.org")})
    return walk


def _silent(world: World) -> Walk:
    walk = _two_ways(world)
    walk.post("request/texts/", {"texts": "stop_all"})
    return walk


def _new_contact(world: World) -> Walk:
    walk = Walk(world)
    walk.fill()
    walk.send()
    walk.post("my-data/contact/", {"channel": "MAIL", "email": "new@example.com"})
    return walk


SCENES: dict[str, Scene] = {
    "new": Scene(
        _new,
        {"paper": "paper/", "helping": "apply/helping/", "no-such-page": "nothing-here/"},
        frozenset({"helping"}),
    ),
    "code": Scene(_asked_for_a_code, {"get-back-in-code": "sign-in/code/"}, frozenset({"get-back-in-code"})),
    "paused": Scene(
        _paused,
        {"told": "tell-me/done/", "stop-telling": f"tell-me/stop/{openings.token_of(uuid4())}/"},
    ),
    "short": Scene(_short, {"need": "apply/need/"}, frozenset({"need"})),
    "other-show": Scene(_other_show, {"not-covered": "apply/not-covered/"}),
    "photo": Scene(
        _with_a_photo,
        {"proof": "apply/proof/", "saved": "apply/saved/", "anything-else": "apply/anything-else/"},
    ),
    "helped": Scene(_helped, {"show": "apply/show/"}, frozenset({"show"})),
    "phone": Scene(_by_phone, {"texts": "request/texts/", "status": "request/"}),
    "two-ways": Scene(
        _two_ways, {"texts": "request/texts/", "second": "my-data/second-contact/", "my-data": "my-data/"}
    ),
    "silent": Scene(_silent, {"texts": "request/texts/", "status": "request/"}),
    "new-contact": Scene(_new_contact, {"new-code": "my-data/contact/code/"}, frozenset({"new-code"})),
}
