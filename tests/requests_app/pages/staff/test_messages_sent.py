"""The page of message templates: every text in both languages, with its parts."""

import pytest
from builders import make_world
from console import Staff, text_of

from fundmgr.domain.permissions import Role

pytestmark = pytest.mark.django_db


def test_each_message_stands_in_both_languages_with_the_parts_of_its_text():
    world = make_world()
    desk = Staff(world, Role.REVIEWER)

    page = text_of(desk.get("settings/messages/"))

    assert "A code to get in" in page
    assert f"{world.fund.name}: your code is 482913" in page
    assert "1 part, " in page
    assert "Responda AYUDA" in page
    assert "Messages to workers" in text_of(desk.get("settings/"))
