"""The ways for a text to leave: one gateway by HTTP, files, the console."""

import json
import socket
from pathlib import Path

import gateway as gateways
import pytest

from requests_app.channels import texts
from requests_app.channels.texts import Outcome, Text

TEXT = Text("+12135550142", "Crew Fund: we have your request R-7K3Q9.", "key-1")


@pytest.fixture
def gateway(settings):
    with gateways.used(settings) as one:
        yield one


def test_a_text_goes_out_with_its_key_and_the_token(gateway):
    answer = texts.send(TEXT)

    assert answer == texts.Answer(Outcome.SENT, "msg-key-1", "")
    (call,) = gateway.calls
    assert call == {
        "key": "key-1",
        "token": f"Bearer {gateways.TOKEN}",
        "to": TEXT.to,
        "from": "+18885550100",
        "text": TEXT.words,
    }


@pytest.mark.parametrize(
    ("said", "outcome"),
    [
        (202, Outcome.SENT),
        (400, Outcome.REFUSED),
        (401, Outcome.REFUSED),
        (422, Outcome.REFUSED),
        (301, Outcome.REFUSED),
        (409, Outcome.BUSY),
        (429, Outcome.BUSY),
        (503, Outcome.BUSY),
        (408, Outcome.UNKNOWN),
        (500, Outcome.UNKNOWN),
        (502, Outcome.UNKNOWN),
        ("drop", Outcome.UNKNOWN),
        ("after", Outcome.UNKNOWN),
    ],
)
def test_what_the_gateway_says_is_known_for_what_it_is(gateway, said, outcome):
    gateway.says = [said]

    assert texts.send(TEXT).outcome is outcome
    assert len(gateway.calls) == 1


def test_a_gateway_that_does_not_answer_in_time_leaves_a_doubt(gateway, monkeypatch):
    monkeypatch.setattr(texts, "_READ_SECONDS", 0.3)
    gateway.says = ["slow"]

    assert texts.send(TEXT).outcome is Outcome.UNKNOWN


def test_where_nobody_listens_nothing_can_have_been_sent(settings):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        settings.SMS_CHANNEL, settings.SMS_URL = "gateway", f"http://127.0.0.1:{free.getsockname()[1]}/"

    assert texts.send(TEXT).outcome is Outcome.BUSY


def test_a_file_is_written_over_by_its_own_key(settings, tmp_path):
    settings.SMS_CHANNEL, settings.SMS_FILE_PATH = "file", str(tmp_path / "texts")

    for _ in range(2):
        assert texts.send(TEXT).outcome is Outcome.SENT

    (written,) = Path(settings.SMS_FILE_PATH).iterdir()
    assert json.loads(written.read_text()) == {"to": TEXT.to, "text": TEXT.words}
    assert written.stat().st_mode & 0o077 == 0


def test_the_console_shows_a_text(settings, capsys):
    settings.SMS_CHANNEL = "console"

    assert texts.send(TEXT).outcome is Outcome.SENT
    assert TEXT.words in capsys.readouterr().out


def test_texts_are_offered_where_there_is_a_way(settings):
    assert texts.is_offered()
    settings.SMS_CHANNEL = "none"
    assert not texts.is_offered()
