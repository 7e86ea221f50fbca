"""Derivatives as functions of functions: ``grad``, ``vjp``, ``jvp``, Jacobians, Hessians."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from typing import Any

from tensorplug import pytree
from tensorplug.autograd.grad_mode import enable_grad, state
from tensorplug.base import TensorBase, count
from tensorplug.func.batched import BatchedTensor
from tensorplug.func.reverse import Fresh
from tensorplug.func.tangents import ForwardLevel
from tensorplug.func.vectorization import vmap
from tensorplug.op import table

Tensor = Any
Function = Callable[..., Any]
Argnums = int | tuple[int, ...]


def _differentiable(name: str, values: Sequence[Any], what: str) -> None:
    for value in values:
        if not isinstance(value, TensorBase):
            error = ValueError if what == "differentiated inputs" else RuntimeError
            raise error(
                f"{name}: Expected all {what} to be Tensors, but got an element of type {type(value).__name__}; "
                "tensors in nested tuples, lists and dicts are fine"
            )
        if what == "outputs of the function" and not value._kind.dtype.is_differentiable:
            raise RuntimeError(
                f"{name}: All outputs of the function must be floating-point or complex Tensors, got "
                f"{value._kind.dtype}"
            )


def _places(name: str, argnums: Argnums, args: tuple[Any, ...]) -> tuple[int, ...]:
    """The positions meant by ``argnums``, counted from the front."""
    if not isinstance(argnums, int | tuple):
        raise RuntimeError(f"{name}: argnums must be int or Tuple[int, ...], got: {type(argnums)}")
    asked = (argnums,) if isinstance(argnums, int) else argnums
    if not asked:
        raise RuntimeError(f"{name}: argnums must be non-empty")
    for place in asked:
        if not isinstance(place, int):
            raise RuntimeError(f"{name}: all elements in the argnums must be of type int, but got {type(place)}")
        if not -len(args) <= place < len(args):
            raise RuntimeError(f"{name}: Got argnum={place}, but only {len(args)} positional inputs")
    found = tuple(place % len(args) for place in asked)
    if len(set(found)) != len(found):
        raise RuntimeError(f"{name}: argnums elements must be unique, got {argnums}")
    return found


class _Chosen:
    """The arguments that a derivative is taken with respect to, as one list of tensors."""

    def __init__(self, name: str, argnums: Argnums, args: tuple[Any, ...]) -> None:
        self._single = isinstance(argnums, int)
        self._args = args
        self._places = _places(name, argnums, args)
        self.tensors, self._spec = pytree.flatten(tuple(args[p] for p in self._places))
        _differentiable(name, self.tensors, "differentiated inputs")

    def arguments(self, tensors: Sequence[Any]) -> list[Any]:
        """All arguments, with others in the place of the chosen tensors."""
        args = list(self._args)
        for place, value in zip(self._places, pytree.unflatten(tensors, self._spec), strict=True):
            args[place] = value
        return args

    def rebuilt(self, values: Sequence[Any]) -> Any:
        """Values, one for each chosen tensor, as a tree like that of ``argnums``."""
        tree = pytree.unflatten(values, self._spec)
        return tree[0] if self._single else tree


def _with_aux(name: str, found: Any) -> tuple[Any, Any]:
    if not (isinstance(found, tuple) and len(found) == 2):
        raise RuntimeError(
            f"{name}: with has_aux=True the function must return a tuple (output, aux), got {type(found)}"
        )
    return found


def _or_zeros(grads: Sequence[Any], like: Sequence[Tensor]) -> list[Tensor]:
    zeros_like = table["zeros_like"].call
    return [zeros_like(x) if g is None else g for g, x in zip(grads, like, strict=True)]


def _settled(fresh: Fresh, tree: Any, recording: bool) -> Any:
    return pytree.mapped(lambda x: fresh.settled(x, recording) if isinstance(x, TensorBase) else x, tree)


def grad_and_value(func: Function, argnums: Argnums = 0, has_aux: bool = False) -> Function:
    """A function that computes the gradient of ``func``, and its value.

    Args:
        func: returns one element (a 0-d tensor); with ``has_aux``, a pair of that and anything else.
        argnums: the argument, or arguments, to differentiate with respect to: tensors, or trees of them.
        has_aux: see ``func``.

    Returns:
        A function of the same arguments that returns ``(gradient, value)`` or ``(gradient, (value, aux))``.

    Example:
        >>> import tensorplug as tp
        >>> tp.func.grad_and_value(lambda x: (x * x).sum())(tp.tensor([1.0, 2.0]))
        (tensor([2., 4.]), tensor(5.))
    """

    @functools.wraps(func)
    def wrapper(*args: Any, **kwargs: Any) -> Any:
        recording = state.grad
        chosen = _Chosen("grad", argnums, args)
        fresh = Fresh(chosen.tensors)
        aux = None
        with enable_grad():
            value = func(*chosen.arguments(fresh.tensors), **kwargs)
            if has_aux:
                value, aux = _with_aux("grad", value)
            _check_value(value)
        grads = fresh.pull([(value, table["ones_like"].call(value))])
        found = chosen.rebuilt([fresh.settled(g, recording) for g in _or_zeros(grads, chosen.tensors)])
        value = fresh.settled(value, recording)
        return (found, (value, _settled(fresh, aux, recording))) if has_aux else (found, value)

    return wrapper


def _check_value(value: Any) -> None:
    if not isinstance(value, TensorBase):
        raise RuntimeError(
            "Expected the function given to grad to return a Tensor (or with has_aux=True a pair of a Tensor and "
            f"anything), got {type(value).__name__}"
        )
    if value._shape != ():
        raise RuntimeError(
            "Expected the function given to grad to return a scalar tensor, got tensor with "
            f"{len(value._shape)} dims. Maybe you wanted to use the vjp or jacrev APIs instead?"
        )


def grad(func: Function, argnums: Argnums = 0, has_aux: bool = False) -> Function:
    """A function that computes the gradient of ``func``; ``grad(grad(f))`` is the second derivative.

    Args:
        func: returns one element (a 0-d tensor); with ``has_aux``, a pair of that and anything else.
        argnums: the argument, or arguments, to differentiate with respect to: tensors, or trees of them.
        has_aux: see ``func``.

    Returns:
        A function of the same arguments that returns the gradient, or ``(gradient, aux)``.

    Raises:
        RuntimeError: the result is not a 0-d tensor.

    Example:
        >>> import tensorplug as tp
        >>> tp.func.grad(tp.sin)(tp.tensor(0.0))
        tensor(1.)
    """
    both = grad_and_value(func, argnums, has_aux)

    @functools.wraps(func)
    def wrapper(*args: Any, **kwargs: Any) -> Any:
        found, value = both(*args, **kwargs)
        return (found, value[1]) if has_aux else found

    return wrapper


def vjp(func: Function, *primals: Any, has_aux: bool = False) -> Any:
    """The value of ``func``, and a function that multiplies vectors by its Jacobian from the left.

    Args:
        func: from tensors (or trees of them) to a tensor or tree of tensors; with ``has_aux``, to a pair of that and
            anything else.
        primals: the arguments.
        has_aux: see ``func``.

    Returns:
        ``(value, vjp_fn)`` or ``(value, vjp_fn, aux)``. ``vjp_fn(cotangents)``, with a tree like the value's, returns
        a tuple with the product for each argument.

    Example:
        >>> import tensorplug as tp
        >>> value, pull = tp.func.vjp(tp.sin, tp.tensor([0.0, 0.0]))
        >>> pull(tp.tensor([1.0, 2.0]))
        (tensor([1., 2.]),)
    """
    value, vjp_fn, aux, _ = _vjp(func, primals, has_aux)
    return (value, vjp_fn, aux) if has_aux else (value, vjp_fn)


def _vjp(func: Function, primals: Any, has_aux: bool, inner: Fresh | None = None) -> tuple[Any, Function, Any, Fresh]:
    """What ``vjp`` returns, and the variables; the graph of ``inner`` is not one that results may keep."""
    recording = state.grad
    leaves, spec = pytree.flatten(primals)
    _differentiable("vjp", leaves, "primals")
    fresh = Fresh(leaves, inner)
    aux = None
    with enable_grad():
        found = func(*pytree.unflatten(fresh.tensors, spec))
        if has_aux:
            found, aux = _with_aux("vjp", found)
    outputs, output_spec = pytree.flatten(found)
    _differentiable("vjp", outputs, "outputs of the function")

    def vjp_fn(cotangents: Any, retain_graph: bool = True, create_graph: bool | None = None) -> Any:
        given, given_spec = pytree.flatten(cotangents)
        if given_spec != output_spec:
            raise RuntimeError(
                "Expected pytree structure of cotangents to be the same as pytree structure of outputs to the "
                f"function. cotangents: {given_spec}, primal output: {output_spec}"
            )
        _check_cotangents(given, outputs)
        grads = _or_zeros(fresh.pull(list(zip(outputs, given, strict=True))), leaves)
        return pytree.unflatten([fresh.settled(g, state.grad) for g in grads], spec)

    value = pytree.unflatten([fresh.settled(y, recording) for y in outputs], output_spec)
    return value, vjp_fn, _settled(fresh, aux, recording), fresh


def _check_cotangents(given: Sequence[Tensor], outputs: Sequence[Tensor]) -> None:
    for number, (g, y) in enumerate(zip(given, outputs, strict=True)):
        if g._shape != y._shape:
            raise RuntimeError(
                f"Mismatch in shape: grad_output[{number}] has a shape of {list(g._shape)} and output[{number}] has a "
                f"shape of {list(y._shape)}."
            )


def jvp(
    func: Function, primals: tuple[Any, ...], tangents: tuple[Any, ...], *, strict: bool = False, has_aux: bool = False
) -> Any:
    """The value of ``func``, and its Jacobian times a vector: the derivative in a direction, computed along with it.

    Args:
        func: from tensors (or trees of them) to a tensor or tree of tensors; with ``has_aux``, to a pair of that and
            anything else.
        primals: the arguments, as a tuple.
        tangents: the direction: a tuple like ``primals``.
        strict: accepted; derivatives of outputs that do not depend on an input are zeros in any case.
        has_aux: see ``func``.

    Returns:
        ``(value, product)`` or ``(value, product, aux)``.

    Example:
        >>> import tensorplug as tp
        >>> tp.func.jvp(tp.sin, (tp.tensor(0.0),), (tp.tensor(2.0),))
        (tensor(0.), tensor(2.))
    """
    _check_pairs(primals, tangents)
    leaves, spec = pytree.flatten(primals)
    slopes = pytree.leaves_of(tangents)
    level = ForwardLevel()
    aux = None
    with level.entered():
        duals = [level.dual(x, t) for x, t in zip(leaves, slopes, strict=True)]
        found = func(*pytree.unflatten(duals, spec))
        if has_aux:
            found, aux = _with_aux("jvp", found)
    outputs, output_spec = pytree.flatten(found)
    _differentiable("jvp", outputs, "outputs")
    parts = [level.parts(y) for y in outputs]
    level.close()
    zeros_like = table["zeros_like"].call
    value = pytree.unflatten([y for y, _ in parts], output_spec)
    product = pytree.unflatten([zeros_like(y) if t is None else t for y, t in parts], output_spec)
    if not has_aux:
        return value, product
    return value, product, pytree.mapped(lambda x: level.parts(x)[0] if isinstance(x, TensorBase) else x, aux)


def _check_pairs(primals: Any, tangents: Any) -> None:
    if not isinstance(primals, tuple):
        raise RuntimeError(
            "jvp: Expected primals to be a tuple. E.g. it should be valid to call f(*primals). Got "
            f"{type(primals).__name__}"
        )
    leaves, spec = pytree.flatten(primals)
    slopes, slopes_spec = pytree.flatten(tangents)
    if spec != slopes_spec:
        raise RuntimeError(
            "jvp: Expected primals and tangents to have the same python structure. For example, if primals is a tuple "
            "of 3 tensors, tangents also must be."
        )
    if not leaves:
        raise RuntimeError("jvp: Expected at least one Tensor among the primals, got none")
    _differentiable("jvp", leaves, "primals")
    _differentiable("jvp", slopes, "tangents")
    for x, t in zip(leaves, slopes, strict=True):
        if x._shape != t._shape:
            raise RuntimeError(
                f"jvp: Expected each tangent to have the shape of its primal, got {list(t._shape)} for {list(x._shape)}"
            )


def linearize(func: Function, *primals: Any) -> tuple[Any, Function]:
    """The value of ``func``, and its derivative as a function of the direction, which does not compute ``func`` again.

    Args:
        func: from tensors (or trees of them) to a tensor or tree of tensors.
        primals: the arguments.

    Returns:
        ``(value, jvp_fn)``; ``jvp_fn(*tangents)`` is the second result of ``jvp``.

    Example:
        >>> import tensorplug as tp
        >>> value, push = tp.func.linearize(tp.sin, tp.tensor(0.0))
        >>> push(tp.tensor(2.0))
        tensor(2.)
    """
    value, pull, _, fresh = _vjp(func, primals, False)
    zeros = pytree.mapped(table["zeros_like"].call, value)
    # The product from the left is linear in its vector, so its own product from the left is the one from the right.
    _, push, _, _ = _vjp(pull, (zeros,), False, fresh)

    def jvp_fn(*tangents: Any) -> Any:
        _check_pairs(primals, tangents)
        return push(tangents)[0]

    return value, jvp_fn


# ------------------------------------------------------------------------------------------------- Jacobians


def _basis(tensors: Sequence[Tensor]) -> list[Tensor]:
    """For each tensor a batch of directions: all tensors' elements in turn, so that each has a 1 in one of them."""
    sizes = [count(x) for x in tensors]
    total = sum(sizes)
    start = 0
    rows = []
    for x, size in zip(tensors, sizes, strict=True):
        block = x.detach().new_zeros((total, size))
        if size:
            block.narrow(0, start, size).diagonal().fill_(1)
        rows.append(block.reshape((total, *x._shape)))
        start += size
    return rows


