"""A form whose COMMIT was not heard, and one that the database goes on refusing: told, and done once."""

import http.client
from urllib.parse import urlencode

import failpoints
import pytest
from builders import make_world
from console import new_token
from failpoints import Order
from fault_ground import breaks, ground_of
from fault_moves import Callers

from fundmgr.domain.permissions import Role
from fundmgr.models import Donor, Event
from fundmgr.services.use_case import MOST_TRIES


@pytest.fixture
def ground(servers, committed_db, tmp_path):
    with ground_of(servers, committed_db, tmp_path, "web") as one:
        yield one


class Browser:
    """One who fills in the form of a new donor and sends it, again if need be."""

    def __init__(self, ground, callers):
        self.port, self.path = ground.port, f"/staff/{callers.world.fund.slug}/donors/new/"
        person = callers.person(Role.TREASURER_PREPARES)
        self.form_key = person["X-CSRFToken"]
        self.headers = {"Cookie": person["Cookie"], "Content-Type": "application/x-www-form-urlencoded"}

    def send(self, token):
        said = {"form_token": token, "csrfmiddlewaretoken": self.form_key, "name": "Ines", "kind": "person"}
        line = http.client.HTTPConnection("localhost", self.port, timeout=30)
        line.request("POST", self.path, urlencode(said), self.headers)
        answer = line.getresponse()
        page = answer.read().decode()
        line.close()
        return answer.status, page


def test_a_form_that_was_kept_unheard_is_sent_once_more_and_kept_once(ground):
    callers = Callers(make_world(reserve_bp=0))
    browser, token = Browser(ground, callers), new_token()
    steps = len(ground.points.trace("donors.make", lambda: browser.send(new_token())))
    ground.points.order(Order("donors.make", steps, failpoints.UNHEARD, after=True))

    unsure, page = browser.send(token)
    again, _ = browser.send(token)

    assert (unsure, again) == (503, 302)
    assert "cannot say whether this was done" in page
    # The page offers the same sending, so that its reader may press the button without a thought.
    assert f'value="{token}"' in page
    # One from the call whose steps were counted, one from this.
    assert Donor.objects.filter(name="Ines").count() == 2
    assert Event.objects.filter(verb="donor.added").count() == Donor.objects.count()
    assert breaks() == []


def test_a_form_that_the_database_goes_on_refusing_is_told_and_leaves_nothing(ground):
    callers = Callers(make_world(reserve_bp=0))
    browser, token = Browser(ground, callers), new_token()
    before = Donor.objects.count()
    ground.points.order(Order("donors.make", 2, "40001", times=MOST_TRIES))

    busy, page = browser.send(token)
    left = Donor.objects.count()
    done, _ = browser.send(token)

    assert (busy, left, done) == (503, before, 302)
    assert "Nothing was changed. Try again in a moment." in page
    assert Donor.objects.count() == before + 1
