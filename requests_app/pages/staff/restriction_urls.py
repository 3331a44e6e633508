"""URLs of what money is tied to: one restriction, its letters and orders, its releases."""

from django.urls import path

from requests_app.pages.staff import evidence, restrictions

urlpatterns = [
    path("restriction/", restrictions.restriction_new, name="restriction_new"),
    path("<rst:restriction_id>/", restrictions.restriction, name="restriction"),
    path("<rst:restriction_id>/evidence/", evidence.of_restriction, name="restriction_evidence"),
    path("<rst:restriction_id>/release/", restrictions.release_new, name="release_new"),
    path("<rst:restriction_id>/<rls:release_id>-make/", restrictions.release_make, name="release_make"),
    path("<rst:restriction_id>/<rls:release_id>-refuse/", restrictions.release_refuse, name="release_refuse"),
]
