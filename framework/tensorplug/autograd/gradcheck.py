"""Checks of gradients against finite differences: ``gradcheck`` and ``gradgradcheck``."""

from __future__ import annotations

import itertools
import warnings
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from tensorplug.autograd.backward import grad
from tensorplug.autograd.grad_mode import enable_grad, no_grad
from tensorplug.base import AnyTensor, TensorBase, count, strides_of
from tensorplug.dtypes import float64
from tensorplug.generator import Generator
from tensorplug.ops.creation import zeros_like
from tensorplug.ops.random import draw_normal

Tensor = Any
Place = tuple[int, ...]


class GradcheckError(RuntimeError):
    """A gradient differs from finite differences, or from itself when computed again."""


def _as_tuple(values: Any) -> tuple[Any, ...]:
    return (values,) if isinstance(values, TensorBase) else tuple(values)


def _places(tensor: Tensor) -> Iterable[Place]:
    return itertools.product(*map(range, tensor._shape))


def _outputs(func: Callable[..., Any], inputs: Sequence[Any]) -> tuple[Tensor, ...]:
    found = func(*inputs)
    return tuple(o for o in _as_tuple(found) if isinstance(o, TensorBase) and o._kind.dtype.is_differentiable)


def _numerical_column(
    func: Callable[..., Any], inputs: Sequence[Any], shown: Tensor, place: Place, step: complex, outputs: int
) -> list[Tensor]:
    """Central differences of all outputs for one element of one input, whose memory ``shown`` shows."""
    with no_grad():
        before = shown[place].clone()
        shown[place] = before + step
        above = [o.detach().clone() for o in _outputs(func, inputs)]
        shown[place] = before - step
        below = [o.detach().clone() for o in _outputs(func, inputs)]
        shown[place] = before
    return [(a - b) / (2 * abs(step)) for a, b in zip(above[:outputs], below[:outputs])]


def _analytical_column(
    output: Tensor, inputs: Sequence[Tensor], place: Place, unit: complex, keep: bool
) -> tuple[Tensor, ...]:
    if not output.requires_grad:
        return tuple(zeros_like(x.detach()) for x in inputs)
    seed = zeros_like(output.detach())
    with no_grad():
        seed[place] = unit
    found = grad(output, inputs, seed, retain_graph=True, create_graph=keep, allow_unused=True)
    return tuple(zeros_like(x.detach()) if g is None else g for g, x in zip(found, inputs))


def _compare(
    func: Callable[..., Any], inputs: Sequence[Any], checked: Sequence[Tensor], eps: float, atol: float, rtol: float
) -> None:
    outputs = _outputs(func, inputs)
    rows = [
        [_analytical_column(o, checked, place, unit, False) for place in _places(o)]
        for o in outputs
        for unit in ((1, 1j) if o._kind.dtype.is_complex else (1,))
    ]
    parts = [
        (o, unit) for o in range(len(outputs)) for unit in ((1, 1j) if outputs[o]._kind.dtype.is_complex else (1,))
    ]
    for position, x in enumerate(checked):
        shown = x.detach()
        for direction in (1, 1j) if x._kind.dtype.is_complex else (1,):
            for place in _places(x):
                columns = _numerical_column(func, inputs, shown, place, eps * direction, len(outputs))
                for (number, unit), analytical in zip(parts, rows):
                    expected = _part(columns[number].reshape(-1), unit)
                    got = [_part(row[position][place], direction) for row in analytical]
                    _check(expected, got, atol, rtol, number, position, place)


def _part(value: Tensor, unit: complex) -> Any:
    if not value._kind.dtype.is_complex:
        return value.tolist()
    return (value.imag if unit == 1j else value.real).tolist()


def _check(
    expected: list[float], got: list[float], atol: float, rtol: float, output: int, position: int, place: Place
) -> None:
    for row, (a, b) in enumerate(zip(expected, got)):
        if not abs(a - b) <= atol + rtol * abs(a):
            raise GradcheckError(
                f"Jacobian mismatch for output {output} with respect to input {position}, at output element {row} and "
                f"input element {list(place)}: numerical {a}, analytical {b}"
            )


def _check_repeatable(func: Callable[..., Any], inputs: Sequence[Any], checked: Sequence[Tensor], tol: float) -> None:
    for output in _outputs(func, inputs):
        if not output.requires_grad or not count(output):
            continue
        place = (0,) * len(output._shape)
        first = _analytical_column(output, checked, place, 1, False)
        second = _analytical_column(output, checked, place, 1, False)
        for a, b in zip(first, second):
            if count(a) and float((a - b).abs().amax()) > tol:
                raise GradcheckError(
                    "Backward is not reentrant, i.e., running backward with same input gives different values"
                )


