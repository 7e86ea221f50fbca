"""Layers with arguments and inputs, and what is different about each from PyTorch's layer of the same name."""

from __future__ import annotations

import inspect
import zlib
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import numpy as np
import torch

import tensorplug as tp
from against_torch.bridge import array_of, dtype_name
from against_torch.compare import Raised, difference, outcome, values_difference


class Index(NamedTuple):
    """An input of whole numbers from 0 to ``size - 1``."""

    shape: tuple[int, ...]
    size: int


class Layer(NamedTuple):
    """A layer to compare.

    Attributes:
        name: of the class in ``nn``.
        args, kwargs: for the constructor.
        inputs: shapes of the inputs, or ``Index``.
        random: draws in training, so that only shapes are compared there.
    """

    name: str
    args: tuple[Any, ...] = ()
    inputs: tuple[Any, ...] = ((4, 6),)
    kwargs: Mapping[str, Any] = {}
    random: bool = False

    @property
    def id(self) -> str:
        """The call of the constructor."""
        given = [*map(repr, self.args), *(f"{k}={v!r}" for k, v in self.kwargs.items())]
        return f"{self.name}({', '.join(given)})"


_ACTIVATIONS = (
    "CELU", "ELU", "GELU", "Hardshrink", "Hardsigmoid", "Hardswish", "Hardtanh", "Identity", "LeakyReLU", "LogSigmoid",
    "Mish", "PReLU", "ReLU", "ReLU6", "SELU", "SiLU", "Sigmoid", "Softplus", "Softshrink", "Softsign", "Tanh",
    "Tanhshrink",
)  # fmt: skip
_IMAGES, _LINES, _VOLUMES = (2, 4, 8, 8), (2, 4, 9), (2, 4, 5, 6, 7)
_PAIR = ((5, 4), (5, 4))