def _split_rows(x: Tensor, shapes: Sequence[Any], at_end: bool) -> list[Tensor]:
    """A batch of products, cut into a block for each tensor whose elements were gone through."""
    blocks = []
    start = 0
    for shape in shapes:
        size = 1
        for n in shape:
            size *= n
        rows = x.narrow(0, start, size)
        rest = x._shape[1:]
        blocks.append(rows.movedim(0, -1).reshape((*rest, *shape)) if at_end else rows.reshape((*shape, *rest)))
        start += size
    return blocks


def jacrev(
    func: Function,
    argnums: Argnums = 0,
    *,
    has_aux: bool = False,
    chunk_size: int | None = None,
    _preallocate_and_copy: bool = False,
) -> Function:
    """A function that computes the Jacobian of ``func`` in reverse mode: best where inputs outnumber outputs.

    Args:
        func: returns a tensor or tree of tensors; with ``has_aux``, a pair of that and anything else.
        argnums: the argument, or arguments, to differentiate with respect to: tensors, or trees of them.
        has_aux: see ``func``.
        chunk_size: how many rows are computed at a time; all of them by default.

    Returns:
        A function of the same arguments. Its result is of shape ``output.shape + input.shape``; with several outputs
        or inputs, a tree of outputs of trees of inputs.

    Example:
        >>> import tensorplug as tp
        >>> tp.func.jacrev(tp.sin)(tp.tensor([0.0, 0.0]))
        tensor([[1., 0.],
                [0., 1.]])
    """
    if chunk_size is not None and chunk_size <= 0:
        raise ValueError("jacrev: `chunk_size` should be greater than 0.")

    @functools.wraps(func)
    def wrapper(*args: Any, **kwargs: Any) -> Any:
        chosen = _Chosen("jacrev", argnums, args)

        def of_chosen(*tensors: Any) -> Any:
            return func(*chosen.arguments(tensors), **kwargs)

        value, pull, *aux = vjp(of_chosen, *chosen.tensors, has_aux=has_aux)
        outputs, spec = pytree.flatten(value)

        def product(*cotangents: Any) -> Any:
            return pull(pytree.unflatten(cotangents, spec))

        rows = vmap(product, chunk_size=chunk_size)(*_basis(outputs))
        shapes = [y._shape for y in outputs]
        columns = [_split_rows(r, shapes, at_end=False) for r in rows]
        found = pytree.unflatten([chosen.rebuilt(block) for block in zip(*columns, strict=True)], spec)
        return (found, aux[0]) if has_aux else found

    return wrapper


