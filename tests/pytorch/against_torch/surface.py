"""Tensors as users look at them: attributes, printed form, conversions, subscripts, and what holds for all of them."""

from __future__ import annotations

import copy
import math
import operator
import pickle
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import numpy as np
import torch

import tensorplug as tp
from against_torch.compare import difference, outcome

Make = Callable[[Any], Any]
"""Makes a tensor from a framework's module."""

TENSORS: dict[str, Make] = {
    "0-d float": lambda m: m.tensor(2.5),
    "0-d int": lambda m: m.tensor(7),
    "0-d bool": lambda m: m.tensor(True),
    "0-d complex": lambda m: m.tensor(1 - 2j),
    "1-d": lambda m: m.tensor([1.0, 2.5, -3.0]),
    "one element": lambda m: m.tensor([[4.0]]),
    "2-d": lambda m: m.arange(12.0).reshape(3, 4),
    "ints": lambda m: m.arange(6).reshape(2, 3),
    "small ints": lambda m: m.tensor([1, -2, 127], dtype=m.int8),
    "bytes": lambda m: m.tensor([0, 255], dtype=m.uint8),
    "wide unsigned": lambda m: m.tensor([0, 65535], dtype=m.uint16),
    "bools": lambda m: m.tensor([[True, False]]),
    "halves": lambda m: m.tensor([1.0, 0.1, -65504.0], dtype=m.float16),
    "bfloat16": lambda m: m.tensor([1.0, 0.1, 1e30], dtype=m.bfloat16),
    "doubles": lambda m: m.tensor([1.0, 0.1, math.pi], dtype=m.float64),
    "complex": lambda m: m.tensor([1 + 2j, -0.5j, 3]),
    "complex doubles": lambda m: m.tensor([[1e-3 + 2j]], dtype=m.complex128),
    "empty": lambda m: m.empty(0),
    "empty 2-d": lambda m: m.empty(0, 3),
    "empty ints": lambda m: m.empty(2, 0, dtype=m.int64),
    "transposed": lambda m: m.arange(12.0).reshape(3, 4).t(),
    "strided": lambda m: m.arange(12.0).reshape(3, 4)[::2, 1:],
    "expanded": lambda m: m.arange(3.0).expand(2, 3),
    "3-d": lambda m: m.arange(24.0).reshape(2, 3, 4),
    "4-d": lambda m: m.arange(48).reshape(2, 3, 2, 4),
    "leaf": lambda m: m.ones(2, requires_grad=True),
    "recorded": lambda m: m.ones(2, requires_grad=True) * 2,
    "view of a leaf": lambda m: m.ones(2, 2, requires_grad=True)[0],
    "detached": lambda m: (m.ones(2, requires_grad=True) * 2).detach(),
    "parameter": lambda m: m.nn.Parameter(m.ones(2)),
    "constant": lambda m: m.nn.Parameter(m.ones(2), requires_grad=False),
}  # fmt: skip

ATTRIBUTES = (
    "shape", "dtype", "device", "layout", "ndim", "requires_grad", "is_leaf", "grad", "data", "T", "mT", "H", "mH",
    "real", "imag", "is_cuda", "is_mps", "is_sparse", "is_quantized", "is_meta", "itemsize", "nbytes", "output_nr",
    "retains_grad", "names", "is_xla", "is_mkldnn", "is_nested", "is_cpu", "volatile",
)  # fmt: skip
METHODS = (
    "size", "stride", "dim", "ndimension", "numel", "nelement", "element_size", "storage_offset", "is_contiguous",
    "is_floating_point", "is_complex", "is_signed", "is_nonzero", "item", "tolist", "numpy", "type", "get_device",
    "is_pinned", "is_shared", "is_conj", "is_neg", "is_inference", "bool", "int", "long", "short", "char", "byte",
    "half", "float", "double", "bfloat16", "cfloat", "cdouble", "cpu", "clone", "detach", "contiguous", "t", "__len__",
    "__bool__", "__int__", "__float__", "__complex__", "__index__", "__hash__", "__invert__", "__neg__", "__abs__",
    "__contains__", "data_ptr", "untyped_storage", "is_same_size", "adjoint", "isreal", "has_names", "is_distributed",
    "resolve_conj", "resolve_neg", "dense_dim", "sparse_dim", "is_coalesced",
)  # fmt: skip
_ADDRESSES = ("__hash__", "data_ptr", "untyped_storage")

