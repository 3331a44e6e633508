"""Guards of a published list and its draw: nothing changes behind its root, no secret before both hashes."""

from django.db import migrations

GUARDS = """
CREATE FUNCTION requests_keep_list() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM requests_app_roundlist WHERE round_id = OLD.round_id) THEN
        RAISE EXCEPTION 'the list of round % is published', OLD.round_id USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
-- Only what the root is made of: awards are written into the same rows later, and cost nothing more for this.
CREATE TRIGGER round_request_published BEFORE UPDATE OF
    round_id, request_id, position, capped_cents, usable_cents, tickets ON requests_app_roundrequest
    FOR EACH ROW EXECUTE FUNCTION requests_keep_list();

CREATE FUNCTION requests_require_secrets() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (OLD.round_id, OLD.salt, OLD.list_root, OLD.beacon_round)
        IS DISTINCT FROM (NEW.round_id, NEW.salt, NEW.list_root, NEW.beacon_round) OR OLD.seed <> '' THEN
        RAISE EXCEPTION 'the list of round % is published', OLD.round_id USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.seed <> '' AND 2 > (
        SELECT COUNT(*) FROM requests_app_roundsecret
        WHERE round_id = NEW.round_id AND revealed_at IS NOT NULL
    ) THEN
        RAISE EXCEPTION 'round % needs the secrets of two people', NEW.round_id
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER round_list_kept BEFORE UPDATE ON requests_app_roundlist
    FOR EACH ROW EXECUTE FUNCTION requests_require_secrets();
CREATE TRIGGER round_list_never_removed BEFORE DELETE ON requests_app_roundlist
    FOR EACH ROW EXECUTE FUNCTION fundmgr_refuse_change();
CREATE TRIGGER round_list_no_truncate BEFORE TRUNCATE ON requests_app_roundlist
    FOR EACH STATEMENT EXECUTE FUNCTION fundmgr_refuse_change();

CREATE FUNCTION requests_take_commitment() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM requests_app_allocationround
        WHERE id = NEW.round_id AND state = 'DRAFT' AND rule->>'rule' = 'draw'
    ) THEN
        RAISE EXCEPTION 'round % is no draft of a draw', NEW.round_id USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.revealed_at IS NOT NULL THEN
        RAISE EXCEPTION 'a hash comes before its secret' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER round_secret_hash_first BEFORE INSERT ON requests_app_roundsecret
    FOR EACH ROW EXECUTE FUNCTION requests_take_commitment();

CREATE FUNCTION requests_take_secret() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (OLD.round_id, OLD.person_id, OLD.place, OLD.commitment)
        IS DISTINCT FROM (NEW.round_id, NEW.person_id, NEW.place, NEW.commitment)
        OR OLD.revealed_at IS NOT NULL THEN
        RAISE EXCEPTION 'what was committed to stays' USING ERRCODE = 'check_violation';
    END IF;
    IF 2 > (SELECT COUNT(*) FROM requests_app_roundsecret WHERE round_id = NEW.round_id) THEN
        RAISE EXCEPTION 'no secret is told before two people committed' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER round_secret_told_once BEFORE UPDATE ON requests_app_roundsecret
    FOR EACH ROW EXECUTE FUNCTION requests_take_secret();
CREATE TRIGGER round_secret_never_removed BEFORE DELETE ON requests_app_roundsecret
    FOR EACH ROW EXECUTE FUNCTION fundmgr_refuse_change();
CREATE TRIGGER round_secret_no_truncate BEFORE TRUNCATE ON requests_app_roundsecret
    FOR EACH STATEMENT EXECUTE FUNCTION fundmgr_refuse_change();

CREATE FUNCTION requests_require_draw() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.rule IS DISTINCT FROM NEW.rule
        AND EXISTS (SELECT 1 FROM requests_app_roundsecret WHERE round_id = NEW.id) THEN
        RAISE EXCEPTION 'the rule of round % stands since the first hash', NEW.id
            USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.state = 'PROPOSED' AND NEW.rule->>'rule' = 'draw' AND NOT EXISTS (
        SELECT 1 FROM requests_app_roundlist WHERE round_id = NEW.id AND seed <> ''
    ) THEN
        RAISE EXCEPTION 'round % is not drawn', NEW.id USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER round_is_drawn BEFORE UPDATE OF state, rule ON requests_app_allocationround
    FOR EACH ROW EXECUTE FUNCTION requests_require_draw();
"""


class Migration(migrations.Migration):
    dependencies = [("requests_app", "0006_published_lists")]
    operations = [
        migrations.RunSQL(
            GUARDS,
            "DROP FUNCTION requests_keep_list() CASCADE;"
            "DROP FUNCTION requests_require_secrets() CASCADE;"
            "DROP FUNCTION requests_take_commitment() CASCADE;"
            "DROP FUNCTION requests_take_secret() CASCADE;"
            "DROP FUNCTION requests_require_draw() CASCADE",
        ),
    ]
