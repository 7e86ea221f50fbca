"""Samples of losses."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable
from typing import Any

import numpy as np

from tensorplug_conformance.dtypes import FLOATS, SINGLES, Array
from tensorplug_conformance.sample import Input, Point, Refusal, Row, Sample, bound
from tensorplug_conformance.values import PROBABILITY, index, items, uniform

Loss = Callable[..., Any]
_REDUCTIONS = ("mean", "sum", "none")


def _reduced(values: Array, reduction: str) -> Array:
    if reduction == "none":
        return values
    return np.asarray(values.sum() if reduction == "sum" else values.sum() / np.float64(values.size))


def _reducing(function: Loss) -> Loss:
    """A reference that takes ``reduction`` from one that gives every element's loss."""

    def reference(*args: Any, reduction: str = "mean", **kwargs: Any) -> Array:
        return _reduced(np.asarray(function(*args, **kwargs)), reduction)

    return reference


def _row(
    name: str,
    function: Loss,
    calls: tuple[tuple[tuple[Any, ...], dict[str, Any]], ...],
    size: float = 8.0,
    reference: Loss | None = None,
    **fields: Any,
) -> Row:
    """A loss with each reduction; ``size`` is that of the numbers which its elements are sums of."""
    reference = reference or _reducing(function)
    samples = tuple(Sample(args, {**kwargs, "reduction": kind}) for args, kwargs in calls for kind in _REDUCTIONS)
    samples = (Sample(*calls[0]), *samples)

    def scale(*args: Any, **kwargs: Any) -> Any:
        found = reference(*args, **kwargs)
        count = 1 if np.ndim(found) or kwargs.get("reduction", "mean") == "mean" else args[0].size
        return np.abs(found) + size * count

    oracle = bound(lambda *args, **_: args[0].size, scale, half=3)
    return Row(name, reference, samples, FLOATS, oracle, call=f"F.{name}", gradient=True, **fields)


_X, _T = Input((5, 7)), Input((5, 7))
_P = Input((5, 7), PROBABILITY)
_SIGNS = items(1, -1)
_WEIGHT = Input((5, 7), uniform(0.5, 2), grad=False)
_EMPTY = Input((0, 3))

# ------------------------------------------------------------------------------------------------- regression


def _smooth_l1(x: Any, t: Any, beta: float = 1.0) -> Any:
    d = np.abs(x - t)
    return d if beta == 0 else np.where(d < beta, 0.5 * d**2 / beta, d - 0.5 * beta)


def _huber(x: Any, t: Any, delta: float = 1.0) -> Any:
    d = np.abs(x - t)
    return np.where(d <= delta, 0.5 * d**2, delta * (d - 0.5 * delta))


def _poisson(x: Any, t: Any, log_input: bool = True, full: bool = False, eps: float = 1e-8) -> Any:
    loss = np.exp(x) - t * x if log_input else x - t * np.log(x + eps)
    if full:
        safe = np.where(t > 1, t, 1)
        loss = loss + np.where(t > 1, safe * np.log(safe) - safe + 0.5 * np.log(2 * math.pi * safe), 0)
    return loss


def _gaussian(x: Any, t: Any, var: Any, full: bool = False, eps: float = 1e-6) -> Any:
    kept = np.maximum(var, eps)
    return 0.5 * (np.log(kept) + (x - t) ** 2 / kept) + (0.5 * math.log(2 * math.pi) if full else 0)


