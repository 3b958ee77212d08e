# SPDX-License-Identifier: Apache-2.0
"""Werkzeug's threaded server with connections that stay open.

Werkzeug closes the connection after each response, because it cannot tell where an unread request body
ends. Here the body is bounded by its length, so that what an application left unread is skipped and the
next request follows.
"""

from __future__ import annotations

import contextlib
import json
import logging
import socket
import ssl
import struct
import threading
import uuid
from typing import IO, TYPE_CHECKING, Any, cast

from werkzeug.exceptions import ClientDisconnected
from werkzeug.serving import DechunkedInput, ThreadedWSGIServer, WSGIRequestHandler
from werkzeug.wsgi import LimitedStream

if TYPE_CHECKING:
    import io
    from collections.abc import Callable
    from types import TracebackType
    from wsgiref.types import WSGIApplication

_log = logging.getLogger(__name__)

_BACKLOG = 1024
"""Hundreds of clients may connect at once, and one that finds no room tries again only after a second."""

_SKIPPED_BODY = 2**28
"""Unread bytes of a request body that are worth reading to keep the connection."""

_GRACE = 2.0
"""Seconds that a client has to take the response under way when the server ends."""

ExcInfo = tuple[type[BaseException], BaseException, "TracebackType"] | tuple[None, None, None]


class HangUp(ConnectionError):  # noqa: N818 - an order, not an error
    """Ends the connection in the middle of a request.

    Parameters
    ----------
    reset
        By a reset, as after a crash, rather than in order.
    """

    def __init__(self, *, reset: bool) -> None:
        super().__init__("the connection was cut on purpose")
        self.reset = reset


