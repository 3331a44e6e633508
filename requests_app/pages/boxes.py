"""The boxes of forms: what Django's templates write for them, without a template for each attribute."""

from collections.abc import Mapping
from html import escape
from typing import Any

from django.forms.renderers import DjangoTemplates
from django.utils.safestring import SafeString, mark_safe

# The templates of Django that only take in its `input.html`.
_INPUTS = frozenset(
    f"django/forms/widgets/{kind}.html"
    for kind in ("checkbox", "date", "email", "hidden", "input", "number", "password", "tel", "text", "url")
)
_AREA = "django/forms/widgets/textarea.html"


class Renderer(DjangoTemplates):
    """What `FORM_RENDERER` names. A form's page has several boxes, and their templates cost most of it."""

    def render(self, template_name: str, context: dict[str, Any], request: Any = None) -> SafeString:
        """This will write one box, the simple ones at once."""
        if template_name in _INPUTS:
            return _input(context["widget"])
        if template_name == _AREA:
            return _area(context["widget"])
        return mark_safe(super().render(template_name, context, request))  # noqa: S308  # the template escaped it


def _input(widget: Mapping[str, Any]) -> SafeString:
    value = widget["value"]
    shown = "" if value is None else f' value="{_escaped(value)}"'
    words = f'<input type="{widget["type"]}" name="{_escaped(widget["name"])}"{shown}{_attributes(widget)}>'
    return mark_safe(words)  # noqa: S308  # escaped above


def _area(widget: Mapping[str, Any]) -> SafeString:
    value = widget["value"]
    name, shown = _escaped(widget["name"]), _escaped(value) if value else ""
    return mark_safe(f'<textarea name="{name}"{_attributes(widget)}>\n{shown}</textarea>')  # noqa: S308  # escaped above


def _attributes(widget: Mapping[str, Any]) -> str:
    return "".join(
        f" {_escaped(name)}" if value is True else f' {_escaped(name)}="{_escaped(value)}"'
        for name, value in widget["attrs"].items()
        if value is not False
    )


def _escaped(value: Any) -> str:
    return str(value) if hasattr(value, "__html__") else escape(str(value))
