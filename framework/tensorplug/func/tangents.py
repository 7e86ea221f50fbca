"""Tangents, and the level that sends them through ops: forward-mode differentiation.

A tensor holds its tangent for a level under the level's number; the level runs an op one level down, then computes the
tangent of the result from those of the inputs.
"""

from __future__ import annotations

import weakref
from typing import Any, NamedTuple

from tensorplug.autograd.function import apply_keeping
from tensorplug.autograd.grad_mode import enable_grad
from tensorplug.base import Storage, TensorBase, storage_of, strides_of
from tensorplug.dispatch import run
from tensorplug.func.batched import BatchedTensor, batched, vmap_levels
from tensorplug.func.forward import gradients_to_turn, replay_view, slopes
from tensorplug.func.levels import Level, tensors_in
from tensorplug.func.reverse import Fresh, conceal, spread, twin
from tensorplug.op import VIEW, Op, table
from tensorplug.ops.strided import storage_size
from tensorplug.overwriting import write_back

Tensor = Any


class Tangent(NamedTuple):
    """A tangent as a tensor holds it.

    Attributes:
        tensor: the tangent.
        owned: whether no other tensor shows its memory but views of the tensor that holds it, so that changes in place
            may be made in it.
    """

    tensor: Any
    owned: bool


class ForwardLevel(Level):
    """The interpreter behind ``jvp``, ``jacfwd`` and ``forward_ad``."""

    def __init__(self) -> None:
        super().__init__()
        self._written: list[weakref.ref[Storage]] = []

    def close(self) -> None:
        """Let go of the tangents that were written beside the memory of tensors."""
        for storage in [ref() for ref in self._written]:
            if storage is not None and storage.tangents is not None:
                storage.tangents = {n: t for n, t in storage.tangents.items() if n != self.number} or None

    def tangent(self, x: Any) -> Tensor | None:
        """The tangent of a tensor at this level, None where it has none (is constant)."""
        held = x._tangents
        if held is not None and self.number in held:
            return held[self.number].tensor
        return self._in_storage(x)

    def _in_storage(self, x: Tensor) -> Tensor | None:
        """The tangent in the memory beside that of ``x``, if any was written there."""
        if isinstance(x, BatchedTensor):
            below = self._in_storage(x._value)
            return None if below is None else conceal(below, x._level)
        memory = None if x._storage is None or x._storage.tangents is None else x._storage.tangents.get(self.number)
        return None if memory is None else memory.as_strided(x._shape, strides_of(x), x._offset)

    def give(self, x: Tensor, tangent: Tensor, owned: bool = False) -> Tensor:
        """Let ``x`` hold a tangent; returns ``x``."""
        x._tangents = {**(x._tangents or {}), self.number: Tangent(tangent, owned)}
        return x

    def dual(self, x: Tensor, tangent: Tensor) -> Tensor:
        """Another object for ``x`` that holds a tangent."""
        return self.give(twin(x), tangent)

    def parts(self, x: Tensor) -> tuple[Tensor, Tensor | None]:
        """The value and the tangent of a tensor that inner levels may have batched or given tangents too."""
        inner = _inside(x, self)
        if x._layer > self.number:
            below, slope_below = self.parts(x._value)
            value = batched(x._level, below)
            slope = None if slope_below is None else batched(x._level, slope_below)
        else:
            tangent = self.tangent(x)
            if tangent is None and not inner:
                return x, None
            value = twin(x)
            value._tangents = _outside(x, self)
            slope = None if tangent is None else twin(tangent)
        for number, entry in inner.items():
            of_value, of_slope = self.parts(entry.tensor)
            _hold(value, number, of_value)
            if of_slope is not None:
                slope = table["zeros_like"].call(value) if slope is None else slope
                _hold(slope, number, of_slope)
        return value, slope

    def joined(self, value: Tensor | None, tangent: Tensor | None) -> Tensor | None:
        """The inverse of ``parts``."""
        if tangent is None:
            return value
        if value is None:
            value = table["zeros_like"].call(tangent)
        layer = max(value._layer, tangent._layer)
        if layer > self.number:
            level = value._level if value._layer == layer else tangent._level
            made = batched(level, self.joined(spread(value, [level])._value, spread(tangent, [level])._value))
        else:
            made, slope = twin(value), twin(tangent)
            made._tangents, slope._tangents = _outside(value, self), _outside(tangent, self)
            self.give(made, slope)
        of_value, of_slope = _inside(value, self), _inside(tangent, self)
        for number in {**of_value, **of_slope}:
            first, second = of_value.get(number), of_slope.get(number)
            _hold(made, number, self.joined(first and first.tensor, second and second.tensor))
        return made

    def __call__(self, op: Op, inputs: Any, params: Any, shape: Any, dtype: Any, device: Any) -> Any:
        found = run(op, inputs, params, shape, dtype, device)
        if not op.differentiable or not any(self.tangent(t) is not None for t in tensors_in(inputs)):
            return found
        if op.kind == VIEW:
            tangent = replay_view(op, self._own(inputs[0]), params)
            return self.give(found, tangent, owned=True)
        results = found if isinstance(found, tuple) else (found,)
        tangents = tuple([self._tangents_of(v) for v in inputs])
        taken = set(map(id, tensors_in(tangents)))
        for result, tangent in zip(results, slopes(self, op, inputs, tangents, params, results), strict=True):
            if result is not None and tangent is not None:
                self.give(result, tangent, owned=id(tangent) not in taken and _is_fresh(tangent))
        return found

    def _tangents_of(self, value: Any) -> Any:
        if isinstance(value, TensorBase):
            return self.tangent(value)
        return tuple([self._tangents_of(v) for v in value]) if value.__class__ is tuple else None

    def turned_round(
        self, op: Op, inputs: Any, tangents: Any, params: Any, results: tuple[Any, ...]
    ) -> tuple[Tensor | None, ...]:
        """The tangents of the results, from the gradient of the gradient rule."""
        products = results[: len(results) - op.byproducts] if op.byproducts else results
        places = [i for i, r in enumerate(products) if r is not None and r._kind.dtype.is_differentiable]
        zeros_like = table["zeros_like"].call
        fresh = Fresh([zeros_like(results[i]) for i in places])
        upstream: list[Any] = [None] * len(products)
        for place, variable in zip(places, fresh.tensors, strict=True):
            upstream[place] = variable
        with enable_grad():
            pairs = gradients_to_turn(op, tuple(upstream), inputs, tangents, params, results)
        found: list[Any] = [None] * len(results)
        for place, tangent in zip(places, fresh.pull(pairs), strict=True):
            found[place] = tangent
        return tuple(found)

    def _own(self, x: Tensor) -> Tensor:
        """The tangent of ``x`` in memory that only ``x`` and its views show."""
        entry = (x._tangents or {}).get(self.number)
        if entry is None:
            return self._in_storage(x)
        if not entry.owned:
            entry = Tangent(spread(entry.tensor, vmap_levels()).clone(), True)
            x._tangents = {**x._tangents, self.number: entry}
        return entry.tensor

    def overwrite(self, target: Any, result: Any, name: str) -> bool:
        tangent = self.tangent(result)
        if tangent is None and self.tangent(target) is None:
            return False
        if self.tangent(target) is None:
            self._make_room(target)
        own = self._own(target)
        if tangent is None:
            tangent = table["zeros_like"].call(result)
        if not own._kind.dtype.is_complex and tangent._kind.dtype.is_complex:
            tangent = table["real_part"].call(tangent)
        write_back(own, tangent.to(own._kind.dtype).expand(own._shape), name)
        return False

    def apply_function(self, cls: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """A user's ``autograd.Function``: by its ``jvp``."""
        tangents = [self.tangent(a) if isinstance(a, TensorBase) else None for a in args]
        if all(t is None for t in tangents):
            return None
        found, push = apply_keeping(cls, args, kwargs)
        outputs = found if isinstance(found, tuple) else (found,)
        pushed = push(*[_or_zeros(t, a) for t, a in zip(tangents, args, strict=True)])
        slopes = pushed if isinstance(pushed, tuple) else (pushed,)
        if len(slopes) != len(outputs):
            raise RuntimeError(f"{cls.__name__}.jvp returned {len(slopes)} tangents for {len(outputs)} outputs")
        for output, slope in zip(outputs, slopes, strict=True):
            if slope is not None and isinstance(output, TensorBase):
                self.give(output, slope)
        return found, _pushed_twice

    def gradients(self, outputs: Any, inputs: Any, upstream: Any, create_graph: bool) -> list[Any]:
        """``autograd.grad`` while the level is active: gradients with tangents of their own."""
        return Fresh.existing(inputs).pull(list(zip(outputs, upstream, strict=True)), create_graph)

    def _make_room(self, x: Tensor) -> None:
        """Put zeros beside the memory of ``x``, for tangents to be written into: for each example its own."""
        others = vmap_levels()
        while isinstance(x, BatchedTensor):
            others.remove(x._level)
            x = x._value
        outward = others[::-1]
        room = x.new_zeros((*[level.size for level in outward], storage_size(x)))
        for level in outward:
            room = batched(level, room)
        storage = storage_of(x)
        storage.tangents = {**(storage.tangents or {}), self.number: room}
        self._written.append(weakref.ref(storage))


def _or_zeros(tangent: Any, value: Any) -> Any:
    if tangent is None and isinstance(value, TensorBase) and value._kind.dtype.is_differentiable:
        return table["zeros_like"].call(value)
    return tangent


def _pushed_twice(*tangents: Any) -> Any:
    raise RuntimeError("forward mode through the jvp of an autograd.Function goes one level deep")


def _is_fresh(x: Tensor) -> bool:
    """Whether no other tensor can show the memory of ``x``."""
    while isinstance(x, BatchedTensor):
        x = x._value
    return x._storage is None and x._base is None


def _inside(x: Tensor, level: Level) -> dict[int, Tangent]:
    """The tangents of ``x`` for levels inside another."""
    return {n: entry for n, entry in (x._tangents or {}).items() if n > level.number}


def _outside(x: Tensor, level: Level) -> dict[int, Tangent] | None:
    """The tangents of ``x`` for levels around another."""
    return {n: entry for n, entry in (x._tangents or {}).items() if n < level.number} or None


def _hold(x: Tensor, number: int, tangent: Any) -> None:
    x._tangents = {**(x._tangents or {}), number: Tangent(tangent, False)}
