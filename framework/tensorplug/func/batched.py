"""Batched tensors, and the level that runs ops on them: what ``vmap`` is made of."""

from __future__ import annotations

import textwrap
import warnings
from collections import Counter
from typing import Any, NamedTuple

from tensorplug.autograd.function import Function, apply_keeping
from tensorplug.autograd.grad_mode import state
from tensorplug.base import TensorBase, strides_of
from tensorplug.dispatch import run
from tensorplug.func.batching import rule_of
from tensorplug.func.batching.call import Call
from tensorplug.func.custom import generated
from tensorplug.func.levels import Level, tensors_in
from tensorplug.generator import lanes
from tensorplug.op import Op, table
from tensorplug.overwriting import check_inplace, write_back
from tensorplug.tensor import Tensor

fallback_counts: Counter[str] = Counter()
"""Name of an op -> how often ``vmap`` ran it once for each example, since it has neither a rule nor a default."""


class _Unreadable(RuntimeError, AttributeError):
    """Raised in the place of the memory that a batched tensor does not have."""


def _unreadable(kind: type[RuntimeError] = RuntimeError) -> RuntimeError:
    return kind(
        "vmap: a batched tensor has one value for each example, so it cannot become a Python number or NumPy array, "
        "and no `if` can depend on it. Choose with tensorplug.where, or do this outside of vmap. (Or a batched tensor "
        "was kept beyond the vmap it belongs to.)"
    )


class BatchedTensor(Tensor):
    """One example of a batch, as a function under ``vmap`` sees it; all examples are there at once.

    Attributes:
        _level: the level it belongs to.
        _value: all examples, along dim 0.
    """

    _level: VmapLevel
    _value: Any

    def __getattr__(self, name: str) -> Any:
        if name == "_array":
            error = _unreadable(_Unreadable)
            error.obj = self  # type: ignore[attr-defined]
            raise error
        raise AttributeError(f"'Tensor' object has no attribute '{name}'", name=name, obj=self)

    @property
    def _strides(self) -> Any:  # type: ignore[override]
        return strides_of(self._value)[1:]

    @property
    def _offset(self) -> int:  # type: ignore[override]
        return self._value._offset

    @property
    def requires_grad(self) -> bool:
        """Whether gradients flow to the batch."""
        return self._value.requires_grad

    @requires_grad.setter
    def requires_grad(self, value: bool) -> None:
        if value and not self._value.requires_grad:
            raise RuntimeError(
                "requires_grad cannot be set inside a function under vmap. Use tensorplug.func.grad, vjp or jacrev "
                "there, or set it outside."
            )

    @property
    def data(self) -> Tensor:
        """The same batch outside the graph."""
        return batched(self._level, self._value.data)

    @data.setter
    def data(self, value: Tensor) -> None:
        raise RuntimeError("vmap: the memory of a batched tensor cannot be replaced; copy into it with copy_()")

    def register_hook(self, hook: Any) -> Any:
        """Not possible: gradients are those of the whole batch, and come when the level is gone."""
        raise RuntimeError("vmap: a batched tensor takes no hooks; register them outside of vmap")

    def to(self, *args: Any, **kwargs: Any) -> Tensor:
        """The batch in another dtype or on another device."""
        args = tuple(x._value if isinstance(x, BatchedTensor) and x._layer == self._layer else x for x in args)
        found = self._value.to(*args, **kwargs)
        return self if found is self._value else batched(self._level, found)

    def _beside(self, value: Any) -> Tensor:
        """Another batch of the same examples."""
        return batched(self._level, value)

    def item(self) -> Any:
        """Not possible: there is one value for each example."""
        raise _unreadable()

    def _host(self) -> Any:
        raise _unreadable()

    def __repr__(self) -> str:
        value = textwrap.indent(repr(self._value), "    ")
        return f"BatchedTensor(lvl={self._layer}, bdim=0, value=\n{value}\n)"


def batched(level: VmapLevel, value: Any) -> BatchedTensor:
    """The examples along dim 0 of ``value`` as one tensor without that dim."""
    made = object.__new__(BatchedTensor)
    made._level, made._value, made._layer = level, value, level.number
    made._kind, made._shape, made._tracked = value._kind, value._shape[1:], 0
    return made


