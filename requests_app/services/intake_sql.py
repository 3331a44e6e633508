"""The one statement of a submission: what must be so, and all that is written.

Intake is where a rush arrives, so requests cost one statement, however many they are and whatever they ask
for. Nothing here takes a lock that another worker's request would wait for.
"""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any, NamedTuple
from uuid import UUID

from fundmgr.domain.lifecycle import LIVE_REQUEST_STATES, FundState
from fundmgr.models import prepared, rows
from fundmgr.queries import tokens


class Refusal(StrEnum):
    """Why a submission was not written; of several reasons the first one counts."""

    TOKEN_CHANGED = "TOKEN_CHANGED"  # noqa: S105  # a word, not a secret
    KEY_USED = "KEY_USED"
    NO_FUND = "NO_FUND"
    TERMS_CHANGED = "TERMS_CHANGED"
    NO_APPLICANT = "NO_APPLICANT"
    FUND_CLOSED = "FUND_CLOSED"
    UNUSABLE = "UNUSABLE"
    LIVE_REQUEST = "LIVE_REQUEST"
    REFERENCE_TAKEN = "REFERENCE_TAKEN"


class Terms(NamedTuple):
    """What a fund's requests are made by. The statement asks whether it is still so."""

    policy_id: UUID | None
    time_zone: str


class Outcome(NamedTuple):
    """What became of one submission. Shapes: `refusal` is None where all of it was written."""

    refusal: str | None
    key_is_free: bool
    body_hash: str | None
    result_id: UUID | None
    applicant_id: UUID | None
    household_id: UUID | None
    production_id: UUID | None


_POLICY = "(SELECT id FROM fundmgr_policyversion WHERE fund_id = f.id ORDER BY number DESC LIMIT 1)"
_TERMS = f"SELECT {_POLICY}, f.time_zone FROM fundmgr_fund f WHERE f.id = $1"  # noqa: S608  # our own words
_LIVE = ", ".join(f"'{state}'" for state in sorted(LIVE_REQUEST_STATES))

# Each LIMIT keeps its look-up one by index, whatever the tables held when the plan was made.
_JUDGE = f"""
sent AS MATERIALIZED (
    SELECT sent.* FROM set_config('lock_timeout', coalesce($2, current_setting('lock_timeout')), true),
        jsonb_to_recordset($1::jsonb) AS sent (
        place integer, fund_id uuid, now timestamptz, policy_id uuid, time_zone text, is_usable boolean,
        checksum text, worth text, owner text, key text, route text, body_hash text, lock_number bigint,
        user_id uuid, contact_hash text, production text, reference text, household_id uuid,
        applicant jsonb, request_id uuid, request jsonb, needs jsonb, revision jsonb, transition jsonb,
        event jsonb, notice jsonb, consent jsonb)
), found AS MATERIALIZED (
    SELECT sent.*, fund.state, call.body_hash AS known_body_hash, call.result_id,
        coalesce(sent.contact_hash, applicant.contact_hash) AS found_hash,
        sent.worth IS NOT DISTINCT FROM
            {tokens.worth_of(checksum="sent.checksum", now="sent.now")} AS is_token_kept,
        sent.lock_number IS NULL OR pg_try_advisory_xact_lock(sent.lock_number) AS key_is_free,
        (fund.policy_id, fund.time_zone) IS NOT DISTINCT FROM
            (sent.policy_id, sent.time_zone) AS are_terms_kept,
        (SELECT true FROM requests_app_assistancerequest r WHERE r.fund_id = sent.fund_id
            AND r.applicant_id = applicant.id AND r.state IN ({_LIVE}) LIMIT 1) AS has_live_request,
        (SELECT true FROM requests_app_assistancerequest r
            WHERE r.reference = sent.reference LIMIT 1) AS is_reference_taken,
        (SELECT p.id FROM requests_app_production p WHERE p.fund_id = sent.fund_id
            AND lower(p.name) = lower(sent.production) ORDER BY p.name LIMIT 1) AS production_id
    FROM sent
    LEFT JOIN LATERAL (
        SELECT f.state, f.time_zone, {_POLICY} AS policy_id
        FROM fundmgr_fund f WHERE f.id = sent.fund_id LIMIT 1
    ) AS fund ON true
    LEFT JOIN LATERAL (
        SELECT c.body_hash, c.result_id FROM fundmgr_rememberedcall c
        WHERE c.owner = sent.owner AND c.key = sent.key AND c.route = sent.route LIMIT 1
    ) AS call ON true
    LEFT JOIN LATERAL (
        SELECT a.id, a.contact_hash FROM requests_app_applicant a
        WHERE a.fund_id = sent.fund_id AND a.contact_hash = sent.contact_hash
        UNION ALL
        SELECT a.id, a.contact_hash FROM requests_app_applicant a
        WHERE a.fund_id = sent.fund_id AND a.user_id = sent.user_id
        LIMIT 1
    ) AS applicant ON true
), judged AS MATERIALIZED (
    SELECT found.*, CASE
        WHEN NOT is_token_kept THEN '{Refusal.TOKEN_CHANGED}'
        WHEN NOT key_is_free OR result_id IS NOT NULL THEN '{Refusal.KEY_USED}'
        WHEN state IS NULL THEN '{Refusal.NO_FUND}'
        WHEN NOT are_terms_kept THEN '{Refusal.TERMS_CHANGED}'
        WHEN found_hash IS NULL THEN '{Refusal.NO_APPLICANT}'
        WHEN state <> '{FundState.OPEN}' THEN '{Refusal.FUND_CLOSED}'
        WHEN NOT is_usable THEN '{Refusal.UNUSABLE}'
        WHEN has_live_request THEN '{Refusal.LIVE_REQUEST}'
        WHEN is_reference_taken THEN '{Refusal.REFERENCE_TAKEN}' END AS refusal
    FROM found
)"""  # noqa: S608  # our own words