def gradcheck(
    func: Callable[..., Any],
    inputs: Any,
    *,
    eps: float = 1e-6,
    atol: float = 1e-5,
    rtol: float = 1e-3,
    raise_exception: bool = True,
    nondet_tol: float = 0.0,
    check_undefined_grad: bool = True,
    check_grad_dtypes: bool = False,
    check_batched_grad: bool = False,
    check_forward_ad: bool = False,
    check_backward_ad: bool = True,
    fast_mode: bool = False,
    masked: bool | None = None,
) -> bool:
    """Compares gradients with central finite differences, element by element.

    Args:
        func: from tensors to a tensor or tuple of tensors.
        inputs: its arguments; those that require grad are checked, and should be float64.
        eps: the step of the differences.
        atol, rtol: ``|numerical - analytical| <= atol + rtol * |numerical|``.
        raise_exception: raise instead of returning False.
        nondet_tol: how much two runs of backward may differ.

    Returns:
        Whether all gradients agree.

    Raises:
        GradcheckError: they do not.
        ValueError: no input requires grad.
        RuntimeError: elements of an input share memory.

    Example:
        >>> import tensorplug as tp
        >>> x = tp.rand(3, dtype=tp.float64, requires_grad=True)
        >>> tp.autograd.gradcheck(lambda x: (x * x).exp(), x)
        True
    """
    arguments = _as_tuple(inputs)
    checked = [x for x in arguments if isinstance(x, AnyTensor) and x.requires_grad]
    if not checked:
        raise ValueError(
            "gradcheck expects at least one input tensor to require gradient, but none of the them have it."
        )
    for x in checked:
        if x._kind.dtype.to_real() is not float64 and eps < 1e-4:
            warnings.warn(
                f"gradcheck compares differences over a step of {eps}, which are mostly rounding in {x._kind.dtype}: "
                "make its inputs float64",
                stacklevel=2,
            )
        if any(s == 0 and n > 1 for s, n in zip(strides_of(x), x._shape)):
            raise RuntimeError(
                "gradcheck needs inputs whose elements it can change one by one: some of these share memory (a stride "
                "is 0). Make them contiguous."
            )
    try:
        _compare(func, arguments, checked, eps, atol, rtol)
        _check_repeatable(func, arguments, checked, nondet_tol)
    except GradcheckError:
        if raise_exception:
            raise
        return False
    return True


def gradgradcheck(
    func: Callable[..., Any],
    inputs: Any,
    grad_outputs: Any = None,
    *,
    eps: float = 1e-6,
    atol: float = 1e-5,
    rtol: float = 1e-3,
    gen_non_contig_grad_outputs: bool = False,
    raise_exception: bool = True,
    nondet_tol: float = 0.0,
    check_undefined_grad: bool = True,
    check_grad_dtypes: bool = False,
    check_batched_grad: bool = False,
    check_fwd_over_rev: bool = False,
    check_rev_over_rev: bool = True,
    fast_mode: bool = False,
    masked: bool = False,
) -> bool:
    """Compares gradients of gradients with finite differences, for fixed random gradients of the outputs.

    Arguments as for ``gradcheck``; ``grad_outputs`` may be given.
    """
    arguments = _as_tuple(inputs)
    outputs = _outputs(func, arguments)
    if grad_outputs is None:
        generator = Generator().manual_seed(0)
        seeds = tuple(
            draw_normal(o._shape, o._kind.dtype.to_real(), o._kind.device, generator).to(o._kind.dtype).requires_grad_()
            for o in outputs
        )
    else:
        seeds = _as_tuple(grad_outputs)

    def gradient(*values: Any) -> tuple[Tensor, ...]:
        xs, gs = values[: len(arguments)], values[len(arguments) :]
        wanted = [x for x in xs if isinstance(x, AnyTensor) and x.requires_grad]
        with enable_grad():  # the finite differences are taken outside the graph
            found = grad(_outputs(func, xs), wanted, gs, create_graph=True, allow_unused=True)
        return tuple(g for g in found if g is not None)

    return gradcheck(
        gradient, (*arguments, *seeds), eps=eps, atol=atol, rtol=rtol, raise_exception=raise_exception,
        nondet_tol=nondet_tol,
    )  # fmt: skip