class RequestHandler(WSGIRequestHandler):
    """Serves one connection: any number of requests, one after another."""

    protocol_version = "HTTP/1.1"
    # For a request line that cannot be read; the inherited HTTP/0.9 would send an error without its head.
    default_request_version = "HTTP/1.0"
    # Without this a reply whose head and body travel separately waits 40 ms for the client's acknowledgement.
    disable_nagle_algorithm = True
    # One packet for the head and a small body.
    wbufsize = 64 * 1024

    def handle(self) -> None:
        """Serve the connection, over TLS after the handshake: here, where it keeps nobody else waiting."""
        if isinstance(self.connection, ssl.SSLSocket):
            try:
                self.connection.do_handshake()
            except OSError as error:
                # The client does not trust us, or does not speak TLS at all.
                _log.debug("TLS handshake failed: %s", error)
                return
        super().handle()

    def handle_expect_100(self) -> bool:
        """Ask for the body at once; a client that expects this waits a second for it."""
        if not cast("HttpServer", self.server).answers_expect():
            return True
        going_on = super().handle_expect_100()
        self.wfile.flush()
        return going_on

    def run_wsgi(self) -> None:
        """Pass one request to the application and send its response."""
        self.environ = environ = self.make_environ()
        stream = cast("IO[bytes]", self.rfile)
        if environ.get("wsgi.input_terminated", False):
            body: LimitedStream | _ChunkedBody = _ChunkedBody(stream)
        else:
            length = self._content_length()
            if length is None:
                self.send_error(400, "The Content-Length is not a number")
                return
            body = LimitedStream(stream, length)
        environ["wsgi.input"] = body
        environ["wsgi.input_terminated"] = True
        response = _Response(self)
        chunks = self.server.app(environ, response.start)
        try:
            for chunk in chunks:
                response.write(chunk)
                self.wfile.flush()
            response.finish()
        except HangUp as order:
            self.close_connection = True
            response.abandon()
            if order.reset:
                cast("HttpServer", self.server).reset(self.connection)
        except ConnectionError:
            # The client has gone; there is nobody left to tell.
            self.close_connection = True
        finally:
            if hasattr(chunks, "close"):
                chunks.close()
        if not self.close_connection and not _skip(body):
            self.close_connection = True

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """Answer a request that does not reach the application, in the API's form; close the connection."""
        self.close_connection = True
        text = message or explain or self.responses[code][0]
        body = json.dumps(
            {
                "message": text,
                "error_code": "bad_request",
                "source": "iqm-server",
                "request_id": str(uuid.uuid4()),
            }
        ).encode()
        self.send_response(code)
        self.send_header("Connection", "close")
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Log one request, for whoever listens."""
        _log.debug("%s %s %s", self.requestline, code, size)

    def _content_length(self) -> int | None:
        text = self.headers.get("Content-Length", "0").strip()
        # Nobody sends more bytes than 18 digits can count, and int() refuses a few thousand of them.
        return int(text) if text.isascii() and text.isdigit() and len(text) <= 18 else None


class _ChunkedBody(DechunkedInput):
    """A chunked request body that tells a broken client from a broken server."""

    _broken = False

    def readinto(self, buf: bytearray) -> int:  # type: ignore[override]
        if self._broken:
            raise ClientDisconnected
        try:
            return super().readinto(buf)
        except OSError as error:
            self._broken = True
            raise ClientDisconnected(f"The chunked body is broken: {error}") from error


class _Response:
    """Writes one response in the form the application asks for."""

    def __init__(self, handler: RequestHandler) -> None:
        self._handler = handler
        self._status = ""
        self._headers: list[tuple[str, str]] = []
        self._head_sent = False
        self._chunked = False

    def start(
        self, status: str, headers: list[tuple[str, str]], _exc_info: ExcInfo | None = None, /
    ) -> Callable[[bytes], object]:
        self._status, self._headers = status, headers
        return self.write

    def write(self, data: bytes) -> None:
        self._send_head()
        if not data:
            return
        stream = self._handler.wfile
        if self._chunked:
            stream.write(b"%x\r\n%b\r\n" % (len(data), data))
        else:
            stream.write(data)

    def abandon(self) -> None:
        """Send what there is, and nothing more."""
        with contextlib.suppress(OSError):
            self._handler.wfile.flush()

    def finish(self) -> None:
        self._send_head()
        if self._chunked:
            self._handler.wfile.write(b"0\r\n\r\n")
        self._handler.wfile.flush()

    def _send_head(self) -> None:
        if self._head_sent:
            return
        self._head_sent = True
        handler = self._handler
        code, _, reason = self._status.partition(" ")
        handler.send_response(int(code), reason)
        names = set()
        for name, value in self._headers:
            handler.send_header(name, value)
            names.add(name.lower())
        bodiless = handler.command == "HEAD" or code in {"204", "304"}
        if "content-length" not in names and not bodiless:
            if handler.request_version >= "HTTP/1.1":
                self._chunked = True
                handler.send_header("Transfer-Encoding", "chunked")
            else:
                handler.close_connection = True
        if "connection" in names:
            pass
        elif handler.close_connection:
            handler.send_header("Connection", "close")
        elif handler.request_version == "HTTP/1.0":
            handler.send_header("Connection", "keep-alive")
        handler.end_headers()


def _skip(body: io.RawIOBase) -> bool:
    """Read what is left of a request body; return whether the connection is at the next request."""
    left = _SKIPPED_BODY
    try:
        while left > 0:
            data = body.read(65536)
            if not data:
                return True
            left -= len(data)
    except (ClientDisconnected, OSError):
        # The client gave up in the middle of its body, so no request can follow.
        pass
    return False


class HttpServer(ThreadedWSGIServer):
    """One thread per connection; closing it ends all connections and waits for their threads.

    Parameters
    ----------
    tls
        Serve HTTPS with this context; ``None`` serves HTTP.

    Raises
    ------
    OSError
        When it cannot listen there.
    """

    daemon_threads = False
    block_on_close = True

    def __init__(self, host: str, port: int, app: WSGIApplication, tls: ssl.SSLContext | None = None) -> None:
        self._connections: set[socket.socket] = set()
        self._connections_lock = threading.Lock()
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        # Werkzeug ends the process when it cannot bind; here that is an OSError like any other.
        with socket.create_server((host, port), family=family, backlog=_BACKLOG) as listening:
            super().__init__(host, port, app, handler=RequestHandler, fd=listening.fileno())
        self.answers_expect: Callable[[], bool] = lambda: True
        self._reset: set[socket.socket] = set()
        # Given to Werkzeug's constructor, it would shake hands with one client after another.
        self.ssl_context = tls

    def get_request(self) -> tuple[Any, Any]:
        """Accept a connection; its handshake is left to its own thread."""
        connection, address = super().get_request()
        if self.ssl_context is None:
            return connection, address
        try:
            return self.ssl_context.wrap_socket(
                connection, server_side=True, do_handshake_on_connect=False
            ), address
        except OSError:
            connection.close()
            raise

    def process_request(self, request: Any, client_address: Any) -> None:  # noqa: ANN401 - as in socketserver
        """Serve a new connection on a new thread."""
        with self._connections_lock:
            self._connections.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:  # noqa: ANN401 - as in socketserver
        """Forget a connection that has ended."""
        with self._connections_lock:
            self._connections.discard(request)
            reset = request in self._reset
            self._reset.discard(request)
        if reset:
            # Without the orderly end that comes first otherwise.
            self.close_request(request)
        else:
            super().shutdown_request(request)

    def reset(self, request: socket.socket) -> None:
        """End a connection by a reset, once its thread lets go of it."""
        request.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        with self._connections_lock:
            self._reset.add(request)

    def shutdown(self) -> None:
        """Stop accepting, at once: a listening socket that is shut down wakes the loop that waits on it."""
        self.socket.shutdown(socket.SHUT_RDWR)
        super().shutdown()

    def server_close(self) -> None:
        """End all connections and wait for their threads; responses under way are finished."""
        self._end_connections(socket.SHUT_RD)
        reaper = threading.Timer(_GRACE, self._end_connections, [socket.SHUT_RDWR])
        reaper.start()
        super().server_close()
        reaper.cancel()
        reaper.join()

    def _end_connections(self, direction: int) -> None:
        with self._connections_lock:
            for connection in self._connections:
                # A client that has gone has done this already.
                with contextlib.suppress(OSError):
                    # Not the method of a TLS socket: what is written after that would go out in clear text.
                    socket.socket.shutdown(connection, direction)