LAYERS = (
    *(Layer(name) for name in _ACTIVATIONS),
    Layer("ELU", (0.5,)), Layer("GELU", kwargs={"approximate": "tanh"}), Layer("LeakyReLU", (0.2,)),
    Layer("Hardtanh", (-2, 2)), Layer("PReLU", (6,)), Layer("Softplus", (2, 5)), Layer("Threshold", (0.1, 20)),
    Layer("ReLU", (True,)), Layer("Softmax", kwargs={"dim": 1}), Layer("LogSoftmax", kwargs={"dim": 1}),
    Layer("Softmin", kwargs={"dim": 1}), Layer("Softmax2d", inputs=(_IMAGES,)), Layer("GLU"), Layer("GLU", (0,)),
    Layer("RReLU", random=True),
    Layer("Linear", (6, 3)), Layer("Linear", (6, 3, False)), Layer("Bilinear", (6, 5, 3), ((4, 6), (4, 5))),
    Layer("Flatten", inputs=(_IMAGES,)), Layer("Flatten", (0, 2), (_IMAGES,)), Layer("Unflatten", (1, (2, 3))),
    Layer("Conv1d", (4, 6, 3), (_LINES,)), Layer("Conv1d", (4, 6, 3), (_LINES,), {"padding": "same"}),
    Layer("Conv2d", (4, 6, 3), (_IMAGES,)),
    Layer("Conv2d", (4, 6, (3, 2)), (_IMAGES,), {"stride": 2, "padding": (1, 0), "dilation": 2, "groups": 2}),
    Layer("Conv2d", (4, 6, 3), (_IMAGES,), {"padding": 1, "padding_mode": "reflect", "bias": False}),
    Layer("Conv2d", (4, 6, 3), (_IMAGES,), {"padding": 2, "padding_mode": "circular"}),
    Layer("Conv2d", (4, 6, 3), (_IMAGES,), {"padding": 1, "padding_mode": "replicate"}),
    Layer("Conv3d", (4, 2, 2), (_VOLUMES,), {"stride": 2}),
    Layer("ConvTranspose1d", (4, 6, 3), (_LINES,), {"stride": 2}),
    Layer("ConvTranspose2d", (4, 6, 3), (_IMAGES,), {"stride": 2, "padding": 1, "output_padding": 1, "groups": 2}),
    Layer("ConvTranspose3d", (4, 2, 2), (_VOLUMES,), {"dilation": 2}),
    Layer("MaxPool1d", (2,), (_LINES,)), Layer("MaxPool2d", (3,), (_IMAGES,), {"stride": 2, "padding": 1}),
    Layer("MaxPool2d", (2,), (_IMAGES,), {"return_indices": True}), Layer("MaxPool3d", (2,), (_VOLUMES,)),
    Layer("MaxPool2d", (3,), (_IMAGES,), {"ceil_mode": True, "dilation": 2}),
    Layer("AvgPool1d", (2,), (_LINES,)),
    Layer("AvgPool2d", (3,), (_IMAGES,), {"padding": 1, "count_include_pad": False}),
    Layer("AvgPool3d", (2,), (_VOLUMES,), {"divisor_override": 3}),
    Layer("LPPool1d", (2, 3), (_LINES,)), Layer("LPPool2d", (3, 2), (_IMAGES,)), Layer("LPPool3d", (2, 2), (_VOLUMES,)),
    Layer("AdaptiveAvgPool1d", (4,), (_LINES,)), Layer("AdaptiveAvgPool2d", ((3, None),), (_IMAGES,)),
    Layer("AdaptiveAvgPool3d", (2,), (_VOLUMES,)), Layer("AdaptiveMaxPool1d", (4,), (_LINES,)),
    Layer("AdaptiveMaxPool2d", (3,), (_IMAGES,)), Layer("AdaptiveMaxPool3d", (2,), (_VOLUMES,)),
    Layer("BatchNorm1d", (6,)), Layer("BatchNorm1d", (4,), (_LINES,), {"momentum": None}),
    Layer("BatchNorm2d", (4,), (_IMAGES,)), Layer("BatchNorm2d", (4, 1e-3, 0.2, False), (_IMAGES,)),
    Layer("BatchNorm2d", (4,), (_IMAGES,), {"track_running_stats": False}), Layer("BatchNorm3d", (4,), (_VOLUMES,)),
    Layer("InstanceNorm1d", (4,), (_LINES,)), Layer("InstanceNorm2d", (4,), (_IMAGES,), {"affine": True}),
    Layer("InstanceNorm2d", (4,), (_IMAGES,), {"track_running_stats": True}),
    Layer("InstanceNorm3d", (4,), (_VOLUMES,)),
    Layer("GroupNorm", (2, 4), (_IMAGES,)), Layer("GroupNorm", (2, 4), (_IMAGES,), {"affine": False}),
    Layer("LayerNorm", (6,)), Layer("LayerNorm", ((8, 8),), (_IMAGES,), {"bias": False}),
    Layer("LayerNorm", (6,), kwargs={"elementwise_affine": False}), Layer("RMSNorm", (6,)),
    Layer("LocalResponseNorm", (3,), (_IMAGES,)),
    Layer("Dropout", random=True), Layer("Dropout1d", (0.3,), (_LINES,), random=True),
    Layer("Dropout2d", inputs=(_IMAGES,), random=True), Layer("Dropout3d", inputs=(_VOLUMES,), random=True),
    Layer("AlphaDropout", random=True), Layer("FeatureAlphaDropout", inputs=(_IMAGES,), random=True),
    Layer("Embedding", (7, 3), (Index((4, 5), 7),)),
    Layer("Embedding", (7, 3), (Index((4, 5), 7),), {"padding_idx": 2}),
    Layer("CosineSimilarity", inputs=_PAIR), Layer("PairwiseDistance", inputs=_PAIR),
    Layer("PixelShuffle", (2,), (_IMAGES,)), Layer("PixelUnshuffle", (2,), (_IMAGES,)),
    Layer("ChannelShuffle", (2,), (_IMAGES,)), Layer("Fold", ((5, 5), 2), ((2, 8, 16),)),
    Layer("Unfold", (3,), (_IMAGES,)),
    Layer("Upsample", kwargs={"scale_factor": 2}, inputs=(_IMAGES,)),
    Layer("Upsample", ((5, 5),), (_IMAGES,), {"mode": "bilinear", "align_corners": True}),
    Layer("UpsamplingNearest2d", kwargs={"scale_factor": 2}, inputs=(_IMAGES,)),
    Layer("UpsamplingBilinear2d", kwargs={"scale_factor": 2}, inputs=(_IMAGES,)),
    *(Layer(f"{kind}Pad{n}d", (1,), ((2, 4, 9), (2, 4, 8, 8), (2, 4, 5, 6, 7))[n - 1 : n])
      for kind in ("Reflection", "Replication", "Zero", "Circular") for n in (1, 2, 3)),
    *(Layer(f"ConstantPad{n}d", (1, 3.5), ((2, 4, 9), (2, 4, 8, 8), (2, 4, 5, 6, 7))[n - 1 : n]) for n in (1, 2, 3)),
    Layer("ZeroPad2d", ((1, 2, 0, 3),), (_IMAGES,)),
    *(Layer(name, inputs=_PAIR) for name in (
        "MSELoss", "L1Loss", "SmoothL1Loss", "HuberLoss", "BCEWithLogitsLoss", "KLDivLoss", "PoissonNLLLoss",
        "SoftMarginLoss", "MultiLabelSoftMarginLoss", "HingeEmbeddingLoss")),
    Layer("MSELoss", inputs=_PAIR, kwargs={"reduction": "sum"}),
    Layer("HuberLoss", inputs=_PAIR, kwargs={"delta": 0.4, "reduction": "none"}),
    Layer("SmoothL1Loss", inputs=_PAIR, kwargs={"beta": 0.5}),
    Layer("CrossEntropyLoss", inputs=((5, 4), Index((5,), 4))), Layer("CrossEntropyLoss", inputs=_PAIR),
    Layer("CrossEntropyLoss", inputs=((5, 4), Index((5,), 4)), kwargs={"label_smoothing": 0.1, "ignore_index": 2}),
    Layer("NLLLoss", inputs=((5, 4), Index((5,), 4))), Layer("MultiMarginLoss", inputs=((5, 4), Index((5,), 4))),
    Layer("MultiLabelMarginLoss", inputs=((5, 4), Index((5, 4), 4))),
    Layer("GaussianNLLLoss", inputs=((5, 4), (5, 4), (5, 4))), Layer("TripletMarginLoss", inputs=((5, 4),) * 3),
    Layer("MarginRankingLoss", inputs=((5,),) * 3), Layer("CosineEmbeddingLoss", inputs=((5, 4), (5, 4), (5,))),
    Layer("TripletMarginWithDistanceLoss", inputs=((5, 4),) * 3),
)  # fmt: skip
"""Every layer that both have, with the arguments that change what it does."""

