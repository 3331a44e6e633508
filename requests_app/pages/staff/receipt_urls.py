"""URLs of money in: receipts, refunds, bank files and bank fees."""

from django.urls import path

from requests_app.pages.staff import bank_imports, receipts

urlpatterns = [
    path("new/", receipts.new, name="receipt_new"),
    path("fee/", receipts.fee_new, name="bank_fee_new"),
    path("unmatched/", receipts.suspense, name="suspense"),
    path("reconcile-many/", receipts.reconcile_many, name="reconcile_many"),
    path("files/", bank_imports.listing, name="bank_imports"),
    path("files/new/", bank_imports.upload, name="bank_import_new"),
    path("files/<bkf:file_id>/", bank_imports.look, name="bank_file"),
    path("files/<bkf:file_id>/rows/", bank_imports.rows, name="bank_file_rows"),
    path("files/<imp:import_id>/", bank_imports.one, name="bank_import"),
    path("files/<imp:import_id>/reconcile/", bank_imports.reconcile, name="bank_import_reconcile"),
    path("<rct:receipt_id>/", receipts.receipt, name="receipt"),
    path("<rct:receipt_id>/reconcile/", receipts.reconcile_one, name="receipt_reconcile"),
    path("<rct:receipt_id>/match/", receipts.match, name="receipt_match"),
    path("<rct:receipt_id>/bounce/", receipts.bounce, name="receipt_bounce"),
    path("<rct:receipt_id>/refund/", receipts.refund, name="receipt_refund"),
    path("<rct:receipt_id>/<rfd:refund_id>-make/", receipts.refund_make, name="refund_make"),
    path("<rct:receipt_id>/<rfd:refund_id>-refuse/", receipts.refund_refuse, name="refund_refuse"),
]