class VmapLevel(Level):
    """The interpreter behind ``vmap``.

    Args:
        size: the number of examples.
        randomness: ``"error"``, ``"different"`` or ``"same"``.
    """

    def __init__(self, size: int, randomness: str) -> None:
        super().__init__()
        self.size = size
        self.randomness = randomness

    def owns(self, value: Any) -> bool:
        """Whether ``value`` is a tensor batched at this level."""
        return isinstance(value, TensorBase) and value._layer == self.number

    def below(self, value: Any) -> Any:
        """What the level computes with in the place of an input."""
        if isinstance(value, BatchedTensor) and value._layer == self.number:
            return value._value
        return tuple([self.below(v) for v in value]) if value.__class__ is tuple else value

    def _flag(self, value: Any) -> Any:
        return tuple([self.owns(v) for v in value]) if value.__class__ is tuple else self.owns(value)

    def wrapped(self, found: Any) -> Any:
        """Results of a rule as batched tensors."""
        if isinstance(found, tuple):
            return tuple([None if f is None else batched(self, f) for f in found])
        return batched(self, found)

    def __call__(self, op: Op, inputs: Any, params: Any, shape: Any, dtype: Any, device: Any) -> Any:
        if "key" in op.params:
            return self._draw(op, inputs, params, shape, dtype, device)
        if not any(t._layer == self.number for t in tensors_in(inputs)):
            return run(op, inputs, params, shape, dtype, device)
        rule = rule_of(op)
        if rule is None and op.default_body is not None:
            with self.again():
                return op.default_body(*inputs, *params)
        call = self._call(op, inputs, params, shape, dtype, device)
        return self.wrapped(_one_by_one(call) if rule is None else rule(call))

    def _draw(self, op: Op, inputs: Any, params: Any, shape: Any, dtype: Any, device: Any) -> Any:
        """Run an op that draws from a part of the random stream (so it has a parameter ``key``)."""
        if self.randomness == "error":
            raise RuntimeError(
                "vmap: random numbers were asked for inside vmap, which has to be told what that means: pass "
                "randomness='different' (each example its own) or 'same' (all alike)."
            )
        alike = self.randomness == "same"
        if not any(self.owns(v) for v in inputs):
            if alike:
                return run(op, inputs, params, shape, dtype, device)
            if not inputs:
                size = (self.size, *shape)
                return batched(self, run(op, (), (size, *params[1:]), size, dtype, device))
        call = self._call(op, inputs, params, shape, dtype, device)
        return self.wrapped(example_by_example(call) if alike else each_its_own(call))

    def _call(self, op: Op, inputs: Any, params: Any, shape: Any, dtype: Any, device: Any) -> Call:
        values, flags = tuple([self.below(v) for v in inputs]), tuple([self._flag(v) for v in inputs])
        return Call(op, values, flags, params, shape, dtype, device, self.size)

    def overwrite(self, target: Any, result: Any, name: str) -> bool:
        if target._layer != self.number:
            if result._layer != self.number:
                return False
            raise RuntimeError(
                f"vmap: {name} would write one value for each example into a tensor that all examples share. Make the "
                "tensor from a batched one (x.new_zeros(...)), or use an op that is not in place."
            )
        below = target._value
        check_inplace(below, name)
        value = self.below(result)
        rank = len(target._shape)
        if result._layer == self.number and len(result._shape) < rank:
            value = value.reshape((self.size,) + (1,) * (rank - len(result._shape)) + result._shape)
        value = value.expand(below._shape)
        write_back(below, value.to(below._kind.dtype) if name == "copy_" else value, name)
        return True

    def entered(self) -> Any:
        return _Lanes(self)

    def apply_function(self, cls: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """A user's ``autograd.Function``: by its own ``vmap``, or by one made from its other methods."""
        if not any(self.owns(a) for a in args):
            return None
        if cls.vmap is not Function.vmap:
            if cls.generate_vmap_rule:
                raise RuntimeError(
                    f"vmap: {cls.__name__} has both generate_vmap_rule=True and a vmap staticmethod; remove one of them"
                )
            return _by_own_rule(self, cls, args), _no_tangents
        if not cls.generate_vmap_rule:
            raise RuntimeError(
                f"You tried to vmap over {cls.__name__}, but it does not have vmap support. Please override and "
                "implement the vmap staticmethod or set generate_vmap_rule=True."
            )
        flags = tuple([self.owns(a) for a in args])
        made = generated(cls, VmapLevel, batched, self.size, self.randomness, flags, kwargs)
        outputs, push = apply_keeping(made, tuple([self.below(a) for a in args]), {})

        def push_batched(*tangents: Any) -> Any:
            return self._wrapped_outputs(push(*[self._as_batch(t, f) for t, f in zip(tangents, flags, strict=True)]))

        return self._wrapped_outputs(outputs), push_batched

    def _as_batch(self, tangent: Any, flag: bool) -> Any:
        """A tangent with the batch dim, also where only the input has one."""
        if tangent is None or self.owns(tangent):
            return self.below(tangent)
        return tangent.expand((self.size, *tangent._shape))

    def _wrapped_outputs(self, outputs: Any) -> Any:
        if isinstance(outputs, tuple):
            return tuple([self._wrapped_outputs(o) for o in outputs])
        return batched(self, outputs) if isinstance(outputs, TensorBase) else outputs


class VmapInfo(NamedTuple):
    """What the ``vmap`` method of an ``autograd.Function`` is told.

    Attributes:
        batch_size: the number of examples.
        randomness: ``"error"``, ``"different"`` or ``"same"``.
    """

    batch_size: int
    randomness: str


def _by_own_rule(level: VmapLevel, cls: Any, args: tuple[Any, ...]) -> Any:
    in_dims = tuple([0 if level.owns(a) else None for a in args])
    found = cls.vmap(VmapInfo(level.size, level.randomness), in_dims, *[level.below(a) for a in args])
    if not (isinstance(found, tuple) and len(found) == 2):
        raise RuntimeError(
            f"Expected the vmap staticmethod of {cls.__name__} to have two returns (output, out_dims), got {found!r}"
        )
    outputs, dims = found
    single = not isinstance(outputs, tuple)
    values = (outputs,) if single else outputs
    places = dims if isinstance(dims, tuple) else (dims,) * len(values)
    if len(places) != len(values):
        raise RuntimeError(f"{cls.__name__}.vmap returned {len(values)} outputs and {len(places)} out_dims")
    wrapped = tuple([v if d is None else batched(level, v.movedim(d, 0)) for v, d in zip(values, places, strict=True)])
    return wrapped[0] if single else wrapped


def _no_tangents(*tangents: Any) -> Any:
    raise RuntimeError("a vmap staticmethod of an autograd.Function has no tangents; set generate_vmap_rule=True")


class _Lanes:
    """The level's time on the stack, in which random draws reserve room for every example if they are to differ."""

    def __init__(self, level: VmapLevel) -> None:
        self._level = level
        self._context = Level.entered(level)

    def __enter__(self) -> VmapLevel:
        self._before = lanes.count
        if self._level.randomness == "different":
            lanes.count *= self._level.size
        self._context.__enter__()
        return self._level

    def __exit__(self, *exception: Any) -> None:
        lanes.count = self._before
        self._context.__exit__(*exception)


def _one_by_one(call: Call) -> Any:
    """The slow way that is always right: example by example."""
    if call.shape is None:
        raise RuntimeError(
            f"vmap: the shape of the result of {call.op.name} depends on the data, so it may differ between examples"
        )
    if not call.size:
        raise RuntimeError(f"vmap: {call.op.name} has no batching rule, so it does not take a batch without examples")
    fallback_counts[call.op.name] += 1
    warnings.warn(
        f"vmap: {call.op.name} has no batching rule, so it ran {call.size} times, once for each example",
        stacklevel=2,
    )
    return example_by_example(call)


def each_its_own(call: Call) -> Any:
    """Draws for the whole batch, whose elements have places of their own in the random stream."""
    return call.again(tuple([call.full(i) for i in range(len(call.inputs))]))


def example_by_example(call: Call) -> Any:
    """The op on each example, and the results stacked."""
    rows = []
    for position in range(call.size):
        inputs = tuple([_example(v, f, position) for v, f in zip(call.inputs, call.flags, strict=True)])
        found = run(call.op, inputs, call.params, call.shape, call.dtype, call.device)
        rows.append(found if isinstance(found, tuple) else (found,))
    stack = table["stack"].call
    results = tuple([None if column[0] is None else stack(list(column)) for column in zip(*rows, strict=True)])
    return results[0] if call.op.single else results


def _example(value: Any, flag: Any, position: int) -> Any:
    if value.__class__ is tuple:
        return tuple([_example(v, f, position) for v, f in zip(value, flag, strict=True)])
    return value.select(0, position) if flag else value


def vmap_levels() -> list[VmapLevel]:
    """The ``vmap`` levels of this thread, the innermost first."""
    return [level for level in reversed(state.interpreters) if isinstance(level, VmapLevel)]
