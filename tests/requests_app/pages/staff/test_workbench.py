"""The board's paper from the workbench, over its page and over the API."""

import html
import io
import re

import pytest
from builders import NOW, make_world, put_money_in
from console import Staff, new_token, summary_of, text_of
from pypdf import PdfReader
from waiting import make_requests

from fundmgr.domain.eligibility import Urgency
from fundmgr.domain.ids import public
from fundmgr.domain.permissions import Role
from requests_app.models import Scenario
from requests_app.services import board_papers

pytestmark = pytest.mark.django_db
EQUAL = {"version": 1, "rule": "equal_awards"}


@pytest.fixture
def world():
    made = make_world(reserve_bp=0)
    put_money_in(made, 200_000)
    make_requests(made, [240_000, 90_000, 30_000])
    return made


def words_of(answer):
    (page,) = PdfReader(io.BytesIO(answer.content)).pages
    return " ".join(page.extract_text().split())


def test_the_page_leads_to_one_page_with_its_figures_and_its_digest(world):
    desk = Staff(world, Role.BOARD)
    page = text_of(desk.get("rounds/workbench/", **{"equal_awards-floor": "100", "chosen": "queue"}))
    (address,) = re.findall(r'href="([^"]+)">Board paper', page)

    answer = desk.get(address.replace("&amp;", "&"))

    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"].startswith('attachment; filename="rules-')
    words = words_of(answer)
    assert "Selected: First come." in words
    assert "Equal awards, from $100" in words
    (digest,) = re.findall(r'<code class="mono">([0-9a-f]{64})</code>', page)
    assert digest in words
    assert "Ana Rivera" not in words


def test_what_smallest_grants_leave_is_shared_or_kept_as_the_board_chooses(world):
    desk = Staff(world, Role.BOARD)
    kept = {"rules": "equal_awards,equal_awards2", "equal_awards2-floor": "100"}

    page = text_of(desk.get("rounds/workbench/", **kept, **{"equal_awards2-remainder": "hold"}))

    assert "Equal awards, from $100, the rest kept" in page
    assert re.findall(r"Paid out</dt><dd[^>]*>(\$[0-9,.]+)", page) == ["$2,000.00", "$300.00"]
    wrong = text_of(desk.get("rounds/workbench/", **kept, **{"equal_awards2-remainder": "burn"}))
    assert "Choose one from the list." in wrong


def test_what_speaks_for_and_against_each_rule_is_said_alike_on_page_and_paper(world):
    desk = Staff(world, Role.BOARD)
    page = html.unescape(text_of(desk.get("rounds/workbench/", rules="equal_awards,queue")))

    paper = words_of(desk.get("rounds/workbench/paper/", rules="equal_awards,queue"))

    said = re.findall(r"<p><b>(For it:|Against it:)</b> (.*?)</p>", page)
    assert [side for side, _ in said] == ["For it:", "Against it:", "For it:", "Against it:"]
    assert said[0][1].startswith("Everybody gets something. The tenth who get the least of their need")
    assert all(f"{side} {text}" in paper for side, text in said)


def test_a_rule_for_the_urgent_is_headed_by_what_each_tier_gets(world):
    make_requests(world, [90_000], urgency=[Urgency.EVICTION])
    tiered = {"rules": "equal_awards,queue", "equal_awards-tiers": "first"}

    page = text_of(Staff(world, Role.BOARD).get("rounds/workbench/", **tiered))

    assert "Equal awards, urgent requests first, pays urgent needs 100.0 cents a dollar, others 30.6" in page
    assert "There is a cliff between tiers: urgent requests get 100.0 cents for each dollar of need, " in page


def test_a_number_that_cannot_be_read_leads_back_to_the_workbench(world):
    answer = Staff(world, Role.BOARD).get("rounds/workbench/paper/", **{"queue-need": "lots"})

    assert answer.status_code == 422
    assert "Write the amount" in text_of(answer)


@pytest.mark.parametrize("typed", ["-5", "lots", "9" * 21])
def test_who_mistypes_a_number_of_the_chosen_rule_is_offered_no_other(world, typed):
    sent = {"rules": "proportional,equal_awards", "chosen": "equal_awards", "equal_awards-floor": typed}

    answer = Staff(world, Role.DIRECTOR).get("rounds/workbench/", **sent)

    page = text_of(answer)
    assert answer.status_code == 422
    assert 'name="chosen" value="equal_awards"' in page
    assert "Mend what is marked, then recalculate." in page
    assert not any(offer in page for offer in ("Propose for approval", "Publish this rule", "Save scenario"))


def test_whoever_may_not_read_rounds_gets_no_paper(world):
    assert Staff(world, Role.REVIEWER).get("rounds/workbench/paper/").status_code == 403