_REGRESSION = (
    _row("mse_loss", lambda x, t: (x - t) ** 2,
        (((_X, _T), {}), ((Input((257,)), Input((257,))), {}), ((_EMPTY, _EMPTY), {})), 16,
        covers=("squared_error", "squared_error_backward")),
    _row("l1_loss", lambda x, t: np.abs(x - t), (((_X, _T), {}), ((Input(()), Input(())), {})),
        points=(Point(([1.0, 2.0], [1.0, 1.0]), ([0.0, 0.5], [0.0, -0.5])),)),
    _row("smooth_l1_loss", _smooth_l1, (((_X, _T), {}), ((_X, _T), {"beta": 0.5}), ((_X, _T), {"beta": 0.0})),
        covers=("smooth_error", "smooth_error_backward")),
    _row("huber_loss", _huber, (((_X, _T), {}), ((_X, _T), {"delta": 0.5}))),
    _row("poisson_nll_loss", _poisson, (
        ((_X, Input((5, 7), uniform(0.5, 6), grad=False)), {}),
        ((_X, Input((5, 7), uniform(0.5, 6), grad=False)), {"full": True}),
        ((Input((5, 7), uniform(0.5, 3)), Input((5, 7), uniform(0.5, 6), grad=False)), {"log_input": False}),
    ), 40),
    _row("gaussian_nll_loss", _gaussian, (
        ((_X, _T, Input((5, 7), uniform(0.5, 2))), {}), ((_X, _T, Input((5, 1), uniform(0.5, 2))), {"full": True}),
        ((_X, _T, Input((5,), uniform(0.5, 2))), {}),
    ), 16, data_dependent=True,
    reference=_reducing(lambda x, t, var, **k: _gaussian(x, t, var[..., None] if var.ndim < x.ndim else var, **k))),
)  # fmt: skip

# ------------------------------------------------------------------------------------------------- probabilities


def _log_sigmoid(x: Any) -> Any:
    return np.minimum(x, 0) - np.log1p(np.exp(-np.abs(x)))


def _cross_entropy_of_two(x: Any, t: Any, weight: Any = None) -> Any:
    with np.errstate(all="ignore"):
        found = -(t * np.maximum(np.log(x), -100) + (1 - t) * np.maximum(np.log1p(-x), -100))
    return found if weight is None else found * weight


def _with_logits(x: Any, t: Any, weight: Any = None, pos_weight: Any = None) -> Any:
    found = -(t * _log_sigmoid(x) * (1 if pos_weight is None else pos_weight) + (1 - t) * _log_sigmoid(-x))
    return found if weight is None else found * weight


def _kl(x: Any, t: Any, log_target: bool = False) -> Any:
    if log_target:
        return np.exp(t) * (t - x)
    return np.where(t > 0, t * np.log(np.where(t > 0, t, 1)), 0) - t * x


def _kl_reduced(x: Any, t: Any, log_target: bool = False, reduction: str = "mean") -> Any:
    found = _kl(x, t, log_target)
    return found.sum() / len(x) if reduction == "batchmean" else _reduced(found, reduction)


_PROBABILITIES = (
    _row("binary_cross_entropy", _cross_entropy_of_two, (
        ((_P, Input((5, 7), PROBABILITY, grad=False)), {}),
        ((_P, Input((5, 7), PROBABILITY, grad=False)), {"weight": _WEIGHT}),
        ((Input((6,), items(0, 1, 0.5)), Input((6,), items(0, 1, 1, 1, 0, 0.5), grad=False)), {}),
    ), 100, covers=("binary_cross_entropy_values",)),
    _row("binary_cross_entropy_with_logits", _with_logits, (
        ((_X, Input((5, 7), PROBABILITY)), {}), ((_X, Input((5, 7), PROBABILITY)), {"weight": _WEIGHT}),
        ((_X, Input((5, 7), PROBABILITY)), {"pos_weight": Input((7,), uniform(0.5, 2), grad=False)}),
        ((Input((6,), items(60, -60, 200, -200)), Input((6,), PROBABILITY)), {}),
    ), 200, covers=("binary_cross_entropy_of_logits", "binary_cross_entropy_of_logits_backward")),
    _row("kl_div", _kl,
        (((_X, _P), {}), ((_X, _T), {"log_target": True}), ((_X, Input((5, 7), items(0, 0.5, 0.25), grad=False)), {})),
        16),
    Row("kl_div", _kl_reduced, (Sample((_X, _P), {"reduction": "batchmean"}),), FLOATS,
        bound(35, lambda *_, **__: 64.0, half=3), call="F.kl_div",
        label="batchmean", gradient=True),
)  # fmt: skip

# ------------------------------------------------------------------------------------------------- classes


def _log_softmax(x: Array, axis: int) -> Array:
    shifted = x - x.max(axis, keepdims=True, initial=-np.inf)
    return np.asarray(shifted - np.log(np.exp(shifted).sum(axis, keepdims=True)))


