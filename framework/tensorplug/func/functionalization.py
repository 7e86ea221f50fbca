"""``functionalize``: a function without its changes in place being seen outside."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from tensorplug import pytree
from tensorplug.base import AnyTensor, TensorBase
from tensorplug.op import table

_WHAT = ("mutations", "mutations_and_views")


def functionalize(func: Callable[..., Any], *, remove: str = "mutations") -> Callable[..., Any]:
    """A function that computes on copies, and writes back to its arguments only at the end.

    Inside, changes in place are made to the copies; a compiler that cannot express them sees them gone. Here ops run
    one by one, so what remains is the contract: the same results, and the same values in the arguments afterwards.

    Args:
        func: any function of tensors, or trees of them.
        remove: ``"mutations"`` or ``"mutations_and_views"``.

    Raises:
        RuntimeError: another ``remove``.

    Example:
        >>> import tensorplug as tp
        >>> x = tp.ones(2)
        >>> tp.func.functionalize(lambda t: t.add_(1) * 2)(x), x
        (tensor([4., 4.]), tensor([2., 2.]))
    """
    if remove not in _WHAT:
        raise RuntimeError(
            f"functionalize(f, remove='mutations'): invalid argument for remove={remove}. Valid options are: "
            "'mutations' and 'mutations_and_views'."
        )

    @functools.wraps(func)
    def wrapper(*args: Any, **kwargs: Any) -> Any:
        leaves, spec = pytree.flatten((args, kwargs))
        copies = [table["clone"].call(x) if isinstance(x, TensorBase) else x for x in leaves]
        given, named = pytree.unflatten(copies, spec)
        versions = [c._version if isinstance(c, AnyTensor) else 0 for c in copies]
        found = func(*given, **named)
        back = {}
        for x, copy, version in zip(leaves, copies, versions, strict=True):
            if isinstance(x, TensorBase):
                back[id(copy)] = x
                if copy._version != version:
                    x.copy_(copy)  # type: ignore[attr-defined]
        return pytree.mapped(lambda y: back.get(id(y), y), found)

    return wrapper
