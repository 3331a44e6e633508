"""Setting up a second factor, with real commits: the session learns of it when the factor is stored."""

from builders import make_world
from console import text_of
from django.test import Client
from second_factor import make_director, set_up_app, sign_in_by_password


def test_a_new_director_sets_up_a_second_factor_before_any_fund_page(committed_db):
    world = make_world()
    make_director(world)
    browser, home = Client(), f"/staff/{world.fund.slug}/"

    assert sign_in_by_password(browser)["Location"] == "/staff/"
    assert browser.get(home)["Location"] == "/staff/account/2fa/"
    assert "Set up a second factor" in text_of(browser.get("/staff/account/2fa/"))

    set_up_app(browser)

    assert browser.get(home).status_code == 200
    assert "Recovery codes" in text_of(browser.get("/staff/account/2fa/recovery-codes/"))