def jacfwd(
    func: Function,
    argnums: Argnums = 0,
    has_aux: bool = False,
    *,
    chunk_size: int | None = None,
    randomness: str = "error",
) -> Function:
    """A function that computes the Jacobian of ``func`` in forward mode: best where outputs outnumber inputs.

    Args:
        func: returns a tensor or tree of tensors; with ``has_aux``, a pair of that and anything else.
        argnums: the argument, or arguments, to differentiate with respect to: tensors, or trees of them.
        has_aux: see ``func``.
        chunk_size: how many columns are computed at a time; all of them by default.
        randomness: as for ``vmap``, which runs over the columns.

    Returns:
        A function of the same arguments. Its result is of shape ``output.shape + input.shape``; with several outputs
        or inputs, a tree of outputs of trees of inputs.

    Example:
        >>> import tensorplug as tp
        >>> tp.func.jacfwd(tp.sin)(tp.tensor([0.0, 0.0]))
        tensor([[1., 0.],
                [0., 1.]])
    """

    @functools.wraps(func)
    def wrapper(*args: Any, **kwargs: Any) -> Any:
        chosen = _Chosen("jacfwd", argnums, args)
        kept: list[Any] = []

        def push(*directions: Any) -> Any:
            def of_chosen(*tensors: Any) -> Any:
                return func(*chosen.arguments(tensors), **kwargs)

            _, product, *aux = jvp(of_chosen, tuple(chosen.tensors), directions, has_aux=has_aux)
            kept[:] = [pytree.mapped(_first_example, a) for a in aux]
            return product

        products = vmap(push, randomness=randomness, chunk_size=chunk_size)(*_basis(chosen.tensors))
        columns, spec = pytree.flatten(products)
        shapes = [x._shape for x in chosen.tensors]
        found = pytree.unflatten([chosen.rebuilt(_split_rows(c, shapes, at_end=True)) for c in columns], spec)
        return (found, kept[0]) if has_aux else found

    return wrapper


def _first_example(x: Any) -> Any:
    # Values do not depend on the direction, so all examples are alike.
    return x._value.select(0, 0) if isinstance(x, BatchedTensor) else x


def hessian(func: Function, argnums: Argnums = 0) -> Function:
    """A function that computes all second derivatives of ``func``: ``jacfwd(jacrev(func))``.

    Args:
        func: as for ``jacrev``.
        argnums: the argument, or arguments, to differentiate with respect to.

    Example:
        >>> import tensorplug as tp
        >>> tp.func.hessian(lambda x: (x**3).sum())(tp.tensor([1.0, 2.0]))
        tensor([[ 6.,  0.],
                [ 0., 12.]])
    """
    return jacfwd(jacrev(func, argnums), argnums)
