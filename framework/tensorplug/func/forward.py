"""Tangents of the results of ops.

Views are taken of the tangent too. Linear ops run on the tangents. Element-wise ops multiply by their derivative,
which is what their gradient rule does. Ops whose gradient is that of their default are followed through it. For all
others the gradient rule ``u -> J^T u`` is itself differentiated: it is linear in ``u``, and its gradient ``t -> J t``.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tensorplug.base import TensorBase
from tensorplug.dispatch import run
from tensorplug.func.batching.elementwise import is_pointwise
from tensorplug.op import DTYPE, INPUT, NEEDS, PARAM, RESULT, Op, Rule, table
from tensorplug.ops import derived

Tensor = Any


def replay_view(op: Op, x: Tensor, params: tuple[Any, ...]) -> Tensor:
    """The view that ``op`` took, of another tensor of the same shape."""
    replay = _VIEWS.get(op.name)
    return op.call(x, *params) if replay is None else replay(x, *params)


_VIEWS: dict[str, Callable[..., Tensor]] = {
    "as_strided": lambda x, size, stride, offset, *base: _restrided(x, size, stride, offset, *base),
    "squeeze": lambda x, dims: x.squeeze(dims) if dims else x.view(x._shape),
    "view": lambda x, shape: x.reshape(shape),
}


def _restrided(x: Tensor, size: Any, stride: Any, offset: int, base_stride: Any, base_offset: int) -> Tensor:
    """``as_strided`` of a tensor whose own layout may be another: by places in the memory of the first."""
    if x.stride() == base_stride:
        return x.as_strided(size, stride, x.storage_offset() + offset - base_offset)
    room = 1 + max([offset - base_offset + sum((n - 1) * s for n, s in zip(size, stride, strict=True)), 0])
    room = max(room, 1 + sum((n - 1) * s for n, s in zip(x._shape, base_stride, strict=True)))
    memory = table["as_strided_scatter"].call(x.new_zeros((room,)), x, x._shape, base_stride, 0)
    return memory.as_strided(size, stride, offset - base_offset)


_LINEAR: dict[str, tuple[int, ...]] = {
    "as_strided_scatter": (0, 1), "cast": (0,), "cat": (0,), "clone": (0,), "col2im": (0,), "complex": (0, 1),
    "conj_physical": (0,), "constant_pad": (0,), "cumsum": (0,),
    "fft_c2c": (0,), "fft_c2r": (0,), "fft_r2c": (0,), "flip": (0,), "gather": (0,), "im2col": (0,),
    "imag_part": (0,), "index_add": (0, 2), "index_select": (0,), "lookup": (1,), "lookup_backward": (0,),
    "max_pool_input": (0,), "mean": (0,), "neg": (0,), "real_part": (0,), "resample": (0,), "scatter_src": (0, 2),
    "sum": (0,), "sum_pool": (0,), "sum_pool_input": (0,), "to_device": (0,), "tril": (0,), "triu": (0,),
}  # fmt: skip
"""Ops that are linear in these inputs together, the others held."""

_PRODUCTS = frozenset({"convolution", "convolution_weight", "linear", "matmul_batched"})
"""Ops that are linear in each of their first two inputs; a third is added to the result."""


def slopes(
    level: Any, op: Op, inputs: tuple[Any, ...], tangents: tuple[Any, ...], params: tuple[Any, ...], results: Any
) -> tuple[Tensor | None, ...]:
    """The tangent of each result.

    Args:
        level: the forward-mode level, which the ops that run here do not pass.
        op, inputs, params: what ran; the inputs may hold tangents.
        tangents: of the inputs, None for constant ones.
        results: what came out.
    """
    name = op.name
    if name in _LINEAR:
        return (_linear(op, inputs, tangents, params, results[0]),)
    if name in _PRODUCTS:
        return (_product(op, inputs, tangents, params, results[0]),)
    if is_pointwise(op) and op.single and not _is_complex((*inputs, *results)):
        return (_pointwise(op, inputs, tangents, params, results),)
    joint = op.joint
    if joint is not None and joint.function.__module__ == derived.__name__:
        assert op.default_body is not None
        with level.again():
            found = op.default_body(*inputs, *params)
        return tuple(
            [None if f is None else level.tangent(f) for f in (found if isinstance(found, tuple) else (found,))]
        )
    return level.turned_round(op, inputs, tangents, params, results)


def _is_complex(values: tuple[Any, ...]) -> bool:
    return any(v._kind.dtype.is_complex for v in values if isinstance(v, TensorBase))


def _linear(op: Op, inputs: Any, tangents: Any, params: Any, result: Tensor) -> Tensor:
    slots = _LINEAR[op.name]
    given = [_or_zeros(t, v) if i in slots else v for i, (t, v) in enumerate(zip(tangents, inputs, strict=True))]
    if op.name == "constant_pad":
        params = (params[0], 0)
    return run(op, tuple(given), params, result._shape, result._kind.dtype, result._kind.device)


def _or_zeros(tangent: Any, value: Any) -> Any:
    if value.__class__ is tuple:
        return tuple([_or_zeros(t, v) for t, v in zip(tangent, value, strict=True)])
    if tangent is not None or not isinstance(value, TensorBase):
        return tangent
    return table["zeros_like"].call(value)


def _product(op: Op, inputs: Any, tangents: Any, params: Any, result: Tensor) -> Tensor | None:
    total = None
    rest = (None,) * (len(inputs) - 2)
    for slot in (0, 1):
        if tangents[slot] is not None:
            pair = (tangents[0], inputs[1]) if slot == 0 else (inputs[0], tangents[1])
            part = run(op, (*pair, *rest), params, result._shape, result._kind.dtype, result._kind.device)
            total = part if total is None else total + part
    if rest and tangents[2] is not None:
        trailing = (1,) * (len(result._shape) - 2) if op.name == "convolution" else ()
        added = tangents[2].reshape((-1, *trailing)).expand(result._shape)
        total = added if total is None else total + added
    return total


def _pointwise(op: Op, inputs: Any, tangents: Any, params: Any, results: Any) -> Tensor | None:
    """The gradient rule of each input, applied to its tangent: each element's derivative times that."""
    result = results[0]
    if not result._kind.dtype.is_differentiable:
        return None
    total = None
    for slot, tangent in enumerate(tangents):
        if tangent is None:
            continue
        if tangent._shape != result._shape:
            tangent = tangent.expand(result._shape)
        if tangent._kind is not result._kind:
            tangent = tangent.to(result._kind.dtype)
        needs = tuple(i == slot for i in range(len(inputs)))
        part = _gradients(op, (tangent,), inputs, params, results, needs)[slot]
        if part is not None:
            total = part if total is None else total + part
    if total is None or total._kind is result._kind:
        return total
    return total.to(result._kind.dtype)


