"""``state_dict`` and ``load_state_dict``: a module's parameters and buffers as a flat dict, out and in."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Mapping
from itertools import chain
from typing import Any, NamedTuple

from tensorplug.autograd.grad_mode import no_grad
from tensorplug.nn._registration import Registration, type_name
from tensorplug.nn.parameter import Parameter
from tensorplug.tensor import Tensor
from tensorplug.utils.hooks import RemovableHandle, add_hook

_EXTRA_STATE = "_extra_state"


class _Keys(NamedTuple):
    missing_keys: list[str]
    unexpected_keys: list[str]


class IncompatibleKeys(_Keys):
    """What ``load_state_dict`` returns: the keys it did not find and those it had no place for."""

    __slots__ = ()

    def __repr__(self) -> str:
        if not self.missing_keys and not self.unexpected_keys:
            return "<All keys matched successfully>"
        return super().__repr__()


class Checkpoint(Registration):
    """The methods that write a module's state and read it back."""

    # Layers raise this when the meaning of their entries changes; it travels in the dict's ``_metadata``.
    _version: int = 1

    def get_extra_state(self) -> Any:
        """State to store beside the tensors; whoever overrides this overrides ``set_extra_state`` too."""
        raise RuntimeError(
            f"{type(self).__name__}.get_extra_state() was called but is not overridden; a checkpoint with "
            f"extra state needs both get_extra_state() and set_extra_state()."
        )

    def set_extra_state(self, state: Any) -> None:
        """Take back what ``get_extra_state`` returned."""
        raise RuntimeError(
            f"{type(self).__name__}.set_extra_state() was called but is not overridden; a checkpoint with "
            f"extra state needs both get_extra_state() and set_extra_state()."
        )

    def _save_to_state_dict(self, destination: dict[str, Any], prefix: str, keep_vars: bool) -> None:
        """Write the entries of this module alone."""
        for name, value in _state_members(self):
            destination[prefix + name] = value if keep_vars else value.detach()
        if type(self).get_extra_state is not Checkpoint.get_extra_state:
            destination[prefix + _EXTRA_STATE] = self.get_extra_state()

    def state_dict(
        self, *args: Any, destination: Any = None, prefix: str = "", keep_vars: bool = False
    ) -> dict[str, Any]:
        """The parameters and persistent buffers of this module and those below, by dotted name.

        Args:
            destination: a dict to write into instead of a new one.
            prefix: put before every name.
            keep_vars: whether the tensors stay attached to autograd rather than being detached.

        Returns:
            An ordered dict; its tensors share memory with the module's. Its attribute ``_metadata`` holds the
            version of each module's format.

        Example:
            >>> import tensorplug as tp
            >>> list(tp.nn.Linear(2, 1).state_dict())
            ['weight', 'bias']
        """
        for name, value in zip(("destination", "prefix", "keep_vars"), args, strict=False):
            if name == "destination":
                destination = value if destination is None else destination
            elif name == "prefix":
                prefix = prefix or value
            else:
                keep_vars = keep_vars or value
        if destination is None:
            destination = OrderedDict()
            destination._metadata = OrderedDict()
        local_metadata = {"version": self._version}
        if hasattr(destination, "_metadata"):
            destination._metadata[prefix[:-1]] = local_metadata
        for hook in self._state_dict_pre_hooks.values():
            hook(self, prefix, keep_vars)
        self._save_to_state_dict(destination, prefix, keep_vars)
        for name, module in self._modules.items():
            if module is not None:
                module.state_dict(destination=destination, prefix=f"{prefix}{name}.", keep_vars=keep_vars)
        for hook, is_public in self._state_dict_hooks.values():
            result = hook(self, destination, prefix, local_metadata)
            if result is None:
                continue
            if is_public:
                raise RuntimeError("state_dict post-hook must return None")
            destination = result
        return destination

    def register_state_dict_pre_hook(self, hook: Callable[..., None]) -> RemovableHandle:
        """Call ``hook(module, prefix, keep_vars)`` before ``state_dict`` collects this module's entries."""
        return add_hook(self._state_dict_pre_hooks, hook)

    def register_state_dict_post_hook(self, hook: Callable[..., None]) -> RemovableHandle:
        """Call ``hook(module, state_dict, prefix, local_metadata)`` afterwards; it may edit the dict."""
        return add_hook(self._state_dict_hooks, (hook, True))

    def _register_state_dict_hook(self, hook: Callable[..., Any]) -> RemovableHandle:
        """As ``register_state_dict_post_hook``, but ``hook`` may also return another dict."""
        return add_hook(self._state_dict_hooks, (hook, False))

    def register_load_state_dict_pre_hook(self, hook: Callable[..., None]) -> RemovableHandle:
        """Call ``hook`` before this module loads.

        It gets ``(module, state_dict, prefix, local_metadata, strict, missing_keys, unexpected_keys,
        error_msgs)`` and may change the dict in place.
        """
        return self._register_load_state_dict_pre_hook(hook, with_module=True)

    def _register_load_state_dict_pre_hook(
        self, hook: Callable[..., None], with_module: bool = False
    ) -> RemovableHandle:
        """As ``register_load_state_dict_pre_hook``; the module itself is passed only if ``with_module``."""
        return add_hook(self._load_state_dict_pre_hooks, (hook, with_module))

    def register_load_state_dict_post_hook(self, hook: Callable[..., None]) -> RemovableHandle:
        """Call ``hook(module, incompatible_keys)`` after loading; it may edit the lists of keys."""
        return add_hook(self._load_state_dict_post_hooks, hook)

    def _load_from_state_dict(
        self,
        state_dict: dict[str, Any],
        prefix: str,
        local_metadata: dict[str, Any],
        strict: bool,
        missing_keys: list[str],
        unexpected_keys: list[str],
        error_msgs: list[str],
    ) -> None:
        """Read the entries of this module alone, adding what goes wrong to the three lists."""
        for hook, with_module in self._load_state_dict_pre_hooks.values():
            subject = (self,) if with_module else ()
            hook(
                *subject,
                state_dict,
                prefix,
                local_metadata,
                strict,
                missing_keys,
                unexpected_keys,
                error_msgs,
            )
        assign = local_metadata.get("assign_to_params_buffers", False)
        members = dict(_state_members(self))
        for name, current in members.items():
            key = prefix + name
            if key in state_dict:
                problem = _load_entry(self, name, key, current, state_dict[key], assign)
                if problem:
                    error_msgs.append(problem)
            elif strict:
                missing_keys.append(key)

        extra_key = prefix + _EXTRA_STATE
        if type(self).set_extra_state is not Checkpoint.set_extra_state:
            if extra_key in state_dict:
                self.set_extra_state(state_dict[extra_key])
            elif strict:
                missing_keys.append(extra_key)
        elif strict and extra_key in state_dict:
            unexpected_keys.append(extra_key)

        if strict:
            for key in state_dict:
                if not key.startswith(prefix) or key == extra_key:
                    continue
                name, dot, _ = key[len(prefix) :].partition(".")
                if name not in self._modules if dot else name not in members:
                    unexpected_keys.append(key)

    def load_state_dict(self, state_dict: Mapping[str, Any], strict: bool = True, assign: bool = False) -> Any:
        """Copy the tensors of ``state_dict`` into the parameters and persistent buffers of the same names.

        Args:
            state_dict: a mapping such as ``state_dict()`` returns.
            strict: whether missing and unexpected keys are errors.
            assign: whether the tensors themselves become the parameters and buffers instead of being copied;
                their dtype and device then win, and parameters keep only their ``requires_grad``.

        Returns:
            A named tuple with the lists ``missing_keys`` and ``unexpected_keys``.

        Raises:
            RuntimeError: shapes differ, or, when strict, keys are missing or unexpected.
            TypeError: ``state_dict`` is no mapping.

        Example:
            >>> import tensorplug as tp
            >>> layer = tp.nn.Linear(2, 1)
            >>> layer.load_state_dict(tp.nn.Linear(2, 1).state_dict())
            <All keys matched successfully>
        """
        if not isinstance(state_dict, Mapping):
            raise TypeError(f"Expected state_dict to be dict-like, got {type(state_dict)}.")
        missing: list[str] = []
        unexpected: list[str] = []
        errors: list[str] = []
        metadata = getattr(state_dict, "_metadata", None)
        entries: Any = OrderedDict(state_dict)
        if metadata is not None:
            # Hooks of old-format layers look here for the version that wrote the dict.
            entries._metadata = metadata
        _load_tree(self, entries, "", metadata or {}, assign, (missing, unexpected, errors))

        if strict:
            for title, keys in (("Missing", missing), ("Unexpected", unexpected)):
                if keys:
                    quoted = ", ".join(f'"{key}"' for key in keys)
                    errors.insert(
                        0 if title == "Missing" else bool(missing),
                        f"{title} key(s) in state_dict: {quoted}. ",
                    )
        if errors:
            listing = "\n\t".join(errors)
            raise RuntimeError(f"Error(s) in loading state_dict for {type(self).__name__}:\n\t{listing}")
        return IncompatibleKeys(missing, unexpected)


