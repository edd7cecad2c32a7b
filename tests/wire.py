"""HTTP/1.1 as bytes on a socket, as far as a proxy needs to know: where a message ends and whether more may follow."""

import re
import socket
from dataclasses import dataclass
from functools import cached_property

_END = b"\r\n\r\n"
_CONNECTION = re.compile(rb"\r\n(?:proxy-)?connection:[^\r]*", re.IGNORECASE)


@dataclass(frozen=True)
class Message:
    """A request: the bytes as they came, and what they say."""

    raw: bytes

    @cached_property
    def head(self) -> bytes:
        """The request line and the headers."""
        return self.raw.partition(_END)[0]

    @cached_property
    def body(self) -> bytes:
        """What the request carries."""
        return self.raw.partition(_END)[2]

    @property
    def method(self) -> str:
        """GET, POST …"""
        return self.head.split(b" ", 1)[0].decode("latin-1")

    @property
    def path(self) -> str:
        """The address without what follows a question mark."""
        return self.head.split(b" ", 2)[1].split(b"?")[0].decode("latin-1")

    def header(self, name: str) -> str | None:
        """The value of a header."""
        return _header(self.head, name)

    def closing(self) -> bytes:
        """The same, after whose reply the connection ends."""
        return _CONNECTION.sub(b"", self.head) + b"\r\nConnection: close" + _END + self.body


def read_message(client: socket.socket) -> Message | None:
    """The next request on a connection; None when there is none, or not all of it."""
    raw = bytearray()
    while _END not in raw:
        if not _more(client, raw):
            return None
    length = int(_header(bytes(raw).partition(_END)[0], "Content-Length") or 0)
    whole = raw.index(_END) + len(_END) + length
    while len(raw) < whole:
        if not _more(client, raw):
            return None
    return Message(bytes(raw))


def whole_reply(reply: bytes, method: str) -> tuple[bytes, bool]:
    """A reply after which its connection ended, as one after which it goes on where its end can be told."""
    head, _, body = reply.partition(_END)
    length = _header(head, "Content-Length")
    bare = method == "HEAD" or head.split(b" ", 2)[1] in {b"204", b"304"}
    told = bare or "chunked" in (_header(head, "Transfer-Encoding") or "") or length == str(len(body))
    return (_CONNECTION.sub(b"", head) + _END + body, True) if told else (reply, False)


def _more(client: socket.socket, raw: bytearray) -> bool:
    part = client.recv(65536)
    raw += part
    return bool(part)


def _header(head: bytes, name: str) -> str | None:
    found = re.search(rb"\r\n" + name.encode() + rb":[ \t]*([^\r]*)", head, re.IGNORECASE)
    return found[1].decode("latin-1").strip() if found else None