# The applicant comes first: of two first submissions by one contact the second waits for the first, takes
# over its applicant and its household, and is then stopped by the rule of one live request.
_WRITE = """
claimed AS (
    INSERT INTO fundmgr_rememberedcall (owner, key, route, body_hash, result_id, created_at)
    SELECT owner, key, route, body_hash, request_id, now FROM judged WHERE refusal IS NULL AND key IS NOT NULL
    ON CONFLICT (owner, key, route) DO NOTHING RETURNING result_id
), good AS MATERIALIZED (
    SELECT * FROM judged
    WHERE refusal IS NULL AND (key IS NULL OR request_id IN (SELECT result_id FROM claimed))
), who AS (
    INSERT INTO requests_app_applicant
    SELECT row.* FROM good, jsonb_populate_record(NULL::requests_app_applicant,
        good.applicant || jsonb_build_object('contact_hash', good.found_hash)) AS row
    ORDER BY row.contact_hash
    ON CONFLICT (fund_id, contact_hash) DO UPDATE
        SET full_name = EXCLUDED.full_name, preferred_name = EXCLUDED.preferred_name,
            name_hashes = EXCLUDED.name_hashes, language = EXCLUDED.language
    RETURNING id, household_id, fund_id, contact_hash
), filed AS MATERIALIZED (
    SELECT good.*, who.id AS applicant_id, who.household_id AS home_id
    FROM good JOIN who ON who.fund_id = good.fund_id AND who.contact_hash = good.found_hash
), home AS (
    INSERT INTO requests_app_household (id, fund_id, created_at)
    SELECT home_id, fund_id, now FROM filed WHERE home_id = household_id
), request AS (
    INSERT INTO requests_app_assistancerequest
    SELECT row.* FROM filed, jsonb_populate_record(NULL::requests_app_assistancerequest,
        filed.request || jsonb_build_object(
            'applicant_id', applicant_id, 'household_id', home_id, 'production_id', production_id)) AS row
), needs AS (
    INSERT INTO requests_app_needline
    SELECT row.* FROM filed, jsonb_populate_recordset(NULL::requests_app_needline, needs) AS row
), revision AS (
    INSERT INTO requests_app_requestrevision
    SELECT row.* FROM filed, jsonb_populate_record(NULL::requests_app_requestrevision, revision) AS row
), transition AS (
    INSERT INTO requests_app_requesttransition
    SELECT row.* FROM filed, jsonb_populate_record(NULL::requests_app_requesttransition, transition) AS row
), event AS (
    INSERT INTO fundmgr_event
    SELECT row.* FROM filed, jsonb_populate_record(NULL::fundmgr_event, event) AS row
    RETURNING id
), unlinked AS (
    INSERT INTO fundmgr_waitingevent SELECT id FROM event
), notice AS (
    INSERT INTO fundmgr_outboxmessage
    SELECT row.* FROM filed, jsonb_populate_record(NULL::fundmgr_outboxmessage, notice) AS row
    WHERE notice IS NOT NULL
), consent AS (
    INSERT INTO requests_app_textconsent
    SELECT row.* FROM filed, jsonb_populate_record(NULL::requests_app_textconsent, consent) AS row
    WHERE consent IS NOT NULL
)"""

# A key that another call took between our look and our claim is used, like one that we saw.
_FILE = f"""
WITH {_JUDGE}, {_WRITE}
SELECT coalesce(refusal, CASE WHEN applicant_id IS NULL THEN '{Refusal.KEY_USED}' END),
    key_is_free, known_body_hash, result_id, applicant_id, home_id, production_id
FROM judged LEFT JOIN (SELECT place, applicant_id, home_id FROM filed) AS filed USING (place)
ORDER BY place
"""  # noqa: S608  # our own words


def terms(*, fund_id: UUID) -> Terms | None:
    """This will read what a fund's requests are made by now; None where there is no such fund."""
    row = prepared.one(_TERMS, [fund_id])
    return Terms(*row) if row else None


def file(entries: Sequence[Mapping[str, Any]], *, lock_timeout: str | None = None) -> list[Outcome]:
    """This will judge submissions and write every row of those that nothing speaks against.

    Shapes: one outcome an entry, in the same order; no two entries have one contact or one key. A lock
    timeout is as PostgreSQL writes it, like `100ms`, and holds until the transaction ends.
    Errors: IntegrityError of `one_live_request` where another's request came in at the same moment.
    """
    numbered = [{"place": place, **entry} for place, entry in enumerate(entries)]
    return [Outcome(*row) for row in prepared.rows(_FILE, [rows.as_json(numbered), lock_timeout])]
