"""A gigabyte on the wire to the running web server: clear words, nothing kept, and no memory for it.

The body is made while it is sent, in parts of one megabyte; the memory of every process of the server is read
after each of them. The server answers by the length that was said and stops listening, so how much of the
gigabyte goes out is told (-rP) and not asked for; that a browser still shows the words is proved beside it.
"""

import http.client
import re
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import builders
import product
import pytest
from calling import give_token, make_client
from casework import file_request, worker_of
from django.conf import settings
from django.test import Client

from fundmgr.domain import ids
from fundmgr.domain.permissions import Role
from fundmgr.models import User
from requests_app.models import Document

GIGABYTE, PART = 2**30, 2**20
MOST_GROWTH_BYTES = 64 * 2**20
BOUNDARY = "one-of-our-own"
HEAD = (
    f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="big.jpg"\r\n'
    "Content-Type: image/jpeg\r\n\r\n"
).encode()
TAIL = f"\r\n--{BOUNDARY}--\r\n".encode()
KIND = f"multipart/form-data; boundary={BOUNDARY}"


@dataclass
class Sent:
    """What became of one body: how much went out, what came back, the largest memory meanwhile."""

    status: int = 0
    text: str = ""
    sent_bytes: int = 0
    memory_bytes: list[int] = field(default_factory=list)


def memory_of(served: product.Product) -> int:
    """The resident memory of the web server with all its processes. Units: bytes."""
    found, more = set(), {served.web}
    while more:
        found |= more
        more = {child for process in more for child in _children(process)} - found
    return sum(_resident(process) for process in found)


def _children(process: int) -> set[int]:
    try:
        tasks = list(Path(f"/proc/{process}/task").iterdir())
        return {int(child) for task in tasks for child in (task / "children").read_text().split()}
    except OSError:
        return set()


def _resident(process: int) -> int:
    try:
        lines = Path(f"/proc/{process}/status").read_text()
    except OSError:
        return 0
    size = re.search(r"VmRSS:\s+(\d+) kB", lines)
    return int(size.group(1)) * 1024 if size else 0