CONVERSIONS: dict[str, Callable[[Any, Any], Any]] = {
    "list": lambda m, t: list(t),
    "len": lambda m, t: len(t),
    "unpacking": lambda m, t: [*t],
    "reversed": lambda m, t: list(reversed(t)),
    "np.asarray": lambda m, t: np.asarray(t).tolist(),
    "np.add": lambda m, t: type(np.add(t.numpy(), 1)).__name__,
    "format": lambda m, t: f"{t}",
    "format .3f": lambda m, t: f"{t:.3f}",
    "format d": lambda m, t: f"{t:d}",
    "str": lambda m, t: str(t),
    "round": lambda m, t: round(t),
    "round 1": lambda m, t: round(t, 1),
    "math.floor": lambda m, t: math.floor(t),
    "operator.index": lambda m, t: operator.index(t),
    "range": lambda m, t: list(range(t)),
    "copy": lambda m, t: copy.copy(t),
    "deepcopy": lambda m, t: copy.deepcopy(t),
    "pickle": lambda m, t: pickle.loads(pickle.dumps(t)),
    "in": lambda m, t: 2.5 in t,
    "tensor in": lambda m, t: t in t,
    "sum()": lambda m, t: sum(t),
    "max()": lambda m, t: max(t),
    "== None": lambda m, t: t == None,  # noqa: E711  # what users write
    "== 'text'": lambda m, t: t == "text",
    "!= 'text'": lambda m, t: t != "text",
    "+ 'text'": lambda m, t: t + "text",
    "< None": lambda m, t: t < None,
    "+ np.float64": lambda m, t: t + np.float64(2),
    "np.float64 *": lambda m, t: type(np.float64(2) * t).__name__,
    "+ np.int32": lambda m, t: t + np.int32(2),
    "1 - ": lambda m, t: 1 - t,
    "2 / ": lambda m, t: 2 / t,
    "2 ** ": lambda m, t: 2**t,
    "7 // ": lambda m, t: 7 // t,
    "7 % ": lambda m, t: 7 % t,
    "1 << ": lambda m, t: 1 << t,
    "divmod": lambda m, t: divmod(t, 2),
    "matmul": lambda m, t: t @ t.mT,
    "and or": lambda m, t: (t & 1) | (t ^ 2),
    "pos": lambda m, t: +t,
    "type float64": lambda m, t: t.type(m.float64),
    "type name": lambda m, t: t.type("torch.DoubleTensor"),
    "to device": lambda m, t: t.to("cpu"),
    "to device, dtype": lambda m, t: t.to("cpu", m.float64),
    "to other": lambda m, t: t.to(m.ones(1, dtype=m.float64)),
    "to keywords": lambda m, t: t.to(dtype=m.int32, copy=True, non_blocking=True),
    "to same is itself": lambda m, t: t.to(t.dtype) is t,
    "float is itself": lambda m, t: t.float() is t,
    "contiguous is itself": lambda m, t: t.contiguous() is t,
    "new_tensor": lambda m, t: t.new_tensor([1, 2]),
    "new_zeros": lambda m, t: t.new_zeros(2, 3),
    "new_full": lambda m, t: t.new_full((2,), 3),
    "tensor of it": lambda m, t: m.as_tensor(t) is t,
    "size()": lambda m, t: (t.size(), t.size(0), t.size(dim=-1)),
    "shape": lambda m, t: (t.shape[0], t.shape[-1], t.shape.numel(), (*t.shape, 1)),
    "shape repr": lambda m, t: repr(t.shape),
    "stride(0)": lambda m, t: (t.stride(0), t.stride(-1)),
    "type of shape + tuple": lambda m, t: type(operator.add(t.shape, (1,))).__name__,
    "type of shape slice": lambda m, t: type(t.shape[:1]).__name__,
    "dtype repr": lambda m, t: repr(t.dtype).rpartition(".")[2],
    "dtype facts": lambda m, t: (t.dtype.is_floating_point, t.dtype.is_complex, t.dtype.is_signed, t.dtype.itemsize),
    "device repr": lambda m, t: repr(t.device),
    "device facts": lambda m, t: (t.device.type, t.device.index, str(t.device)),
    "setitem": lambda m, t: _changed(t, lambda c: c.__setitem__(0, 1)),
    "setitem all": lambda m, t: _changed(t, lambda c: c.__setitem__(..., 2)),
    "setitem mask": lambda m, t: _changed(t, lambda c: c.__setitem__(c == c, 1)),
    "+=": lambda m, t: _changed(t, lambda c: c.__iadd__(1)),
    "*= 0.5": lambda m, t: _changed(t, lambda c: c.__imul__(0.5)),
    "fill_": lambda m, t: _changed(t, lambda c: c.fill_(3)),
    "zero_": lambda m, t: _changed(t, lambda c: c.zero_()),
    "requires_grad_": lambda m, t: t.detach().clone().requires_grad_(),
    "backward": lambda m, t: t.backward(),
    "delattr": lambda m, t: delattr(t, "shape"),
    "unknown attribute": lambda m, t: t.nonsense,
    "attribute": lambda m, t: _with_attribute(t),
    "isinstance": lambda m, t: (isinstance(t, m.Tensor), m.is_tensor(t), m.is_floating_point(t), m.is_complex(t)),
    "numel": lambda m, t: m.numel(t),
    "grad of it": lambda m, t: m.autograd.grad(t.sum(), t),
    "unflatten": lambda m, t: t.unflatten(0, (1, -1)),
    "split": lambda m, t: t.split(2),
    "iter of values": lambda m, t: [float(x) for x in t],
}
"""What Python code does with a tensor: an expression of the module and the tensor."""


