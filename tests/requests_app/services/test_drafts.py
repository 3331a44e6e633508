"""Drafts: kept page by page, owned by who proved a contact, sent once."""

import json
import threading
from uuid import uuid4

import pytest
from builders import NOW, World, make_ask, make_worker, make_world
from django.db import connection, connections, transaction

from fundmgr.domain import actors, errors
from fundmgr.models import OutboxMessage
from fundmgr.ports.idempotency import Once
from requests_app.models import Applicant, AssistanceRequest, Draft
from requests_app.services import draft_answers, drafts


@pytest.fixture
def world(db: None) -> World:
    return make_world()


def start(world: World, by=None) -> Draft:
    return drafts.start_draft(
        fund_id=world.fund.id, language="es", by=by, now=NOW, odds_shown={"cents_per_dollar": 5}
    )


def save(draft: Draft, page: str, answers: dict, by=None, seen: str | None = None) -> Draft:
    return drafts.save_draft(draft_id=draft.id, page=page, answers=answers, by=by, now=NOW, seen=seen)


def test_each_page_is_kept_beside_the_others(world: World) -> None:
    draft = start(world)

    save(draft, "show", {"show": "Badge 27"})
    save(draft, "need", {"need": ["RENT", "FOOD"], "amount_RENT": "2,400"})
    kept = draft_answers.read(save(draft, "show", {"show": "Glasshouse"}))

    assert kept["show"] == {"show": "Glasshouse"}
    assert kept["need"] == {"need": ["RENT", "FOOD"], "amount_RENT": "2,400"}
    assert Draft.objects.get().language == "es"


def test_a_draft_is_kept_unreadable_and_short(world: World) -> None:
    draft = save(start(world), "name", {"full_name": "Plainword" * 10_000})

    with connection.cursor() as cursor:
        cursor.execute("SELECT encode(t::text::bytea, 'escape') FROM requests_app_draft t")
        assert "Plainword" not in cursor.fetchone()[0]
    assert len(draft_answers.read(draft)["name"]["full_name"]) == draft_answers.MOST_LETTERS


def test_the_first_worker_who_saves_owns_the_draft(world: World) -> None:
    draft = start(world)
    worker, other = make_worker(world), make_worker(world, contact="b@example.com")

    save(draft, "name", {"full_name": "Ana"}, by=worker)

    for stranger in (None, other, actors.person(uuid4())):
        with pytest.raises(errors.NotFound):
            save(draft, "name", {"full_name": "Eve"}, by=stranger)
    assert draft_answers.read(Draft.objects.get())["name"] == {"full_name": "Ana"}


def test_nobody_overwrites_what_they_did_not_see(world: World) -> None:
    draft = start(world)
    unseen = draft_answers.mark_of({}, "name")
    first = save(draft, "name", {"full_name": "Ana"})

    with pytest.raises(errors.StaleVersion):
        save(draft, "name", {"full_name": "Eva"}, seen=unseen)
    # The same words once more are no change, and another page is not touched by it.
    save(draft, "name", {"full_name": "Ana"}, seen=unseen)
    save(draft, "show", {"show": "Badge 27"}, seen=draft_answers.mark_of({}, "show"))

    seen = draft_answers.mark_of(draft_answers.read(first), "name")
    kept = draft_answers.read(save(draft, "name", {"full_name": "Eva"}, seen=seen))
    assert (kept["name"], kept["show"]) == ({"full_name": "Eva"}, {"show": "Badge 27"})


def save_as_read(draft: Draft, owner: Applicant | None, words: str, seen: str | None = None) -> Draft:
    """Save a page as one does who read the draft and its worker a moment ago."""
    return drafts.save_draft(
        draft_id=draft.id,
        page="name",
        answers={"full_name": words},
        by=actors.person(owner.user_id) if owner and owner.user_id else None,
        now=NOW,
        seen=seen,
        as_read=drafts.AsRead(draft, owner),
    )


def test_a_draft_that_is_still_as_it_was_read_is_kept_by_one_statement(
    world: World, django_assert_num_queries
) -> None:
    draft = start(world)

    with django_assert_num_queries(1):
        kept = save_as_read(draft, None, "Ana")

    now = Draft.objects.get()
    assert draft_answers.read(now)["name"] == draft_answers.read(kept)["name"] == {"full_name": "Ana"}
    assert (kept.version, now.version, draft.version) == (2, 2, 1)


