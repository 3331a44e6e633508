"""The branches of the worker's form: another show, a request that is there already, what pages keep."""

import re
from datetime import timedelta

import pytest
from builders import World, make_world
from django.conf import settings
from django.utils import timezone
from walking import AFTER_CODE, ANSWERS, BEFORE_CODE, Walk, code_for, errors_of, heading_of

from fundmgr.domain.permissions import Role
from requests_app.models import AssistanceRequest
from requests_app.services import productions


@pytest.fixture
def world(db: None) -> World:
    now = timezone.now()
    world = make_world(now=now - timedelta(days=1))
    names = ["Badge 27", "Velvet Static"]
    productions.add(fund_id=world.fund.id, names=names, by=world.actor(Role.DIRECTOR), now=now)
    return world


@pytest.fixture
def walk(world: World) -> Walk:
    walk = Walk(world)
    walk.start()
    return walk


def text_of(response) -> str:
    return response.content.decode()


def name_show(walk: Walk, **typed: str):
    return walk.post("apply/show/", {"then": "continue", **typed})


@pytest.mark.parametrize("show", ["Badge 27", " badge 27 ", "BADGE-27", "Bádge 27"])
def test_a_show_is_known_however_it_is_written(walk: Walk, show: str) -> None:
    assert name_show(walk, show=show).url.endswith("/apply/job/")


def test_another_show_leads_to_a_page_that_is_no_error(walk: Walk) -> None:
    response = name_show(walk, show="Prairie Signal")

    assert response.url.endswith("/apply/not-covered/")
    page = walk.get("apply/not-covered/")
    assert page.status_code == 200
    assert heading_of(page) == "This fund is for other shows"
    for words in ("Prairie Signal", "Badge 27", "Velvet Static", "Entertainment Community Fund"):
        assert words in text_of(page)
    # Whoever comes back stands there again, and is not led on as if the show were covered.
    assert walk.get("apply/").url.endswith("/apply/not-covered/")


def test_a_show_by_another_name_goes_on_and_a_person_looks_at_it(walk: Walk) -> None:
    name_show(walk, show="Untitled police project")

    assert walk.post("apply/not-covered/").url.endswith("/apply/job/")
    walk.answer("job", "name")
    walk.prove()
    walk.answer(*AFTER_CODE)
    walk.send()
    row = AssistanceRequest.objects.get()
    assert row.production_name == "Untitled police project"
    assert row.production is None


def test_a_new_name_of_the_show_is_looked_at_anew(walk: Walk) -> None:
    name_show(walk, show="Untitled police project")
    walk.post("apply/not-covered/")

    assert name_show(walk, show="Prairie Signal").url.endswith("/apply/not-covered/")
    assert walk.get("apply/check/").url.endswith("/apply/not-covered/")


def test_who_does_not_see_the_show_need_not_name_it(walk: Walk) -> None:
    response = name_show(walk, not_listed="on")

    assert response.url.endswith("/apply/not-covered/")
    page = walk.get("apply/not-covered/")
    assert "under another name" not in text_of(page)
    assert walk.client.post(f"{walk.root}apply/not-covered/").status_code == 200
    assert walk.get("apply/check/").url.endswith("/apply/not-covered/")


def test_a_change_to_another_show_does_not_slip_past_the_check_page(walk: Walk) -> None:
    walk.answer(*BEFORE_CODE)
    walk.prove()
    walk.answer(*AFTER_CODE)

    response = name_show(walk, show="Prairie Signal", return_to="check")

    assert response.url.endswith("/apply/not-covered/")
    assert walk.send().url.endswith("/apply/not-covered/")
    assert not AssistanceRequest.objects.exists()


def test_the_page_of_other_shows_is_not_there_without_a_reason(world: World, walk: Walk) -> None:
    walk.answer("show")

    assert walk.get("apply/not-covered/").url.endswith("/apply/")
    assert Walk(world).get("apply/not-covered/").url.endswith("/apply/")


def test_one_who_has_a_request_is_told_its_number_after_the_code_and_not_before(
    world: World, walk: Walk
) -> None:
    walk.fill()
    walk.send()
    row = AssistanceRequest.objects.get()

    other = Walk(world)
    other.start()
    other.answer(*BEFORE_CODE)
    assert other.get("apply/already/").url.endswith("/apply/")
    other.prove()

    page = other.get("apply/already/")
    assert heading_of(page) == f"You already have request {row.reference}"
    assert f'href="{other.root}request/"' in text_of(page)
    assert other.get("apply/check/").url.endswith("/request/")