def test_more_rules_than_a_page_holds_are_refused(world):
    with pytest.raises(Exception, match="cannot be used") as refused:
        board_papers.make(fund_id=world.fund.id, rules=[EQUAL] * 6, by=world.actor(Role.BOARD), now=NOW)

    assert [problem.code for problem in refused.value.problems] == ["wrong_count"]


def saved(world, *, role=Role.BOARD, **more):
    sent = {
        "rules": "equal_awards,queue",
        "chosen": "queue",
        "queue-need": "7500",
        "queue-last": "stop",
        "name": "For Monday",
        "note": "With the whole need.",
    }
    return Staff(world, role).post("rounds/workbench/save/", {**sent, **more})


def test_what_stands_on_the_workbench_is_saved_and_opened_again(world):
    desk = Staff(world, Role.BOARD)

    answer = saved(world)

    row = Scenario.objects.get()
    page = f"rounds/scenarios/{public('scn', row.id)}/"
    assert answer["Location"] == desk.address(page)
    assert (row.chosen, row.rules[1]["need_up_to_cents"], row.rules[1]["last"]) == (1, 750_000, "stop")
    words = html.unescape(text_of(desk.get(page)))
    assert "Nothing changed since it was saved" in words
    assert "First come, up to $7,500" in words
    assert "With the whole need." in words
    (address,) = re.findall(r'href="([^"]+)">Open on the workbench', words)
    assert 'value="7500"' in text_of(desk.get(address))
    assert "For Monday" in text_of(desk.get("rounds/scenarios/"))
    assert desk.get(f"{page}paper/")["Content-Type"] == "application/pdf"


def test_a_scenario_says_what_changed_and_stands_beside_another(world):
    saved(world)
    saved(world, name="Another", rules="talmud", chosen="talmud")
    put_money_in(world, 10_000, bank_reference="WIRE-2")
    one, other = Scenario.objects.order_by("id")

    words = html.unescape(
        text_of(
            Staff(world, Role.BOARD).get(
                f"rounds/scenarios/{public('scn', one.id)}/", beside=public("scn", other.id)
            )
        )
    )

    assert "There is $100 more to share than when it was saved: $2,100, and it was $2,000." in words
    assert "For Monday: Equal awards" in words
    assert "Another: Talmud" in words


def test_its_maker_renames_it_and_takes_it_away(world):
    saved(world)
    row, desk = Scenario.objects.get(), Staff(world, Role.BOARD)
    page = f"rounds/scenarios/{public('scn', row.id)}/"

    stale = desk.post(f"{page}rename/", {"name": "Later", "note": "", "version": "7"})
    empty = desk.post(f"{page}rename/", {"name": "", "note": "", "version": "1"})
    renamed = desk.post(f"{page}rename/", {"name": "Later", "note": "", "version": "1"})
    gone = desk.post(f"{page}remove/")

    assert (stale.status_code, empty.status_code) == (409, 422)
    assert "Write a name." in summary_of(empty)
    assert renamed.status_code == gone.status_code == 302
    row.refresh_from_db()
    assert (row.name, row.removed_at is None) == ("Later", False)
    assert desk.get(page).status_code == 404


def test_others_see_a_scenario_and_cannot_change_it(world):
    saved(world)
    page = f"rounds/scenarios/{public('scn', Scenario.objects.get().id)}/"
    auditor = Staff(world, Role.AUDITOR)

    assert "Take it away" not in text_of(auditor.get(page))
    assert auditor.post(f"{page}remove/").status_code == 403
    assert saved(world, role=Role.AUDITOR).status_code == 403
    assert "Save as a scenario" not in text_of(auditor.get("rounds/workbench/"))
    assert "Take it away" in text_of(Staff(world, Role.DIRECTOR).get(page))


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"name": ""}, "Write a name."),
        ({"queue-need": "lots"}, "Mend the numbers that are marked"),
        ({"note": "x" * 501}, "500 letters or less"),
    ],
)
def test_what_cannot_be_saved_is_told_and_what_was_typed_stays(world, changed, said):
    answer = saved(world, **changed)

    assert answer.status_code == 422
    assert said in summary_of(answer)
    assert "With the whole need." in text_of(answer) or "note" in changed
    assert not Scenario.objects.exists()


def test_a_form_sent_twice_saves_once(world):
    token = new_token()
    desk = Staff(world, Role.BOARD)
    sent = {"rules": "queue", "name": "Once"}

    first, second = (desk.post("rounds/workbench/save/", sent, token=token) for _ in range(2))

    assert first["Location"] == second["Location"]
    assert Scenario.objects.count() == 1
