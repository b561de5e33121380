"""Who gets into the authenticated conversation: with a JSON Web Token signed with SECRET_KEY, by any of three ways."""

from __future__ import annotations

import base64
import json
import time

import jwt
import pytest
import websockets
from pydantic import SecretStr

from engine.wire import tokens
from tests.wire.realtime import PATH, connected
from tests.wire.serving import serving

KEY = "a key of the tests that is long enough to sign with"
OTHER = "another key of the tests that is long enough to sign with"
GOOD = tokens.issue("ann", 1, SecretStr(KEY))


def signed(claims, key=KEY, algorithm="HS256"):
    return jwt.encode(claims, key, algorithm)


def unsigned(claims):
    parts = ({"alg": "none", "typ": "JWT"}, claims)
    return ".".join(base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in parts) + "."


NOW = int(time.time())
WRONG = {
    "a wrong signature": signed({"sub": "ann", "exp": NOW + 60}, OTHER),
    "expired": signed({"sub": "ann", "exp": NOW - 1}),
    "not valid yet": signed({"sub": "ann", "nbf": NOW + 3600}),
    "no algorithm": unsigned({"sub": "ann"}),
    "another algorithm": signed({"sub": "ann"}, algorithm="HS512"),
    "no user": signed({"exp": NOW + 60}),
    "an empty user": signed({"sub": ""}),
    "a user that is no text": signed({"sub": 5}),
    "no token": "nonsense",
    "half a token": GOOD[: len(GOOD) // 2],
    "a changed token": GOOD[:-4] + ("AAAA" if GOOD[-4:] != "AAAA" else "BBBB"),
    "a very long one": "A" * 4000,
}


def bearer(token):
    return {"additional_headers": {"Authorization": f"Bearer {token}"}}


async def refused(server, path=PATH, **more):
    """The reason of a 401 at the handshake."""
    with pytest.raises(websockets.InvalidStatus) as refusal:
        async with connected(server, path, **more):
            pass
    assert refusal.value.response.status_code == 401
    assert refusal.value.response.headers["WWW-Authenticate"] == "Bearer"
    return json.loads(refusal.value.response.body)["detail"]


async def talks(server, path=PATH, **more):
    async with connected(server, path, **more) as client:
        await client.send("ping", ping={"timestamp": 1})
        assert (await client.next())["type"] == "pong"
        return client.socket.subprotocol


async def test_a_valid_token_is_taken_in_every_documented_way(tmp_path):
    async with serving(tmp_path, secret_key=KEY) as server:
        for path in (PATH, "/api/v1/realtime"):
            await talks(server, path, **bearer(GOOD))
            await talks(server, f"{path}?token={GOOD}")
            await talks(server, f"{path}?access_token={GOOD}")
            assert await talks(server, path, subprotocols=["bearer", GOOD]) == "bearer"


@pytest.mark.parametrize("wrong", WRONG)
async def test_a_wrong_token_is_a_401_at_the_handshake(tmp_path, wrong):
    async with serving(tmp_path, secret_key=KEY) as server:
        for path in (PATH, "/api/v1/realtime"):
            detail = await refused(server, path, **bearer(WRONG[wrong]))
            assert "token" in detail
            assert await refused(server, f"{path}?token={WRONG[wrong]}") == detail
        await refused(server, subprotocols=["bearer", WRONG[wrong]])


async def test_the_reason_is_said(tmp_path):
    async with serving(tmp_path, secret_key=KEY) as server:
        assert await refused(server) == "a token is asked for here: as bearer, ?token= or subprotocol"
        assert await refused(server, **bearer(WRONG["expired"])) == "this token has expired"
        assert '"sub" is missing' in await refused(server, **bearer(WRONG["no user"]))
        assert await refused(server, additional_headers={"Authorization": "Basic YTpi"})


async def test_without_a_key_nobody_gets_in_and_it_says_why(tmp_path):
    async with serving(tmp_path) as server:
        for more in ({}, bearer(GOOD), bearer(signed({"sub": "ann"}, "x"))):
            assert "SECRET_KEY is not set" in await refused(server, **more)
        await talks(server, f"{PATH}/ann")


async def test_where_an_access_token_is_asked_for_too_a_users_token_is_enough(tmp_path):
    """One header cannot bear both."""
    async with serving(tmp_path, secret_key=KEY, access_token="sesame") as server:
        await talks(server, **bearer(GOOD))
        await talks(server, subprotocols=["bearer", GOOD])
        await talks(server, f"{PATH}?token={GOOD}", **bearer("sesame"))
        await refused(server, **bearer("sesame"))  # names nobody
        await refused(server, **bearer(WRONG["expired"]))
        await refused(server, f"{PATH}/ann", **bearer(GOOD))  # there the access token is asked for
        await talks(server, f"{PATH}/ann", **bearer("sesame"))
        await refused(server, "/ws/pitch", **bearer(GOOD))


async def test_a_conversation_is_gone_back_to_by_its_user_only(tmp_path):
    async with serving(tmp_path, secret_key=KEY) as server:
        ann, bob = bearer(GOOD), bearer(tokens.issue("bob", 1, SecretStr(KEY)))
        async with connected(server, PATH, **ann) as client:
            id = (await client.update())["id"]
            await client.type("my secret is Ermintrude")
            await client.until("response.done")
            client.socket.transport.abort()
        for path, whose in ((PATH, bob), (f"{PATH}/ann", {}), (PATH, ann)):
            async with connected(server, f"{path}?conversation={id}", **whose) as client:
                mine = path == PATH and whose is ann
                assert ((await client.update())["id"] == id) is mine


def test_a_token_holds_for_the_days_it_was_issued_for():
    claims = jwt.decode(tokens.issue("ann", 3, SecretStr(KEY)), KEY, ["HS256"])
    assert claims["sub"] == "ann"
    assert claims["exp"] - claims["iat"] == 3 * 24 * 3600
