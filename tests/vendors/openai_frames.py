"""What OpenAI's server sends and takes, each frame checked with the SDK's own types, which are strict when asked."""

from __future__ import annotations

import json
from functools import cache
from itertools import count
from typing import get_args

from openai.types.audio import TranscriptionStreamEvent
from openai.types.audio.speech_create_params import SpeechCreateParams
from openai.types.chat import ChatCompletionChunk
from openai.types.chat.completion_create_params import CompletionCreateParamsStreaming
from openai.types.realtime import RealtimeClientEvent, RealtimeServerEvent
from openai.types.responses import ResponseStreamEvent
from openai.types.responses.response_create_params import ResponseCreateParamsStreaming
from pydantic import TypeAdapter

_numbers = count(1)


def _members(union):
    """The classes of a discriminated union, by their `type`."""
    inner = get_args(union)[0] if hasattr(union, "__metadata__") else union
    return {get_args(each.model_fields["type"].annotation)[0]: each for each in get_args(inner)}


@cache
def _by_type(name):
    unions = {
        "transcript": TranscriptionStreamEvent,
        "responses": ResponseStreamEvent,
        "realtime client": RealtimeClientEvent,
        "realtime server": RealtimeServerEvent,
    }
    return _members(unions[name])


def checked(kind: str, value: dict) -> dict:
    """`value`, an event of one of the vendor's unions; raises where it is none."""
    known = _by_type(kind)[value["type"]]
    known.model_validate(value, strict=True)
    unknown = value.keys() - known.model_fields.keys()
    assert not unknown, f"{value['type']} has no {unknown}"
    return value


@cache
def _adapter(params):
    return TypeAdapter(params)


def checked_request(kind: str, body: dict) -> dict:
    """The body of a request, checked with the SDK's parameters; a field that they do not know is an error."""
    params = {"chat": CompletionCreateParamsStreaming, "responses": ResponseCreateParamsStreaming}.get(
        kind, SpeechCreateParams
    )
    _adapter(params).validate_python(body)
    allowed = params.__required_keys__ | params.__optional_keys__
    assert body.keys() <= allowed, body.keys() - allowed
    return body


def sse(value: dict | str, event: str = "") -> bytes:
    """A server-sent event."""
    data = value if isinstance(value, str) else json.dumps(value)
    return (f"event: {event}\n" if event else "").encode() + f"data: {data}\n\n".encode()


def chunk(delta, finish_reason=None):
    """One chunk of a chat completion."""
    value = {
        "id": "chatcmpl-1",
        "object": "chat.completion.chunk",
        "created": 1764000000,
        "model": "test-model",
        "choices": [{"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish_reason}],
    }
    ChatCompletionChunk.model_validate(value, strict=True)
    return value


def reply(*texts, finish_reason="stop"):
    """The events of a whole chat completion."""
    chunks = [chunk({"role": "assistant", "content": ""}), *(chunk({"content": text}) for text in texts)]
    return [*map(json.dumps, [*chunks, chunk({}, finish_reason)]), "[DONE]"]


def response_events(*texts, status="completed", error=None):
    """The events of a whole response, in the vendor's order."""
    text = "".join(texts)
    part = {"type": "output_text", "text": text, "annotations": [], "logprobs": []}
    item = {"id": "msg_1", "type": "message", "role": "assistant", "status": "completed", "content": [part]}
    where = {"item_id": "msg_1", "output_index": 0, "content_index": 0}
    events = [
        {"type": "response.created", "response": _response("in_progress")},
        {"type": "response.in_progress", "response": _response("in_progress")},
        {
            "type": "response.output_item.added",
            "output_index": 0,
            "item": item | {"content": [], "status": "in_progress"},
        },
        {"type": "response.content_part.added", "part": part | {"text": ""}} | where,
        *({"type": "response.output_text.delta", "delta": each, "logprobs": []} | where for each in texts),
        {"type": "response.output_text.done", "text": text, "logprobs": []} | where,
        {"type": "response.content_part.done", "part": part} | where,
        {"type": "response.output_item.done", "output_index": 0, "item": item},
        {"type": f"response.{status}", "response": _response(status, [item], error)},
    ]
    return [checked("responses", event | {"sequence_number": number}) for number, event in enumerate(events)]


def _response(status, output=(), error=None):
    return {
        "id": "resp_1",
        "object": "response",
        "created_at": 1764000000.0,
        "status": status,
        "model": "test-model",
        "output": list(output),
        "parallel_tool_calls": True,
        "tool_choice": "auto",
        "tools": [],
        "error": error,
    }


def server_event(kind: str, **fields) -> dict:
    """An event of a Realtime session, numbered."""
    return checked("realtime server", {"type": kind, "event_id": f"event_{next(_numbers)}"} | fields)


def client_event(text: str) -> dict:
    """What a client sent on a Realtime session."""
    return checked("realtime client", json.loads(text))


def new_id(kind: str) -> str:
    return f"{kind}_{next(_numbers)}"


def response_of(response: str, status: str, details: dict | None = None) -> dict:
    """A response of a Realtime session, as its events tell of it."""
    made = {"id": response, "object": "realtime.response", "status": status, "output": []}
    return made | ({"status_details": details} if details else {})
