"""`/api/conversation`: a talk over JSON and binary frames, in the union of its clients' dialects
(`conversation_codec`), and its calls over HTTP (`conversation_rest`)."""

from __future__ import annotations

import asyncio
from collections import deque
from dataclasses import replace
from typing import TYPE_CHECKING

from starlette.routing import BaseRoute, WebSocketRoute

from engine import clock
from engine.errors import BadInput, RostrumError, TooLarge
from engine.limits import Limits
from engine.messages import (
    Clip,
    Input,
    LineBegan,
    MicAudio,
    Output,
    Pause,
    Returned,
    State,
    StateChanged,
    TalkPressed,
    TalkReleased,
    Typed,
)
from engine.playout import Delivery
from engine.studio import Options
from engine.wire import conversation_rest, socket
from engine.wire.conversation_codec import ConversationCodec
from engine.wire.course import Course
from engine.wire.outbox import Outbox

if TYPE_CHECKING:
    from starlette.websockets import WebSocket

    from engine.meetings import Meeting
    from engine.studio import Studio

SORT = "conversation"
PATHS = ("/api/conversation", "/api/audio/conversation", "/audio")
DELIVERY = Delivery(chunk=0.2, lead=0.5, allowance=0.25)
"""Clients report nothing and play each piece as it comes."""
LIMITS = Limits(paused=None)
"""None: its pages stay open between recordings, and know nothing of a server that speaks up by itself."""
LULL = 0.5
"""Seconds without audio after which what comes next is another upload."""
REACTS = 0.5
"""Seconds from the beginning of an answer within which nobody has heard it, and written and sent something else."""
WAITING = 16
"""Texts that may wait for the answer to what came before."""


class Visit:
    """One client with its conversation: the face that hears the outputs, and what its inputs go through. A text waits
    for an answer that has not begun, and what `stop` is answered with waits for all answers."""

    def __init__(self, codec: ConversationCodec) -> None:
        self.outbox = Outbox(codec)
        self._codec = codec
        self._course = Course()
        self._meeting: Meeting | None = None
        self._texts: deque[Typed] = deque()
        self._stops = 0
        self._changed_at = 0.0
        """When the conversation's state last changed."""
        self._timer: asyncio.TimerHandle | None = None

    def join(self, meeting: Meeting) -> None:
        self._meeting = meeting
        self._codec.session = meeting.id

    def hand_in(self) -> None:
        """What waits has its turn now: it was acknowledged, and the client may come back."""
        while self._texts:
            self._post(self._texts.popleft())

    def leave(self) -> None:
        """Nothing more is posted."""
        self._meeting = None
        if self._timer:
            self._timer.cancel()

    def put(self, output: Output) -> None:
        if isinstance(output, LineBegan):  # text that has begun is not stale, whatever becomes of its audio
            for frame in self._codec.encode(output):
                self.outbox.tell(frame)
        else:
            self.outbox.put(output)
        self._course.follow(output)
        if isinstance(output, StateChanged):
            self._changed_at = clock.now()
            self._go_on()

    def part(self, reason: str, *, broken: bool = False) -> None:
        self.outbox.part(reason, broken=broken)

    def post(self, message: Input) -> None:
        """Raises BadInput, TooLarge: see `Conversation.post`."""
        if isinstance(message, (MicAudio, Clip)):
            self._listen_for_a_lull()
        else:
            self._lull()
        match message:
            case Pause():
                self._stop()
            case Typed() if self._texts or self._answer_is_unheard:
                if len(self._texts) >= WAITING:
                    raise TooLarge(f"{WAITING} messages are waiting to be answered: wait for a response")
                self._texts.append(message)
            case _:
                self._post(message)
        self._go_on()

    @property
    def _answer_is_unheard(self) -> bool:
        """An answer is due that whoever writes cannot have meant to cut in on: it would be lost."""
        begun = self._course.state is State.SPEAKING and clock.now() < self._changed_at + REACTS
        return self._course.awaited or self._course.state is State.THINKING or begun

    def _post(self, message: Input) -> None:
        if self._meeting:
            before = replace(self._course)
            self._course.posting(message)
            try:
                self._meeting.take(message, self)
            except BadInput:
                self._course.awaited, self._course.unfinished = before.awaited, before.unfinished
                raise

    def _stop(self) -> None:
        """What was said so far is all of it."""
        if self._course.unfinished and self._course.state in (State.IDLE, State.LISTENING, State.ENDED):
            self._post(TalkPressed())
            self._post(TalkReleased())
        self._stops += 1

    def _go_on(self) -> None:
        while self._texts and self._course.settled and self._meeting:
            self._post(self._texts.popleft())
        if self._course.settled and not self._texts:
            for _ in range(self._stops):
                self.outbox.tell(self._codec.ack("Conversation stopped"))
            self._stops = 0

    def _listen_for_a_lull(self) -> None:
        if self._timer:
            self._timer.cancel()
        self._timer = asyncio.get_running_loop().call_later(LULL, self._lull)

    def _lull(self) -> None:
        for frame in self._codec.lull():
            self.outbox.tell(frame)


def routes(studio: Studio) -> list[BaseRoute]:
    """`/api/conversation` and what goes with it, all under every path that its clients know."""
    visits: set[Visit] = set()

    async def conversation(websocket: WebSocket) -> None:
        codec = ConversationCodec()

        async def refuse(error: RostrumError) -> None:
            await socket.send(websocket, codec.refuse(error))

        async with socket.opened(websocket, refuse):
            visit = Visit(codec)
            visits.add(visit)
            try:
                await _visit(studio, websocket, codec, visit)
            finally:
                visit.leave()
                visits.discard(visit)

    sockets = [WebSocketRoute(path, conversation, name=f"conversation {path}") for path in PATHS]
    return [*sockets, *conversation_rest.routes(studio, lambda: len(visits))]


async def _visit(studio: Studio, websocket: WebSocket, codec: ConversationCodec, visit: Visit) -> None:
    query = websocket.query_params
    joining = studio.talk(
        visit,
        sort=SORT,
        delivery=DELIVERY,
        persona=await conversation_rest.partner(studio, query.get("persona")),
        id=query.get("conversation"),
        opts=Options(limits=LIMITS, record=socket.records(websocket)),
    )
    async with joining as (meeting, returned):
        visit.join(meeting)
        if returned:
            meeting.post(Returned())
        by_accident = await socket.serve(websocket, codec, visit.outbox, visit.post)
        if by_accident:
            visit.hand_in()
        visit.leave()
        meeting.go(visit, for_good=not by_accident)
