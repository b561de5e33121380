"""What deploy/ and the Dockerfile say is taken by the programs that read it; nginx and Caddy are really run in front of
a server, with TLS, and pass everything on. What is not installed is skipped."""

from __future__ import annotations

import asyncio
import json
import shutil
import socket
import ssl
import subprocess
import sys
import time
import zipfile
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
import websockets

from tests.docs.documents import ROOT
from tests.packaging.conftest import built, done
from tests.wire.serving import serving

DEPLOY = ROOT / "deploy"
NAME = "studio.example.org"
TOKEN = "a-token-of-the-test"
PATIENCE = 30.0


def program(name: str) -> str:
    """Where a program is; skips the test where it is not."""
    found = shutil.which(name) or shutil.which(name, path=f"/usr/sbin:/sbin:{Path(sys.executable).parent}")
    return found or pytest.skip(f"{name} is not installed")


def free_ports(number: int) -> list[int]:
    taken = [socket.create_server(("127.0.0.1", 0)) for _ in range(number)]
    ports = [one.getsockname()[1] for one in taken]
    for one in taken:
        one.close()
    return ports


def test_the_dockerfile_has_nothing_to_complain_about():
    done(program("hadolint"), ROOT / "Dockerfile")


def test_the_image_is_made_of_what_the_wheel_needs_and_of_nothing_else(wheel, tmp_path):
    lines = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    assert {"*", "data/local", "**/.env"} <= set(lines)
    for name in (line[1:] for line in lines if line.startswith("!")):
        if (ROOT / name).is_dir():
            left_out = shutil.ignore_patterns("local", "__pycache__", "*.pyc", ".env")
            shutil.copytree(ROOT / name, tmp_path / "source" / name, ignore=left_out)
        else:
            (tmp_path / "source").mkdir(exist_ok=True)
            shutil.copy(ROOT / name, tmp_path / "source" / name)
    again = built(tmp_path / "source", tmp_path / "wheels")
    names = [sorted(zipfile.ZipFile(one).namelist()) for one in (wheel, again)]
    assert names[0] == names[1]


def test_the_unit_is_taken_by_systemd_and_lets_little_through(tmp_path):
    systemd = program("systemd-analyze")
    unit = tmp_path / "rostrum.service"
    text = (DEPLOY / "rostrum.service").read_text(encoding="utf-8")
    assert "ExecStart=/opt/rostrum/bin/rostrum " in text
    unit.write_text(text.replace("/opt/rostrum/bin/rostrum", "/bin/true"))
    told = subprocess.run([systemd, "verify", unit], capture_output=True, text=True, timeout=PATIENCE, check=False)
    assert (told.returncode, told.stdout + told.stderr) == (0, "")
    judged = done(systemd, "security", "--offline=true", "--threshold=20", unit)  # of 100, which is 2.0 of 10
    assert "exposure level" in judged


@pytest.fixture(scope="module")
def certificate(tmp_path_factory) -> tuple[Path, Path]:
    folder = tmp_path_factory.mktemp("certificate")
    chain, key = folder / "fullchain.pem", folder / "privkey.pem"
    about = ("-subj", f"/CN={NAME}", "-addext", f"subjectAltName=DNS:{NAME}", "-days", "1")
    done(program("openssl"), "req", "-x509", "-newkey", "rsa:2048", "-nodes", *about, "-keyout", key, "-out", chain)
    return chain, key


def nginx(folder: Path, behind: int, port: int, plain: int, certificate: tuple[Path, Path]) -> list[str]:
    """The command that runs it with the shipped file, in which only places are others."""
    chain, key = certificate
    text = (DEPLOY / "nginx.conf").read_text(encoding="utf-8")
    for ours, here in {
        "127.0.0.1:8000": f"127.0.0.1:{behind}",
        "listen 443 ssl": f"listen 127.0.0.1:{port} ssl",
        "listen 80": f"listen 127.0.0.1:{plain}",
        f"/etc/letsencrypt/live/{NAME}/fullchain.pem": str(chain),
        f"/etc/letsencrypt/live/{NAME}/privkey.pem": str(key),
        "/var/log/nginx": str(folder),
    }.items():
        assert text.count(ours) == 1 + (ours == "127.0.0.1:8000"), ours
        text = text.replace(ours, here)
    around = f"pid {folder}/nginx.pid; error_log {folder}/error.log; daemon off; events {{}} http {{ access_log off;"
    places = " ".join(
        f"{kind}_temp_path {folder}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    (folder / "all.conf").write_text(f"{around} {places}\n{text}\n}}")
    command = [program("nginx"), "-p", str(folder), "-c", str(folder / "all.conf")]
    done(*command, "-t")
    return command


