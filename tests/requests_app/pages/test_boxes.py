"""Boxes of forms are the very words that Django's own templates write."""

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy
from hypothesis import given
from hypothesis import strategies as st

from requests_app.pages.boxes import Renderer

OURS, THEIRS = Renderer(), DjangoTemplates()
BOXES = [
    forms.TextInput(), forms.NumberInput(), forms.EmailInput(), forms.URLInput(), forms.PasswordInput(),
    forms.PasswordInput(render_value=True), forms.HiddenInput(), forms.DateInput(), forms.CheckboxInput(),
    forms.Textarea(), forms.Select(choices=[("a", "<A>"), ("b", "B")]), forms.FileInput(),
    forms.RadioSelect(choices=[("a", "<A>"), ("b", "B")]),
]  # fmt: skip
VALUES = st.one_of(st.none(), st.booleans(), st.integers(), st.text(), st.text().map(mark_safe))
ATTRIBUTES = st.dictionaries(st.text("abc-\"<&'", min_size=1), VALUES.filter(lambda value: value is not None))


@pytest.mark.parametrize("box", BOXES, ids=lambda box: type(box).__name__)
@given(value=VALUES, attrs=ATTRIBUTES, name=st.text(min_size=1))
def test_a_box_is_what_django_writes(box, value, attrs, name):
    said = {"name": name, "value": value, "attrs": attrs}

    assert box.render(**said, renderer=OURS) == box.render(**said, renderer=THEIRS)


def test_a_sentence_that_waits_for_its_language_is_escaped_in_it():
    said = {"name": "n", "value": gettext_lazy("Yes"), "attrs": {"aria-label": gettext_lazy("I'm not sure")}}

    shown = forms.TextInput().render(**said, renderer=OURS)

    assert 'value="Yes"' in shown
    assert "I&#x27;m not sure" in shown
