"""``compile``: PyTorch's way to ask for faster code, which here runs functions and modules as they are written."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from tensorplug.nn.module import Module

__all__ = ["compile"]


def compile(
    model: Any = None,
    *,
    fullgraph: bool = False,
    dynamic: bool | None = None,
    backend: str | Callable[..., Any] = "eager",
    mode: str | None = None,
    options: dict[str, Any] | None = None,
    disable: bool = False,
) -> Any:
    """A function or module that computes what ``model`` does, op by op: nothing is compiled.

    That is what PyTorch's backend ``"eager"`` does. Programs written for ``torch.compile`` run, with the same results,
    no faster and no slower than without it.

    Args:
        model: a function, or a module; without it, what comes back is a decorator.
        fullgraph, dynamic: accepted; there are no graphs to break and no shapes to specialise on.
        backend: the name of a compiler, accepted whatever it is. A compiler given as a function is refused, since it
            would be handed no graph.
        mode, options: accepted, but not together.
        disable: whether ``model`` comes back itself.

    Returns:
        A module around a module, whose parameters are named ``_orig_mod.*`` as in PyTorch and whose other attributes
        are those of the module inside; around a function, a function.

    Raises:
        RuntimeError: both ``mode`` and ``options``, or ``model`` cannot be called.
        NotImplementedError: ``backend`` is a function.

    Example:
        >>> import tensorplug as tp
        >>> @tp.compile(mode="max-autotune")
        ... def twice(x):
        ...     return 2 * x
        >>> twice(tp.tensor([1, 2]))
        tensor([2, 4])
    """
    if mode is not None and options is not None:
        raise RuntimeError(
            "Either mode or options can be specified, but both can't be specified at the same time: pass one"
        )
    if not isinstance(backend, str):
        raise NotImplementedError(
            f"compile: no graph is recorded that the backend {backend!r} could be called with; name one instead"
        )
    if model is None:
        return functools.partial(
            compile, fullgraph=fullgraph, dynamic=dynamic, backend=backend, mode=mode, options=options, disable=disable
        )
    if not callable(model):
        raise RuntimeError(f"compile: expected a function or a module, got {type(model).__name__}")
    if disable:
        return model
    return OptimizedModule(model) if isinstance(model, Module) else _wrapped(model)


def _wrapped(function: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(function)
    def call(*args: Any, **kwargs: Any) -> Any:
        return function(*args, **kwargs)

    return call


class OptimizedModule(Module):
    """What ``compile`` makes of a module: a module that calls it.

    Attributes:
        _orig_mod: the module inside.
    """

    _orig_mod: Module

    def __init__(self, module: Module) -> None:
        super().__init__()
        self._orig_mod = module
        self.training = module.training

    def forward(self, *args: Any, **kwargs: Any) -> Any:
        """Call the module inside, with its hooks."""
        return self._orig_mod(*args, **kwargs)

    def train(self, mode: bool = True) -> OptimizedModule:
        """Switch the module inside as well."""
        super().train(mode)
        return self

    def __getattr__(self, name: str) -> Any:
        if name == "_orig_mod":
            return super().__getattr__(name)
        return getattr(self._orig_mod, name)

    def __setattr__(self, name: str, value: Any) -> None:
        inside = self.__dict__.get("_modules", {}).get("_orig_mod")
        if inside is None or name in self.__dict__:
            super().__setattr__(name, value)
        else:
            setattr(inside, name, value)