def test_the_sum_stands_on_the_page_after_the_needs(walk: Walk) -> None:
    walk.answer(*BEFORE_CODE)
    walk.prove()
    walk.answer("household")
    assert "You ask for" not in text_of(walk.get("apply/other-help/"))

    walk.answer("need")

    assert "You ask for $3,000 in all." in text_of(walk.get("apply/other-help/"))


def test_how_one_was_hired_and_who_else_helps_are_kept_and_shown(walk: Walk) -> None:
    walk.answer(*BEFORE_CODE, job={"engagement": "LOAN_OUT"})
    walk.prove()
    help_comes = {"other_help": "yes", "other_from": "Local 728 fund", "other_amount": "500"}
    walk.answer(*AFTER_CODE, **{"other-help": help_comes})

    check = text_of(walk.get("apply/check/"))
    assert "Through my own company (a loan\N{NON-BREAKING HYPHEN}out)" in check
    assert "$500, Local 728 fund" in check
    walk.send()
    row = AssistanceRequest.objects.get()
    assert (row.engagement, row.other_aid_note, row.other_aid_cents) == ("LOAN_OUT", "Local 728 fund", 50_000)


def test_help_that_does_not_come_leaves_no_name_behind(walk: Walk) -> None:
    walk.answer(*BEFORE_CODE)
    walk.prove()
    walk.answer(*AFTER_CODE, **{"other-help": {"other_help": "no", "other_from": "a slip"}})
    walk.send()

    assert AssistanceRequest.objects.get().other_aid_note is None


def test_a_way_of_being_hired_that_does_not_exist_is_refused(walk: Walk) -> None:
    response = walk.post("apply/job/", {"then": "continue", **ANSWERS["job"], "engagement": "PIRATE"})

    assert response.status_code == 422


# --- nothing is lost: a session that ends, two tabs, two phones ------------------------------


def test_a_session_that_ends_in_the_middle_of_a_page_loses_nothing(world: World, walk: Walk) -> None:
    walk.answer(*BEFORE_CODE)
    walk.prove()
    walk.answer("household")
    form = {"then": "continue", **ANSWERS["need"]}
    del walk.client.cookies["sessionid"]

    response = walk.client.post(f"{walk.root}apply/need/", form)

    assert response.url.endswith("/sign-in/")
    page = text_of(walk.get("sign-in/"))
    assert "You were signed out after 30 minutes. Your answers are saved." in page
    assert "2,400" not in text_of(walk.get("apply/need/", follow=True))
    walk.prove(path="sign-in/")
    assert walk.get("apply/").url.endswith("/apply/other-help/")
    assert "$2,400" in text_of(walk.get("apply/need/"))


def test_another_browser_writes_into_nobodys_draft(world: World, walk: Walk) -> None:
    walk.answer(*BEFORE_CODE)
    walk.prove()

    other = Walk(world)
    answer = other.client.post(f"{other.root}apply/name/", {"then": "continue", "full_name": "Eve"})

    assert answer.url.endswith("/apply/")
    assert "Ana Rivera" in text_of(walk.get("apply/name/"))


def test_two_tabs_and_two_phones_write_side_by_side(world: World, walk: Walk) -> None:
    walk.answer(*BEFORE_CODE)
    walk.prove()
    phone = Walk(world)
    phone.prove(path="sign-in/")
    # Both stand on pages that they opened before the other one wrote.
    hidden = {page: (walk.hidden(f"apply/{page}/"), phone.hidden(f"apply/{page}/")) for page in ANSWERS}

    for place, page in enumerate(AFTER_CODE):
        browser = (walk, phone)[place % 2]
        form = {**hidden[page][place % 2], "then": "continue", **ANSWERS[page]}
        assert browser.client.post(f"{browser.root}apply/{page}/", form).status_code == 302

    assert heading_of(walk.get("apply/check/")) == "Check your answers, then send"
    assert [browser.send().status_code for browser in (walk, phone)] == [302, 302]
    assert AssistanceRequest.objects.count() == 1


