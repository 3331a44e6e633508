"""The root URL table: every door of the product."""

from django.urls import include, path

from requests_app.pages import health, styleguide

urlpatterns = [
    path("healthz", health.alive, name="healthz"),
    path("readyz", health.ready, name="readyz"),
    path("styleguide/", styleguide.styleguide, name="styleguide"),
    path("api/v1/", include("requests_app.api.urls")),
    path("staff/", include("requests_app.pages.staff_urls")),
    path("", include("requests_app.pages.public_urls")),
]