def _gradients(
    op: Op, grads: tuple[Any, ...], inputs: Any, params: Any, results: Any, needs: tuple[Any, ...]
) -> list[Any]:
    """What the gradient rules of an op give for each input that needs it."""
    gradient = grads[0] if len(grads) == 1 else grads

    def apply(rule: Rule) -> Any:
        return rule.function(
            gradient, *[_argument(kind, i, inputs, params, results, needs) for kind, i in rule.sources]
        )

    if op.joint is not None:
        found = apply(op.joint)
        return list(found) if isinstance(found, tuple | list) else [found]
    return [apply(r) if n and r is not None else None for r, n in zip(op.rules, needs, strict=True)]


def _argument(kind: int, index: int, inputs: Any, params: Any, results: Any, needs: Any) -> Any:
    if kind == INPUT:
        return inputs[index]
    if kind == RESULT:
        return results[index]
    if kind == PARAM:
        return params[index]
    if kind == NEEDS:
        return needs
    return _meta(inputs[index], kind)


def _meta(value: Any, kind: int) -> Any:
    if value.__class__ is tuple:
        return tuple([_meta(v, kind) for v in value])
    if not isinstance(value, TensorBase):
        return None
    return value._kind.dtype if kind == DTYPE else value._shape


def gradients_to_turn(
    op: Op, upstream: tuple[Any, ...], inputs: Any, tangents: Any, params: Any, results: Any
) -> list[tuple[Tensor, Tensor]]:
    """Pairs of ``J^T u`` for an input and the tangent of that input."""
    needs = tuple([_wanted(t) for t in tangents])
    grads = _gradients(op, upstream, inputs, params, results, needs)
    pairs: list[tuple[Tensor, Tensor]] = []
    for grad, value, tangent in zip(grads, inputs, tangents, strict=False):
        group = value.__class__ is tuple
        for g, v, t in (
            zip(grad, value, tangent, strict=True) if group and grad is not None else ((grad, value, tangent),)
        ):
            if isinstance(t, TensorBase) and g is not None:
                pairs.append((_fitted(op, g, v), t))
    return pairs


def _wanted(tangent: Any) -> Any:
    return tuple([_wanted(t) for t in tangent]) if tangent.__class__ is tuple else tangent is not None


def _fitted(op: Op, grad: Tensor, value: Tensor) -> Tensor:
    if grad._shape != value._shape and op.broadcasts:
        grad = grad.sum_to_size(value._shape)
    if grad._kind.dtype.is_complex and not value._kind.dtype.is_complex:
        grad = table["real_part"].call(grad)
    return grad if grad._kind is value._kind else grad.to(value._kind.dtype)