def _nll(x: Array, t: Array, weight: Array | None = None, ignore_index: int = -100, reduction: str = "mean") -> Array:
    axis = 1 if x.ndim > 1 else 0
    weight = np.ones(x.shape[axis]) if weight is None else weight
    kept = t != ignore_index
    safe = np.where(kept, t, 0)
    own = weight[safe] * kept
    values = -np.squeeze(np.take_along_axis(x, np.expand_dims(safe, axis), axis), axis) * own
    values = np.where(kept, values, 0)
    if reduction == "none":
        return values
    return np.asarray(values.sum() / own.sum() if reduction == "mean" else values.sum())


def _cross_entropy(
    x: Array,
    t: Array,
    weight: Array | None = None,
    ignore_index: int = -100,
    reduction: str = "mean",
    label_smoothing: float = 0.0,
) -> Array:
    axis = 1 if x.ndim > 1 else 0
    logs = _log_softmax(x, axis)
    classes = x.shape[axis]
    shape = [-1 if d == axis else 1 for d in range(x.ndim)]
    each = (np.ones(classes) if weight is None else weight).reshape(shape)
    if t.dtype.kind == "f":
        soft = t * (1 - label_smoothing) + label_smoothing / classes
        values = -(soft * logs * each).sum(axis)
        return _reduced(values, reduction) if reduction != "mean" else np.asarray(values.sum() / (values.size or 1))
    plain = _nll(logs, t, weight, ignore_index, reduction)
    if not label_smoothing:
        return plain
    kept = t != ignore_index
    smooth = np.where(kept, -(logs * each).sum(axis), 0)
    if reduction == "mean":
        own = each.reshape(-1)[np.where(kept, t, 0)] * kept
        smooth = smooth.sum() / own.sum()
    elif reduction == "sum":
        smooth = smooth.sum()
    return np.asarray((1 - label_smoothing) * plain + label_smoothing / classes * smooth)


_LOGITS = Input((5, 4), uniform(-3, 3))
_CLASSES = Input((5,), index(4), "int64")
_MAPS, _MAP_CLASSES = Input((2, 4, 3, 2), uniform(-3, 3)), Input((2, 3, 2), index(4), "int64")
_CLASS_WEIGHT = Input((4,), uniform(0.5, 2), grad=False)
_IGNORED = Input((5,), items(0, -100, 2, 3, -100), "int64")
_BAD_CLASS = Refusal(Sample((_LOGITS, Input((5,), items(0, 4), "int64"))), IndexError)
_CLASS_CALLS: tuple[tuple[tuple[Any, ...], dict[str, Any]], ...] = (
    ((_LOGITS, _CLASSES), {}), ((_LOGITS, _CLASSES), {"weight": _CLASS_WEIGHT}), ((_LOGITS, _IGNORED), {}),
    ((_LOGITS, _CLASSES), {"ignore_index": 1}),
    ((_MAPS, _MAP_CLASSES), {}), ((_MAPS, _MAP_CLASSES), {"weight": _CLASS_WEIGHT}),
    ((Input((4,)), Input((), index(4), "int64")), {}),
)  # fmt: skip

_OF_CLASSES = (
    _row("nll_loss", _nll, _CLASS_CALLS, reference=_nll, covers=("class_nll", "class_nll_backward"),
        refusals=(_BAD_CLASS,)),
    _row("cross_entropy", _cross_entropy, (
        *_CLASS_CALLS, ((_LOGITS, _CLASSES), {"label_smoothing": 0.1}),
        ((_LOGITS, _IGNORED), {"label_smoothing": 0.1, "weight": _CLASS_WEIGHT}),
        ((_LOGITS, Input((5, 4), PROBABILITY)), {}),
        ((_LOGITS, Input((5, 4), PROBABILITY)), {"weight": _CLASS_WEIGHT, "label_smoothing": 0.2}),
        ((Input((5, 4), uniform(-90, 90)), _CLASSES), {}),
        ((Input((131, 257)), Input((131,), index(257), "int64")), {}),
    ), 100, reference=_cross_entropy, covers=("softmax_cross_entropy", "softmax_cross_entropy_backward"),
    refusals=(_BAD_CLASS,)),
)  # fmt: skip

