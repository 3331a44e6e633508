"""Files of evidence over the API: sent as multipart, told by their bytes, handed out as attachments."""

import pytest
from builders import make_commitment, make_donor, make_world
from calling import code_of, multipart
from papers import a_jpeg, a_pdf, named

from fundmgr.domain import ids
from fundmgr.domain.evidence import MOST_BYTES
from fundmgr.domain.permissions import Role
from fundmgr.models import Event, Restriction, StoredFile

BYTES = "application/octet-stream"


@pytest.fixture(autouse=True)
def store(settings, tmp_path):
    """A folder of its own."""
    settings.FILES_DIR = tmp_path / "files"
    return settings.FILES_DIR


@pytest.fixture
def path(world):
    """Where a commitment's files are sent."""
    row = make_commitment(world, make_donor(world), 100_000)
    return f"commitments/{ids.public('com', row.id)}/evidence"


def send(caller, path, content, *, name="pledge.pdf", **options):
    return caller.post(path, **multipart({"file": named(name, content)}), **options)


def test_a_file_is_sent_told_and_handed_out_with_headers_that_keep_it_still(program, path):
    treasury = program(Role.TREASURER_PREPARES)

    made = send(treasury, path, a_jpeg(), name="photo.exe")

    assert made.status_code == 201, made.content
    body = made.json()
    assert (body["name"], body["media_type"], body["size_bytes"]) == (
        "photo.jpg",
        "image/jpeg",
        len(a_jpeg()),
    )
    place = made["Location"].removeprefix("/api/v1/")
    assert treasury.get(place).json() == body
    assert treasury.get(path).json()["data"] == [body]
    assert not Event.objects.filter(verb="evidence.read").exists()

    got = program(Role.AUDITOR).get(place, Accept=BYTES)

    assert (got.status_code, got.content) == (200, a_jpeg())
    assert got["Content-Type"] == BYTES
    assert got["Content-Disposition"] == 'attachment; filename="photo.jpg"'
    assert got["X-Content-Type-Options"] == "nosniff"
    assert got["Cache-Control"] == "no-store"
    assert got["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert Event.objects.filter(verb="evidence.read").count() == 1


def test_a_signed_in_person_sends_one_too(person, path):
    assert send(person(Role.DIRECTOR), path, a_pdf()).status_code == 201
    refused = send(person(Role.DIRECTOR, checks_csrf=True), path, a_jpeg())

    assert (refused.status_code, code_of(refused)) == (403, "csrf_failed")
    assert StoredFile.objects.count() == 1


def test_the_same_call_again_is_told_by_the_file_and_not_by_its_wrapping(program, path):
    treasury = program(Role.TREASURER_PREPARES)
    first = send(treasury, path, a_pdf(), key="k")
    wrapped = multipart({"file": named("pledge.pdf", a_pdf())})
    wrapped["body"] = wrapped["body"].replace(b"BoUnDaRyStRiNg", b"another-string")
    wrapped["Content_Type"] = wrapped["Content_Type"].replace("BoUnDaRyStRiNg", "another-string")

    again = treasury.post(path, **wrapped, key="k")
    other = send(treasury, path, a_jpeg(), key="k")

    assert (again.status_code, again.json()) == (201, first.json())
    assert again["Idempotent-Replayed"] == "true"
    assert (other.status_code, code_of(other)) == (422, "idempotency_mismatch")


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty_file"),
        (b"words", "unknown_file_type"),
        (a_pdf()[:-8], "damaged_file"),
        (a_pdf() + b"<script>", "hidden_content"),
        (a_pdf() + b"\n" * MOST_BYTES, "file_too_large"),
    ],
)
def test_a_file_that_cannot_be_kept_is_pointed_at(program, path, store, content, code):
    answer = send(program(Role.DIRECTOR), path, content[: MOST_BYTES + 1])

    assert (answer.status_code, code_of(answer)) == (422, "validation_failed")
    assert [(error["pointer"], error["code"]) for error in answer.json()["errors"]] == [("#/file", code)]
    assert not StoredFile.objects.exists()
    assert not store.exists()


def test_a_body_that_is_no_file_is_refused(program, path, store):
    director = program(Role.DIRECTOR)
    two = {"file": [named("a.pdf", a_pdf()), named("b.pdf", a_jpeg())]}
    plain = {"body": b"nonsense", "Content_Type": "multipart/form-data; boundary=x"}

    answers = {
        "as JSON": director.post(path, {"file": "JVBERi0="}),
        "too large": send(director, path, b"x" * (MOST_BYTES + 30_000)),
        "no file": director.post(path, **multipart({})),
        "words for a file": director.post(path, **multipart({"file": "words"})),
        "two files": director.post(path, **multipart(two)),
        "a further part": director.post(path, **multipart({"file": named("a.pdf", a_pdf()), "x": "y"})),
        "not multipart": director.post(path, **plain),
        "no boundary": director.post(path, body=b"x", Content_Type="multipart/form-data"),
    }

    assert {name: (answer.status_code, code_of(answer)) for name, answer in answers.items()} == {
        "as JSON": (415, "unsupported_media_type"),
        "too large": (413, "body_too_large"),
        "no file": (422, "validation_failed"),
        "words for a file": (422, "validation_failed"),
        "two files": (422, "validation_failed"),
        "a further part": (422, "validation_failed"),
        "not multipart": (422, "validation_failed"),
        "no boundary": (400, "malformed_body"),
    }
    assert not StoredFile.objects.exists()
    assert not store.exists()


def test_what_is_not_there_or_not_theirs_is_not_found(program, world, path):
    made = send(program(Role.DIRECTOR), path, a_pdf()).json()
    stranger = program(Role.DIRECTOR, of=make_world(name="Harbor Relief"))
    nowhere = f"commitments/com_{'0' * 32}/evidence"

    for answer in (
        send(stranger, path, a_jpeg()),
        stranger.get(path),
        stranger.get(f"evidence/{made['id']}", Accept=BYTES),
        send(program(Role.DIRECTOR), nowhere, a_jpeg()),
    ):
        assert (answer.status_code, code_of(answer)) == (404, "not_found")
    assert StoredFile.objects.count() == 1


def test_roles_and_a_lost_file_are_told(program, path, store):
    made = send(program(Role.DIRECTOR), path, a_pdf()).json()
    place = f"evidence/{made['id']}"

    assert code_of(send(program(Role.AUDITOR), path, a_jpeg())) == "forbidden"
    assert code_of(program(Role.APPROVER).get(place, Accept=BYTES)) == "forbidden"
    assert program(Role.APPROVER).get(place).status_code == 200
    next(path for path in store.rglob("*") if path.is_file()).unlink()
    lost = program(Role.DIRECTOR).get(place, Accept=BYTES)
    assert (lost.status_code, code_of(lost)) == (409, "file_damaged")


def test_a_letter_about_a_restriction_is_kept_there(program, world):
    general = ids.public("rst", Restriction.objects.get(fund=world.fund).id)

    made = send(program(Role.DIRECTOR), f"restrictions/{general}/evidence", a_pdf())

    assert made.status_code == 201
    assert program(Role.BOARD).get(f"restrictions/{general}/evidence").json()["data"] == [made.json()]
