"""Run by the Python that has the vocode package: its HostedStreamingConversation, with a microphone that plays a
recording once the greeting is over, and a loudspeaker that notes what it is given. Prints that as JSON.

    python vocode_hosted.py <conversation id> <question.wav> <output rate> <output encoding>
"""

import asyncio
import base64
import json
import sys
import time
import wave

from vocode.streaming.hosted_streaming_conversation import HostedStreamingConversation
from vocode.streaming.input_device.base_input_device import BaseInputDevice
from vocode.streaming.models.agent import ChatGPTAgentConfig
from vocode.streaming.models.audio_encoding import AudioEncoding
from vocode.streaming.models.message import BaseMessage
from vocode.streaming.models.synthesizer import AzureSynthesizerConfig
from vocode.streaming.models.transcriber import DeepgramTranscriberConfig
from vocode.streaming.output_device.base_output_device import BaseOutputDevice

QUIET = 1.5
"""Seconds without anything to play, after which the other side has finished."""


class Loudspeaker(BaseOutputDevice):
    def __init__(self, rate, encoding):
        super().__init__(rate, encoding)
        self.given = []

    def consume_nonblocking(self, chunk):
        self.given.append((time.monotonic(), chunk))

    def quiet(self, since):
        """Whether something has been given since then, and nothing for a while."""
        last = self.given[-1][0] if self.given else 0
        return last > since and time.monotonic() - last > QUIET


class Microphone(BaseInputDevice):
    """20 ms at a time, as time passes."""

    def __init__(self, file, loudspeaker):
        with wave.open(file) as recording:
            super().__init__(recording.getframerate(), AudioEncoding.LINEAR16, recording.getframerate() // 50)
            self.question = recording.readframes(recording.getnframes())
        self.loudspeaker, self.spoke, self.done = loudspeaker, 0, False
        self.next = time.monotonic()

    async def get_audio(self):
        self.next += 0.02
        await asyncio.sleep(max(0, self.next - time.monotonic()))
        if self.spoke:
            size = self.chunk_size * 2
            chunk, self.question = self.question[:size], self.question[size:]
            if chunk:
                self.spoke = time.monotonic()
                return chunk
            self.done = self.done or self.loudspeaker.quiet(self.spoke)
        elif self.loudspeaker.quiet(0):
            self.spoke = time.monotonic()
        return bytes(self.chunk_size * 2)


async def main(id, file, rate, encoding):
    loudspeaker = Loudspeaker(int(rate), AudioEncoding(encoding))
    microphone = Microphone(file, loudspeaker)
    conversation = HostedStreamingConversation(
        input_device=microphone,
        output_device=loudspeaker,
        transcriber_config=DeepgramTranscriberConfig.from_input_device(microphone),
        agent_config=ChatGPTAgentConfig(
            initial_message=BaseMessage(text="Good morning from the hosted client."),
            prompt_preamble="You are a hotel clerk.",
        ),
        synthesizer_config=AzureSynthesizerConfig.from_output_device(loudspeaker),
        id=id,
    )
    talking = asyncio.create_task(conversation.start())
    async with asyncio.timeout(45):
        while not microphone.done and not talking.done():
            await asyncio.sleep(0.05)
        conversation.deactivate()
        await asyncio.wait({talking})
    error = talking.exception()
    print(
        json.dumps(
            {
                "spoke": microphone.spoke,
                "given": [(at, base64.b64encode(chunk).decode()) for at, chunk in loudspeaker.given],
                "ended": repr(error) if error else "well",
            }
        )
    )


asyncio.run(main(*sys.argv[1:]))