def send(served: product.Product, path: str, headers: dict[str, str], *, chunked: bool = False) -> Sent:
    """Send a gigabyte as a file and read the answer, which may come before all of it went out."""
    found = Sent()
    line = socket.create_connection(("127.0.0.1", served.port), timeout=120)
    length = len(HEAD) + GIGABYTE + len(TAIL)
    size = {"Transfer-Encoding": "chunked"} if chunked else {"Content-Length": str(length)}
    said = {"Host": f"localhost:{served.port}", "Content-Type": KIND, **size, **headers}
    line.sendall(
        f"POST {path} HTTP/1.1\r\n".encode()
        + b"".join(f"{name}: {value}\r\n".encode() for name, value in said.items())
        + b"\r\n"
    )

    def pour() -> None:
        zeros = bytes(PART)
        try:
            for part in (HEAD, *(zeros for _number in range(GIGABYTE // PART)), TAIL):
                line.sendall(b"%x\r\n%s\r\n" % (len(part), part) if chunked else part)
                found.sent_bytes += len(part)
                found.memory_bytes.append(memory_of(served))
            if chunked:
                line.sendall(b"0\r\n\r\n")
        except OSError:
            # The server has said all that it has to say.
            return

    pouring = threading.Thread(target=pour)
    pouring.start()
    answer = http.client.HTTPResponse(line, method="POST")
    answer.begin()
    found.status, found.text = answer.status, answer.read().decode()
    pouring.join(timeout=240)
    assert not pouring.is_alive()
    line.close()
    return found


@pytest.fixture
def world(committed_db, tmp_path, settings) -> builders.World:
    settings.FILES_DIR = tmp_path / "files"
    return builders.make_world()


@pytest.fixture
def served(servers, committed_db, world, tmp_path) -> Iterator[product.Product]:
    with product.running(servers, committed_db, FUNDMGR_FILES_DIR=str(tmp_path / "files")) as one:
        yield one


@contextmanager
def nothing_is_kept(served: product.Product, tmp_path: Path, sent: list[Sent]) -> Iterator[None]:
    """Hold that no row and no file stays, and that the memory did not grow with the body."""
    before, files = memory_of(served), kept_files(tmp_path)
    yield
    assert Document.objects.count() == 0
    assert kept_files(tmp_path) == files
    peak = max(max(one.memory_bytes, default=0) for one in sent)
    for one in sent:
        growth = (max(one.memory_bytes, default=0) - before) // PART
        print(f"{one.status}: {one.sent_bytes // PART} MB went out, {growth} MB more memory")
    assert peak - before < MOST_GROWTH_BYTES, f"{(peak - before) / 2**20:.0f} MB more"
    assert memory_of(served) - before < MOST_GROWTH_BYTES


def kept_files(tmp_path: Path) -> list[str]:
    return sorted(str(path) for path in tmp_path.rglob("*") if path.is_file() and path.stat().st_size > PART)


@pytest.fixture
def call(served) -> Callable[..., Sent]:
    """Sends once before it counts: the first call of a process loads what it needs."""

    def made(path: str, headers: dict[str, str], **options: bool) -> Sent:
        product.get(served, "/healthz")
        return send(served, path, headers, **options)

    return made


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_a_gigabyte_to_the_api_is_refused_in_words_and_costs_no_memory(world, served, call, tmp_path):
    row = file_request(world)
    _client, application = make_client(world, Role.REVIEWER)
    headers = {"Authorization": f"Bearer {give_token(application)}"}
    path = f"/api/v1/requests/{ids.public('req', row.id)}/documents"
    sent: list[Sent] = []

    with nothing_is_kept(served, tmp_path, sent):
        sent += [call(path, headers), call(path, {**headers, "Idempotency-Key": "big"})]

    for one in sent:
        assert (one.status, '"code":"body_too_large"' in one.text) == (413, True), one.text[:500]


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_a_gigabyte_to_the_api_as_json_is_refused_too(world, served, call, tmp_path):
    _client, application = make_client(world, Role.INTAKE)
    headers = {"Authorization": f"Bearer {give_token(application)}", "Content-Type": "application/json"}
    sent: list[Sent] = []

    with nothing_is_kept(served, tmp_path, sent):
        sent += [call("/api/v1/requests", headers), call("/api/v1/requests", headers, chunked=True)]

    assert (sent[0].status, '"code":"body_too_large"' in sent[0].text) == (413, True), sent[0].text[:500]
    assert sent[1].status in {400, 411, 413, 422}, sent[1].text[:500]


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_a_gigabyte_to_the_page_of_photos_is_told_at_its_box_and_costs_no_memory(
    world, served, call, tmp_path
):
    row = file_request(world)
    browser = Client()
    browser.force_login(User.objects.get(id=worker_of(row).person_id))
    cookies = {"Cookie": f"{settings.SESSION_COOKIE_NAME}={browser.session.session_key}"}
    path = f"/f/{world.fund.slug}/request/photos/add/"
    sent: list[Sent] = []

    with nothing_is_kept(served, tmp_path, sent):
        sent += [call(path, cookies), call(path, cookies, chunked=True)]

    assert sent[0].status == 422, sent[0].text[:500]
    assert "The file must be smaller than 10 MB" in sent[0].text
    assert sent[1].status in {403, 411, 413, 422}, sent[1].text[:500]


@pytest.fixture
def large_file(tmp_path) -> Path:
    """A file of a gigabyte that takes no room on the disk."""
    path = tmp_path / "big.jpg"
    with path.open("wb") as file:
        file.truncate(GIGABYTE)
    return path


@pytest.mark.slow
@pytest.mark.browser
@pytest.mark.timeout(600)
@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
def test_a_browser_shows_the_words_though_the_server_stops_listening(
    world, served, chromium, large_file, scripts
):
    row = file_request(world)
    client = Client()
    client.force_login(User.objects.get(id=worker_of(row).person_id))
    context = chromium.new_context(java_script_enabled=scripts)
    try:
        cookie = {"name": settings.SESSION_COOKIE_NAME, "value": client.session.session_key}
        context.add_cookies([{**cookie, "url": served.address}])
        page = context.new_page()
        page.goto(f"{served.address}/f/{world.fund.slug}/request/photos/")
        before = memory_of(served)

        page.set_input_files("#id_file", str(large_file))
        if not scripts:
            # With scripts it never leaves the phone.
            page.click("text=Add this file")
        page.wait_for_selector(".error-text:visible", timeout=120_000)

        assert "The file must be smaller than 10 MB" in page.inner_text("main")
        assert memory_of(served) - before < MOST_GROWTH_BYTES
        assert not Document.objects.exists()
    finally:
        context.close()
