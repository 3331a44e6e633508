"""URLs of what money is tied to: one restriction, its letters and orders, its releases, its reserve."""

from django.urls import path

from requests_app.pages.staff import evidence, reserve_uses, restrictions

urlpatterns = [
    path("restriction/", restrictions.restriction_new, name="restriction_new"),
    path("<rst:restriction_id>/", restrictions.restriction, name="restriction"),
    path("<rst:restriction_id>/evidence/", evidence.of_restriction, name="restriction_evidence"),
    path("<rst:restriction_id>/reserve/", reserve_uses.use_new, name="reserve_use_new"),
    path("<rst:restriction_id>/<rsu:use_id>-make/", reserve_uses.use_make, name="reserve_use_make"),
    path("<rst:restriction_id>/<rsu:use_id>-refuse/", reserve_uses.use_refuse, name="reserve_use_refuse"),
    path("<rst:restriction_id>/release/", restrictions.release_new, name="release_new"),
    path("<rst:restriction_id>/<rls:release_id>-make/", restrictions.release_make, name="release_make"),
    path("<rst:restriction_id>/<rls:release_id>-refuse/", restrictions.release_refuse, name="release_refuse"),
]
