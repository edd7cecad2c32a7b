"""A network that does what it is told to: stands between a phone and its server on the loopback, request by request.

It drops, delays, cuts, stalls, flips bits, repeats, loses replies, and answers like a captive portal or a tired server.
"""

import socket
import threading
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import NamedTuple

from tests.wire import Message, read_message, whole_reply

Connect = Callable[[], socket.socket]


class Fault(NamedTuple):
    """What happens to one request; `at` is a byte, a bit, a status, milliseconds or a count, as the kind needs."""

    kind: str
    at: int = 0


Choose = Callable[[Message], Fault | None]

_HTML = "<!doctype html><title>免费上网</title><p>请先登录</p>"
# What a captive portal says, each way with a success.
_PORTALS = (
    ("text/html; charset=utf-8", _HTML),
    ("application/json", "{}"),
    ("application/json", '{"ok": true}'),
)
_PROBLEM = '{"type": "about:blank", "code": "%s", "title": "-", "status": %d}'
_CODES = {413: "too-large", 429: "too-many-requests", 500: "unexpected", 503: "busy", 507: "storage-full"}


@dataclass
class Late:
    """A copy of a request that is still somewhere on the way, and how many others overtake it."""

    request: Message
    others: int


class Proxy:
    """Listens on a port of the loopback; `choose` names the fault of each request, None passes it on.

    `met` counts what was done, by kind."""

    def __init__(self, connect: Connect, choose: Choose = lambda _request: None, port: int = 0) -> None:
        self.choose = choose
        self.met: Counter[str] = Counter()
        self._connect = connect
        self._late: list[Late] = []
        self._looking = threading.Lock()
        self._calm = threading.Event()
        self._serving: list[threading.Thread] = []
        self._listener = socket.create_server(("127.0.0.1", port), backlog=64)
        self.port: int = self._listener.getsockname()[1]
        threading.Thread(target=self._listen, daemon=True).start()

    def close(self) -> None:
        """Let go of the port; what is held back ends."""
        self._calm.set()
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def come_to_an_end(self) -> None:
        """When all who sent are gone: wait for what is still on its way to the server, also for late copies."""
        for thread in list(self._serving):
            thread.join(60)
            assert not thread.is_alive(), "a request does not come to an end"
        self.deliver_late()

    def deliver_late(self) -> None:
        """Let everything arrive that is still on the way."""
        with self._looking:
            due, self._late = self._late, []
        for late in due:
            self._ask(late.request)

    def _listen(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            self._serving = [thread for thread in self._serving if thread.is_alive()]
            thread = threading.Thread(target=self._serve, args=(client,), daemon=True)
            thread.start()
            self._serving.append(thread)

    def _serve(self, client: socket.socket) -> None:
        with client, suppress(OSError):
            client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            while True:
                request = read_message(client)
                if request is None:
                    return
                self._overtake()
                fault = self.choose(request)
                if fault is None:
                    kept = self._pass(client, request)
                else:
                    self.met[fault.kind] += 1
                    kept = getattr(self, f"_{fault.kind}")(client, request, fault.at)
                if not kept:
                    return

    # --- what becomes of a request; each tells whether the connection to the phone goes on

    def _pass(self, client: socket.socket, request: Message, _at: int = 0) -> bool:
        reply = self._ask(request)
        if reply is None:
            return False
        content, lasting = whole_reply(reply, request.method)
        client.sendall(content)
        return lasting

    def _drop(self, _client: socket.socket, _request: Message, _at: int) -> bool:
        return False

    def _delay(self, client: socket.socket, request: Message, at: int) -> bool:
        self._calm.wait(at / 1000)
        return self._pass(client, request)

    def _cut_up(self, _client: socket.socket, request: Message, at: int) -> bool:
        """So many bytes of the request arrive, then the line is dead."""
        with suppress(OSError), self._connect() as server:
            server.sendall(request.raw[: at % len(request.raw)])
        return False

    def _cut_down(self, client: socket.socket, request: Message, at: int) -> bool:
        """So many bytes of the reply arrive."""
        reply = self._ask(request)
        if reply:
            client.sendall(reply[: at % len(reply)])
        return False

    def _lose_reply(self, _client: socket.socket, request: Message, _at: int) -> bool:
        self._ask(request)
        return False

    def _stall(self, client: socket.socket, request: Message, at: int) -> bool:
        """The reply stays on the way until the phone gives up, or for so many milliseconds."""
        self._ask(request)
        client.settimeout(at / 1000)
        with suppress(OSError):
            client.recv(1)
        return False

    def _drip(self, client: socket.socket, request: Message, at: int) -> bool:
        """The reply comes byte by byte, so many milliseconds apart, for as long as the phone bears it."""
        for byte in self._ask(request) or b"":
            client.sendall(bytes([byte]))
            if self._calm.wait(at / 1000):
                break
        return False

    def _flip(self, client: socket.socket, request: Message, at: int) -> bool:
        """One bit of what the request carries is another one when it arrives."""
        if not request.body:
            return self._pass(client, request)
        body = bytearray(request.body)
        body[at // 8 % len(body)] ^= 1 << at % 8
        return self._pass(client, replace(request, raw=request.raw[: -len(body)] + bytes(body)))

    def _twice(self, client: socket.socket, request: Message, at: int) -> bool:
        """It arrives twice, one after the other; the phone hears one of the replies."""
        if at % 2:
            self._ask(request)
            return self._pass(client, request)
        kept = self._pass(client, request)
        self._ask(request)
        return kept

    def _at_once(self, client: socket.socket, request: Message, _at: int) -> bool:
        """It arrives over two connections at the same moment."""
        other = threading.Thread(target=self._ask, args=(request,), daemon=True)
        other.start()
        kept = self._pass(client, request)
        other.join(30)
        return kept

    def _late_copy(self, _client: socket.socket, request: Message, at: int) -> bool:
        """The reply is lost, and a copy of the request arrives when others have overtaken it."""
        self._ask(request)
        with self._looking:
            self._late.append(Late(request, at))
        return False

    def _portal(self, client: socket.socket, request: Message, at: int) -> bool:
        kind, text = _PORTALS[at % len(_PORTALS)]
        self._say(client, request, "200 OK", kind, text)
        return False

    def _redirect(self, client: socket.socket, request: Message, _at: int) -> bool:
        self._say(client, request, "302 Found", "text/html", _HTML, "Location: http://127.0.0.1:9/\r\n")
        return False

    def _answer(self, client: socket.socket, request: Message, at: int) -> bool:
        """A status of the server's, in its own words, or in those of what stands before it."""
        retry = "Retry-After: 1\r\n" if at in {429, 503} else ""
        if at in _CODES and not (at == 413 and "photos" in request.path):  # there it would be about the photo
            text = _PROBLEM % (_CODES[at], at)
            self._say(client, request, f"{at} -", "application/problem+json", text, retry)
        else:
            self._say(client, request, f"{at} -", "text/html", "<h1>Bad gateway</h1>")
        return False

    # --- towards the server

    def _ask(self, request: Message) -> bytes | None:
        """Pass a request on and wait for the reply; what a server said before it died counts, None is nothing."""
        reply = bytearray()
        with suppress(OSError), self._connect() as server:
            server.sendall(request.closing())
            while part := server.recv(65536):
                reply += part
        return bytes(reply) or None

    def _overtake(self) -> None:
        with self._looking:  # each request has a thread of its own
            for late in self._late:
                late.others -= 1
            due = [one for one in self._late if one.others < 0]
            self._late = [one for one in self._late if one.others >= 0]
        for late in due:
            self._ask(late.request)

    @staticmethod
    def _say(
        client: socket.socket, request: Message, status: str, kind: str, text: str, more: str = ""
    ) -> None:
        content = text.encode()
        head = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {len(content)}\r\n"
        body = b"" if request.method == "HEAD" else content
        client.sendall(f"{head}{more}Connection: close\r\n\r\n".encode() + body)
