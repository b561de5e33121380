"""The Python programs in the documents, as they stand there, in a process of their own against a real server."""

from __future__ import annotations

import ast
import asyncio
import sys

import pytest

from tests.docs.documents import python_of
from tests.wire.serving import recording, serving

ADDRESS = "ws://localhost:8000/"


async def output_of(document: str, server, folder) -> list[str]:
    """What the program of a document prints, run in `folder`; it has to end by itself, and well."""
    program = python_of(document)
    assert program.count(ADDRESS) == 1
    (folder / "question.wav").write_bytes(recording(1.0))
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        program.replace(ADDRESS, f"ws://localhost:{server.port}/"),
        cwd=folder,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        printed, complaint = await asyncio.wait_for(process.communicate(), 30)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    assert process.returncode == 0, complaint.decode()
    assert not complaint
    return printed.decode().splitlines()


async def test_the_client_of_the_readme_hears_every_sentence(tmp_path):
    async with serving(tmp_path) as server:
        lines = await output_of("README.md", server, tmp_path)
    assert [line.split()[:2] for line in lines] == [["sentence", str(mark)] for mark in (1, 2, 3, 4)]
    assert all(int(line.split()[2]) > 5_000 for line in lines), "an MP3 file each"


async def test_the_client_of_the_protocols_cuts_in_and_hears_the_answer(tmp_path):
    async with serving(tmp_path) as server:
        lines = await output_of("docs/protocols.md", server, tmp_path)
        assert server.studio.store.flush(5)
        [question] = server.studio.store.questions(server.pitch)
    steps = [line.partition(":")[0] for line in lines]
    assert steps[:3] == ["play 1", "play 2", "be silent"]
    assert steps[3] == "play user_response"
    assert steps[4] in ("play 1", "play 2"), "the sentence that was cut"
    assert steps[-3:] == ["play 3", "play 4", "end"]
    assert question.text == "how much does it cost"


@pytest.mark.parametrize("document", ["README.md", "docs/protocols.md"])
def test_the_clients_need_nothing_but_websockets(document):
    imported = {
        name.name
        for node in ast.walk(ast.parse(python_of(document)))
        if isinstance(node, (ast.Import, ast.ImportFrom))
        for name in (node.names if isinstance(node, ast.Import) else [ast.alias(node.module or "")])
    }
    assert imported <= sys.stdlib_module_names | {"websockets"}
