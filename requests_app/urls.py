"""The root URL table: every door of the product."""

from django.urls import include, path, re_path

from requests_app.api.problem_pages import NoSuchPlace
from requests_app.pages import health, styleguide
from requests_app.pages.staff.first_visit import first_visit

handler400 = "requests_app.pages.trouble.no_sense"
handler404 = "requests_app.pages.trouble.no_page"
handler500 = "requests_app.pages.trouble.trouble"

urlpatterns = [
    path("healthz", health.alive, name="healthz"),
    path("readyz", health.ready, name="readyz"),
    path("styleguide/", styleguide.styleguide, name="styleguide"),
    path("api/v1/", include("requests_app.api.urls")),
    re_path(r"\Aapi/", NoSuchPlace.as_view()),
    path("setup/", first_visit, name="setup"),
    path("staff/", include("requests_app.pages.staff_urls")),
    path("", include("requests_app.pages.public_urls")),
]