def _state_members(module: Registration) -> chain[tuple[str, Any]]:
    """The names and tensors that a module alone has in its state dict."""
    transient = module._non_persistent_buffers_set
    return chain(
        ((name, p) for name, p in module._parameters.items() if p is not None),
        ((name, b) for name, b in module._buffers.items() if b is not None and name not in transient),
    )


def _load_tree(
    module: Checkpoint,
    entries: dict[str, Any],
    prefix: str,
    metadata: Mapping[str, Any],
    assign: bool,
    reports: tuple[list[str], list[str], list[str]],
) -> None:
    local_metadata = dict(metadata.get(prefix[:-1], {}))
    if assign:
        local_metadata["assign_to_params_buffers"] = True
    # Always strict: the keys are collected either way, and the caller decides what they mean.
    module._load_from_state_dict(entries, prefix, local_metadata, True, *reports)
    for name, child in module._modules.items():
        if child is not None:
            below = f"{prefix}{name}."
            child_entries = {key: value for key, value in entries.items() if key.startswith(below)}
            _load_tree(child, child_entries, below, metadata, assign, reports)
    keys = IncompatibleKeys(reports[0], reports[1])
    for hook in module._load_state_dict_post_hooks.values():
        if hook(module, keys) is not None:
            raise AssertionError("load_state_dict post hooks return nothing; they edit incompatible_keys in place.")


def _load_entry(module: Registration, name: str, key: str, current: Tensor, new: Any, assign: bool) -> str | None:
    """Put one tensor in its place; returns what went wrong, if anything."""
    if not isinstance(new, Tensor):
        return (
            f'While copying the parameter named "{key}", expected a Tensor from checkpoint but received '
            f"{type_name(new)}"
        )
    if current.dim() == 0 and new.shape == (1,):
        # Old files hold scalars as tensors of one element.
        new = new[0]
    if new.shape != current.shape:
        return (
            f"size mismatch for {key}: copying a param with shape {new.shape} from checkpoint, "
            f"the shape in current model is {current.shape}."
        )
    try:
        if not assign:
            with no_grad():
                current.copy_(new)
        else:
            if isinstance(current, Parameter):
                wanted = current.requires_grad
                new = new.requires_grad_(wanted) if isinstance(new, Parameter) else Parameter(new, wanted)
            setattr(module, name, new)
    except Exception as error:
        return (
            f'While copying the parameter named "{key}", whose dimensions in the model are {current.shape} '
            f"and "
            f"whose dimensions in the checkpoint are {new.shape}, an exception occurred : {error.args}."
        )
    return None
