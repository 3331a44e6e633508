"""People of the console in a real browser: one signed-in page for each role."""

import product
from builders import World
from console import second_factor_session
from playwright.sync_api import Browser, Page

from fundmgr.domain.permissions import Role


class Desks:
    """One signed-in page for each role, made when it is first asked for."""

    def __init__(self, browser: Browser, served: product.Product, world: World, **options) -> None:
        """Keep what a page is made from."""
        self.browser, self.served, self.world, self.options = browser, served, world, options
        self.pages: dict[Role, Page] = {}

    def at(self, role: Role, path: str) -> Page:
        """Open a page of the fund as the person of a role."""
        if role not in self.pages:
            context = self.browser.new_context(**self.options)
            key = second_factor_session(self.world.actor(role).person_id)
            context.add_cookies([{"name": "sessionid", "value": key, "url": self.served.address}])
            self.pages[role] = context.new_page()
        page = self.pages[role]
        page.goto(f"{self.served.address}/staff/{self.world.fund.slug}/{path}")
        return page
