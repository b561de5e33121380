"""Who speaks, and for how long nobody has: what every rule about sound asks. Times are the caller's clock."""

from __future__ import annotations

from engine.analysis.values import USER


class Silence:
    """`began`: nobody has spoken before."""

    def __init__(self, began: float) -> None:
        self._since: dict[str, float] = {}
        """When each who speaks began to."""
        self._ended: dict[str, float] = {}
        self._began = began
        self._spoken = 0.0

    def voiced(self, speaker: str, *, speaking: bool, now: float) -> bool:
        """Take it down; whether it was news."""
        if speaking == (speaker in self._since):
            return False
        if speaking:
            self._since[speaker] = now
        else:
            began = self._since.pop(speaker)
            self._ended[speaker] = now
            self._spoken += (now - began) * (speaker == USER)
        return True

    def speaks(self, speaker: str) -> bool:
        return speaker in self._since

    @property
    def talking(self) -> bool:
        """Whether anybody speaks."""
        return bool(self._since)

    def since(self, speaker: str) -> float | None:
        """When `speaker` fell silent, or the session began; None while they speak."""
        return None if speaker in self._since else self._ended.get(speaker, self._began)

    @property
    def everybody_since(self) -> float | None:
        """When the last of them fell silent; None while anybody speaks."""
        return None if self._since else max(self._ended.values(), default=self._began)

    def user_spoke(self, now: float) -> float:
        """Seconds that the user has spoken by `now`."""
        return self._spoken + (now - self._since[USER] if USER in self._since else 0.0)

    def user_spoke_for(self, seconds: float, now: float) -> float | None:
        """When the user will have spoken for `seconds`, if they go on; None while they are silent."""
        return now + seconds - self.user_spoke(now) if USER in self._since else None
