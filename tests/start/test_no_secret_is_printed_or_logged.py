import asyncio
import subprocess
from collections.abc import Callable

import httpx
import websockets

from tests.start.conftest import PATIENCE, Served, free_port

SECRETS = {
    name: f"value-of-{name.lower()}"
    for name in (
        "OPENAI_API_KEY",
        "DEEPGRAM_API_KEY",
        "ELEVENLABS_API_KEY",
        "XI_API_KEY",
        "ACCESS_TOKEN",
        "SECRET_KEY",
    )
}


def nobody() -> dict[str, str]:
    """Vendors' addresses at which nobody is."""
    address = f"http://name:value-of-a-password@127.0.0.1:{free_port()}"
    return {f"{vendor}_BASE_URL": address for vendor in ("OPENAI", "DEEPGRAM", "ELEVENLABS")}


def test_the_check_names_keys_and_not_their_values(run: Callable[..., subprocess.CompletedProcess[str]]) -> None:
    ended = run("--check", **SECRETS)
    assert ended.returncode == 0
    for name in ("OPENAI_API_KEY", "DEEPGRAM_API_KEY", "ELEVENLABS_API_KEY"):
        assert f"{name} is set" in ended.stdout
    assert "value-of" not in ended.stdout + ended.stderr


def test_the_check_keeps_the_keys_of_vendors_that_cannot_be_reached(
    run: Callable[..., subprocess.CompletedProcess[str]],
) -> None:
    ended = run("--check", LOG_LEVEL="debug", **SECRETS, **nobody())
    assert ended.returncode == 0
    for name in ("OPENAI_API_KEY", "DEEPGRAM_API_KEY", "ELEVENLABS_API_KEY"):
        assert f"{name} is set" in ended.stdout
    assert "value-of" not in ended.stdout + ended.stderr


async def test_the_log_at_its_loudest_holds_no_token(serve: Callable[..., Served]) -> None:
    served = await asyncio.to_thread(serve, "--no-browser", LOG_LEVEL="debug", **SECRETS, **nobody())
    token = SECRETS["ACCESS_TOKEN"]
    bearer = {"authorization": f"Bearer {token}"}
    async with httpx.AsyncClient(timeout=PATIENCE, trust_env=False) as client:
        assert (await client.get(served.url("/api/v1/pitches"), params={"token": token})).status_code == 200
        assert (await client.get(served.url("/api/v1/pitches"), headers=bearer)).status_code == 200
        assert (await client.post(served.url("/login"), data={"token": token})).status_code == 303
    address = f"ws://127.0.0.1:{served.port}/ws/pitch"
    async with websockets.connect(f"{address}?token={token}", proxy=None) as one:
        await one.send("not json")
        await one.recv()
    async with websockets.connect(address, subprotocols=["bearer", token], proxy=None) as one:
        await one.send("not json")
        await one.recv()
    _, printed = await asyncio.to_thread(served.stop)
    assert "value-of" not in printed
