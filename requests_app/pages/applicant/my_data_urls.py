"""URLs of a worker's own data."""

from django.urls import path

from requests_app.pages.applicant import contact_change, my_data, second_contact

urlpatterns = [
    path("", my_data.overview, name="my-data"),
    path("everything.<slug:kind>", my_data.download, name="my-data-file"),
    path("name/", my_data.name, name="my-name"),
    path("contact/", contact_change.contact, name="my-contact"),
    path("contact/code/", contact_change.code, name="my-contact-code"),
    path("second-contact/", second_contact.contact, name="my-second"),
    path("second-contact/code/", second_contact.code, name="my-second-code"),
    path("second-contact/remove/", second_contact.remove, name="my-second-remove"),
    path("erase/", my_data.erase, name="erase"),
    path("erased/", my_data.erased, name="erased"),
]
