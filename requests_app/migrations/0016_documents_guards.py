"""What a worker's file is stays as it came; its row is never deleted, for it is the tombstone too."""

from django.db import migrations

GUARDS = """
CREATE TRIGGER document_kept_as_it_came BEFORE UPDATE ON requests_app_document FOR EACH ROW
    WHEN ((OLD.fund_id, OLD.created_at, OLD.draft_id, OLD.media_type, OLD.size_bytes, OLD.width, OLD.height, OLD.pages,
           OLD.sent_sha256, OLD.sha256, OLD.added_by)
        IS DISTINCT FROM
          (NEW.fund_id, NEW.created_at, NEW.draft_id, NEW.media_type, NEW.size_bytes, NEW.width, NEW.height, NEW.pages,
           NEW.sent_sha256, NEW.sha256, NEW.added_by)
        OR (OLD.request_id IS NOT NULL AND NEW.request_id IS DISTINCT FROM OLD.request_id)
        OR (NEW.place <> '' AND NEW.place <> OLD.place)
        OR (OLD.gone_at IS NOT NULL))
    EXECUTE FUNCTION fundmgr_refuse_change();
CREATE TRIGGER document_never_deleted BEFORE DELETE ON requests_app_document
    FOR EACH ROW EXECUTE FUNCTION fundmgr_refuse_change();
CREATE TRIGGER document_no_truncate BEFORE TRUNCATE ON requests_app_document
    FOR EACH STATEMENT EXECUTE FUNCTION fundmgr_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("requests_app", "0015_documents"), ("fundmgr", "0002_guards")]
    operations = [
        migrations.RunSQL(
            GUARDS,
            "DROP TRIGGER document_kept_as_it_came ON requests_app_document;"
            "DROP TRIGGER document_never_deleted ON requests_app_document;"
            "DROP TRIGGER document_no_truncate ON requests_app_document",
        ),
    ]
