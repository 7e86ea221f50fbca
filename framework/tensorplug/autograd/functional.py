"""Derivatives of functions: ``tensorplug.autograd.functional``."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from tensorplug.autograd.backward import grad
from tensorplug.autograd.grad_mode import enable_grad
from tensorplug.base import TensorBase, count
from tensorplug.func.derivatives import grad as grad_of
from tensorplug.func.jacobians import jacfwd
from tensorplug.func.vectorization import vmap
from tensorplug.ops.creation import zeros_like
from tensorplug.ops.joining import stack

Tensor = Any
Function = Callable[..., Any]


def _as_tuple(name: str, values: Any) -> tuple[tuple[Any, ...], bool]:
    single = not isinstance(values, tuple)
    found = (values,) if single else values
    for value in found:
        if not isinstance(value, TensorBase):
            raise TypeError(f"The {name} must be either a Tensor or a tuple of Tensors but got {type(value).__name__}.")
    return found, single


def _fresh(inputs: Sequence[Tensor], create_graph: bool) -> tuple[Tensor, ...]:
    if create_graph:
        return tuple(x.view(x._shape) if x.requires_grad else x.detach().requires_grad_() for x in inputs)
    return tuple(x.detach().clone().requires_grad_() for x in inputs)


def _run(func: Function, inputs: Any, create_graph: bool) -> tuple[tuple[Any, ...], bool, tuple[Any, ...], bool]:
    given, single_input = _as_tuple("inputs given to func", inputs)
    fresh = _fresh(given, create_graph)
    outputs, single_output = _as_tuple("outputs of func", func(*fresh))
    return fresh, single_input, outputs, single_output


def _vectors(name: str, v: Any, like: Sequence[Tensor]) -> tuple[Tensor, ...]:
    if v is None:
        if len(like) != 1 or count(like[0]) != 1:
            raise RuntimeError(f"The vector v can only be None if the {name} has a single element")
        return (like[0].detach().new_ones(like[0]._shape),)
    vectors, _ = _as_tuple("v", v)
    if len(vectors) != len(like) or any(a._shape != b._shape for a, b in zip(vectors, like)):
        raise RuntimeError(f"v must have the shapes of the {name}: {[list(t._shape) for t in like]}")
    return vectors


def _grads(
    outputs: Sequence[Tensor], inputs: Sequence[Tensor], vectors: Sequence[Any] | None, create_graph: bool, strict: bool
) -> tuple[Tensor, ...]:
    pairs = [(o, None if vectors is None else v) for o, v in zip(outputs, vectors or outputs) if o.requires_grad]
    if not pairs:
        if strict:
            raise RuntimeError("The outputs of the user-provided function are independent of the inputs.")
        return tuple(zeros_like(x) for x in inputs)
    used, given = zip(*pairs)
    found = grad(used, inputs, given, retain_graph=True, create_graph=create_graph, allow_unused=True)
    if strict and any(g is None for g in found):
        raise RuntimeError("The outputs of the user-provided function are independent of an input.")
    return tuple(zeros_like(x) if g is None else g for g, x in zip(found, inputs))


def _finish(values: Any, single: bool, create_graph: bool) -> Any:
    found = values if create_graph else tuple(v.detach() for v in values)
    return found[0] if single else tuple(found)


def vjp(
    func: Function, inputs: Any, v: Any = None, create_graph: bool = False, strict: bool = False
) -> tuple[Any, Any]:
    """The product of a vector with the Jacobian of ``func``.

    Args:
        func: from tensors to a tensor or tuple of tensors.
        inputs: a tensor or tuple of tensors.
        v: of the shape of the output; may be left out for a single element.
        create_graph: make the results differentiable.
        strict: an output independent of an input is an error instead of a zero gradient.

    Returns:
        The output of ``func`` and the product, of the shape of the inputs.
    """
    with enable_grad():
        fresh, single_input, outputs, single_output = _run(func, inputs, create_graph)
        products = _grads(outputs, fresh, _vectors("output", v, outputs), create_graph, strict)
    return _finish(outputs, single_output, create_graph), _finish(products, single_input, create_graph)


def jvp(
    func: Function, inputs: Any, v: Any = None, create_graph: bool = False, strict: bool = False
) -> tuple[Any, Any]:
    """The product of the Jacobian of ``func`` with a vector, by differentiating ``vjp`` with respect to its vector.

    Args and returns as for ``vjp``, with ``v`` of the shape of the inputs and the product of that of the output.
    """
    with enable_grad():
        fresh, _, outputs, single_output = _run(func, inputs, create_graph)
        vectors = _vectors("input to the user-provided function", v, fresh)
        dummies = tuple(zeros_like(o).requires_grad_() for o in outputs)
        pulled = _grads(outputs, fresh, dummies, True, strict)
        products = _grads(pulled, dummies, vectors, create_graph, False)
    return _finish(outputs, single_output, create_graph), _finish(products, single_output, create_graph)


def jacobian(
    func: Function,
    inputs: Any,
    create_graph: bool = False,
    strict: bool = False,
    vectorize: bool = False,
    strategy: str = "reverse-mode",
) -> Any:
    """All derivatives of each output element with respect to each input element.

    Args:
        func: from tensors to a tensor or tuple of tensors.
        inputs: a tensor or tuple of tensors.
        create_graph: make the result differentiable.
        strict: an output independent of an input is an error instead of zeros.
        vectorize: compute all rows (or columns) at once, by ``vmap``.
        strategy: ``"reverse-mode"``, or with ``vectorize`` ``"forward-mode"``, best where outputs outnumber inputs.

    Returns:
        Of shape ``output.shape + input.shape``; tuples (of tuples) of them where there are several outputs or inputs.

    Example:
        >>> import tensorplug as tp
        >>> tp.autograd.functional.jacobian(lambda x: x * x, tp.tensor([1.0, 3.0]))
        tensor([[2., 0.],
                [0., 6.]])
    """
    _check_strategy("jacobian", "strategy", strategy, create_graph, strict, vectorize)
    if strategy == "forward-mode":
        return _forward_jacobian(func, inputs)
    block_of = _jacobian_at_once if vectorize else _jacobian_of
    with enable_grad():
        fresh, single_input, outputs, single_output = _run(func, inputs, create_graph)
        blocks = [block_of(output, fresh, create_graph, strict) for output in outputs]
    rows = tuple(_finish(block, single_input, create_graph) for block in blocks)
    return rows[0] if single_output else rows


def _jacobian_of(output: Tensor, inputs: Sequence[Tensor], create_graph: bool, strict: bool) -> tuple[Tensor, ...]:
    if not output._shape and count(output) == 1:
        return _grads((output,), inputs, None, create_graph, strict)
    rows = [_grads((element,), inputs, None, create_graph, strict) for element in output.reshape(-1).unbind()]
    if not rows:
        return tuple(x.new_zeros((*output._shape, *x._shape)) for x in inputs)
    return tuple(stack([row[i] for row in rows]).reshape((*output._shape, *x._shape)) for i, x in enumerate(inputs))


def _jacobian_at_once(output: Tensor, inputs: Sequence[Tensor], create_graph: bool, strict: bool) -> tuple[Tensor, ...]:
    """As ``_jacobian_of``, with the rows as a batch."""
    size = count(output)
    rows = output.detach().new_zeros((size, size))
    if size:
        rows.diagonal().fill_(1)

    def product(row: Tensor) -> tuple[Tensor, ...]:
        return _grads((output,), inputs, (row,), create_graph, strict)

    found = vmap(product)(rows.reshape((size, *output._shape)))
    return tuple(g.reshape((*output._shape, *x._shape)) for g, x in zip(found, inputs, strict=True))


def _forward_jacobian(func: Function, inputs: Any) -> Any:
    """Column by column, as a batch, outside the graph."""
    given, single_input = _as_tuple("inputs given to func", inputs)
    fixed = tuple(x.detach() for x in given)
    single_output = True

    def outputs_of(*xs: Tensor) -> tuple[Tensor, ...]:
        nonlocal single_output
        outputs, single_output = _as_tuple("outputs of func", func(*xs))
        return outputs

    blocks = jacfwd(outputs_of, argnums=tuple(range(len(fixed))))(*fixed)
    rows = tuple(_finish(block, single_input, False) for block in blocks)
    return rows[0] if single_output else rows


def _check_strategy(name: str, argument: str, strategy: str, create_graph: bool, strict: bool, vectorize: bool) -> None:
    if strategy not in ("forward-mode", "reverse-mode"):
        raise AssertionError(
            f'{name}: Expected {argument} to be either "forward-mode" or "reverse-mode", but got {strategy!r}'
        )
    if strategy == "forward-mode":
        if create_graph:
            raise NotImplementedError(
                f'{name}: `create_graph=True` and `{argument}="forward-mode"` are not supported together: set one of '
                "them otherwise, or use tensorplug.func"
            )
        if not vectorize:
            raise NotImplementedError(f'{name}: {argument}="forward-mode" is only implemented for `vectorize=True`')
    if strict and vectorize:
        raise RuntimeError(f"{name}: `strict=True` and `vectorize=True` are not supported together: set one to False")


def _check_scalar(output: Any) -> Tensor:
    if not isinstance(output, TensorBase):
        raise RuntimeError("The function given to hessian should return a single Tensor")
    if count(output) != 1:
        raise RuntimeError("The Tensor returned by the function given to hessian should contain a single element")
    return output.reshape(())  # type: ignore[attr-defined]


def hessian(
    func: Function,
    inputs: Any,
    create_graph: bool = False,
    strict: bool = False,
    vectorize: bool = False,
    outer_jacobian_strategy: str = "reverse-mode",
) -> Any:
    """All second derivatives of a function with a single output element.

    Args:
        func: from tensors to a tensor of one element.
        inputs: a tensor or tuple of tensors.
        create_graph: make the result differentiable.
        strict: independence of an input is an error instead of zeros.
        vectorize: compute all rows (or columns) at once, by ``vmap``.
        outer_jacobian_strategy: as ``strategy`` of ``jacobian``, for the derivative of the gradient.

    Returns:
        Of shape ``input.shape + input.shape``; tuples of tuples of them where there are several inputs.
    """
    _check_strategy("hessian", "outer_jacobian_strategy", outer_jacobian_strategy, create_graph, strict, vectorize)
    given = inputs if isinstance(inputs, tuple) else (inputs,)
    single = not isinstance(inputs, tuple)

    def gradient(*xs: Tensor) -> tuple[Tensor, ...]:
        if outer_jacobian_strategy == "forward-mode":
            found: tuple[Tensor, ...] = grad_of(lambda *ys: _check_scalar(func(*ys)), tuple(range(len(xs))))(*xs)
            return found
        return _grads((_check_scalar(func(*xs)),), xs, None, True, strict)

    found = jacobian(gradient, given, create_graph, strict, vectorize, outer_jacobian_strategy)
    return found[0][0] if single else found


def vhp(
    func: Function, inputs: Any, v: Any = None, create_graph: bool = False, strict: bool = False
) -> tuple[Any, Any]:
    """The product of a vector with the Hessian of a function with a single output element."""
    with enable_grad():
        given, single = _as_tuple("inputs given to func", inputs)
        fresh = _fresh(given, create_graph)
        output = _check_scalar(func(*fresh))
        first = _grads((output,), fresh, None, True, strict)
        products = _grads(first, fresh, _vectors("input to the user-provided function", v, fresh), create_graph, strict)
    return _finish((output,), True, create_graph), _finish(products, single, create_graph)


def hvp(
    func: Function, inputs: Any, v: Any = None, create_graph: bool = False, strict: bool = False
) -> tuple[Any, Any]:
    """The product of the Hessian with a vector; the Hessian of a smooth function is symmetric, so this is ``vhp``."""
    return vhp(func, inputs, v, create_graph, strict)
