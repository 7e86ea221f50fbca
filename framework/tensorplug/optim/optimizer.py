"""``Optimizer``, the base of all optimizers: groups of parameters, their state, hooks."""

from __future__ import annotations

import functools
import warnings
from collections import defaultdict
from collections.abc import Callable, Iterable
from copy import deepcopy
from typing import Any

from tensorplug.autograd.grad_mode import enable_grad, set_grad_enabled
from tensorplug.tensor import Tensor
from tensorplug.utils.gradients import clear_grad
from tensorplug.utils.hooks import HookRegistry, RemovableHandle, add_hook, new_registry

Closure = Callable[[], Any]
Groups = list[dict[str, Any]]

_HOOK_REGISTRIES = (
    "_optimizer_step_pre_hooks",
    "_optimizer_step_post_hooks",
    "_optimizer_state_dict_pre_hooks",
    "_optimizer_state_dict_post_hooks",
    "_optimizer_load_state_dict_pre_hooks",
    "_optimizer_load_state_dict_post_hooks",
)
_global_step_pre_hooks = new_registry()
_global_step_post_hooks = new_registry()


class _Required:
    """Marks an option without a default."""

    def __repr__(self) -> str:
        return "<required parameter>"


required = _Required()


class Optimizer:
    """Base class of optimizers.

    A subclass gives the defaults of its options to ``__init__`` and defines ``step``; hooks then run around
    it.

    Args:
        params: tensors, pairs of name and tensor, or dicts. A dict has tensors (or pairs) under ``"params"``
            and options of its own for them.
        defaults: the options of groups that do not give their own.

    Attributes:
        param_groups: a list of dicts with ``"params"`` and the options.
        state: what the method remembers, a dict for each parameter.
        defaults: the options given.

    Raises:
        TypeError: ``params`` is a tensor, or holds something else than tensors.
        ValueError: there are no parameters, one is not a leaf, one is in two groups, or an option is missing.
    """

    _opt_called = False
    _optimizer_step_pre_hooks: HookRegistry
    _optimizer_step_post_hooks: HookRegistry
    _optimizer_state_dict_pre_hooks: HookRegistry
    _optimizer_state_dict_post_hooks: HookRegistry
    _optimizer_load_state_dict_pre_hooks: HookRegistry
    _optimizer_load_state_dict_post_hooks: HookRegistry

    def __init__(self, params: Any, defaults: dict[str, Any]) -> None:
        self.defaults = defaults
        for name in _HOOK_REGISTRIES:
            setattr(self, name, new_registry())
        if isinstance(params, Tensor):
            raise TypeError(
                "params argument given to the optimizer should be an iterable of Tensors or dicts, but got "
                f"{type(params).__name__}"
            )
        self.state: defaultdict[Any, Any] = defaultdict(dict)
        self.param_groups: Groups = []
        groups = list(params)
        if not groups:
            raise ValueError("optimizer got an empty parameter list")
        if not isinstance(groups[0], dict):
            groups = [{"params": groups}]
        for group in groups:
            self.add_param_group(group)

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if "step" in cls.__dict__:
            cls.step = _with_hooks(cls.step)  # type: ignore[method-assign]

    def __getstate__(self) -> dict[str, Any]:
        return {"defaults": self.defaults, "state": self.state, "param_groups": self.param_groups}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        for name in _HOOK_REGISTRIES:
            if name not in self.__dict__:
                setattr(self, name, new_registry())
        self.defaults.setdefault("differentiable", False)

    def __repr__(self) -> str:
        lines = []
        for number, group in enumerate(self.param_groups):
            lines.append(f"\nParameter Group {number}\n")
            lines += [f"    {key}: {group[key]}\n" for key in sorted(group) if key != "params"]
        return f"{type(self).__name__} ({''.join(lines)})"

    def step(self, closure: Closure | None = None) -> Any:
        """Change the parameters by their gradients.

        Args:
            closure: computes the loss and the gradients anew; called first.

        Returns:
            What ``closure`` returned, or None.
        """
        raise NotImplementedError

    def zero_grad(self, set_to_none: bool = True) -> None:
        """Forget the gradients of all parameters, or set them to zero if ``set_to_none`` is False."""
        for group in self.param_groups:
            for parameter in group["params"]:
                clear_grad(parameter, set_to_none)

    def add_param_group(self, param_group: dict[str, Any]) -> None:
        """Add a group of parameters, for instance layers that were frozen so far.

        Args:
            param_group: a dict with ``"params"`` (a tensor or several, or pairs of name and tensor) and
                options.

        Raises:
            TypeError: it is no dict, or holds something else than tensors, or a set, which has no order.
            ValueError: a parameter is not a leaf or is in another group, an option is missing, or only some
                have names.
        """
        if not isinstance(param_group, dict):
            raise TypeError(f"param_group must be a dict, but got {type(param_group)}")
        _name_params(param_group)
        params = param_group["params"]
        for parameter in params:
            if not isinstance(parameter, Tensor):
                raise TypeError(
                    f"optimizer can only optimize Tensors, but one of the params is {type(parameter).__name__}"
                )
            if not self.defaults.get("differentiable") and not (parameter.is_leaf or parameter.retains_grad):
                raise ValueError("can't optimize a non-leaf Tensor")
        for name, default in self.defaults.items():
            if default is required and name not in param_group:
                raise ValueError(f"parameter group didn't specify a value of required optimization parameter {name}")
            param_group.setdefault(name, default)
        if len(params) != len(set(params)):
            warnings.warn(
                "optimizer contains a parameter group with duplicate parameters; in future, this will cause an error",
                stacklevel=3,
            )
        for group in self.param_groups:
            if ("param_names" in param_group) != ("param_names" in group):
                how = "with names" if "param_names" in param_group else "without names"
                raise ValueError(
                    "all optimizer param groups should be with/without names. "
                    f"cannot add param group {how} to the optimizer"
                )
            if not set(group["params"]).isdisjoint(params):
                raise ValueError("some parameters appear in more than one parameter group")
        self.param_groups.append(param_group)

    def state_dict(self) -> dict[str, Any]:
        """The state and the options, with parameters named by their number.

        Returns:
            A dict with ``"state"`` (number of the parameter to its state, whose tensors are shared) and
            ``"param_groups"`` (the options, with numbers under ``"params"``).
        """
        for hook in self._hooks_of("state_dict_pre"):
            hook(self)
        numbers: dict[int, int] = {}
        groups = []
        for group in self.param_groups:
            for parameter in group["params"]:
                numbers.setdefault(id(parameter), len(numbers))
            packed = {key: value for key, value in group.items() if key != "params"}
            packed["params"] = [numbers[id(parameter)] for parameter in group["params"]]
            groups.append(packed)
        state = {numbers[id(k)] if isinstance(k, Tensor) else k: value for k, value in self.state.items()}
        result: dict[str, Any] = {"state": state, "param_groups": groups}
        for hook in self._hooks_of("state_dict_post"):
            changed = hook(self, result)
            result = result if changed is None else changed
        return result

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Take over the state and options of a ``state_dict()``; tensors move to their parameter's device.

        Raises:
            ValueError: the groups or their sizes differ.
        """
        state_dict = state_dict.copy()
        for hook in self._hooks_of("load_state_dict_pre"):
            changed = hook(self, state_dict)
            state_dict = state_dict if changed is None else changed
        saved_groups = deepcopy(state_dict["param_groups"])
        if len(saved_groups) != len(self.param_groups):
            raise ValueError("loaded state dict has a different number of parameter groups")
        parameters: dict[Any, tuple[Tensor, dict[str, Any]]] = {}
        for group, saved in zip(self.param_groups, saved_groups, strict=True):
            if len(group["params"]) != len(saved["params"]):
                raise ValueError(
                    "loaded state dict contains a parameter group that doesn't match the size of optimizer's group"
                )
            for number, parameter in zip(saved["params"], group["params"], strict=True):
                parameters[number] = (parameter, saved)

        state: defaultdict[Any, Any] = defaultdict(dict)
        for key, value in state_dict["state"].items():
            if key in parameters:
                parameter, options = parameters[key]
                state[parameter] = _fitted(value, parameter, options)
            else:
                state[key] = value
        for group, saved in zip(self.param_groups, saved_groups, strict=True):
            saved["params"] = group["params"]
            if "param_names" in group:
                saved.setdefault("param_names", group["param_names"])
        self.__setstate__({"state": state, "param_groups": saved_groups})
        for hook in self._hooks_of("load_state_dict_post"):
            hook(self)

    def _hooks_of(self, moment: str) -> list[Callable[..., Any]]:
        return list(getattr(self, f"_optimizer_{moment}_hooks").values())

    def register_step_pre_hook(self, hook: Callable[..., Any]) -> RemovableHandle:
        """Call ``hook(optimizer, args, kwargs)`` before each step; it may return new ``(args, kwargs)``."""
        return add_hook(self._optimizer_step_pre_hooks, hook)

    def register_step_post_hook(self, hook: Callable[..., None]) -> RemovableHandle:
        """Call ``hook(optimizer, args, kwargs)`` after each step."""
        return add_hook(self._optimizer_step_post_hooks, hook)

    def register_state_dict_pre_hook(self, hook: Callable[..., None], prepend: bool = False) -> RemovableHandle:
        """Call ``hook(optimizer)`` before ``state_dict``."""
        return add_hook(self._optimizer_state_dict_pre_hooks, hook, prepend=prepend)

    def register_state_dict_post_hook(self, hook: Callable[..., Any], prepend: bool = False) -> RemovableHandle:
        """Call ``hook(optimizer, state_dict)`` after ``state_dict``; it may return another dict."""
        return add_hook(self._optimizer_state_dict_post_hooks, hook, prepend=prepend)

    def register_load_state_dict_pre_hook(self, hook: Callable[..., Any], prepend: bool = False) -> RemovableHandle:
        """Call ``hook(optimizer, state_dict)`` before loading; it may return another dict."""
        return add_hook(self._optimizer_load_state_dict_pre_hooks, hook, prepend=prepend)

    def register_load_state_dict_post_hook(self, hook: Callable[..., None], prepend: bool = False) -> RemovableHandle:
        """Call ``hook(optimizer)`` after loading."""
        return add_hook(self._optimizer_load_state_dict_post_hooks, hook, prepend=prepend)

    def _loss_of(self, closure: Closure | None) -> Any:
        if closure is None:
            return None
        with enable_grad():
            return closure()


def _name_params(group: dict[str, Any]) -> None:
    """Make ``group["params"]`` a list of tensors; names given with them go to ``group["param_names"]``."""
    params = group["params"]
    if isinstance(params, Tensor):
        params = [params]
    elif isinstance(params, set):
        raise TypeError(
            "optimizer parameters need to be organized in ordered collections, but the ordering of tensors "
            "in sets will change between runs. Please use a list instead."
        )
    params = list(params)
    names = [item[0] for item in params if isinstance(item, tuple)]
    if names and len(names) != len(params):
        raise ValueError("all optimizer params should be with/without names. Some param names are missing")
    group["params"] = [item[1] for item in params] if names else params
    if names:
        group["param_names"] = names


def _fitted(value: Any, parameter: Tensor, options: dict[str, Any], key: Any = None) -> Any:
    """Saved state with its tensors on the parameter's device and of its dtype."""
    if isinstance(value, Tensor):
        if key == "step":
            # A counter: of full precision whatever the parameter's dtype, and on the host unless kernels read
            # it.
            on_device = options.get("capturable") or options.get("fused")
            return value.to(parameter.device) if on_device else value
        if parameter.is_floating_point():
            return value.to(dtype=parameter.dtype, device=parameter.device)
        return value.to(device=parameter.device)
    if isinstance(value, dict):
        return {k: _fitted(v, parameter, options, k) for k, v in value.items()}
    if isinstance(value, Iterable) and not isinstance(value, str | bytes):
        return type(value)(_fitted(v, parameter, options) for v in value)  # type: ignore[call-arg]
    return value


