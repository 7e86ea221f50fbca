"""Modules as functions of their parameters."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from tensorplug.base import TensorBase
from tensorplug.op import table

Tensor = Any
Module = Any


def functional_call(
    module: Module,
    parameter_and_buffer_dicts: dict[str, Tensor] | Sequence[dict[str, Tensor]],
    args: Any = None,
    kwargs: dict[str, Any] | None = None,
    *,
    tie_weights: bool = True,
    strict: bool = False,
) -> Any:
    """Call a module with other parameters and buffers in the place of its own.

    Args:
        module: the module, which is left as it was.
        parameter_and_buffer_dicts: tensors by the names that ``named_parameters`` and ``named_buffers`` give; or
            several such dicts. Names left out keep the module's own tensors.
        args: the positional argument, or a tuple of several.
        kwargs: the keyword arguments.
        tie_weights: where the module has a tensor under several names, replace all of them when one is given.
        strict: all names must be given, and no others.

    Returns:
        What the module returns.

    Raises:
        ValueError: several dicts have the same name, or tied names were given different tensors.
        RuntimeError: with ``strict``, a name is missing or unexpected.
        AttributeError: the module has no part of such a name.

    Example:
        >>> import tensorplug as tp
        >>> layer = tp.nn.Linear(2, 1)
        >>> given = {"weight": tp.ones(1, 2), "bias": tp.zeros(1)}
        >>> tp.func.functional_call(layer, given, tp.tensor([1.0, 2.0]))
        tensor([3.])
    """
    given = _joined(parameter_and_buffer_dicts)
    own = _own_tensors(module)
    if strict:
        _check_names(own, given)
    if tie_weights:
        given = _with_tied(own, given)
    positional = () if args is None else args if isinstance(args, tuple) else (args,)
    with _replaced(module, given):
        return module(*positional, **(kwargs or {}))


def _joined(dicts: Any) -> dict[str, Tensor]:
    if isinstance(dicts, dict):
        return dict(dicts)
    if not isinstance(dicts, list | tuple) or not all(isinstance(d, dict) for d in dicts):
        raise ValueError(
            f"Expected parameter_and_buffer_dicts to be a dict, or a list/tuple of dicts, but got {type(dicts)}"
        )
    found: dict[str, Tensor] = {}
    for part in dicts:
        twice = sorted(set(part) & set(found))
        if twice:
            raise ValueError(f"{twice} appeared in multiple dictionaries; behavior of functional call is ambiguous")
        found.update(part)
    return found


def _own_tensors(module: Module) -> dict[str, Tensor]:
    own = dict(module.named_parameters(remove_duplicate=False))
    own.update(module.named_buffers(remove_duplicate=False))
    return own


def _check_names(own: dict[str, Tensor], given: dict[str, Tensor]) -> None:
    missing, unexpected = sorted(set(own) - set(given)), sorted(set(given) - set(own))
    tied = {id(own[name]) for name in given if name in own}
    missing = [name for name in missing if id(own[name]) not in tied]
    if missing or unexpected:
        raise RuntimeError(
            f"Error in functional_call: missing key(s): {missing or 'none'}; unexpected key(s): {unexpected or 'none'}"
        )


def _with_tied(own: dict[str, Tensor], given: dict[str, Tensor]) -> dict[str, Tensor]:
    names: dict[int, list[str]] = {}
    for name, tensor in own.items():
        names.setdefault(id(tensor), []).append(name)
    found = dict(given)
    for tied in names.values():
        values = [given[name] for name in tied if name in given]
        if any(value is not values[0] for value in values):
            raise ValueError(f"functional_call got different values for {tied}, which are tied; pass tie_weights=False")
        if values:
            found.update(dict.fromkeys(tied, values[0]))
    return found


@contextmanager
def _replaced(module: Module, given: dict[str, Tensor]) -> Iterator[None]:
    """While this lasts, the module and its parts hold these tensors."""
    before: list[tuple[dict[str, Any], str, Any]] = []
    try:
        for name, tensor in given.items():
            holder, _, last = name.rpartition(".")
            holding = _dict_for(module.get_submodule(holder) if holder else module, last)
            before.append((holding, last, holding.get(last, _MISSING)))
            holding[last] = tensor
        yield
    finally:
        for holding, last, value in reversed(before):
            if value is _MISSING:
                del holding[last]
            else:
                holding[last] = value


_MISSING = object()


def _dict_for(holder: Module, name: str) -> dict[str, Any]:
    """Where a module keeps what it has under a name; what it does not have becomes a plain attribute."""
    holders: tuple[dict[str, Any], ...] = (holder._parameters, holder._buffers)
    for found in holders:
        if name in found:
            return found
    attributes: dict[str, Any] = holder.__dict__
    return attributes


def stack_module_state(models: Sequence[Module]) -> tuple[dict[str, Tensor], dict[str, Tensor]]:
    """The parameters and buffers of several modules of one kind, stacked: what ``vmap`` maps an ensemble over.

    Args:
        models: modules of one class, all in training mode or none.

    Returns:
        Parameters and buffers by name, with a dim for the modules in front; parameters that require gradients are
        leaves of their own.

    Raises:
        RuntimeError: no modules, modules of several classes or modes, or a parameter does not require gradients in all.

    Example:
        >>> import tensorplug as tp
        >>> params, buffers = tp.func.stack_module_state([tp.nn.Linear(2, 3) for _ in range(4)])
        >>> params["weight"].shape
        tensorplug.Size([4, 3, 2])
    """
    if not models:
        raise RuntimeError("stack_module_state: Expected at least one model, got 0.")
    if len({m.training for m in models}) != 1:
        raise RuntimeError("stack_module_state: Expected all models to have the same training/eval mode.")
    if len({type(m) for m in models}) != 1:
        raise RuntimeError("stack_module_state: Expected all models to be of the same class.")
    parameters = [dict(m.named_parameters()) for m in models]
    buffers = [dict(m.named_buffers()) for m in models]
    stacked = {name: _stacked([p[name] for p in parameters]) for name in parameters[0]}
    return stacked, {name: _stacked([b[name] for b in buffers]) for name in buffers[0]}


def _stacked(tensors: Sequence[Tensor]) -> Tensor:
    wanted = {t.requires_grad for t in tensors}
    if len(wanted) != 1:
        raise RuntimeError("stack_module_state: Expected each parameter to have the same requires_grad in all models")
    found = table["stack"].call([t.detach() for t in tensors])
    return found.requires_grad_() if wanted.pop() else found


def replace_all_batch_norm_modules_(root: Module) -> Module:
    """Let all batch norms in a module do without running statistics, which ``vmap`` cannot keep.

    Args:
        root: the module, which is changed in place and returned.

    Example:
        >>> import tensorplug as tp
        >>> net = tp.func.replace_all_batch_norm_modules_(tp.nn.Sequential(tp.nn.BatchNorm1d(3)))
        >>> net[0].running_mean is None
        True
    """
    for module in root.modules():
        if isinstance(getattr(module, "running_mean", None), TensorBase) and "BatchNorm" in type(module).__name__:
            module.running_mean = None
            module.running_var = None
            module.num_batches_tracked = None
            module.track_running_stats = False
    return root
