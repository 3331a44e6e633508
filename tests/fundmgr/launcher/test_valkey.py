"""The private queue."""

import os

import redis
from launching import Launcher

from fundmgr.launcher import paths, valkey
from fundmgr.launcher.supervisor import Supervisor


def test_the_queue_listens_on_its_socket_alone_keeps_everything_and_survives_a_kill(launcher: Launcher):
    places = paths.places_of(launcher.folder / "data")
    paths.make(places)
    supervisor = Supervisor(places.data)
    start = (places.valkey, places.sockets, places.log("valkey"), supervisor)
    child = valkey.start(*start, env=os.environ)
    client = redis.Redis(unix_socket_path=str(places.sockets / valkey.SOCKET_NAME))
    assert client.config_get("port")["port"] == "0"
    assert client.config_get("maxmemory-policy")["maxmemory-policy"] == "noeviction"
    assert client.config_get("appendonly")["appendonly"] == "yes"
    client.set("kept", "yes")
    client.execute_command("WAITAOF", 1, 0, 5000)
    client.close()
    child.process.kill()
    supervisor.stop()
    valkey.start(*start, env=os.environ)
    assert client.get("kept") == b"yes"
    client.close()
    supervisor.stop()
    assert not valkey.answers(places.sockets / valkey.SOCKET_NAME)
