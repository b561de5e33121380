"""What can go wrong with a vendor, as one value that every emulator understands. All off: it works."""

from __future__ import annotations

from dataclasses import dataclass

HTML = "<html><body><h1>502 Bad Gateway</h1>sk-secret-in-a-page</body></html>"
"""What a proxy answers for a vendor that is down."""


@dataclass
class Faults:
    """Seconds, and pieces (chunks of audio, transcripts) sent before something happens. Change it while it runs: each
    connection looks when it gets there. `times`: how many connections misbehave before all is well; None: all."""

    unauthorized: bool = False
    rate_limited: float | None = None
    """Too many requests; try again after so many seconds."""
    server_error: bool = False
    bad_gateway_html: bool = False
    slow_headers: float = 0.0
    """Before the head of the answer, or the end of the handshake."""
    slow_first_byte: float = 0.0
    stall: int | None = None
    """After so many pieces nothing more comes, with the connection left open."""
    cut: int | None = None
    """After so many pieces the connection breaks."""
    clean_early_end: int | None = None
    """After so many pieces it ends as if all had been said."""
    malformed_frame: bool = False
    """Something that is not of the protocol comes before the first piece."""
    error_event: bool = False
    """The protocol's own message of an error, instead of the first piece."""
    silent_peer: bool = False
    """The connection opens, and nothing is ever answered, not even its closing."""
    idle_close: float | None = None
    """So many seconds without anything from the client end the connection, as the vendor does it."""
    session_limit: float | None = None
    """The connection ends after so many seconds, as the vendor does it."""
    times: int | None = None

    def strikes(self) -> bool:
        """Whether a new connection misbehaves; counts it."""
        if self.times is None:
            return True
        self.times -= 1
        return self.times >= 0

    @property
    def status(self) -> int | None:
        """With which HTTP status a request or handshake is refused, if it is."""
        if self.unauthorized:
            return 401
        if self.rate_limited is not None:
            return 429
        if self.server_error:
            return 500
        return 502 if self.bad_gateway_html else None