def _with_hooks(step: Callable[..., Any]) -> Callable[..., Any]:
    """``step`` with the optimizer's hooks run around it."""

    @functools.wraps(step)
    def hooked(self: Optimizer, *args: Any, **kwargs: Any) -> Any:
        if type(self).step is not hooked:
            # Called as super().step(): the hooks run around the whole.
            return step(self, *args, **kwargs)
        # Schedulers look at this to warn when they are stepped before the optimizer is.
        self._opt_called = True
        for hook in [*_global_step_pre_hooks.values(), *self._optimizer_step_pre_hooks.values()]:
            changed = hook(self, args, kwargs)
            if changed is None:
                continue
            if not (isinstance(changed, tuple) and len(changed) == 2):
                raise RuntimeError(f"{step} must return None or a tuple of (new_args, new_kwargs), but got {changed}.")
            args, kwargs = changed
        result = step(self, *args, **kwargs)
        for hook in [*self._optimizer_step_post_hooks.values(), *_global_step_post_hooks.values()]:
            hook(self, args, kwargs)
        return result

    return hooked


def grad_mode_of(optimizer: Optimizer) -> Any:
    """The context of a step: recorded only when the optimizer was made ``differentiable``."""
    return set_grad_enabled(bool(optimizer.defaults.get("differentiable")))


def register_optimizer_step_pre_hook(hook: Callable[..., Any]) -> RemovableHandle:
    """Call ``hook(optimizer, args, kwargs)`` before each step of any optimizer."""
    return add_hook(_global_step_pre_hooks, hook)


def register_optimizer_step_post_hook(hook: Callable[..., None]) -> RemovableHandle:
    """Call ``hook(optimizer, args, kwargs)`` after each step of any optimizer."""
    return add_hook(_global_step_post_hooks, hook)