def test_a_draft_that_was_written_since_it_was_read_is_read_anew(world: World) -> None:
    make_worker(world)
    owner, read = Applicant.objects.get(), start(world)
    save(read, "show", {"show": "Badge 27"})

    save_as_read(read, owner, "Ana")

    now = Draft.objects.get()
    assert draft_answers.read(now)["show"] == {"show": "Badge 27"}
    assert draft_answers.read(now)["name"] == {"full_name": "Ana"}
    assert (now.applicant_id, now.version) == (owner.id, 3)


def test_what_was_read_gives_nobody_more_than_the_draft_does(world: World) -> None:
    worker = make_worker(world)
    owner = Applicant.objects.get()
    draft = start(world, by=worker)
    seen = draft_answers.mark_of({}, "name")
    save(draft, "name", {"full_name": "Ana"}, by=worker)

    with pytest.raises(errors.NotFound):
        save_as_read(Draft.objects.get(), None, "Eve")
    for read in (draft, Draft.objects.get()):
        with pytest.raises(errors.StaleVersion):
            save_as_read(read, owner, "Eve", seen=seen)
    drafts.submit_draft(draft_id=draft.id, ask=make_ask(), by=worker, now=NOW)
    with pytest.raises(errors.NotFound):
        save_as_read(draft, owner, "Eve")

    assert draft_answers.read(Draft.objects.get())["name"] == {"full_name": "Ana"}


def test_words_typed_after_the_session_ended_wait_beside_those_of_another_phone(world: World) -> None:
    worker = make_worker(world)
    draft = start(world, by=worker)
    unseen = draft_answers.mark_of({}, "name")
    save(draft, "name", {"full_name": "Ana"}, by=worker)

    typed = {"page": "name", "answers": {"full_name": "Eva"}, "now": NOW, "seen": unseen}
    assert drafts.keep_typed(draft_id=draft.id, fund_id=world.fund.id, **typed)

    kept = draft_answers.read(Draft.objects.get())
    assert kept["name"] == {"full_name": "Ana"}
    assert draft_answers.also(kept, "name") == {"full_name": "Eva"}

    # Who sends a page that did not show them takes them away no more than the kept ones.
    alone = draft_answers.mark_of(kept, "name")
    kept = draft_answers.read(save(draft, "name", {"full_name": "Ana B"}, by=worker, seen=alone))
    assert draft_answers.also(kept, "name") == {"full_name": "Eva"}

    both = draft_answers.mark_of(kept, "name", beside=True)
    kept = draft_answers.read(save(draft, "name", {"full_name": "Ana Eva"}, by=worker, seen=both))
    assert draft_answers.also(kept, "name") is None


def test_what_waits_beside_a_page_is_shown_one_after_the_other_and_none_is_lost(world: World) -> None:
    worker = make_worker(world)
    draft = start(world, by=worker)
    unseen = draft_answers.mark_of({}, "name")
    save(draft, "name", {"full_name": "Ana"}, by=worker)
    for name in ("Eva", "Ada", "Eva"):
        typed = {"page": "name", "answers": {"full_name": name}, "now": NOW, "seen": unseen}
        drafts.keep_typed(draft_id=draft.id, fund_id=world.fund.id, **typed)
    kept, shown = draft_answers.read(Draft.objects.get()), []

    while waiting := draft_answers.also(kept, "name"):
        shown.append(waiting["full_name"])
        both = draft_answers.mark_of(kept, "name", beside=True)
        kept = draft_answers.read(save(draft, "name", {"full_name": "Ana"}, by=worker, seen=both))

    assert shown == ["Eva", "Ada"]


def test_a_draft_that_was_changed_since_it_was_read_is_not_sent(world: World) -> None:
    worker = make_worker(world)
    read = start(world, by=worker)
    save(read, "name", {"full_name": "Ana"}, by=worker)

    with pytest.raises(errors.StaleVersion):
        drafts.submit_draft(draft_id=read.id, ask=make_ask(), by=worker, now=NOW, version=read.version)

    assert not AssistanceRequest.objects.exists()


