"""Numbers for draws that take several of them, and draws by rejection.

Draws are made of uniform and normal numbers of the project's stream. A draw of ``n`` elements reserves a fixed number
of parts of ``n`` numbers each; a round of rejection takes its numbers from parts of its own, an element's from its own
place in them. So an element depends on key, offset, its place and its parameters alone, and the stream moves on by the
same amount however many rounds it took. The chance that an element is still rejected in the last round, whose number
is then taken, is below 1e-18.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tensorplug.base import count
from tensorplug.dtypes import HALF, DType, float32
from tensorplug.generator import Generator, default_generator
from tensorplug.ops.creation import random_normal, random_uniform, zeros_like
from tensorplug.shapes import numel
from tensorplug.xp.random import blocks_for

Tensor = Any
Attempt = Callable[..., tuple[Tensor, Tensor]]


class Parts:
    """The parts of one draw for the elements of a tensor."""

    def __init__(self, like: Tensor, key: int, offset: int) -> None:
        self.shape, self.dtype, self.device = like._shape, like._kind.dtype, like._kind.device
        self.key, self.offset = key, offset
        self.blocks = blocks_for(self.dtype.name, numel(self.shape))

    def uniform(self, part: int) -> Tensor:
        return random_uniform(self.shape, self.dtype, self.key, self.offset + part * self.blocks, self.device)

    def normal(self, part: int) -> Tensor:
        return random_normal(self.shape, self.dtype, self.key, self.offset + part * self.blocks, self.device)

    def of_round(self, turn: int) -> tuple[Tensor, Tensor]:
        return self.uniform(1 + 2 * turn), self.uniform(2 + 2 * turn)


class NormalParts(Parts):
    """The same, but the first number of each round is a normal one."""

    def of_round(self, turn: int) -> tuple[Tensor, Tensor]:
        return self.normal(1 + 2 * turn), self.uniform(2 + 2 * turn)


def by_rejection(attempt: Attempt, wanted: Tensor, parameters: tuple[Tensor, ...], parts: Parts, rounds: int) -> Tensor:
    """Rounds of rejection, each for those elements alone that the rounds before it did not accept.

    Args:
        attempt: from the numbers of a round and the parameters, one after the other in one dim, to proposals and
            whether they are accepted.
        wanted: where numbers are drawn; elsewhere the result is 0.
        parameters: of the distribution, in the shape of the draw.
        parts: the numbers; those of round ``i`` are parts ``1 + 2i`` and ``2 + 2i``.
        rounds: after how many the proposal is taken as it is.
    """
    found = zeros_like(parameters[0]).reshape(-1)
    everywhere = bool(wanted.all())
    pending = None if everywhere else wanted.reshape(-1).nonzero().squeeze(-1)
    held = [_picked(p.reshape(-1), pending) for p in parameters]
    for turn in range(rounds):
        numbers = [_picked(x.reshape(-1), pending) for x in parts.of_round(turn)]
        proposal, good = attempt(*numbers, *held)
        found = proposal if pending is None else found.index_copy(0, pending, proposal)
        rejected = (~good).nonzero().squeeze(-1)
        if not count(rejected):
            break
        pending = _picked(pending, rejected) if pending is not None else rejected
        held = [_picked(p, rejected) for p in held]
    return found.reshape(parameters[0]._shape)


def _picked(values: Tensor, places: Tensor | None) -> Tensor:
    return values if places is None else values.index_select(0, places)


def tested(quick: Tensor, doubtful: Tensor, test: Callable[..., Tensor], *values: Tensor) -> Tensor:
    """``quick``, and where it is ``doubtful`` the outcome of a test that costs more."""
    places = doubtful.nonzero().squeeze(-1)
    if not count(places):
        return quick
    return quick.index_copy(0, places, test(*(_picked(v, places) for v in values)))


def reserve(input: Tensor, parts: int, generator: Generator | None) -> tuple[int, int]:
    """Key and offset of a draw of so many parts for the elements of a tensor."""
    blocks = blocks_for(wide(input._kind.dtype).name, numel(input._shape))
    return (generator or default_generator).draw("uint64", 4 * blocks * parts)


def wide(dtype: DType) -> DType:
    """What to draw in: half precision has too few digits for the tails."""
    return float32 if dtype in HALF else dtype
