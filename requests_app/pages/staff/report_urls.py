"""URLs of a fund's reports."""

from django.urls import path

from requests_app.pages.staff import reports

urlpatterns = [
    path("", reports.report_list, name="reports"),
    path("ask/", reports.ask, name="report_ask"),
    path("<job:job_id>/", reports.report_job, name="report_job"),
    path("<rep:report_id>/", reports.report, name="report"),
    path("<rep:report_id>/report.pdf", reports.report_pdf, name="report_pdf"),
    path("<rep:report_id>/report.csv", reports.report_csv, name="report_csv"),
    path("<rep:report_id>/report.json", reports.report_json, name="report_json"),
    path("<rep:report_id>/<slug:key>.csv", reports.report_table, name="report_table"),
]
