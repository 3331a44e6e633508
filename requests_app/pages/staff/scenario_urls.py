"""URLs of scenarios: the list, one scenario, what may be done with it."""

from django.urls import path

from requests_app.pages.staff import scenarios

urlpatterns = [
    path("", scenarios.scenarios, name="scenarios"),
    path("<scn:scenario_id>/", scenarios.scenario, name="scenario"),
    path("<scn:scenario_id>/paper/", scenarios.paper, name="scenario_paper"),
    path("<scn:scenario_id>/rename/", scenarios.rename, name="scenario_rename"),
    path("<scn:scenario_id>/remove/", scenarios.remove, name="scenario_remove"),
]
