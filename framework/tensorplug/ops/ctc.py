"""The loss of sequences whose alignment is not known."""

from __future__ import annotations

import math
from typing import Any

from tensorplug.base import AnyTensor
from tensorplug.convert import from_data
from tensorplug.dtypes import int64
from tensorplug.ops.creation import new_arange
from tensorplug.ops.define import composite
from tensorplug.ops.joining import cat, stack
from tensorplug.ops.loss_reduction import reduction_of

Tensor = Any

_NEVER = -1e30
"""The logarithm of a probability of 0, finite so that gradients are."""


@composite(spaces=("F",), out=False)
def ctc_loss(
    log_probs: Tensor,
    targets: Tensor,
    input_lengths: Any,
    target_lengths: Any,
    blank: int = 0,
    reduction: str = "mean",
    zero_infinity: bool = False,
) -> Tensor:
    """The negative logarithm of the probability of a label sequence, summed over its alignments with the input.

    The gradient is that of this formula. PyTorch's differs by a term that vanishes behind ``log_softmax``.

    Args:
        log_probs: logarithms of class probabilities, shape (T, N, C) or (T, C).
        targets: int64 labels without blanks, shape (N, S), (S,), or all of them one after the other.
        input_lengths, target_lengths: shape (N,) or (): how much of each sequence counts.
        blank: the class that means no label.
        reduction: ``"mean"`` (of each loss over its target's length), ``"sum"`` or ``"none"``.
        zero_infinity: let impossible alignments, whose loss is infinite, count 0.

    Raises:
        RuntimeError: shapes or lengths do not fit.

    Source: Graves et al., Connectionist temporal classification, 2006.

    Example:
        >>> import tensorplug as tp
        >>> tp.nn.functional.ctc_loss(tp.zeros(2, 1, 3).log_softmax(2), tp.tensor([[1]]), (2,), (1,))
        tensor(1.0986)
    """
    batched = len(log_probs._shape) == 3
    if not batched:
        log_probs = log_probs.unsqueeze(1)
    steps, samples, classes = log_probs._shape
    if not 0 <= blank < classes:
        raise RuntimeError(f"blank must be in label range [0, {classes}), got {blank}")
    inputs = _lengths("input_lengths", input_lengths, log_probs, samples, steps)
    sizes = _lengths("target_lengths", target_lengths, log_probs, samples, None)
    labels = _padded(targets, sizes, samples, blank)
    alpha = _forward(log_probs, labels, inputs, blank)
    ends = (sizes * 2).unsqueeze(1)
    last = alpha.gather(1, cat((ends, (ends - 1).clamp(min=0)), 1))
    empty = (sizes == 0).unsqueeze(1)
    last = cat((last[:, :1], last[:, 1:].masked_fill(empty, _NEVER)), 1)
    losses = -last.logsumexp(1)
    losses = losses.masked_fill(losses > -_NEVER / 2, 0.0 if zero_infinity else math.inf)
    reduction = reduction_of(None, None, reduction)
    if reduction == "mean":
        return (losses / sizes.clamp(min=1).to(losses.dtype)).mean()
    if reduction == "sum":
        return losses.sum()
    return losses if batched else losses.squeeze(0)


def _lengths(name: str, lengths: Any, like: Tensor, samples: int, most: int | None) -> Tensor:
    found = lengths if isinstance(lengths, AnyTensor) else from_data(lengths, int64, like._kind.device)
    found = found.to(device=like._kind.device, dtype=int64).reshape(-1)
    if found._shape != (samples,):
        raise RuntimeError(f"{name} must be of size batch_size ({samples}), got {list(found._shape)}")
    if samples and most is not None and int(found.amax()) > most:
        raise RuntimeError(f"Expected {name} to have value at most {most}, but got value {int(found.amax())}")
    return found


def _padded(targets: Tensor, sizes: Tensor, samples: int, blank: int) -> Tensor:
    """Targets as one row per sample."""
    targets = targets.to(int64)
    if len(targets._shape) == 2:
        return targets
    longest, total = (int(sizes.amax()), int(sizes.sum())) if samples else (0, 0)
    if targets._shape != (total,):
        raise RuntimeError(
            f"Expected targets to have size {total}, the sum of target_lengths, got {list(targets._shape)}"
        )
    starts = (sizes.cumsum(0) - sizes).unsqueeze(1)
    positions = starts + new_arange(targets, longest)
    positions = positions.clamp(max=max(targets._shape[0] - 1, 0))
    if not targets._shape[0]:
        return targets.new_full((samples, longest), blank)
    return targets.index_select(0, positions.reshape(-1)).reshape(samples, longest)


def _forward(log_probs: Tensor, labels: Tensor, inputs: Tensor, blank: int) -> Tensor:
    """Logarithms of the probabilities of all alignments of each prefix of (blank, label, blank, ..., blank)."""
    steps, samples, _ = log_probs._shape
    length = 2 * labels._shape[1] + 1
    blanks = labels.new_full((samples, labels._shape[1]), blank)
    states = cat((stack((blanks, labels), 2).reshape(samples, length - 1), labels.new_full((samples, 1), blank)), 1)
    seen = log_probs.clamp(min=_NEVER).gather(2, states.unsqueeze(0).expand(steps, samples, length))
    # A label may follow the one before it without a blank between them unless both are the same.
    follows = (states != blank) & (_shifted(states, 2, blank) != states)
    start = new_arange(states, length) < 2
    alpha = seen[0].masked_fill(~start, _NEVER) if steps else log_probs.new_full((samples, length), _NEVER)
    for step in range(1, steps):
        skipped = _shifted(alpha, 2, _NEVER).masked_fill(~follows, _NEVER)
        reached = stack((alpha, _shifted(alpha, 1, _NEVER), skipped), 0).logsumexp(0)
        alpha = (reached + seen[step]).clamp(min=_NEVER).where((inputs > step).unsqueeze(1), alpha)
    return alpha


def _shifted(x: Tensor, places: int, fill: float) -> Tensor:
    kept = max(x._shape[1] - places, 0)
    return cat((x.new_full((x._shape[0], x._shape[1] - kept), fill), x[:, :kept]), 1)