# ------------------------------------------------------------------------------------------------- margins


def _cosine(a: Any, b: Any) -> Any:
    return (a * b).sum(-1) / np.sqrt(((a * a).sum(-1) + 1e-12) * ((b * b).sum(-1) + 1e-12))


def _multi_margin(x: Array, t: Array, p: int = 1, margin: float = 1.0, weight: Array | None = None) -> Array:
    rows, classes = np.atleast_2d(x), np.atleast_1d(t)
    own = np.take_along_axis(rows, classes[:, None], 1)
    terms = np.maximum(0, margin - own + rows) ** p * (1 if weight is None else weight[classes][:, None])
    np.put_along_axis(terms, classes[:, None], 0, 1)
    found = terms.sum(1) / rows.shape[1]
    return found if x.ndim > 1 else found[0]


def _multilabel_margin(x: Array, t: Array) -> Array:
    found = []
    for row, wanted in zip(np.atleast_2d(x), np.atleast_2d(t), strict=True):
        labels = list(itertools.takewhile(lambda c: c >= 0, wanted))
        others = [c for c in range(len(row)) if c not in labels]
        found.append(sum(max(0.0, 1 - (row[c] - row[o])) for c in labels for o in others) / len(row))
    return np.array(found) if x.ndim > 1 else np.array(found[0])


def _distance(a: Any, b: Any, p: float, eps: float) -> Any:
    return (np.abs(a - b + eps) ** p).sum(-1) ** (1 / p)


def _triplet(a: Any, b: Any, c: Any, margin: float = 1.0, p: float = 2, eps: float = 1e-6, swap: bool = False) -> Any:
    far = _distance(a, c, p, eps)
    if swap:
        far = np.minimum(far, _distance(b, c, p, eps))
    return np.maximum(0, margin + _distance(a, b, p, eps) - far)


_A, _B, _C = Input((5, 4)), Input((5, 4)), Input((5, 4))
_MARGINS = (
    _row("margin_ranking_loss", lambda a, b, t, margin=0: np.maximum(0, -t * (a - b) + margin), (
        ((Input((9,)), Input((9,)), Input((9,), _SIGNS, grad=False)), {}),
        ((Input((9,)), Input((9,)), Input((9,), _SIGNS, grad=False)), {"margin": 0.5}),
    )),
    _row("hinge_embedding_loss", lambda x, t,
        margin=1.0: np.where(t == 1, x, 0) + np.where(t == -1, np.maximum(0, margin - x), 0), (
        ((_X, Input((5, 7), _SIGNS, grad=False)), {}), ((_X, Input((5, 7), _SIGNS, grad=False)), {"margin": 0.5}),
    )),
    _row("soft_margin_loss", lambda x, t: np.log1p(np.exp(-t * x)), (((_X, Input((5, 7), _SIGNS, grad=False)), {}),)),
    _row("cosine_embedding_loss", lambda a, b, t,
        margin=0: np.where(t == 1, 1 - _cosine(a, b), np.maximum(0, _cosine(a, b) - margin)), (
        ((_A, _B, Input((5,), _SIGNS, grad=False)), {}), ((_A, _B, Input((5,), _SIGNS, grad=False)), {"margin": 0.25}),
    )),
    _row("multi_margin_loss", _multi_margin, (
        ((_LOGITS, _CLASSES), {}), ((_LOGITS, _CLASSES), {"p": 2, "margin": 0.5}),
        ((_LOGITS, _CLASSES), {"weight": _CLASS_WEIGHT}),
        ((Input((4,)), Input((), index(4), "int64")), {}),
    ), 32),
    _row("multilabel_margin_loss", _multilabel_margin, (
        ((_LOGITS, Input((5, 4), items(3, 0, -1, 1, 2, -1, 0, 1), "int64", "contiguous")), {}),
        ((Input((4,)), Input((4,), items(1, 3, -1, 0), "int64", "contiguous")), {}),
    ), 16),
    _row("multilabel_soft_margin_loss", lambda x, t,
        weight=None: (-(t * _log_sigmoid(x) + (1 - t) * _log_sigmoid(-x)) * (1
            if weight is None else weight)).mean(-1), (
        ((_LOGITS, Input((5, 4), items(0, 1, 1), grad=False)), {}),
        ((_LOGITS, Input((5, 4), items(0, 1, 1), grad=False)), {"weight": _CLASS_WEIGHT}),
    )),
    _row("triplet_margin_loss", _triplet,
        (((_A, _B, _C), {}), ((_A, _B, _C), {"margin": 0.5, "p": 3}), ((_A, _B, _C), {"swap": True}))),
    _row("triplet_margin_with_distance_loss", lambda a, b, c, margin=1.0,
        swap=False: _triplet(a, b, c, margin, swap=swap), (
        ((_A, _B, _C), {}), ((_A, _B, _C), {"margin": 0.5, "swap": True}),
    )),
)  # fmt: skip