def test_what_was_begun_on_two_phones_is_one_draft(world: World) -> None:
    worker = make_worker(world)
    applicant = Applicant.objects.get(user_id=worker.person_id)
    older, loose = start(world, by=worker), start(world)
    save(older, "name", {"full_name": "Ana"}, by=worker)
    save(older, "household", {"adults": "2"}, by=worker)
    save(older, "job", {"union": "Local 80", "job_title": ""}, by=worker)
    save(loose, "job", {"union": "Local 80", "job_title": "Grip"})
    save(loose, "show", {"show": "Badge 27"})
    save(loose, "name", {"full_name": "Ana Rivera"})

    with transaction.atomic():
        draft_answers.own(loose.id, applicant, now=NOW)
        # Another's is not taken, nor one that is gone.
        draft_answers.own(loose.id, applicant, now=NOW)

    kept = draft_answers.read(Draft.objects.get())
    assert (kept["show"], kept["household"]) == ({"show": "Badge 27"}, {"adults": "2"})
    # Both wrote their name, and no word of it is lost: the newer ones wait until both were seen.
    assert (kept["name"], draft_answers.also(kept, "name")) == (
        {"full_name": "Ana"},
        {"full_name": "Ana Rivera"},
    )
    # What waited on either phone already goes on waiting.
    third = start(world)
    save(third, "name", {"full_name": "A. Rivera"})
    with transaction.atomic():
        draft_answers.own(third.id, applicant, now=NOW)
    kept = draft_answers.read(Draft.objects.get())
    assert kept[draft_answers.ALSO]["name"] == [{"full_name": "Ana Rivera"}, {"full_name": "A. Rivera"}]
    # A box left empty on the other phone takes nothing away, and more words in other boxes are no quarrel.
    assert (kept["job"], draft_answers.also(kept, "job")) == (
        {"union": "Local 80", "job_title": "Grip"},
        None,
    )
    assert Draft.objects.get().id == older.id


def test_sending_makes_one_request_with_the_odds_that_were_shown(world: World) -> None:
    worker = make_worker(world)
    draft = start(world, by=worker)

    made = drafts.submit_draft(draft_id=draft.id, ask=make_ask(), by=worker, now=NOW)
    again = drafts.submit_draft(draft_id=draft.id, ask=make_ask(), by=worker, now=NOW)

    assert made.id == again.id
    row = AssistanceRequest.objects.get()
    assert row.odds_shown == {"start": {"cents_per_dollar": 5}, "receipt": None}
    assert row.channel == "WEB"
    assert row.applicant.full_name == "Ana Rivera"
    assert row.applicant.contact == "ana@example.com"


def test_a_sent_draft_takes_no_more_answers(world: World) -> None:
    worker = make_worker(world)
    draft = start(world, by=worker)
    drafts.submit_draft(draft_id=draft.id, ask=make_ask(), by=worker, now=NOW)

    with pytest.raises(errors.NotFound):
        save(draft, "name", {}, by=worker)


def test_a_second_draft_of_the_same_worker_is_refused_while_the_first_request_lives(world: World) -> None:
    worker = make_worker(world)
    drafts.submit_draft(draft_id=start(world, by=worker).id, ask=make_ask(), by=worker, now=NOW)

    with pytest.raises(errors.LiveRequestExists):
        drafts.submit_draft(draft_id=start(world, by=worker).id, ask=make_ask(), by=worker, now=NOW)


def test_nobody_else_can_send_a_draft(world: World) -> None:
    draft = start(world, by=make_worker(world))
    other = make_worker(world, contact="b@example.com")

    for stranger in (other, actors.person(uuid4())):
        with pytest.raises(errors.NotFound):
            drafts.submit_draft(draft_id=draft.id, ask=make_ask(), by=stranger, now=NOW)
    with pytest.raises(errors.NotFound):
        drafts.submit_draft(draft_id=uuid4(), ask=make_ask(), by=other, now=NOW)
    assert not AssistanceRequest.objects.exists()


def test_twenty_taps_on_send_make_one_request_and_one_notice(committed_db: str) -> None:
    world = make_world()
    worker = make_worker(world)
    draft = start(world, by=worker)
    gate, rows, refused = threading.Barrier(20), [], []

    def tap(number: int) -> None:
        gate.wait()
        # Half of the taps come with the same token, half from a page that was loaded again.
        once = Once(worker.key, f"token-{number % 2 * number}", "send", "hash")
        try:
            rows.append(
                drafts.submit_draft(draft_id=draft.id, ask=make_ask(), by=worker, now=NOW, once=once).id
            )
        except Exception as error:
            refused.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=tap, args=(number,)) for number in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert AssistanceRequest.objects.count() == 1
    assert set(rows) == {AssistanceRequest.objects.get().id}
    assert {type(error).__name__ for error in refused} <= {"Replay", "KeyInFlight"}
    assert OutboxMessage.objects.filter(kind="notice").count() == 1
    assert json.loads(Draft.objects.get().answers)["odds_shown"] == {"cents_per_dollar": 5}
