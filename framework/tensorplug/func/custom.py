"""``autograd.Function`` under ``vmap``, made from its own methods: each of them runs under ``vmap`` in turn."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tensorplug.autograd.function import Function, FunctionCtx
from tensorplug.base import TensorBase

Tensor = Any


class _Context(FunctionCtx):
    """The context that the user's methods see, whose saved tensors are batched anew for each of them."""

    saved_tensors: tuple[Any, ...] = ()
    needs_input_grad: tuple[bool, ...] = ()


def generated(
    cls: type[Function],
    make_level: Callable[[int, str], Any],
    batched: Callable[[Any, Tensor], Tensor],
    size: int,
    randomness: str,
    flags: tuple[bool, ...],
    kwargs: dict[str, Any],
) -> type[Function]:
    """A function of batches that does for each example what ``cls`` does.

    Args:
        cls: the function of one example.
        make_level: makes a ``vmap`` level from size and randomness.
        batched: the examples along dim 0 of a tensor as a tensor of a level.
        size, randomness: of the ``vmap``.
        flags: which arguments have a batch dim.
        kwargs: keyword arguments of ``forward``.
    """

    def under_vmap(method: Callable[..., Any], context: Any, values: Any, marks: Any) -> tuple[Any, tuple[Any, ...]]:
        """Call a method with these values batched where marked; the outputs and what it saved, one level down."""
        level = make_level(size, randomness)
        with level.entered():
            given = [batched(level, v) if f and v is not None else v for v, f in zip(values, marks, strict=True)]
            found = method(context, *given)
            outputs = found if isinstance(found, tuple | list) else (found,)
            return level, tuple(outputs)

    def forward_of(context: Any, *args: Any) -> Any:
        if cls.setup_context is Function.setup_context:
            return cls.forward(context, *args, **kwargs)
        found = cls.forward(*args, **kwargs)
        cls.setup_context(context, args, found)
        return found

    def full(level: Any, value: Any) -> Any:
        if not isinstance(value, TensorBase):
            return value
        below = level.below(value)
        return below if level.owns(value) else below.expand((size, *below._shape))

    class Vmapped(Function):
        generate_vmap_rule = cls.generate_vmap_rule

        @staticmethod
        def forward(ctx: Any, *args: Any) -> Any:
            context = ctx.context = _Context()
            context.needs_input_grad = ctx.needs_input_grad
            single: list[bool] = []

            def method(context: Any, *given: Any) -> Any:
                found = forward_of(context, *given)
                single.append(not isinstance(found, tuple))
                return found

            level, outputs = under_vmap(method, context, args, flags)
            if context._dirty:
                raise RuntimeError(f"vmap: {cls.__name__} changes its inputs in place; implement the vmap staticmethod")
            places = {id(o): i for i, o in enumerate(outputs)}
            results = tuple([full(level, o) for o in outputs])
            ctx.mark_non_differentiable(*[results[places[id(t)]] for t in context._non_differentiable])
            ctx.set_materialize_grads(context.materialize_grads)
            ctx.saved_flags, saved = _lowered(level, context._to_save, places, results)
            ctx.save_for_backward(*saved)
            if context._for_tangents is not None:
                ctx.forward_flags, kept = _lowered(level, context._for_tangents, places, results)
                ctx.save_for_forward(*kept)
            else:
                ctx.forward_flags = ctx.saved_flags
            context._to_save, context._for_tangents = (), None
            return results[0] if single[0] else results

        @staticmethod
        def backward(ctx: Any, *grads: Any) -> Any:
            saved = ctx.saved_tensors

            def method(context: Any, *given: Any) -> Any:
                context.saved_tensors = given[: len(saved)]
                return cls.backward(context, *given[len(saved) :])

            marks = (*ctx.saved_flags, *[True] * len(grads))
            level, found = under_vmap(method, ctx.context, (*saved, *grads), marks)
            ctx.context.saved_tensors = ()
            return tuple([_input_gradient(full(level, g), f) for g, f in zip(found, flags, strict=False)])

        @staticmethod
        def jvp(ctx: Any, *tangents: Any) -> Any:
            saved = ctx.saved_tensors

            def method(context: Any, *given: Any) -> Any:
                context.saved_tensors = given[: len(saved)]
                return cls.jvp(context, *given[len(saved) :])

            marks = (*ctx.forward_flags, *[True] * len(tangents))
            level, found = under_vmap(method, ctx.context, (*saved, *tangents), marks)
            ctx.context.saved_tensors = ()
            results = tuple([full(level, t) for t in found])
            return results[0] if len(results) == 1 else results

    Vmapped.__name__ = Vmapped.__qualname__ = f"Vmapped{cls.__name__}"
    return Vmapped


def _lowered(level: Any, tensors: Any, places: dict[int, int], results: Any) -> tuple[tuple[bool, ...], list[Any]]:
    """Saved tensors one level down, with flags for those that are batched; outputs as they were returned."""
    flags, values = [], []
    for tensor in tensors:
        place = places.get(id(tensor))
        flags.append(place is not None or level.owns(tensor))
        values.append(level.below(tensor) if place is None else results[place])
    return tuple(flags), values


def _input_gradient(grad: Any, flag: bool) -> Any:
    """Examples that share an input add up their gradients."""
    return grad if flag or grad is None else grad.sum(0)