def _changed(tensor: Any, change: Callable[[Any], Any]) -> Any:
    copied = tensor.detach().clone()
    change(copied)
    return copied


def _with_attribute(tensor: Any) -> str:
    tensor.note = "kept"
    return str(tensor.note)


SUBSCRIPTS: dict[str, Callable[[Any], Any]] = {
    "0": lambda m: 0, "-1": lambda m: -1, "5": lambda m: 5, "-6": lambda m: -6, "True": lambda m: True,
    "None": lambda m: None, "...": lambda m: ..., "()": lambda m: (), ":": lambda m: slice(None),
    "1:": lambda m: slice(1, None), "::2": lambda m: slice(None, None, 2), "::-1": lambda m: slice(None, None, -1),
    "5:2": lambda m: slice(5, 2), "-100:100": lambda m: slice(-100, 100), "0, 1": lambda m: (0, 1),
    "..., 0": lambda m: (..., 0), "0, ...": lambda m: (0, ...), "..., None": lambda m: (..., None),
    "..., ...": lambda m: (..., ...), "None, 0, None": lambda m: (None, 0, None), "False": lambda m: False,
    "[0, 1]": lambda m: [0, 1], "[-1]": lambda m: [-1], "[]": lambda m: [], "[True, False]": lambda m: [True, False],
    "[[0, 1], [1, 0]]": lambda m: [[0, 1], [1, 0]], "([0, 1], [1, 0])": lambda m: ([0, 1], [1, 0]),
    "tensor(1)": lambda m: m.tensor(1), "tensor([0, 1])": lambda m: m.tensor([0, 1]), "1.0": lambda m: 1.0,
    "tensor([[0]])": lambda m: m.tensor([[0]]), "tensor int32": lambda m: m.tensor([0], dtype=m.int32),
    "tensor uint8": lambda m: m.tensor([1, 0, 1], dtype=m.uint8), "tensor float": lambda m: m.tensor([0.0]),
    "tensor empty": lambda m: m.tensor([], dtype=m.int64), "tensor(True)": lambda m: m.tensor(True),
    "mask": lambda m: m.tensor([True, False, True]), "mask 2": lambda m: m.tensor([True, False]),
    "np.array": lambda m: np.array([1, 0]), "np.int64": lambda m: np.int64(1), "range": lambda m: range(2),
    ":, [0]": lambda m: (slice(None), [0]), "[0], :, [1]": lambda m: ([0], slice(None), [1]), "text": lambda m: "text",
    "0, [0, 1]": lambda m: (0, [0, 1]), "[0, 1], 0": lambda m: ([0, 1], 0), "None, [0]": lambda m: (None, [0]),
    "tensor 5": lambda m: m.tensor([5]), "tensor(0):": lambda m: slice(m.tensor(0), None), "0.5:": lambda m: slice(0.5),
    "0, 0, 0, 0, 0": lambda m: (0, 0, 0, 0, 0), "::0": lambda m: slice(None, None, 0), "{}": lambda m: {},
}  # fmt: skip


