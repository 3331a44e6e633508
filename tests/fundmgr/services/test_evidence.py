"""Evidence: who may add and open it, what is refused, and that nothing half-kept stays."""

from uuid import uuid4

import pytest
from builders import NOW, make_commitment, make_donor, make_world
from papers import a_jpeg, a_pdf

from fundmgr.domain import errors, evidence
from fundmgr.domain.permissions import Role
from fundmgr.models import Event, Restriction, StoredFile
from fundmgr.ports import files
from fundmgr.services import evidence as services
from fundmgr.services import proof

pytestmark = pytest.mark.django_db
READERS = {Role.TREASURER_PREPARES, Role.TREASURER_RELEASES, Role.DIRECTOR, Role.BOARD, Role.AUDITOR}


@pytest.fixture(autouse=True)
def store(settings, tmp_path):
    """A folder of its own."""
    settings.FILES_DIR = tmp_path / "files"
    return settings.FILES_DIR


@pytest.fixture
def world():
    return make_world()


@pytest.fixture
def commitment(world):
    return make_commitment(world, make_donor(world), 100_000)


def add(world, commitment, content=None, *, role=Role.TREASURER_PREPARES, name="pledge.pdf"):
    return services.add_to_commitment(
        commitment_id=commitment.id, name=name, content=content or a_pdf(), by=world.actor(role), now=NOW
    )


def on_disk(store):
    return [path for path in store.rglob("*") if path.is_file()]


def test_a_file_is_kept_with_its_digest_and_opened_with_a_record_of_who_looked(world, commitment):
    row = add(world, commitment, a_jpeg(), name="photo.heic")

    opened = services.read(file_id=row.id, by=world.actor(Role.AUDITOR), now=NOW)

    assert opened.content == a_jpeg()
    assert (row.name, row.media_type, row.size_bytes) == ("photo.jpg", "image/jpeg", len(a_jpeg()))
    assert row.sha256 == files.digest(a_jpeg())
    events = Event.objects.filter(object_id=row.id).order_by("link__sequence")
    assert [(event.verb, event.actor) for event in events] == [
        ("evidence.added", world.actor(Role.TREASURER_PREPARES).key),
        ("evidence.read", world.actor(Role.AUDITOR).key),
    ]
    assert b"photo" not in b"".join(bytes(event.body) for event in events)


@pytest.mark.parametrize("role", Role)
def test_each_role_reads_as_the_table_says(world, commitment, role):
    row = add(world, commitment)
    act = lambda: services.read(file_id=row.id, by=world.actor(role), now=NOW)  # noqa: E731 - one call, two ways

    if role in READERS:
        assert act().content == a_pdf()
        return
    with pytest.raises(errors.Forbidden):
        act()
    assert not Event.objects.filter(verb="evidence.read").exists()


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.TREASURER_PREPARES, Role.DIRECTOR}))
def test_who_records_no_commitment_adds_no_file(world, commitment, store, role):
    with pytest.raises(errors.Forbidden):
        add(world, commitment, role=role)

    assert not StoredFile.objects.exists()
    assert on_disk(store) == []


def test_what_is_refused_leaves_nothing_behind(world, commitment, store):
    by = world.actor(Role.DIRECTOR)
    for content in (b"", b"words", a_pdf()[:-8], a_pdf() + b"<script>"):
        with pytest.raises(errors.InvalidInput) as refused:
            services.add_to_commitment(commitment_id=commitment.id, name="x", content=content, by=by, now=NOW)
        assert [problem.field for problem in refused.value.problems] == ["file"]
    with pytest.raises(errors.NotFound):
        services.add_to_commitment(commitment_id=uuid4(), name="x", content=a_pdf(), by=by, now=NOW)

    assert not StoredFile.objects.exists()
    assert not Event.objects.filter(verb__startswith="evidence").exists()
    assert on_disk(store) == []


def test_the_same_file_twice_is_refused_and_its_first_copy_stays(world, commitment, store):
    row = add(world, commitment)

    with pytest.raises(errors.Duplicate, match="kept here already"):
        add(world, commitment, name="again.pdf")

    assert [path.name for path in on_disk(store)] == [row.place]


def test_there_is_a_most(world, commitment, monkeypatch):
    monkeypatch.setattr(evidence, "MOST_FILES", 1)
    add(world, commitment)

    with pytest.raises(errors.InvalidInput) as refused:
        add(world, commitment, a_jpeg())
    assert refused.value.problems[0].code == "too_many_files"


def test_another_funds_people_find_no_file(world, commitment):
    row = add(world, commitment)
    other = make_world(name="Harbor Relief")

    with pytest.raises(errors.NotFound):
        services.read(file_id=row.id, by=other.actor(Role.DIRECTOR), now=NOW)
    with pytest.raises(errors.NotFound):
        services.read(file_id=row.id, fund_id=other.fund.id, by=world.actor(Role.DIRECTOR), now=NOW)
    with pytest.raises(errors.NotFound):
        add(other, commitment, a_jpeg())


def test_a_letter_about_a_restriction_stands_at_the_restriction(world):
    general = Restriction.objects.get(fund=world.fund)

    row = services.add_to_restriction(
        restriction_id=general.id,
        name="order.pdf",
        content=a_pdf(),
        by=world.actor(Role.DIRECTOR),
        now=NOW,
    )

    assert (row.subject_type, row.subject_id) == ("RESTRICTION", general.id)


@pytest.mark.parametrize("harm", ["remove", "alter"])
def test_a_file_that_the_disk_lost_is_found_and_not_handed_out(world, commitment, store, harm):
    row = add(world, commitment)
    add(world, commitment, a_jpeg())
    assert proof.check_files() == []

    path = store / row.place[:2] / row.place
    if harm == "remove":
        path.unlink()
    else:
        path.write_bytes(path.read_bytes()[::-1])

    (finding,) = proof.check_files()
    assert (finding.check, finding.row_id) == ("files_are_whole", str(row.id))
    with pytest.raises(errors.FileDamaged):
        services.read(file_id=row.id, by=world.actor(Role.DIRECTOR), now=NOW)
