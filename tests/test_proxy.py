"""The network for tests does what it says: else what is proved behind it would prove nothing."""

import socket
import threading
from contextlib import closing
from http.client import HTTPConnection, HTTPException, IncompleteRead

import pytest

from tests.proxy import Fault, Proxy
from tests.waiting import until

_BODY = b"a reply of some length"


class _Echo:
    """A server that notes what reached it and answers the same each time."""

    def __init__(self):
        self.reached = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        threading.Thread(target=self._serve, daemon=True).start()

    def connect(self):
        return socket.create_connection(self._listener.getsockname())

    def _serve(self):
        while True:
            with self._listener.accept()[0] as client:
                came = bytearray(client.recv(65536))
                length = int(came.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0] or 0)
                while part := (len(came.partition(b"\r\n\r\n")[2]) < length) and client.recv(65536):
                    came += part
                self.reached.append(bytes(came).partition(b"\r\n\r\n")[2])
                client.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%b" % (len(_BODY), _BODY))


@pytest.fixture
def server():
    return _Echo()


@pytest.fixture
def through(server):
    """through(kind, at): the status and the body of a request that meets this fault; None when it broke."""
    made = []

    def ask(kind=None, at=0, times=1):
        faults = [Fault(kind, at) if kind else None]
        proxy = Proxy(server.connect, lambda _request: faults.pop() if faults else None)
        made.append(proxy)
        with closing(HTTPConnection("127.0.0.1", proxy.port, timeout=5)) as line:
            answers = [_ask(line) for _ in range(times)]
        return answers[0] if times == 1 else answers

    yield ask
    for proxy in made:
        proxy.close()


def _ask(line):
    try:
        line.request("POST", "/", b"what is sent")
        answer = line.getresponse()
        return answer.status, answer.read()
    except IncompleteRead as half:
        return answer.status, half.partial
    except (OSError, HTTPException):
        line.close()
        return None


def test_without_a_fault_requests_pass_over_one_connection(through, server):
    assert through(times=3) == [(200, _BODY)] * 3
    assert server.reached == [b"what is sent"] * 3


@pytest.mark.parametrize(
    ("kind", "at", "heard", "reached"),
    [
        ("drop", 0, None, []),
        ("delay", 5, (200, _BODY), [b"what is sent"]),
        ("lose_reply", 0, None, [b"what is sent"]),
        ("stall", 20, None, [b"what is sent"]),
        ("cut_down", 45, (200, _BODY[:6]), [b"what is sent"]),
        ("flip", 8, (200, _BODY), [b"wiat is sent"]),
        ("twice", 1, (200, _BODY), [b"what is sent"] * 2),
        ("at_once", 0, (200, _BODY), [b"what is sent"] * 2),
        ("portal", 1, (200, b"{}"), []),
    ],
)
def test_a_fault_does_what_its_name_says(through, server, kind, at, heard, reached):
    assert through(kind, at) == heard
    until(lambda: server.reached == reached)


def test_a_late_copy_arrives_after_others_have_overtaken_it(through, server):
    assert through("late_copy", 1, times=3) == [None, (200, _BODY), (200, _BODY)]
    assert len(server.reached) == 4


def test_a_tired_server_answers_in_its_own_words(through, server):
    status, body = through("answer", 503)

    assert (status, b'"code": "busy"' in body) == (503, True)
    assert server.reached == []


def test_what_is_still_on_the_way_can_be_waited_for(server):
    """Whoever sent it is gone; it must not reach whatever stands there next."""
    proxy = Proxy(server.connect, lambda _request: Fault("delay", 400))
    with closing(socket.create_connection(("127.0.0.1", proxy.port))) as line:
        line.sendall(b"POST / HTTP/1.1\r\nHost: here\r\nContent-Length: 4\r\n\r\nlate")
        until(lambda: proxy.met["delay"] == 1, 10)

    proxy.come_to_an_end()
    proxy.close()

    assert server.reached == [b"late"]


def test_a_late_copy_arrives_before_all_comes_to_an_end(server):
    """Else it would overtake the first request of whoever comes next, and reach another server."""
    proxy = Proxy(server.connect, lambda _request: Fault("late_copy", 5))
    with closing(socket.create_connection(("127.0.0.1", proxy.port))) as line:
        line.sendall(b"POST / HTTP/1.1\r\nHost: here\r\nContent-Length: 4\r\n\r\ncopy")
        assert line.recv(1) == b""  # the reply is lost

    proxy.come_to_an_end()
    proxy.close()

    assert server.reached == [b"copy", b"copy"]