def attribute_differences(name: str) -> Iterator[tuple[str, str]]:
    """Attributes and methods without arguments; which names there are is none of the business of this check."""
    ours, theirs = TENSORS[name](tp), TENSORS[name](torch)
    for attribute in (a for a in ATTRIBUTES if hasattr(tp.Tensor, a)):
        mine, other = (outcome(partial(getattr, t, attribute)) for t in (ours, theirs))
        yield attribute, difference(mine, other, strides=True)
    for method in (m for m in METHODS if hasattr(tp.Tensor, m)):
        mine, other = (outcome(partial(_called, t, method)) for t in (ours, theirs))
        if method in _ADDRESSES:
            continue
        if isinstance(other, np.ndarray):
            mine, other = (a.tolist() if isinstance(a, np.ndarray) else a for a in (mine, other))
        yield f"{method}()", difference(mine, other)


def _called(tensor: Any, method: str) -> Any:
    return getattr(tensor, method)()


def conversion_differences(name: str) -> Iterator[tuple[str, str]]:
    """Python's protocols and conversions."""
    for label, use in CONVERSIONS.items():
        mine, other = (outcome(partial(_used, use, framework, name)) for framework in (tp, torch))
        yield label, difference(mine, other)


def _used(use: Callable[[Any, Any], Any], framework: Any, name: str) -> Any:
    return use(framework, TENSORS[name](framework))


def subscript_differences(name: str) -> Iterator[tuple[str, str]]:
    """Reading with subscripts, with values, shapes and strides; and writing with the same ones."""
    for label, subscript in SUBSCRIPTS.items():
        mine, other = (outcome(partial(_read, framework, name, subscript)) for framework in (tp, torch))
        yield f"[{label}]", difference(mine, other, strides=True)
        for value in (1, "tensor"):
            mine, other = (outcome(partial(_written, framework, name, subscript, value)) for framework in (tp, torch))
            yield f"[{label}] = {value}", difference(mine, other)


def _read(framework: Any, name: str, subscript: Callable[[Any], Any]) -> Any:
    return TENSORS[name](framework)[subscript(framework)]


def _written(framework: Any, name: str, subscript: Callable[[Any], Any], value: Any) -> Any:
    tensor = TENSORS[name](framework).detach().clone()
    tensor[subscript(framework)] = framework.tensor([1]).to(tensor.dtype) if value == "tensor" else value
    return tensor


