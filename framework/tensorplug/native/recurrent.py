"""Recurrent networks over whole sequences, and their cells: one step each.

Weights come as a flat list, layer after layer and, where there are two directions, forward before backward: input
weights, hidden weights, then (if there are biases) input and hidden biases, then (LSTM with projection) the projection.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from tensorplug import functional as F
from tensorplug.tensor import Tensor

State = tuple[Tensor, ...]
Step = Callable[[Tensor, State], State]
"""From the projected input of one step and the state before it to the state after it; the output is the first part."""

# ------------------------------------------------------------------------------------------------- cells


def rnn_tanh_cell(
    input: Tensor,
    hx: Tensor,
    w_ih: Tensor,
    w_hh: Tensor,
    b_ih: Tensor | None = None,
    b_hh: Tensor | None = None,
) -> Tensor:
    """``tanh(w_ih @ input + b_ih + w_hh @ hx + b_hh)``.

    Args:
        input: shape (N, input size).
        hx: shape (N, hidden size).

    Returns:
        Shape (N, hidden size).
    """
    return _tanh_step(w_hh, b_hh)(F.linear(input, w_ih, b_ih), (hx,))[0]


def rnn_relu_cell(
    input: Tensor,
    hx: Tensor,
    w_ih: Tensor,
    w_hh: Tensor,
    b_ih: Tensor | None = None,
    b_hh: Tensor | None = None,
) -> Tensor:
    """``relu(w_ih @ input + b_ih + w_hh @ hx + b_hh)``; shapes as for ``rnn_tanh_cell``."""
    return _relu_step(w_hh, b_hh)(F.linear(input, w_ih, b_ih), (hx,))[0]


def gru_cell(
    input: Tensor,
    hx: Tensor,
    w_ih: Tensor,
    w_hh: Tensor,
    b_ih: Tensor | None = None,
    b_hh: Tensor | None = None,
) -> Tensor:
    """One step of a gated recurrent unit; weights hold the reset, update and new gates one below the other.

    Source: Cho et al., Learning phrase representations using RNN encoder-decoder, 2014; the reset gate acts on the
    product of hidden weights and state.
    """
    return _gru_step(w_hh, b_hh)(F.linear(input, w_ih, b_ih), (hx,))[0]


def lstm_cell(
    input: Tensor,
    hx: Sequence[Tensor],
    w_ih: Tensor,
    w_hh: Tensor,
    b_ih: Tensor | None = None,
    b_hh: Tensor | None = None,
) -> tuple[Tensor, Tensor]:
    """One step of long short-term memory; weights hold the input, forget, cell and output gates one below the other.

    Args:
        input: shape (N, input size).
        hx: the hidden state and the cell state, shape (N, hidden size) each.

    Returns:
        Both states after the step.

    Source: Hochreiter and Schmidhuber, Long short-term memory, 1997, with forget gates (Gers et al., 2000).

    Example:
        >>> import tensorplug as tp
        >>> state = (tp.zeros(1, 1), tp.ones(1, 1))
        >>> h, c = tp.lstm_cell(tp.ones(1, 2), state, tp.zeros(4, 2), tp.zeros(4, 1))
        >>> c
        tensor([[0.5000]])
    """
    h, c = _lstm_step(w_hh, b_hh)(F.linear(input, w_ih, b_ih), tuple(hx))
    return h, c


def _tanh_step(w_hh: Tensor, b_hh: Tensor | None) -> Step:
    return lambda x, state: ((x + F.linear(state[0], w_hh, b_hh)).tanh(),)


def _relu_step(w_hh: Tensor, b_hh: Tensor | None) -> Step:
    return lambda x, state: ((x + F.linear(state[0], w_hh, b_hh)).relu(),)


def _gru_step(w_hh: Tensor, b_hh: Tensor | None) -> Step:
    def step(x: Tensor, state: State) -> State:
        (h,) = state
        x_reset, x_update, x_new = x.chunk(3, -1)
        h_reset, h_update, h_new = F.linear(h, w_hh, b_hh).chunk(3, -1)
        update = (x_update + h_update).sigmoid()
        new = (x_new + (x_reset + h_reset).sigmoid() * h_new).tanh()
        return (new + update * (h - new),)

    return step


def _lstm_step(w_hh: Tensor, b_hh: Tensor | None, w_hr: Tensor | None = None) -> Step:
    def step(x: Tensor, state: State) -> State:
        h, c = state
        enter, forget, cell, leave = (x + F.linear(h, w_hh, b_hh)).chunk(4, -1)
        c = forget.sigmoid() * c + enter.sigmoid() * cell.tanh()
        h = leave.sigmoid() * c.tanh()
        return (h if w_hr is None else F.linear(h, w_hr)), c

    return step


# ------------------------------------------------------------------------------------------------- sequences


def lstm(input: Tensor, *args: Any) -> tuple[Tensor, Tensor, Tensor]:
    """Long short-term memory over sequences.

    Called as ``lstm(input, hx, params, has_biases, num_layers, dropout, train, bidirectional, batch_first)``, or for
    packed sequences ``lstm(data, batch_sizes, hx, params, has_biases, num_layers, dropout, train, bidirectional)``.

    Args:
        input: shape (T, N, input size), (N, T, input size) with ``batch_first``; packed (all steps, input size).
        hx: the first hidden and cell states, shape (layers * directions, N, hidden size) each; a hidden state of
            another size than the cell state means that the network projects it.
        params: the weights.
        dropout: the probability with which outputs between layers are dropped, while ``train``.

    Returns:
        The outputs of the last layer, both directions side by side, and the last hidden and cell states.

    Raises:
        RuntimeError: shapes or the number of weights do not fit.
    """
    output, (h, c) = _network("lstm", _lstm_step, input, args)
    return output, h, c


def gru(input: Tensor, *args: Any) -> tuple[Tensor, Tensor]:
    """Gated recurrent units over sequences; called as ``lstm``, with one first hidden state as ``hx``.

    Returns:
        The outputs of the last layer, and the last hidden states.
    """
    output, (h,) = _network("gru", _gru_step, input, args)
    return output, h


def rnn_tanh(input: Tensor, *args: Any) -> tuple[Tensor, Tensor]:
    """A plain recurrent network with tanh over sequences; called as ``gru``."""
    output, (h,) = _network("rnn_tanh", _tanh_step, input, args)
    return output, h


def rnn_relu(input: Tensor, *args: Any) -> tuple[Tensor, Tensor]:
    """A plain recurrent network with relu over sequences; called as ``gru``."""
    output, (h,) = _network("rnn_relu", _relu_step, input, args)
    return output, h


def _network(name: str, make_step: Callable[..., Step], input: Tensor, args: tuple[Any, ...]) -> tuple[Tensor, State]:
    if len(args) != 8:
        raise TypeError(f"{name}() takes 9 positional arguments, got {1 + len(args)}")
    packed = (
        isinstance(args[0], Tensor) and isinstance(args[1], Tensor | list | tuple) and not isinstance(args[2], bool)
    )
    if packed:
        batch_sizes, hx, params, has_biases, layers, dropout, train, bidirectional = args
        sizes, batch_first = [int(n) for n in batch_sizes.tolist()], False
    else:
        hx, params, has_biases, layers, dropout, train, bidirectional, batch_first = args
        sizes = None
    state = (hx,) if isinstance(hx, Tensor) else tuple(hx)
    directions = 2 if bidirectional else 1
    projects = len(state) == 2 and state[0].shape[-1] != state[1].shape[-1]
    each = 2 + 2 * bool(has_biases) + projects
    _check(name, input, state, params, layers * directions, each, sizes, batch_first)
    if batch_first:
        input = input.transpose(0, 1)
    last: list[State] = []
    for layer in range(layers):
        outputs = []
        for direction in range(directions):
            number = layer * directions + direction
            weights = params[number * each : (number + 1) * each]
            b_ih, b_hh = weights[2:4] if has_biases else (None, None)
            step = make_step(weights[1], b_hh, weights[-1]) if projects else make_step(weights[1], b_hh)
            run = _along if sizes is None else _along_packed
            output, final = run(
                F.linear(input, weights[0], b_ih), tuple(s[number] for s in state), step, direction == 1, sizes
            )
            outputs.append(output)
            last.append(final)
        input = outputs[0] if directions == 1 else F.cat(outputs, -1)
        if dropout and train and layer < layers - 1:
            input = F.dropout(input, dropout, True)
    final_states = tuple(F.stack(list(parts)) for parts in zip(*last, strict=True))
    return (input.transpose(0, 1) if batch_first else input), final_states


def _check(
    name: str,
    input: Tensor,
    state: State,
    params: Sequence[Tensor],
    cells: int,
    each: int,
    sizes: list[int] | None,
    batch_first: bool,
) -> None:
    rank = 2 if sizes is not None else 3
    if input.dim() != rank:
        raise RuntimeError(f"{name}: expected input of {rank} dims, got shape {list(input.shape)}")
    if len(params) != cells * each:
        raise RuntimeError(f"{name}: got an incorrect number of weights: {len(params)} instead of {cells * each}")
    batch = sizes[0] if sizes else input.shape[0 if batch_first else 1]
    for part in state:
        if part.dim() != 3 or tuple(part.shape[:2]) != (cells, batch):
            raise RuntimeError(f"{name}: Expected hidden size ({cells}, {batch}, hidden size), got {list(part.shape)}")


def _along(x: Tensor, state: State, step: Step, backward: bool, sizes: Any) -> tuple[Tensor, State]:
    """All steps of sequences of one length."""
    steps = x.unbind(0)
    outputs = []
    for part in reversed(steps) if backward else steps:
        state = step(part, state)
        outputs.append(state[0])
    return F.stack(outputs[::-1] if backward else outputs), state


def _along_packed(x: Tensor, first: State, step: Step, backward: bool, sizes: Any) -> tuple[Tensor, State]:
    """All steps of sequences that end earlier or later, the longest first: step ``t`` has ``sizes[t]`` of them."""
    steps = x.split(sizes)
    outputs: list[Tensor] = []
    if backward:
        state = tuple(s[: sizes[-1]] for s in first)
        for part, n in zip(reversed(steps), reversed(sizes), strict=True):
            more = len(state[0])
            if n > more:  # sequences that end here begin, seen from their end
                state = tuple(F.cat([s, s0[more:n]]) for s, s0 in zip(state, first, strict=True))
            state = step(part, state)
            outputs.append(state[0])
        return F.cat(outputs[::-1]), state
    state = first
    ended: list[State] = []
    for part, n in zip(steps, sizes, strict=True):
        if n < len(state[0]):
            ended.append(tuple(s[n:] for s in state))
            state = tuple(s[:n] for s in state)
        state = step(part, state)
        outputs.append(state[0])
    ended.append(state)
    return F.cat(outputs), tuple(F.cat(list(parts)) for parts in zip(*ended[::-1], strict=True))
