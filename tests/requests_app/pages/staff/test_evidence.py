"""Evidence on the console: sent with a plain form, listed at what it proves, opened as a download."""

import pytest
from builders import make_commitment, make_donor, make_world
from console import Staff, summary_of, text_of
from papers import a_pdf, named

from fundmgr.domain.evidence import MOST_BYTES
from fundmgr.domain.ids import public
from fundmgr.domain.permissions import Role
from fundmgr.models import Event, StoredFile

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def store(settings, tmp_path):
    """A folder of its own."""
    settings.FILES_DIR = tmp_path / "files"
    return settings.FILES_DIR


@pytest.fixture
def world():
    return make_world()


@pytest.fixture
def page(world):
    row = make_commitment(world, make_donor(world), 100_000)
    return f"commitments/{public('com', row.id)}/"


def test_a_file_is_sent_listed_and_opened_as_a_download(world, page):
    director = Staff(world, Role.DIRECTOR)
    assert 'enctype="multipart/form-data"' in text_of(director.get(f"{page}evidence/"))

    sent = director.post(f"{page}evidence/", {"file": named("Signed pledge.pdf", a_pdf())})

    assert sent["Location"] == director.address(page)
    row = StoredFile.objects.get()
    place = f"evidence/{public('fil', row.id)}/"
    words = text_of(director.get(page))
    assert "Signed pledge.pdf" in words
    assert director.address(place) in words
    got = director.get(place)
    assert (got.content, got["Content-Type"]) == (a_pdf(), "application/pdf")
    assert got["Content-Disposition"] == 'attachment; filename="Signed pledge.pdf"'
    assert got["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert (got["X-Content-Type-Options"], got["Cache-Control"]) == ("nosniff", "no-store")
    assert Event.objects.get(verb="evidence.read").actor == director.actor.key


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "This file is empty."),
        (b"words", "Send a PDF, or a picture as JPEG or PNG. This is neither."),
        (a_pdf() + b"<script>", "This file holds something else behind what it shows."),
        (a_pdf() + b"\n" * MOST_BYTES, "This file is larger than 10 megabytes."),
        (None, "Choose a file."),
    ],
)
def test_a_file_that_cannot_be_kept_is_told_at_the_box(world, page, store, content, sentence):
    sent = {} if content is None else {"file": named("x.pdf", content)}

    answer = Staff(world, Role.DIRECTOR).post(f"{page}evidence/", sent)

    assert answer.status_code == 422
    assert sentence in summary_of(answer)
    assert not StoredFile.objects.exists()
    assert not store.exists()


def test_who_only_reads_sees_the_list_and_who_decides_requests_opens_none(world, page):
    Staff(world, Role.DIRECTOR).post(f"{page}evidence/", {"file": named("pledge.pdf", a_pdf())})
    place = f"evidence/{public('fil', StoredFile.objects.get().id)}/"

    assert "Add a file" not in text_of(Staff(world, Role.AUDITOR).get(page))
    assert Staff(world, Role.AUDITOR).get(place).status_code == 200
    approver = Staff(world, Role.APPROVER)
    assert "pledge.pdf" in text_of(approver.get(page))
    assert place not in text_of(approver.get(page))
    assert approver.get(place).status_code == 403
    assert approver.post(f"{page}evidence/", {"file": named("x.pdf", a_pdf())}).status_code == 403
    other = Staff(make_world(name="Harbor Relief"), Role.DIRECTOR)
    assert other.get(place).status_code == 404