_POSITIVE = ("GaussianNLLLoss", "BCELoss")


def _inputs(layer: Layer) -> list[Any]:
    rng = np.random.default_rng(zlib.crc32(layer.id.encode()))
    found = []
    for described in layer.inputs:
        if isinstance(described, Index):
            found.append(rng.integers(0, described.size, described.shape))
        else:
            values = rng.standard_normal(described)
            found.append(np.abs(values) if layer.name in _POSITIVE else values)
    return found


def make(framework: Any, layer: Layer) -> Any:
    """The layer in a framework, in double precision."""
    return getattr(framework.nn, layer.name)(*layer.args, **layer.kwargs).double()


def layer_differences(layer: Layer) -> Iterator[str]:
    """What is different about a layer: its printed form, its state, its results and gradients, in both modes."""
    theirs, ours = make(torch, layer), make(tp, layer)
    if repr(ours) != repr(theirs):
        yield f"prints as {ours!r}, in PyTorch as {theirs!r}"
    state = {k: np.asarray(v.numpy()) for k, v in theirs.state_dict().items()}
    if list(ours.state_dict()) != list(state):
        yield f"its state is {list(ours.state_dict())}, in PyTorch {list(state)}"
        return
    shapes = [(tuple(a.shape), dtype_name(a.dtype)) for a in ours.state_dict().values()]
    wanted = [(tuple(a.shape), dtype_name(a.dtype)) for a in theirs.state_dict().values()]
    if shapes != wanted:
        yield f"its state has shapes and dtypes {shapes}, in PyTorch {wanted}"
        return
    ours.load_state_dict({k: tp.tensor(v) for k, v in state.items()})
    names = [n for n, _ in theirs.named_parameters()]
    if [n for n, _ in ours.named_parameters()] != names:
        yield f"its parameters are {[n for n, _ in ours.named_parameters()]}, in PyTorch {names}"
    for training in (True, False):
        mine, other = (_run(module, framework, layer, training) for module, framework in ((ours, tp), (theirs, torch)))
        for part, (a, b) in enumerate(zip(mine, other, strict=True)):
            found = _part_difference(a, b, layer.random and training)
            if found:
                yield f"{'training' if training else 'evaluating'}, {('result', 'gradients', 'state')[part]}: {found}"


