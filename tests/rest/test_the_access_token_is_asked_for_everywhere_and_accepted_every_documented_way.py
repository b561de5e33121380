from collections.abc import Callable

import pytest
from starlette.testclient import TestClient, WebSocketDenialResponse

MakeClient = Callable[..., TestClient]
TOKEN = "open sesame & co"
HTML = {"accept": "text/html,application/xhtml+xml"}


@pytest.fixture
def client(make_client: MakeClient) -> TestClient:
    return make_client(access_token=TOKEN)


def speaks(client: TestClient, path: str = "/ws/pitch", **more: object) -> bool:
    with client.websocket_connect(path, **more) as socket:
        socket.send_text("hello")
        return bool(socket.receive_text() == "hello")


def test_without_it_an_api_client_gets_a_401_in_json(client: TestClient) -> None:
    for path in ("/api/v1/pitches", "/save_pitch", "/openapi.json", "/_nicegui/anything.js", "/api/nope"):
        answer = client.get(path)
        assert answer.status_code == 401
        assert answer.json() == {"detail": "This server asks for its access token."}
        assert answer.headers["www-authenticate"] == "Bearer"


@pytest.mark.parametrize("path", ["/ws/pitch", "/_nicegui_ws/socket.io/", "/ws/pitch?token=wrong", "/nowhere"])
def test_without_it_a_websocket_gets_a_401_at_its_handshake(client: TestClient, path: str) -> None:
    with pytest.raises(WebSocketDenialResponse) as refused, client.websocket_connect(path):
        pass
    assert refused.value.status_code == 401


def test_health_needs_none(client: TestClient) -> None:
    assert client.get("/health", headers=HTML).status_code == 200
    assert client.get("/api/v1/streaming/realtime/health").status_code == 200


def test_it_is_taken_as_bearer_and_from_the_query(client: TestClient) -> None:
    bearer = {"authorization": f"Bearer {TOKEN}"}
    assert client.get("/api/v1/pitches", headers=bearer).status_code == 200
    assert client.get("/api/v1/pitches", params={"token": TOKEN}).status_code == 200
    assert speaks(client, headers=bearer)
    assert speaks(client, "/ws/pitch?token=open+sesame+%26+co")
    assert speaks(client, "/ws/pitch?key=open+sesame+%26+co"), "as hosted clients of vocode name it"


@pytest.mark.parametrize("wrong", ["Bearer wrong", "Bearer", "", f"Basic {TOKEN}", f"Bearer {TOKEN}x", "Bearer é"])
def test_a_wrong_one_is_refused(client: TestClient, wrong: str) -> None:
    answer = client.get("/api/v1/pitches", headers={"authorization": wrong.encode("latin-1")})
    assert answer.status_code == 401


def test_a_browsers_socket_offers_it_as_a_subprotocol_and_hears_bearer_back(make_client: MakeClient) -> None:
    for client in (make_client(access_token="sesame"), make_client()):
        with client.websocket_connect("/ws/pitch", subprotocols=["bearer", "sesame"]) as socket:
            assert socket.accepted_subprotocol == "bearer"
            socket.send_text("hello")
            assert socket.receive_text() == "hello"


def test_a_page_is_led_to_the_login_and_back(client: TestClient) -> None:
    asked = client.get("/pitch/rostrum?mark=3", headers=HTML)
    assert (asked.status_code, asked.headers["location"]) == (303, "/login?next=%2Fpitch%2Frostrum%3Fmark%3D3")
    form = client.get(asked.headers["location"])
    assert 'name="next" value="/pitch/rostrum?mark=3"' in form.text

    wrong = client.post("/login", data={"token": "guess", "next": "/pitch/rostrum?mark=3"})
    assert wrong.status_code == 401
    assert 'value="/pitch/rostrum?mark=3"' in wrong.text
    assert "set-cookie" not in wrong.headers
    assert TOKEN not in wrong.text

    right = client.post("/login", data={"token": TOKEN, "next": "/pitch/rostrum?mark=3"})
    assert (right.status_code, right.headers["location"]) == (303, "/pitch/rostrum?mark=3")
    cookie = right.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "samesite=lax" in cookie.lower()
    assert TOKEN not in cookie
    assert client.get("/api/v1/pitches").status_code == 200
    assert speaks(client, headers={"cookie": cookie.partition(";")[0]})


def test_a_token_in_a_pages_address_becomes_the_cookie(client: TestClient) -> None:
    answer = client.get("/pitch/x", params={"mark": 2, "token": TOKEN}, headers=HTML)
    assert (answer.status_code, answer.headers["location"]) == (303, "/pitch/x?mark=2")
    assert client.get("/api/v1/pitches").status_code == 200


def test_the_cookie_of_another_token_is_worth_nothing(make_client: MakeClient) -> None:
    first, second = make_client(access_token="one"), make_client(access_token="two")
    first.post("/login", data={"token": "one"})
    stolen = first.cookies["rostrum_access"]
    assert first.get("/api/v1/pitches").status_code == 200
    assert second.get("/api/v1/pitches", headers={"cookie": f"rostrum_access={stolen}"}).status_code == 401


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example", "//evil.example", "/\\evil.example", "evil", "/login", "/\n"]
)
def test_the_login_leads_nowhere_else(client: TestClient, elsewhere: str) -> None:
    answer = client.post("/login", data={"token": TOKEN, "next": elsewhere})
    assert answer.headers["location"] == "/"


def test_the_login_is_not_a_way_to_inject_or_to_flood(client: TestClient) -> None:
    assert "<script>" not in client.get("/login", params={"next": '/"><script>alert(1)</script>'}).text
    flood = client.post("/login", content=f"token={TOKEN}&next=/" + "x" * 10_000)
    assert flood.status_code == 401
    assert client.delete("/login").status_code == 405


def test_a_preflight_carries_no_token_and_a_refusal_can_be_read(client: TestClient) -> None:
    origin = {"origin": "http://localhost:5173"}
    preflight = client.options("/api/v1/pitches", headers=origin | {"access-control-request-method": "POST"})
    assert preflight.status_code == 200
    refused = client.get("/api/v1/pitches", headers=origin)
    assert (refused.status_code, refused.headers["access-control-allow-origin"]) == (401, origin["origin"])


def test_where_no_token_is_set_there_is_no_login(make_client: MakeClient) -> None:
    assert make_client().get("/login").status_code == 404
