import httpx

from engine.clock import wall
from engine.messages import QuestionAsked, Said
from engine.store import Store

PITCH = {"title": "Cups", "text": "Good morning. Our cups keep tea warm. Will you try one?", "notes": "30 euros."}
SENTENCES = [
    {"index": 1, "text": "Good morning."},
    {"index": 2, "text": "Our cups keep tea warm."},
    {"index": 3, "text": "Will you try one?"},
]


async def test_a_pitch_is_added_listed_changed_and_removed(api: httpx.AsyncClient) -> None:
    added = await api.post("/api/v1/pitches", json=PITCH)
    assert added.status_code == 201
    assert added.json() | {"id": "", "created": "", "updated": ""} == {
        "id": "",
        **PITCH,
        "sentences": SENTENCES,
        "created": "",
        "updated": "",
    }
    address = added.headers["location"]
    assert address == f"/api/v1/pitches/{added.json()['id']}"
    assert (await api.get("/api/v1/pitches")).json() == [added.json()]

    changed = await api.put(address, json={"text": "Buy cups."})
    assert changed.status_code == 200
    assert changed.json()["sentences"] == [{"index": 1, "text": "Buy cups."}]
    assert changed.json()["title"] == "Cups"
    assert (await api.get(address)).json() == changed.json()

    removed = await api.delete(address)
    assert (removed.status_code, removed.content) == (204, b"")
    for answer in (await api.get(address), await api.put(address, json=PITCH), await api.delete(address)):
        assert (answer.status_code, answer.json()) == (404, {"detail": "Pitch not found"})


async def test_notes_may_be_left_out(api: httpx.AsyncClient) -> None:
    added = await api.post("/api/v1/pitches", json={"title": "Cups", "text": "Buy cups."})
    assert (added.status_code, added.json()["notes"]) == (201, "")


async def test_questions_are_read_and_forgotten(api: httpx.AsyncClient, store: Store) -> None:
    pitch, other = store.add_pitch("Cups", "Buy cups."), store.add_pitch("Plates", "Buy plates.")
    kept = store.add_question(pitch.id, QuestionAsked(text="How much?", answer="30 euros.", answered=True))

    questions = await api.get(f"/api/v1/pitches/{pitch.id}/questions")
    assert [{**question, "asked": ""} for question in questions.json()] == [
        {
            "id": kept.id,
            "text": "How much?",
            "answer": "30 euros.",
            "answered": True,
            "asked": "",
            "generated": False,
            "why": "",
            "sentence": "",
        }
    ]
    assert (await api.delete(f"/api/v1/pitches/{other.id}/questions/{kept.id}")).status_code == 404
    assert (await api.delete(f"/api/v1/pitches/{pitch.id}/questions/{kept.id}")).status_code == 204
    assert (await api.get(f"/api/v1/pitches/{pitch.id}/questions")).json() == []
    assert (await api.get("/api/v1/pitches/nope/questions")).status_code == 404


async def test_meetings_and_their_transcripts_are_read(api: httpx.AsyncClient, store: Store) -> None:
    pitch = store.add_pitch("Cups", "Buy cups.")
    meeting = store.begin_meeting("pitch", pitch.id)
    store.set_place(meeting.id, 1, False)
    store.add_line(meeting.id, Said(speaker="agent", text="Buy cups.", start=0.0, end=1.5, mark=1), wall())

    (listed,) = (await api.get(f"/api/v1/pitches/{pitch.id}/meetings")).json()
    assert (listed["id"], listed["scenario"], listed["mark"], listed["finished"]) == (meeting.id, "pitch", 1, False)
    (line,) = (await api.get(f"/api/v1/meetings/{meeting.id}/transcript")).json()
    assert (line["speaker"], line["text"], line["end"], line["mark"]) == ("agent", "Buy cups.", 1.5, 1)
    assert (await api.get("/api/v1/meetings/nope/transcript")).json() == {"detail": "Meeting not found"}
    assert (await api.get("/api/v1/pitches/nope/meetings")).status_code == 404


async def test_health_is_as_documented(api: httpx.AsyncClient) -> None:
    realtime = await api.get("/api/v1/streaming/realtime/health")
    assert realtime.json() == {"status": "healthy", "service": "realtime", "version": "1.0.0"}
    assert (await api.get("/health")).json()["status"] == "healthy"


FORMS = ("json", "md", "pdf", "srt", "vtt", "csv", "wav")
"""Of a session's export."""


async def test_the_openapi_page_describes_every_route_and_loads_nothing_from_elsewhere(api: httpx.AsyncClient) -> None:
    described = (await api.get("/openapi.json")).json()
    assert set(described["paths"]) == {
        "/api/v1/pitches",
        "/api/v1/pitches/{pitch_id}",
        "/api/v1/pitches/{pitch_id}/questions",
        "/api/v1/pitches/{pitch_id}/questions/{question_id}",
        "/api/v1/pitches/{pitch_id}/meetings",
        "/api/v1/pitches/{pitch_id}/takes",
        "/api/v1/takes/{take_id}",
        "/api/v1/export",
        "/api/v1/meetings",
        "/api/v1/meetings/{meeting_id}",
        "/api/v1/meetings/{meeting_id}/transcript",
        "/api/v1/meetings/{meeting_id}/transcript.txt",
        "/api/v1/meetings/{meeting_id}/audio",
        "/api/v1/sessions",
        "/api/v1/sessions/{session_id}",
        "/api/v1/sessions/{session_id}/report",
        "/api/v1/sessions/{session_id}/lines/{line}",
        "/api/v1/sessions/{session_id}/swap",
        "/api/v1/sessions/{session_id}/audio",
        *(f"/api/v1/sessions/{{session_id}}/export.{form}" for form in FORMS),
        "/api/v1/personas",
        "/api/v1/personas/file",
        "/api/v1/personas/{persona_id}/file",
        "/api/v1/personas/{persona_id}",
        "/api/v1/personas/{persona_id}/copy",
        "/save_pitch",
        "/health",
        "/api/v1/streaming/realtime/health",
    }
    for path in described["paths"].values():
        for operation in path.values():
            assert operation["summary"]
            assert operation["tags"]
    assert (await api.get("/redoc")).status_code == 404