def _run(module: Any, framework: Any, layer: Layer, training: bool) -> tuple[Any, Any, Any]:
    """The result, the gradients of inputs and parameters, and the state afterwards."""
    module.train(training)
    module.zero_grad()
    tensors = [framework.tensor(value) for value in _inputs(layer)]
    moving = [t for t in tensors[:1] if dtype_name(t.dtype) == "float64"]
    for tensor in moving:
        tensor.requires_grad_()
    copies = [t.clone() for t in tensors]
    result = outcome(lambda: module(*copies))
    if isinstance(result, Raised):
        return result, [], []
    first = result[0] if isinstance(result, tuple) else result
    weights = np.random.default_rng(0).uniform(0.5, 1.5, tuple(first.shape))
    if first.requires_grad:
        (first * framework.tensor(weights)).sum().backward()
    leaves = [*moving, *module.parameters()]
    return result, [t.grad for t in leaves], list(module.state_dict().values())


def _part_difference(ours: Any, theirs: Any, random: bool) -> str:
    if isinstance(ours, Raised) or isinstance(theirs, Raised) or not isinstance(theirs, list):
        return difference(ours, theirs, values=not random)
    if random:
        return ""
    for position, (a, b) in enumerate(zip(ours, theirs, strict=True)):
        if (a is None) != (b is None):
            return f"{position}: got {a}, PyTorch {b}"
        found = "" if a is None else values_difference(array_of(a), array_of(b), dtype_name(a.dtype))
        if found:
            return f"{position}: {found}"
    return ""


def class_names(ours: Any, theirs: Any) -> list[str]:
    """The classes that both modules have."""
    return [
        name for name in dir(theirs)
        if isinstance(getattr(theirs, name), type) and isinstance(getattr(ours, name, None), type)
    ]  # fmt: skip


def constructor_difference(ours: type, theirs: type) -> str:
    """What is different about the parameters of two constructors: names, order, kinds, defaults."""
    mine, other = (
        [(p.name, p.kind, _plain(p.default)) for p in inspect.signature(c).parameters.values()] for c in (ours, theirs)
    )
    if not mine and [name for name, _, _ in other] == ["args", "kwargs"]:
        return ""  # PyTorch's refuses all of them later
    return "" if mine == other else f"takes {_shown(mine)}, PyTorch's {_shown(other)}"


def _plain(default: Any) -> Any:
    """A default as both sides can have it."""
    if default is None or default is inspect.Parameter.empty or isinstance(default, bool | int | float | str | tuple):
        return default
    return str(type(default))


def _shown(parameters: list[Any]) -> str:
    return ", ".join(
        f"{'*' if kind.name.endswith('KEYWORD') else ''}{name}"
        + ("" if default is inspect.Parameter.empty else f"={default!r}")
        for name, kind, default in parameters
    )
