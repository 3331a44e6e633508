"""The line of a full server in a real browser reloads without scripts."""

import product
import pytest
from builders import make_world
from playwright.sync_api import Browser

pytestmark = pytest.mark.browser


def test_the_line_looks_again_without_scripts(chromium: Browser, servers, committed_db: str) -> None:
    world = make_world()
    with product.running(servers, committed_db, FUNDMGR_WORK_AT_ONCE="0") as served:
        address = f"{served.address}/f/{world.fund.slug}/apply/"
        plain = chromium.new_context(java_script_enabled=False).new_page()
        plain.goto(address)
        with plain.expect_response(address, timeout=15_000) as again:
            pass
        assert again.value.status == 503