def test_two_tabs_on_one_page_are_told_of_each_other(walk: Walk) -> None:
    one, two = walk.hidden("apply/name/"), walk.hidden("apply/name/")
    address, go_on = f"{walk.root}apply/name/", {"then": "continue"}
    assert walk.client.post(address, {**one, **go_on, "full_name": "Ana Rivera"}).status_code == 302

    told = walk.client.post(address, {**two, **go_on, "full_name": "Eva Rivera"})

    assert told.status_code == 409
    assert len(errors_of(told)) == 1
    assert 'value="Eva Rivera"' in text_of(told)
    assert f"{address}?saved" in text_of(told)
    # Both are on the page, to be read side by side without a script or a second window.
    assert '<h2 id="saved-there">What was saved there</h2>' in text_of(told)
    assert re.search(r"<dt>Full name</dt><dd>Ana Rivera</dd>", text_of(told))
    assert 'value="Ana Rivera"' in text_of(walk.get("apply/name/"))
    # The page that tells so has seen what is kept: sent once more it counts.
    seen = re.search(r'name="seen" value="(\w+)"', text_of(told).partition("<main")[2]).group(1)
    assert walk.client.post(address, {**go_on, "seen": seen, "full_name": "Eva Rivera"}).status_code == 302
    assert 'value="Eva Rivera"' in text_of(walk.get("apply/name/"))


def test_a_session_that_ends_while_another_phone_changes_the_page_keeps_both(
    world: World, walk: Walk
) -> None:
    walk.answer(*BEFORE_CODE)
    walk.prove()
    phone = Walk(world)
    phone.prove(path="sign-in/")
    form = {**phone.hidden("apply/household/"), "then": "continue", "adults": "4", "children": "0"}
    walk.answer("household")
    del phone.client.cookies["sessionid"]

    answer = phone.client.post(f"{phone.root}apply/household/", form)

    assert answer.url.endswith("/sign-in/")
    phone.prove(path="sign-in/")
    page = text_of(phone.get("apply/household/"))
    assert 'value="4"' in page
    assert "<dt>Adults</dt><dd>1</dd>" in page
    assert "on another phone" in page
    saved = text_of(phone.get("apply/household/?saved"))
    assert 'value="2"' in saved
    assert "on another phone" not in saved


SAID = {
    "show": {"show": "Badge 99"},
    "job": {"department": "Camera", "job_title": "Loader 99", "union": "Local 99"},
    "name": {"full_name": "Ana Nueve", "known_as": "Nana"},
    "household": {"adults": "9", "children": "8"},
    "need": {"need": ["CARE"], "amount_CARE": "999", "losing": "no"},
    "other-help": {"other_help": "yes", "other_from": "The 99 fund", "other_amount": "99"},
    "proof": {"proof": "none"},
    "anything-else": {"statement": "Ninety-nine words"},
}
READ = {
    "show": ["Badge 99"],
    "job": ["Camera", "Loader 99", "Local 99", "5 2023"],
    "name": ["Ana Nueve", "Nana"],
    "household": ["9", "8"],
    "need": ["Child or family care", "999"],
    "other-help": ["Yes", "The 99 fund", "99"],
    "proof": ["I don&#x27;t have it"],
    "anything-else": ["Ninety-nine words"],
}


@pytest.mark.parametrize("page", SAID)
def test_every_page_shows_what_another_phone_saved_beside_what_is_typed(walk: Walk, page: str) -> None:
    walk.answer(*BEFORE_CODE)
    walk.prove()
    walk.answer(*AFTER_CODE)
    path, stale = f"apply/{page}/", walk.hidden(f"apply/{page}/")
    walk.post(path, {**ANSWERS[page], **SAID[page], "then": "later"})
    mine = {**stale, **ANSWERS[page], "then": "continue", "statement": "Mine"}

    told = walk.client.post(walk.root + path, mine)

    assert told.status_code == 409
    there = re.search(r'aria-labelledby="saved-there".*?</section>', text_of(told), re.S).group()
    assert [
        words for words in READ[page] if f">{words}</dd>" not in there and f">{words}<" not in there
    ] == []


