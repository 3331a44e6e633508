"""The header of what a page may load is the library's, worked out once where a page adds nothing."""

from csp.constants import HEADER
from csp.decorators import csp_exempt, csp_update
from csp.middleware import CSPMiddleware
from django.http import HttpResponse

from requests_app.middleware import ContentPolicy


def plain(request):
    return HttpResponse()


def own(request):
    response = HttpResponse()
    response[HEADER] = "default-src 'none'"
    return response


def test_every_kind_of_page_has_the_header_that_the_library_gives(rf):
    for view in (plain, own, csp_update({"img-src": ["https://example.org"]})(plain), csp_exempt()(plain)):
        found = [shell(view)(rf.get("/")).get(HEADER) for shell in (ContentPolicy, CSPMiddleware)]

        assert found[0] == found[1]
    assert ContentPolicy(plain)(rf.get("/"))[HEADER].count("default-src 'self'") == 1
