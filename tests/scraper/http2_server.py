"""A server on loopback that speaks HTTP/2 to those who can, and refuses the others."""

from __future__ import annotations

import socket
import ssl

import h2.config
import h2.connection
import h2.events

from tests.scraper.lying_server import PAGE, LyingServer, answer


class Http2Server(LyingServer):
    """Answers with the page over HTTP/2, and with 403 over HTTP/1.1, as some hosts do."""

    def __init__(self) -> None:
        super().__init__()
        self.answers["/page"] = answer("403 Forbidden", {}, b"<html>No</html>")
        self.asked: list[dict[str, str]] = []
        """The headers of all requests over HTTP/2, but for robots.txt."""
        self.leaves = 0
        """How many of them it does not answer, but takes its leave."""

    def _answer(self, stream: socket.socket) -> None:
        if not isinstance(stream, ssl.SSLSocket) or stream.selected_alpn_protocol() != "h2":
            super()._answer(stream)
            return
        connection = h2.connection.H2Connection(h2.config.H2Configuration(client_side=False))
        connection.initiate_connection()
        stream.sendall(connection.data_to_send())
        while data := stream.recv(65536):
            for event in connection.receive_data(data):
                if isinstance(event, h2.events.RequestReceived):
                    self._respond(connection, event)
            stream.sendall(connection.data_to_send())

    def _respond(
        self, connection: h2.connection.H2Connection, event: h2.events.RequestReceived
    ) -> None:
        headers = {name.decode(): value.decode() for name, value in event.headers or []}
        if headers[":path"] == "/robots.txt":
            connection.send_headers(event.stream_id, [(":status", "404")], end_stream=True)
            return
        self.asked.append(headers)
        if len(self.asked) <= self.leaves:
            connection.close_connection(last_stream_id=event.stream_id)
            return
        connection.send_headers(event.stream_id, [(":status", "200")])
        connection.send_data(event.stream_id, PAGE, end_stream=True)
