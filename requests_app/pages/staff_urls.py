"""URLs of the staff console: signing in, then every page under its fund's name."""

from django.urls import include, path

from requests_app.pages.staff import account_urls, converters, home

converters.register()

urlpatterns = [
    path("account/", include(account_urls)),
    path("", home.funds, name="staff"),
    path("<slug:slug>/", include("requests_app.pages.staff.urls", namespace="staff")),
]
