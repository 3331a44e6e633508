"""The line of a full server in a real browser: readable by all, and reloading without scripts."""

import product
import pytest
from browsing import faults_of
from builders import make_world
from playwright.sync_api import Browser

pytestmark = pytest.mark.browser
PHONE = {"width": 390, "height": 844}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("locale", ["en-US", "es-MX"])
def test_the_line_is_readable_by_all_and_looks_again_without_scripts(
    chromium: Browser, servers, committed_db: str, locale: str, scheme: str
) -> None:
    world = make_world()
    with product.running(servers, committed_db, FUNDMGR_WORK_AT_ONCE="0") as served:
        context = chromium.new_context(viewport=PHONE, locale=locale, color_scheme=scheme)
        page = context.new_page()
        address = f"{served.address}/f/{world.fund.slug}/apply/"
        page.goto(address)

        assert faults_of(page, "line", PHONE) == []
        context.close()

        plain = chromium.new_context(java_script_enabled=False, locale=locale).new_page()
        plain.goto(address)
        with plain.expect_response(address, timeout=15_000) as again:
            pass
        assert again.value.status == 503