PRINTED: dict[str, Make] = {
    **TENSORS,
    "large and small": lambda m: m.tensor([1e-8, 1.0, 1e8]),
    "thousands": lambda m: m.tensor([1.5, 12345.678]),
    "scientific": lambda m: m.tensor([1e-5, 2e-5]),
    "whole floats": lambda m: m.tensor([1.0, 200000.0, 3e7]),
    "very large": lambda m: m.tensor([1e30, 1.0]),
    "nan and inf": lambda m: m.tensor([float("nan"), float("inf"), -float("inf"), 1.5]),
    "all nan": lambda m: m.tensor([float("nan")] * 2),
    "whole and inf": lambda m: m.tensor([1.0, float("inf")]),
    "negative zero": lambda m: m.tensor([-0.0, 0.0]),
    "mixed signs": lambda m: m.tensor([[-1.25, 10.0], [100.5, -1000.75]]),
    "negative ints": lambda m: m.tensor([[1, -20], [300, 4]]),
    "large ints": lambda m: m.tensor([2**62, -1]),
    "long row": lambda m: m.arange(50),
    "long row of floats": lambda m: m.arange(60) / 7,
    "summarized": lambda m: m.arange(2000.0),
    "summarized 2-d": lambda m: m.arange(10000.0).reshape(100, 100),
    "summarized 3-d": lambda m: m.arange(27000).reshape(30, 30, 30),
    "summarized wide": lambda m: m.arange(1200).reshape(3, 400),
    "complex mixed": lambda m: m.tensor([1.5 + 1e-3j, -1000 + 2j]),
    "complex nan": lambda m: m.tensor([complex("nan"), 1j]),
    "complex large": lambda m: m.tensor([1e10 + 1j, 1]),
    "half": lambda m: m.tensor([0.1, 100.0], dtype=m.float16),
    "bfloat16 row": lambda m: m.tensor([0.1, 100.0, 3e5], dtype=m.bfloat16),
    "bool matrix": lambda m: m.tensor([[True, False], [False, True]]),
    "0-d nan": lambda m: m.tensor(float("nan")),
    "0-d small": lambda m: m.tensor(1e-10),
    "0-d large": lambda m: m.tensor(123456789.0),
    "0-d double": lambda m: m.tensor(0.1, dtype=m.float64),
    "recorded sum": lambda m: (m.ones(2, requires_grad=True) * 2).sum(),
    "matrix product": lambda m: m.ones(2, 2, requires_grad=True) @ m.ones(2, 2),
    "meta": lambda m: m.empty(2, 3, device="meta"),
    "5-d": lambda m: m.zeros(1, 2, 1, 2, 1),
    "one element 4-d": lambda m: m.zeros(1, 1, 1, 1),
    "empty 3-d": lambda m: m.zeros(2, 0, 3),
    "empty bool": lambda m: m.zeros(0, dtype=m.bool),
    "list of tensors": lambda m: [m.ones(2), m.zeros(1)],
    "max with dim": lambda m: m.tensor([[1.0, 2.0]]).max(1),
    "shape": lambda m: m.ones(2, 3).shape,
    "parameter list": lambda m: m.nn.ParameterList([m.ones(2)]),
    "subnormal": lambda m: m.tensor([1e-40, 0.0]),
    "wide range": lambda m: m.tensor([0.001, 1000.0]),
    "wider range": lambda m: m.tensor([0.001, 1001.0]),
    "doubles": lambda m: m.tensor([[1 / 3, 2e-9]], dtype=m.float64),
}
"""Tensors to print."""

OPTIONS: tuple[dict[str, Any], ...] = (
    {}, {"precision": 2}, {"precision": 8}, {"threshold": 5}, {"edgeitems": 1, "threshold": 5}, {"linewidth": 30},
    {"sci_mode": True}, {"sci_mode": False}, {"profile": "short"}, {"profile": "full"},
)  # fmt: skip
"""Options of ``set_printoptions``."""


def printed_differences(name: str) -> Iterator[tuple[str, str]]:
    """The printed form with all options."""
    for options in OPTIONS:
        shown = []
        for framework in (tp, torch):
            framework.set_printoptions(profile="default")
            framework.set_printoptions(**options)
            try:
                shown.append(repr(PRINTED[name](framework)).replace("torch.", "").replace("tensorplug.", ""))
            finally:
                framework.set_printoptions(profile="default")
        yield str(options), "" if shown[0] == shown[1] else f"prints {shown[0]}, PyTorch {shown[1]}"
