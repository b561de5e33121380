"""Two clusters of voice prints in time: which of two voices each print is, where changing costs something."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from engine.analysis.timbre import Print

if TYPE_CHECKING:
    from typing import Any

    from numpy.typing import NDArray

    Table = NDArray[Any]

GROUP, BREAK = 1.0, 0.05
"""Seconds of prints in a row that are clustered as one at first, and of a gap between two that are not: a second of
speech has enough sounds in it to tell the speaker from the words."""
LEAST = 12
"""Groups that are needed."""
MOST = 300
"""Groups that the clusters are found in; of more, every second, or third."""
SEEDS, ROUNDS = 48, 20
CHANGE = 1.0
"""What a change of speaker costs, where there is no pause; in a pause of 1 s, a third."""
FEW = 8.0
"""Frames that weigh half as much as any number could: those of one print are of the same sound."""
GROUP_WEIGHT, PRINT_WEIGHT = 3.0, 2.0
SHRINK = 0.1
"""How much of what is found of the words' part between two coefficients is not believed."""
CERTAIN = 1e3
"""What is certain outweighs everything."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Model:
    """Two `centres` in the space that `turn` brings prints into. `apart`: how far they are from each other, times how
    much more often than by chance two prints that touch are of the same one: at most 2.5 where one voice was split in
    two, mostly above 3.5 where there were two."""

    turn: Table
    centres: Table
    apart: float

    def labels(self, prints: Sequence[Print], told: Sequence[int | None]) -> list[int]:
        """0 or 1 for each of `prints`, which are in order of time."""
        import numpy as np

        points = np.array([made.timbre for made in prints]) @ self.turn
        gain = _gain(points, self.centres[None], _weights(prints) * PRINT_WEIGHT) + _certain(told)[:, None]
        return [int(label) for label in _paths(gain, _gaps([(made.start, made.end) for made in prints]))[0][:, 0]]


def fitted(prints: Sequence[Print], told: Sequence[int | None]) -> Model | None:
    """Two clusters in `prints`, in order of time; None where there are too few, or all is one. `told`: which cluster a
    print is known to belong to."""
    import numpy as np

    groups = _groups(prints)
    if len(groups) < LEAST:
        return None
    turn = _turn(prints)
    groups = groups[:: math.ceil(len(groups) / MOST)]
    points = np.array([made.timbre for made in prints]) @ turn
    frames = np.array([made.frames for made in prints], float)
    middles = np.array([np.average(points[group], axis=0, weights=frames[group]) for group in groups])
    known = [next((told[i] for i in group if told[i] is not None), None) for group in groups]
    sizes = np.array([frames[group].sum() for group in groups])
    spans = [(prints[group[0]].start, prints[group[-1]].end) for group in groups]
    weights = sizes / (sizes + FEW) * GROUP_WEIGHT
    centres = _best(middles, weights, _gaps(spans), _certain(known), _seeds(middles, known))
    if centres is None:
        return None
    used = [i for group in groups for i in group]
    some = [prints[i] for i in used]
    gaps = _gaps([(made.start, made.end) for made in some])
    fixed = _certain([told[i] for i in used])
    centres = _best(points[used], _weights(some) * PRINT_WEIGHT, gaps, fixed, centres[None])
    return None if centres is None else Model(turn=turn, centres=centres, apart=_apart(points, prints, centres))


def _groups(prints: Sequence[Print]) -> list[list[int]]:
    """Indices of prints that follow on each other, up to `GROUP` seconds together."""
    groups: list[list[int]] = []
    for i, made in enumerate(prints):
        group = groups[-1] if groups else None
        follows = group and made.start - prints[group[-1]].end <= BREAK
        if group and follows and made.end - prints[group[0]].start <= GROUP + 0.1:
            group.append(i)
        else:
            groups.append([i])
    return groups


def _turn(prints: Sequence[Print]) -> Table:
    """Brings prints into a space in which what words do is 1 in every direction: by how prints that touch differ."""
    import numpy as np

    table = np.array([made.timbre for made in prints])
    touch = np.array([b.start - a.end <= 0.3 for a, b in pairwise(prints)])
    steps = np.diff(table, axis=0)[touch]
    frames = np.array([made.frames for made in prints], float)
    weights = np.minimum(frames[1:], frames[:-1])[touch]
    words = (steps * weights[:, None]).T @ steps / (2 * weights.sum() + 1e-9)
    words = (1 - SHRINK) * words + SHRINK * np.diag(np.diag(words)) + 1e-6 * np.eye(len(words))
    size, axes = np.linalg.eigh(words)
    turn: Table = axes / np.sqrt(size)
    return turn


def _seeds(points: Table, known: Sequence[int | None]) -> Table:
    """Pairs of centres to begin with: of groups by lot, and in every second pair from what is known, if anything is:
    alone it may be too little to begin with."""
    import numpy as np

    lot = np.random.default_rng(len(points))
    first, second = (lot.integers(0, len(points), SEEDS) for _ in range(2))
    pairs = np.stack([points[first], points[np.where(first == second, (second + 1) % len(points), second)]], axis=1)
    for cluster in (0, 1):
        own = [i for i, label in enumerate(known) if label == cluster]
        if own:
            pairs[::2, cluster] = points[own].mean(axis=0)
    return pairs


def _best(points: Table, weights: Table, gaps: Table, fixed: Table, centres: Table) -> Table | None:
    """The pair of centres, of those that each of `centres` leads to, on whose path the points lie closest."""
    import numpy as np

    for _ in range(ROUNDS):
        labels, score = _paths(_gain(points, centres, weights) + fixed[:, None], gaps)
        share = np.stack([labels == cluster for cluster in (0, 1)], axis=2) * weights[:, None, None]
        mass = share.sum(axis=0)
        score = np.where(mass.min(axis=1) > 0, score, -np.inf)
        moved = np.einsum("nsk,nd->skd", share, points) / np.maximum(mass, 1e-9)[:, :, None]
        if np.allclose(moved, centres):
            break
        centres = moved
    best = int(score.argmax())
    return centres[best] if np.isfinite(score[best]) else None


def _gain(points: Table, centres: Table, weights: Table) -> Table:
    """(point, pair, cluster): how well each fits, 0 at best."""
    import numpy as np

    apart = np.square(points).sum(axis=1)[:, None, None] + np.square(centres).sum(axis=2)[None]
    apart = apart - 2 * np.einsum("nd,skd->nsk", points, centres)
    gain: Table = -apart / 2 * weights[:, None, None]
    return gain


def _paths(gain: Table, gaps: Table) -> tuple[Table, Table]:
    """The best way through the points for each pair, by Viterbi's algorithm: (point, pair) and its worth."""
    import numpy as np

    costs = CHANGE * np.exp(-gaps)
    score, came = gain[0], []
    for step, cost in zip(gain[1:], costs, strict=True):
        other = score[:, ::-1] - cost
        changed = other > score
        came.append(changed)
        score = np.where(changed, other, score) + step
    labels = np.zeros(gain.shape[:2], np.intp)
    labels[-1] = score.argmax(axis=1)
    every = np.arange(gain.shape[1])
    for i in range(len(came) - 1, -1, -1):
        labels[i] = labels[i + 1] ^ came[i][every, labels[i + 1]]
    return labels, score.max(axis=1)


def _apart(points: Table, prints: Sequence[Print], centres: Table) -> float:
    import numpy as np

    labels = np.square(points[:, None] - centres).sum(axis=2).argmin(axis=1)
    touch = np.array([b.start - a.end <= BREAK for a, b in pairwise(prints)])
    if not touch.any():
        return 0.0
    same = float((labels[1:] == labels[:-1])[touch].mean())
    share = float(labels.mean())
    chance = share**2 + (1 - share) ** 2
    return max(0.0, (same - chance) / (1 - chance + 1e-9)) * float(np.linalg.norm(centres[0] - centres[1]))


def _weights(prints: Sequence[Print]) -> Table:
    import numpy as np

    frames = np.array([made.frames for made in prints], float)
    weights: Table = frames / (frames + FEW)
    return weights


def _certain(told: Sequence[int | None]) -> Table:
    import numpy as np

    made: Table = np.zeros((len(told), 2))
    for i, label in enumerate(told):
        if label is not None:
            made[i, 1 - label] = -CERTAIN
    return made


def _gaps(spans: Sequence[tuple[float, float]]) -> Table:
    import numpy as np

    times = np.array(spans)
    gaps: Table = np.maximum(times[1:, 0] - times[:-1, 1], 0)
    return gaps
