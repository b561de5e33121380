"""The machine's own voice, with programs written here in the place of flite and say: they write real WAV files."""

import asyncio
import json
import os
import shutil
import sys
from pathlib import Path

import pytest
from text_to_speech_conformance import TextToSpeechConformance, hear

from engine.errors import ProviderFailed, ProviderTimeout
from engine.providers import offline_system
from engine.providers.base import Voice
from engine.providers.offline_system import SystemVoice

SYNTHESIZER = """
import json, math, pathlib, struct, sys, wave
arguments = sys.argv[1:]
if "-lv" in arguments:
    print("Voices available: kal awb_time kal16 awb rms slt")
    sys.exit()
if arguments == ["-v", "?"]:
    print("Albert              en_US    # Hello! My name is Albert.")
    print("Anna                de_DE    # Hallo! Ich heiße Anna.")
    print("Daniel              en_GB    # Hello! My name is Daniel.")
    print("Samantha            en_US    # Hello! My name is Samantha.")
    print("Ava (Premium)       en_US    # Hello! My name is Ava.")
    sys.exit()
said = pathlib.Path(arguments[arguments.index("-f") + 1]).read_text()
pathlib.Path(__file__).with_suffix(".json").write_text(json.dumps([arguments, said]))
speed = 1.0
for argument in arguments:
    if argument.startswith("duration_stretch="):
        speed = 1 / float(argument.partition("=")[2])
if "-r" in arguments:
    speed = int(arguments[arguments.index("-r") + 1]) / 175
count = int(len(said) * 0.06 * 16000 / speed)
tone = [int(8000 * math.sin(n / 10)) for n in range(count)]
samples = [3] * 2000 + tone + [-4] * 3000
with wave.open(arguments[arguments.index("-o") + 1], "wb") as file:
    file.setnchannels(1)
    file.setsampwidth(2)
    file.setframerate(16000)
    file.writeframes(struct.pack(f"<{len(samples)}h", *samples))
"""


def install(folder: Path, name: str, script: str = SYNTHESIZER) -> Path:
    program = folder / name
    program.write_text(f"#!{sys.executable}\n{script}")
    program.chmod(0o755)
    return program


@pytest.fixture(autouse=True)
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PATH", str(tmp_path))
    return tmp_path


def last_call(program: Path) -> tuple[list[str], str]:
    arguments, said = json.loads(program.with_suffix(".json").read_text())
    return arguments, said


class TestFliteInterface(TextToSpeechConformance):
    @pytest.fixture
    def speaker(self, path: Path) -> SystemVoice:
        install(path, "flite")
        voice = SystemVoice.find()
        assert voice is not None
        return voice


class TestSayInterface(TextToSpeechConformance):
    @pytest.fixture
    def speaker(self, path: Path) -> SystemVoice:
        install(path, "say")
        voice = SystemVoice.find()
        assert voice is not None
        return voice


def found() -> SystemVoice:
    voice = SystemVoice.find()
    assert voice is not None
    return voice


def test_a_machine_without_one_has_none() -> None:
    assert SystemVoice.find() is None


def test_a_program_without_a_good_voice_is_passed_over(path: Path) -> None:
    install(path, "flite", "print('Voices available: kal kal16')")
    assert SystemVoice.find() is None


def test_a_program_that_cannot_list_its_voices_is_passed_over(path: Path) -> None:
    install(path, "flite", "import sys; sys.exit('no libraries')")
    assert SystemVoice.find() is None


def test_good_voices_come_best_first(path: Path) -> None:
    install(path, "flite")
    assert list(found().voices()) == ["slt", "rms", "awb"]
    install(path, "say")
    assert list(found().voices()) == ["Ava (Premium)", "Samantha", "Daniel"]


async def test_flite_is_asked_for_voice_and_pace_and_reads_plain_letters(path: Path) -> None:
    program = install(path, "flite")
    await hear(found(), "“It’s” a café — for $5…", Voice(name="rms", speed=2.0))
    arguments, said = last_call(program)
    assert arguments[:4] == ["-voice", "rms", "--setf", "duration_stretch=0.500"]
    assert said.split() == ['"It\'s"', "a", "cafe", "for", "5", "dollars..."]


async def test_say_is_asked_for_voice_and_words_a_minute(path: Path) -> None:
    program = install(path, "say")
    await hear(found(), "Hello [[slnc 5000]] there.", Voice(name="Daniel", speed=1.2))
    arguments, said = last_call(program)
    assert arguments[:4] == ["-v", "Daniel", "-r", "210"]
    assert "[[" not in said


async def test_silence_around_the_speech_is_replaced_by_a_pause(path: Path) -> None:
    install(path, "flite")
    heard = await hear(found(), "Hello there.")
    assert heard.loudest(0.0, 0.03) > 1000
    assert heard.loudest(heard.seconds - 0.25) == 0
    assert heard.loudest(heard.seconds - 0.28) > 1000


async def test_a_failing_program_is_quoted_in_the_log_only(path: Path, caplog: pytest.LogCaptureFixture) -> None:
    install(path, "flite")
    voice = found()
    install(path, "flite", "import sys; sys.exit('out of breath')")
    with caplog.at_level("INFO"), pytest.raises(ProviderFailed, match=r"flite failed \(1\)$"):
        await hear(voice, "Hello.")
    assert "out of breath" in caplog.text


async def test_a_program_that_writes_no_sound_is_a_failure(path: Path) -> None:
    install(path, "flite")
    voice = found()
    install(path, "flite", "import sys; print('nothing today', file=sys.stderr)")
    with pytest.raises(ProviderFailed, match="wrote no speech"):
        await hear(voice, "Hello.")


async def test_a_program_that_was_removed_is_a_failure(path: Path) -> None:
    program = install(path, "flite")
    voice = found()
    program.unlink()
    with pytest.raises(ProviderFailed, match="cannot be run any more"):
        await hear(voice, "Hello.")


HANGING = """
import os, pathlib, signal, sys
pipe = pathlib.Path(__file__).with_suffix(".pid")
with open(pipe, "w") as file:
    file.write(str(os.getpid()))
signal.pause()
"""


def alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


async def test_cancelling_kills_the_program_and_removes_its_files(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    install(path, "flite")
    voice = found()
    install(path, "flite", HANGING)
    os.mkfifo(path / "flite.pid")
    (path / "files").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(path / "files"))
    async with asyncio.TaskGroup() as group:
        task = group.create_task(hear(voice, "Hello."))
        process = int(await asyncio.to_thread((path / "flite.pid").read_text))
        assert alive(process)
        assert list((path / "files").iterdir())
        task.cancel()
    assert not alive(process)
    assert not list((path / "files").iterdir())


async def test_a_program_that_hangs_is_killed_at_its_deadline(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    install(path, "flite")
    voice = found()
    install(path, "flite", HANGING)
    monkeypatch.setattr(offline_system, "DEADLINE", 0.05)
    with pytest.raises(ProviderTimeout, match="flite took longer"):
        await hear(voice, "Hello.")


REAL_FLITE = shutil.which("flite")


@pytest.mark.skipif(REAL_FLITE is None, reason="flite is not installed")
class TestRealFlite(TextToSpeechConformance):
    @pytest.fixture
    def speaker(self, monkeypatch: pytest.MonkeyPatch) -> SystemVoice:
        assert REAL_FLITE
        monkeypatch.setenv("PATH", str(Path(REAL_FLITE).parent))
        return found()
