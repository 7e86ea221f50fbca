"""Reverse mode through levels: gradients of what transforms compute with.

The graph records what is left of a computation when all levels have taken their part away: plain tensors. So the
gradient at one level is found by going down level by level: below a ``vmap`` level there is one more dim, and the
examples do not mix; below a forward-mode level there are value and tangent, and with dual numbers ``y + e y'`` and
``g + e g'`` the gradient is that of ``<y, g>`` plus ``e`` times that of ``<y, g'> + <y', g>``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from tensorplug.autograd.engine import run_backward
from tensorplug.autograd.grad_mode import enable_grad, state
from tensorplug.autograd.node import BackwardNode
from tensorplug.autograd.recording import edge_of, record, sync_view
from tensorplug.base import alias
from tensorplug.func.batched import BatchedTensor, VmapLevel, batched
from tensorplug.func.levels import Level, active_levels, below, without
from tensorplug.op import table
from tensorplug.overwriting import graph_alias

Tensor = Any
Pair = tuple[Any, Any]


class Fresh:
    """New variables in the place of given tensors, to differentiate with respect to.

    Attributes:
        tensors: the variables, at the place in the graph of what was given.
        levels: the levels that were active when they were made, the innermost first.
    """

    def __init__(self, tensors: Sequence[Tensor], inner: Fresh | None = None) -> None:
        self.levels = active_levels()
        # Leaves made here, by id, and what keeps these ids theirs; those of ``inner`` count as made here too.
        self._kept: list[Tensor] = [] if inner is None else list(inner._kept)
        self._leaves: set[int] = set(map(id, self._kept))
        batches = [level for level in self.levels if isinstance(level, VmapLevel)]
        with enable_grad():
            self.tensors = tuple(self._variable(spread(x, batches)) for x in tensors)
        self._edges = [edge_of(_bottom(x)) for x in self.tensors]

    @classmethod
    def existing(cls, tensors: Sequence[Tensor]) -> Fresh:
        """Tensors of the graph as they are, to differentiate with respect to."""
        made = cls(())
        made.tensors = tuple(tensors)
        made._edges = [edge_of(_bottom(x)) for x in tensors]
        return made

    def _variable(self, x: Tensor) -> Tensor:
        if isinstance(x, BatchedTensor):
            made = batched(x._level, self._variable(x._value))
        else:
            source = x
            if not x.requires_grad:
                source = alias(x)
                source.requires_grad = True
                self._leaves.add(id(source))
                self._kept.append(source)
            made = alias(x)
            record(table["clone"], (source,), (), (made,))
        made._tangents = x._tangents
        return made

    def reaches_outside(self, places: Sequence[Tensor]) -> bool:
        """Whether these tensors depend on more than these variables: on others that require gradients."""
        stack = [edge[0] for edge in map(edge_of, places) if edge is not None]
        seen = set()
        while stack:
            target = stack.pop()
            if target in seen:
                continue
            seen.add(target)
            if isinstance(target, BackwardNode):
                stack.extend(edge[0] for edge in target.edges if edge is not None)
            elif id(target) not in self._leaves:
                return True
        return False

    def settled(self, x: Tensor, recording: bool) -> Tensor:
        """A result as it leaves: outside the graph unless it depends on more than these variables."""
        if isinstance(x, BatchedTensor):
            made = batched(x._level, self.settled(x._value, recording))
        elif not x.requires_grad or (recording and self.reaches_outside((x,))):
            return x
        else:
            made = alias(x)
        tangents = x._tangents
        made._tangents = tangents and {
            n: e._replace(tensor=self.settled(e.tensor, recording)) for n, e in tangents.items()
        }
        return made

    def pull(self, pairs: Sequence[Pair], recording: bool | None = None) -> list[Tensor | None]:
        """The gradient of the sum of ``<y, g>`` over pairs, for each variable; None where none depends on it.

        Args:
            recording: whether gradients may be recorded; by default, if the thread records.
        """
        recording = state.grad if recording is None else recording
        with enable_grad():
            found = self._pull(list(pairs), self.levels, recording)
        return found

    def _pull(self, pairs: list[Pair], levels: Sequence[Level], recording: bool) -> list[Tensor | None]:
        if not levels:
            return self._pull_plain(pairs, recording)
        level, rest = levels[0], levels[1:]
        if isinstance(level, VmapLevel):
            exposed = [(_value_at(y, level), expose(g, level)) for y, g in pairs]
            return [None if g is None else conceal(g, level) for g in self._pull(exposed, rest, recording)]
        return self._pull_dual(pairs, level, rest, recording)

    def _pull_dual(self, pairs: list[Pair], level: Any, rest: Sequence[Level], recording: bool) -> list[Tensor | None]:
        parts = [(y, level.tangent(y), *level.parts(g)) for y, g in pairs]
        slopes = [(y, dg) for y, _, _, dg in parts if dg is not None]
        slopes += [(dy, g) for _, dy, g, _ in parts if dy is not None]
        grads = self._pull([(y, g) for y, _, g, _ in parts], rest, recording or bool(slopes))
        if not slopes:
            return grads
        tangents = self._pull(slopes, rest, recording)
        return [level.joined(g, t) for g, t in zip(grads, tangents, strict=True)]

    def _pull_plain(self, pairs: list[Pair], recording: bool) -> list[Tensor | None]:
        roots = [(edge, g) for edge, g in ((edge_of(y), g) for y, g in pairs) if edge is not None]
        if not roots:
            return [None] * len(self._edges)
        create = recording and (self.reaches_outside([y for y, _ in pairs]) or any(_tracked(g) for _, g in pairs))
        with without(self.levels):
            return run_backward(roots, keep_graph=True, create_graph=create, targets=self._edges, capture=True)


def _tracked(g: Tensor) -> bool:
    return bool(_bottom(g)._tracked) or any(_tracked(e.tensor) for e in (g._tangents or {}).values())


def _bottom(x: Tensor) -> Tensor:
    while isinstance(x, BatchedTensor):
        x = x._value
    return x


def spread(x: Tensor, levels: Sequence[VmapLevel]) -> Tensor:
    """A tensor that is batched at all these levels, the innermost first."""
    if not levels:
        return x
    level, rest = levels[0], levels[1:]
    held = x._tangents or {}
    if x._layer == level.number:
        made = batched(level, spread(x._value, rest))
    else:
        bare = twin(x)
        bare._tangents = {n: e for n, e in held.items() if n < level.number} or None
        made = batched(level, _value_at(spread(bare, rest), level))
    made._tangents = {n: e for n, e in held.items() if n > level.number} or None
    return made


def _value_at(y: Tensor, level: VmapLevel) -> Tensor:
    """All examples of ``y`` along dim 0."""
    if y._layer == level.number:
        return y._value
    with below(level):
        return y.expand((level.size, *y._shape))


def expose(g: Tensor, level: VmapLevel) -> Tensor:
    """``g`` with the batch dim of a level as its first dim, also where inner levels batch it further."""
    if g._layer > level.number:
        made = batched(g._level, expose(g._value, level).transpose(0, 1))
    else:
        made = _value_at(g, level)
    return _with_inner_tangents(made, g, level, expose)


def conceal(g: Tensor, level: VmapLevel) -> Tensor:
    """The inverse of ``expose``."""
    if g._layer > level.number:
        made = batched(g._level, conceal(g._value.transpose(0, 1), level))
    else:
        made = batched(level, g)
    return _with_inner_tangents(made, g, level, conceal)


def _with_inner_tangents(made: Tensor, g: Tensor, level: VmapLevel, change: Callable[..., Tensor]) -> Tensor:
    """Give ``made`` the tangents that ``g`` has at levels inside ``level``, changed as it was."""
    for number, entry in (g._tangents or {}).items():
        if number > level.number:
            made._tangents = {**(made._tangents or {}), number: entry._replace(tensor=change(entry.tensor, level))}
    return made


def twin(x: Tensor) -> Tensor:
    """Another object for the same tensor, with the same place in the graph and the same tangents."""
    if isinstance(x, BatchedTensor):
        made = batched(x._level, x._value)
        made._tangents = x._tangents
        return made
    if x.requires_grad and x._node is None:
        # Gradients go to the leaf itself, so there is a step between.
        made = alias(x)
        with enable_grad():
            record(table["clone"], (x,), (), (made,))
        made._tangents = x._tangents
        return made
    if x._base is not None:
        sync_view(x)
    made = graph_alias(x)
    made._view_of_no_grad = x._view_of_no_grad
    return made