def test_what_two_phones_wrote_on_one_page_is_shown_before_it_is_sent(world: World, walk: Walk) -> None:
    walk.answer(*BEFORE_CODE)
    walk.prove()
    walk.answer(*AFTER_CODE)
    walk.post("apply/anything-else/", {"statement": "From the first phone", "then": "later"})
    phone = Walk(world)
    phone.start()
    phone.answer(*BEFORE_CODE, name={"full_name": "Ana María Rivera"})
    phone.post("apply/anything-else/", {"statement": "From the second phone", "then": "later"})

    phone.prove()

    assert phone.get("apply/check/").url.endswith("/apply/name/")
    page = phone.get("apply/name/")
    assert 'value="Ana María Rivera"' in text_of(page)
    assert "<dt>Full name</dt><dd>Ana Rivera</dd>" in text_of(page)
    phone.answer("name", name={"full_name": "Ana María Rivera"})
    assert phone.get("apply/check/").url.endswith("/apply/anything-else/")
    page = text_of(phone.get("apply/anything-else/"))
    assert "From the second phone</textarea>" in page
    assert "<dd>From the first phone</dd>" in page
    phone.answer("anything-else", **{"anything-else": {"statement": "From both phones"}})
    phone.send()
    row = AssistanceRequest.objects.get()
    assert (row.applicant.full_name, row.statement) == ("Ana María Rivera", "From both phones")


def test_what_was_begun_on_another_phone_comes_along_after_the_code(world: World, walk: Walk) -> None:
    walk.answer(*BEFORE_CODE)
    walk.prove()
    walk.answer("household", "need")
    phone = Walk(world)
    phone.start()
    phone.answer(*BEFORE_CODE)

    phone.prove()

    assert phone.get("apply/").url.endswith("/apply/other-help/")
    # The half hour may end there too: the browser knows which draft it is.
    form = {**phone.hidden("apply/other-help/"), "then": "continue", **ANSWERS["other-help"]}
    del phone.client.cookies["sessionid"]
    assert phone.client.post(f"{phone.root}apply/other-help/", form).url.endswith("/sign-in/")
    assert walk.get("apply/").url.endswith("/apply/proof/")


def test_what_another_tab_changed_is_shown_before_it_is_sent(world: World, walk: Walk) -> None:
    walk.answer(*BEFORE_CODE)
    walk.prove()
    walk.answer(*AFTER_CODE)
    open_tab = walk.hidden("apply/check/")
    walk.answer("household", household={"adults": "4", "children": "0"})

    told = walk.client.post(f"{walk.root}apply/check/", {**open_tab, "true": "on", "then": "continue"})

    assert told.status_code == 409
    assert "4 adults" in text_of(told)
    assert walk.send().url.endswith("/request/receipt/")


def test_a_page_of_the_form_that_comes_after_the_request_says_so(world: World, walk: Walk) -> None:
    walk.answer(*BEFORE_CODE)
    walk.prove()
    walk.answer(*AFTER_CODE)
    walk.send()

    answer = walk.client.post(
        f"{walk.root}apply/name/", {"then": "continue", "full_name": "Eva"}, follow=True
    )

    assert "What you wrote now is not in it." in text_of(answer)


def test_whoever_is_signed_in_may_stay_and_nobody_else(world: World, walk: Walk) -> None:
    assert walk.get("here/").status_code == 403
    walk.answer(*BEFORE_CODE)
    walk.prove()

    answer = walk.get("here/")

    assert answer.status_code == 204
    assert answer.cookies["sessionid"]["max-age"] == settings.SESSION_COOKIE_AGE == 31 * 60
    assert 'data-idle-minutes="25"' in text_of(walk.get("apply/household/"))


def test_how_we_reach_you_is_changed_on_the_check_page_with_a_code_of_its_own(walk: Walk) -> None:
    walk.answer(*BEFORE_CODE)
    walk.prove()
    walk.answer(*AFTER_CODE)
    assert f"{walk.root}my-data/contact/" in text_of(walk.get("apply/check/"))
    assert f'href="{walk.root}apply/check/"' in text_of(walk.get("my-data/contact/"))

    walk.post("my-data/contact/", {"channel": "MAIL", "email": "new@example.com"})
    changed = walk.post("my-data/contact/code/", {"code": code_for("new@example.com")})

    assert changed.url.endswith("/apply/check/")
    assert "new@example.com" in text_of(walk.get("apply/check/"))
    walk.send()
    assert f'href="{walk.root}my-data/"' in text_of(walk.get("my-data/contact/"))


def test_see_my_request_goes_on_with_the_form_where_nothing_was_sent(world: World, walk: Walk) -> None:
    walk.answer(*BEFORE_CODE)
    walk.prove()

    assert walk.get("request/").url.endswith("/apply/")
    assert Walk(world).get("request/").url.endswith("/sign-in/")
