from collections.abc import Callable

import pytest
from starlette.testclient import TestClient, WebSocketDenialResponse

MakeClient = Callable[..., TestClient]
PITCH = {"title": "Cups", "text": "Buy cups."}
EVIL = "https://evil.example"


def speaks(client: TestClient, headers: dict[str, str]) -> bool:
    with client.websocket_connect("/ws/pitch", headers=headers) as socket:
        socket.send_text("hello")
        return bool(socket.receive_text() == "hello")


def handshake_refusal(client: TestClient, headers: dict[str, str]) -> int:
    with pytest.raises(WebSocketDenialResponse) as refused, client.websocket_connect("/ws/pitch", headers=headers):
        pass
    return int(refused.value.status_code)


@pytest.mark.parametrize("host", ["localhost:8000", "127.0.0.1:3000", "[::1]:8000", "LOCALHOST", "studio.example:80"])
def test_names_of_this_server_get_in(make_client: MakeClient, host: str) -> None:
    client = make_client(allowed_origins="https://studio.example")
    assert client.get("/health", headers={"host": host}).status_code == 200
    assert speaks(client, {"host": host})


@pytest.mark.parametrize(
    "host",
    ["evil.example", "localhost.evil.example", "127.0.0.1.nip.io:8000", "localhost@evil.example", "", "192.168.1.7"],
)
def test_a_name_that_somebody_else_pointed_here_does_not(make_client: MakeClient, host: str) -> None:
    client = make_client()
    answer = client.get("/health", headers={"host": host})
    assert (answer.status_code, answer.headers["content-type"]) == (403, "application/json")
    assert handshake_refusal(client, {"host": host}) == 403


def test_a_server_open_to_the_network_goes_by_its_addresses_but_not_by_any_name(make_client: MakeClient) -> None:
    client = make_client(host="0.0.0.0", allow_open=True)
    assert client.get("/health", headers={"host": "192.168.1.7:8000"}).status_code == 200
    assert client.get("/health", headers={"host": "evil.example"}).status_code == 403


@pytest.mark.parametrize(
    "origin",
    ["http://localhost:5173", "http://127.0.0.1:3000", "http://localhost", "https://localhost:8443", "http://[::1]:9"],
)
def test_pages_of_this_machine_may_use_it_and_read_the_answers(make_client: MakeClient, origin: str) -> None:
    client = make_client()
    answer = client.post("/api/v1/pitches", json=PITCH, headers={"origin": origin})
    assert answer.status_code == 201
    assert answer.headers["access-control-allow-origin"] == origin
    preflight = client.options(
        "/api/v1/pitches",
        headers={
            "origin": origin,
            "access-control-request-method": "PUT",
            "access-control-request-headers": "content-type, authorization",
        },
    )
    assert preflight.status_code == 200
    assert preflight.headers["access-control-allow-origin"] == origin
    assert "PUT" in preflight.headers["access-control-allow-methods"]
    assert "authorization" in preflight.headers["access-control-allow-headers"]
    assert speaks(client, {"origin": origin})


@pytest.mark.parametrize(
    "origin",
    [
        EVIL,
        "null",
        "http://localhost.evil.example",
        "http://evil.example:8000",
        "file://",
        "http://localhost:8000x",
        "",
    ],
)
def test_pages_from_elsewhere_can_neither_change_nor_read_nor_talk(make_client: MakeClient, origin: str) -> None:
    client = make_client()
    for method in ("POST", "PUT", "DELETE", "PATCH"):
        refused = client.request(method, "/api/v1/pitches", json=PITCH, headers={"origin": origin})
        assert refused.status_code == 403
    read = client.get("/api/v1/pitches", headers={"origin": origin})
    assert read.json() == []
    preflight = client.options("/api/v1/pitches", headers={"origin": origin, "access-control-request-method": "POST"})
    assert preflight.status_code == 400
    for answer in (refused, read, preflight):
        assert "access-control-allow-origin" not in answer.headers
    assert handshake_refusal(client, {"origin": origin}) == 403


def test_programs_send_no_origin_and_may(make_client: MakeClient) -> None:
    client = make_client()
    assert client.post("/api/v1/pitches", json=PITCH).status_code == 201
    assert speaks(client, {})


def test_its_own_pages_may_under_any_of_its_names(make_client: MakeClient) -> None:
    client = make_client(host="0.0.0.0", allow_open=True)
    own = {"host": "192.168.1.7:8000", "origin": "http://192.168.1.7:8000"}
    assert client.post("/api/v1/pitches", json=PITCH, headers=own).status_code == 201
    assert speaks(client, own)
    assert handshake_refusal(client, {**own, "origin": "http://192.168.1.7:9000"}) == 403


def test_allowed_origins_widen_and_a_star_opens(make_client: MakeClient) -> None:
    for allowed in (EVIL, "*"):
        client = make_client(allowed_origins=allowed)
        answer = client.post("/api/v1/pitches", json=PITCH, headers={"origin": EVIL})
        assert answer.headers["access-control-allow-origin"] in {EVIL, "*"}
        assert speaks(client, {"origin": EVIL})
    assert handshake_refusal(make_client(allowed_origins=EVIL), {"origin": "https://other.example"}) == 403


def test_answers_carry_the_security_headers(make_client: MakeClient) -> None:
    client = make_client(access_token="open sesame")
    page = client.get("/login")
    assert "default-src 'self'" in page.headers["content-security-policy"]
    assert page.headers["permissions-policy"] == "microphone=(self)"
    assert page.headers["referrer-policy"] == "same-origin"
    assert client.get("/health").headers["x-content-type-options"] == "nosniff"