# ------------------------------------------------------------------------------------------------- sequences


def _ctc_one(logs: Array, target: Array, blank: int) -> float:
    """Graves et al., Connectionist temporal classification, 2006: the forward variables, in logarithms."""
    labels = [blank]
    for label in target:
        labels += [int(label), blank]
    alpha = np.full(len(labels), -np.inf)
    for t in range(len(logs)):
        before = alpha
        alpha = np.full(len(labels), -np.inf)
        for s, label in enumerate(labels):
            if t == 0:
                alpha[s] = logs[0, label] if s < 2 else -np.inf
                continue
            ways = [before[s]] + ([before[s - 1]] if s else [])
            if s > 1 and label != blank and label != labels[s - 2]:
                ways.append(before[s - 2])
            alpha[s] = np.logaddexp.reduce(ways) + logs[t, label]
    return -float(np.logaddexp.reduce(alpha[-2:]))


def _ctc(
    logs: Array,
    targets: Array,
    input_lengths: Any,
    target_lengths: Any,
    blank: int = 0,
    reduction: str = "mean",
    zero_infinity: bool = False,
) -> Array:
    lengths, wanted = np.asarray(input_lengths), np.asarray(target_lengths)
    starts = np.concatenate([[0], np.cumsum(wanted)])
    found = []
    for n, (t, s) in enumerate(zip(lengths, wanted, strict=True)):
        target = targets[n, :s] if targets.ndim == 2 else targets[starts[n] : starts[n] + s]
        found.append(_ctc_one(logs[:t, n], target, blank))
    values = np.array(found)
    if zero_infinity:
        values = np.where(np.isinf(values), 0, values)
    if reduction == "mean":
        return np.asarray((values / np.maximum(wanted, 1)).mean())
    return _reduced(values, reduction)


_LOG_PROBS = Input((7, 3, 5), uniform(-3, -0.2))
_TARGETS = Input((3, 4), items(1, 2, 2, 3, 4, 1, 3, 3), "int64", "contiguous")
_CTC = (
    *[Sample((_LOG_PROBS, _TARGETS, (7, 6, 7), (3, 2, 4)), {"reduction": kind}) for kind in _REDUCTIONS],
    Sample((_LOG_PROBS, Input((9,), items(1, 2, 2, 3, 4, 1, 3, 3, 1), "int64", "contiguous"), (7, 6, 7), (3, 2, 4))),
    Sample((_LOG_PROBS, Input((3, 4), items(0, 1, 2, 3, 1), "int64", "contiguous"), (7, 7, 7), (2, 2, 4)),
        {"blank": 4, "reduction": "sum"}),
    Sample((_LOG_PROBS, _TARGETS, (7, 1, 7), (3, 4, 4)), {"reduction": "none", "zero_infinity": True}),
)  # fmt: skip

_SEQUENCES = (
    Row(
        "ctc_loss",
        _ctc,
        _CTC,
        SINGLES,
        bound(60, lambda logs, *_, **__: 60.0),
        call="F.ctc_loss",
        gradient=True,
        data_dependent=True,
    ),
)

ROWS = (*_REGRESSION, *_PROBABILITIES, *_OF_CLASSES, *_MARGINS, *_SEQUENCES)
