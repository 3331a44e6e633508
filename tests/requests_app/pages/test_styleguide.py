"""The style guide draws every part, and every page template can be loaded."""

from pathlib import Path

import pytest
from django.template.loader import get_template
from django.test import Client

TEMPLATES = Path(__file__).parents[3] / "templates"


@pytest.mark.parametrize("part", ["worker", "console", "receipt"])
@pytest.mark.parametrize("theme", ["", "dark", "neither"])
def test_the_style_guide_draws_every_part(client: Client, part: str, theme: str) -> None:
    page = client.get("/styleguide/", {"part": part, "theme": theme})

    html = page.content.decode()
    assert page.status_code == 200
    assert "style=" not in html
    assert " required" not in html
    assert ('data-theme="dark"' in html) == (theme == "dark")


@pytest.mark.parametrize(
    "name", sorted(str(path.relative_to(TEMPLATES)) for path in TEMPLATES.rglob("*.html"))
)
def test_every_template_can_be_loaded_and_needs_no_inline_style_or_script(name: str) -> None:
    get_template(name)

    source = (TEMPLATES / name).read_text()
    assert "style=" not in source.replace("<style", "")
    assert "<script>" not in source
    assert "onclick" not in source
