"""The languages in which people are written to."""

from django.conf import settings

from fundmgr.domain.languages import Language


def test_they_are_those_that_the_pages_speak():
    assert {word.value for word in Language} == {code for code, _ in settings.LANGUAGES}
