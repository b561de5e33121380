from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI
from starlette.routing import WebSocketRoute
from starlette.testclient import TestClient
from starlette.websockets import WebSocket

from engine.desk import Desk
from engine.rehearsal.reviews import Reviews
from engine.settings import Settings
from engine.store import Store
from engine.wire.app import assemble


@dataclass
class Studio:
    """The studio as the app sees it, without anybody who hears, thinks or speaks."""

    settings: Settings
    store: Store
    is_open: bool = False

    @property
    def desk(self) -> Desk:
        return Desk(self.store)

    @property
    def reviews(self) -> Reviews:
        return Reviews(self.store, self.desk)

    async def open(self) -> None:
        self.is_open = True

    async def close(self) -> None:
        self.is_open = False


async def echo(socket: WebSocket) -> None:
    """Stands for any of the app's WebSockets."""
    await socket.accept()
    await socket.send_text(await socket.receive_text())
    await socket.close()


MakeApp = Callable[..., FastAPI]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store(tmp_path / "rostrum.db", samples=tmp_path)
    yield store
    store.close()


@pytest.fixture(scope="session")
def assembled() -> dict[tuple[object, ...], tuple[Studio, FastAPI]]:
    """By settings, the apps that earlier tests assembled: that takes a tenth of a second of computing."""
    return {}


@pytest.fixture
def make_app(store: Store, assembled: dict[tuple[object, ...], tuple[Studio, FastAPI]]) -> MakeApp:
    def make(**settings: object) -> FastAPI:
        wanted = tuple(settings.items())
        if wanted not in assembled:
            studio = Studio(Settings(_env_file=None, **settings), store)
            app = assemble(studio, [WebSocketRoute("/ws/pitch", echo)], hosts={"testserver"})
            assembled[wanted] = studio, app
        studio, app = assembled[wanted]
        studio.store = store
        return app

    return make


@pytest.fixture
def make_client(make_app: MakeApp) -> Callable[..., TestClient]:
    def make(**settings: object) -> TestClient:
        app = make_app(**settings)
        return TestClient(app, base_url="http://localhost:8000", follow_redirects=False)

    return make


@pytest.fixture
async def api(make_app: MakeApp) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(make_app(), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost:8000") as client:
        yield client