def caddy(folder: Path, behind: int, port: int, plain: int, certificate: tuple[Path, Path]) -> list[str]:
    """The same of Caddy, with our certificate instead of one that it gets by itself."""
    chain, key = certificate
    path = program("caddy")
    done(path, "validate", "--adapter", "caddyfile", "--config", DEPLOY / "Caddyfile", env={"HOME": str(folder)})
    text = (DEPLOY / "Caddyfile").read_text(encoding="utf-8").replace("127.0.0.1:8000", f"127.0.0.1:{behind}")
    site = f"{NAME} {{\n"
    assert text.count(site) == 1
    text = text.replace(site, f"{NAME}:{port} {{\n\tbind 127.0.0.1\n\ttls {chain} {key}\n")
    (folder / "Caddyfile").write_text(f"{{\n\tadmin off\n\thttp_port {plain}\n\tskip_install_trust\n}}\n{text}")
    return [path, "run", "--adapter", "caddyfile", "--config", str(folder / "Caddyfile")]


@contextmanager
def running(command: list[str], folder: Path, port: int):
    with (folder / "proxy.log").open("w+") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, env={"HOME": str(folder)})
        try:
            deadline = time.monotonic() + PATIENCE
            while time.monotonic() < deadline:
                assert process.poll() is None, (folder / "proxy.log").read_text()
                try:
                    socket.create_connection(("127.0.0.1", port), timeout=1).close()
                    break
                except OSError:
                    time.sleep(0.05)
            yield
        finally:
            process.terminate()
            process.wait(PATIENCE)


@pytest.mark.parametrize("proxy", [nginx, caddy])
async def test_pages_and_sockets_pass_through_it_over_tls(tmp_path, certificate, proxy):
    port, plain = free_ports(2)
    trust = ssl.create_default_context(cafile=str(certificate[0]))
    origin = f"https://{NAME}:{port}"
    async with serving(tmp_path, access_token=TOKEN, allowed_origins=(origin,)) as server:
        command = await asyncio.to_thread(proxy, tmp_path, server.port, port, plain, certificate)
        with running(command, tmp_path, port):
            here = httpx.AsyncHTTPTransport(verify=trust)
            async with httpx.AsyncClient(transport=here, base_url=f"https://127.0.0.1:{port}") as client:
                asking = {"headers": {"Host": f"{NAME}:{port}"}, "extensions": {"sni_hostname": NAME}}
                assert (await client.get("/health", **asking)).status_code == 200
                assert (await client.get("/api/v1/pitches", **asking)).status_code == 401
            address = f"wss://{NAME}:{port}/ws/pitch?format=wav&token={TOKEN}"
            at = {"host": "127.0.0.1", "port": port, "ssl": trust, "proxy": None}
            async with websockets.connect(address, origin=origin, max_size=None, **at) as pitch:
                await pitch.send('{"event": "start"}')
                first = json.loads(await asyncio.wait_for(pitch.recv(), PATIENCE))
                assert (first["event"], first["media"]["mark"]) == ("media", 1)
                # A recording of 4 MiB passes as well.
                await pitch.send(json.dumps({"event": "user_audio", "audio": "A" * (4 << 20)}))
                while json.loads(await asyncio.wait_for(pitch.recv(), PATIENCE))["event"] not in {"clear", "error"}:
                    pass
            with pytest.raises(websockets.InvalidStatus):
                async with websockets.connect(f"wss://{NAME}:{port}/ws/pitch", origin=origin, **at):
                    pass
    assert TOKEN not in "".join(path.read_text() for path in tmp_path.glob("*.log"))
