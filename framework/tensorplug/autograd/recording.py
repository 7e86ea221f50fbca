"""Noting what was computed from what: edges, nodes for results, and the history of tensors changed in place."""

from __future__ import annotations

import traceback
from typing import Any

from tensorplug.autograd.grad_mode import extras, state
from tensorplug.autograd.node import Edge, OpNode, Packed, sequence
from tensorplug.base import TRACKED, VIEW, TensorBase, alias, version_of
from tensorplug.op import Kept, Op


def edge_of(tensor: Any) -> Edge:
    """Where the gradient of ``tensor`` goes."""
    if tensor._tracked != TRACKED:
        if tensor._tracked == VIEW:
            sync_view(tensor)
        if not tensor._requires_grad:
            return None
    node = tensor._node
    return (tensor, 0) if node is None else (node, tensor._output_nr)


def sync_view(view: Any) -> None:
    """Bring a view's place in the graph up to date after changes in place through its base or other views."""
    base = view._base
    version = view._storage.version
    if view._node_version == version:
        return
    view._node_version = version
    if not base._requires_grad or (view._requires_grad and view._node is None):
        return
    _place(view, _as_strided_node(base, view), 0)
    view._requires_grad = True


_view_ops: dict[str, Op] = {}


def set_view_ops(as_strided: Op, as_strided_scatter: Op) -> None:
    """Tell the graph the two ops with which it expresses changes in place through views."""
    _view_ops["view"] = as_strided
    _view_ops["scatter"] = as_strided_scatter


def _geometry(view: Any) -> tuple[Any, ...]:
    return (view._shape, view._strides, view._offset)


def _as_strided_node(base: Any, view: Any) -> OpNode:
    meta = (base._shape, base._kind)
    params = (*_geometry(view), *_geometry(base)[1:]) if base._strides is not None else (*_geometry(view), None, 0)
    out = (view._shape, view._kind)
    return OpNode(_view_ops["view"], (edge_of(base),), params, (meta,), (out,), 1)


def rebase_history(target: Any, result: Any) -> None:
    """Give ``target``, just overwritten by the values of ``result``, the history of ``result``.

    Through a view, the base becomes the old base with the view's part replaced.
    """
    base = target._base
    if base is None:
        _place(target, result._node, result._output_nr)
        target._requires_grad = result._requires_grad
        target._tracked = int(result._requires_grad)
        return
    if not (result._requires_grad or base._requires_grad):
        return
    params = (*_geometry(target), base._strides, base._offset)
    base_meta, view_meta = (base._shape, base._kind), (target._shape, target._kind)
    edges = (edge_of(base), edge_of(result))
    mask = sum(1 << i for i, e in enumerate(edges) if e is not None)
    node = OpNode(_view_ops["scatter"], edges, params, (base_meta, view_meta), (base_meta,), mask)
    _place(base, node, 0)
    base._requires_grad, base._tracked = True, TRACKED
    _place(target, result._node, result._output_nr)
    target._requires_grad = result._requires_grad
    target._node_version = target._storage.version
    if not result._requires_grad:
        target._node_version = -1


def _place(tensor: Any, node: Any, number: int) -> None:
    """Put a tensor at another place in the graph; if it retains its gradient, that of its new value."""
    if tensor._retains_grad:
        keep = tensor._node.retained.pop(tensor._output_nr)
        if node is None:
            tensor._retains_grad = False
        else:
            node.retained = {**(node.retained or {}), number: keep}
    tensor._node, tensor._output_nr = node, number


def record(op: Op, inputs: tuple[Any, ...], params: tuple[Any, ...], results: tuple[Any, ...]) -> None:
    """Note that ``results`` come from ``inputs`` by ``op``, if any input requires grad and this thread records."""
    if extras.recording_off and not state._grad:
        return
    mask, bit = 0, 1
    edges: list[Edge] = []
    metas: list[Any] = []
    for value in inputs:
        if isinstance(value, TensorBase):
            edge = edge_of(value) if value._tracked else None
            if edge is not None:
                mask |= bit
            edges.append(edge)
            metas.append((value._shape, value._kind))
        elif value.__class__ is tuple:
            found = [edge_of(v) if isinstance(v, TensorBase) and v._tracked else None for v in value]
            if any(e is not None for e in found):
                mask |= bit
            edges.extend(found)
            metas.append(_meta(value))
        else:
            edges.append(None)
            metas.append(None)
        bit += bit
    if not mask or not op.differentiable:
        return
    products = results[: len(results) - op.byproducts] if op.byproducts else results
    made = _new(OpNode)
    made.op = op
    made.mask = mask
    made.edges = tuple(edges)
    made.params = params
    made.input_metas = tuple(metas)
    made.sequence = next(sequence)
    made.output_metas = tuple(
        [None if r is None or not r._kind.dtype.is_differentiable else (r._shape, r._kind) for r in products]
    )
    kept = op.saves.get(mask) or op.saved(mask)
    if kept.any_input or kept.any_result:
        _fill_node(made, kept, inputs, results)
    if extras.active and state.anomaly:
        made.trace = traceback.format_stack()[:-4]
    for number, result in enumerate(products):
        if made.output_metas[number] is not None:
            result._requires_grad, result._tracked = True, TRACKED
            result._node = made
            result._output_nr = number


def _fill_node(node: OpNode, kept: Kept, inputs: tuple[Any, ...], results: tuple[Any, ...]) -> None:
    if kept.any_input:
        values = tuple([v if k else None for v, k in zip(inputs, kept.inputs)])
        if extras.active or node.op.star >= 0:
            node.inputs = tuple([_save(v) for v in values])
            node.versions = tuple([_versions(v) for v in values])
        else:
            node.inputs = values
            node.versions = tuple([_version(v) for v in values])
    if kept.any_result:
        aliases = [alias(r) if k and r is not None else None for r, k in zip(results, kept.results)]
        node.results = tuple([None if a is None else _save(a) for a in aliases])
        node.result_versions = tuple([0 if a is None else a._storage.version for a in aliases])


def record_unary(op: Op, input: Any, others: tuple[Any, ...], result: Any) -> None:
    """``record`` for an element-wise op of one tracked tensor; ``others`` are Python numbers."""
    edge = edge_of(input)
    if edge is None or (extras.recording_off and not state._grad):
        return
    edges = (edge, None) if others else (edge,)
    _attach(op, (input, *others), edges, 1, result, input._kind is not result._kind)


def record_binary(op: Op, input: Any, other: Any, result: Any) -> None:
    """``record`` for an element-wise op of two tensors of one kind, at least one of them tracked."""
    if extras.recording_off and not state._grad:
        return
    mask = 0
    first = second = None
    tracked = input._tracked
    if tracked:
        if tracked == VIEW:
            sync_view(input)
        if tracked == TRACKED or input._requires_grad:
            mask = 1
            node = input._node
            first = (input, 0) if node is None else (node, input._output_nr)
    tracked = other._tracked
    if tracked:
        if tracked == VIEW:
            sync_view(other)
        if tracked == TRACKED or other._requires_grad:
            mask += 2
            node = other._node
            second = (other, 0) if node is None else (node, other._output_nr)
    if not mask:
        return
    # As in _attach, without the call: this is what most recorded ops go through.
    made = _new(OpNode)
    made.op = op
    made.mask = mask
    made.edges = (first, second)
    made.sequence = next(sequence)
    kept = op.saves.get(mask) or op.saved(mask)
    shape = result._shape
    unlike = input._shape != shape or other._shape != shape or input._kind is not result._kind
    if unlike or kept[5] or extras.active:
        _keep(made, kept, (input, other), result, unlike)
    result._requires_grad = True
    result._tracked = TRACKED
    result._node = made


def _attach(op: Op, inputs: tuple[Any, ...], edges: tuple[Edge, ...], mask: int, result: Any, unlike: bool) -> None:
    """Make the node of an element-wise op; ``unlike`` where inputs and result differ in shape or kind."""
    made = _new(OpNode)
    made.op = op
    made.mask = mask
    made.edges = edges
    made.sequence = next(sequence)
    kept = op.saves.get(mask) or op.saved(mask)
    if unlike or kept[5] or extras.active:
        _keep(made, kept, inputs, result, unlike)
    result._requires_grad = True
    result._tracked = TRACKED
    result._node = made


def _keep(node: OpNode, kept: Kept, inputs: tuple[Any, ...], result: Any, unlike: bool) -> None:
    """Save for backward what the rules of an element-wise op ask for."""
    keep_inputs, _, any_input, any_result, metas, _ = kept
    if unlike or metas:
        node.input_metas = tuple([_meta(value) for value in inputs])
    if any_input:
        if extras.active or len(inputs) > 2:
            node.inputs = tuple([_save(v) if k else None for v, k in zip(inputs, keep_inputs)])
            node.versions = tuple([_versions(v) if k else 0 for v, k in zip(inputs, keep_inputs)])
        elif len(inputs) == 1:
            node.inputs = inputs
            node.versions = (version_of(inputs[0]),)
        else:
            first, second = inputs
            keep_first, keep_second = keep_inputs
            node.inputs = (first if keep_first else None, second if keep_second else None)
            node.versions = (_version(first) if keep_first else 0, _version(second) if keep_second else 0)
    if any_result:
        saved = alias(result)
        node.results = (_save(saved),)
        node.result_versions = (saved._storage.version,)
    if extras.active and state.anomaly:
        node.trace = traceback.format_stack()[:-4]


def _version(value: Any) -> int:
    """The storage version of a tensor; 0 for a number."""
    try:
        storage = value._storage
    except AttributeError:
        return 0
    return 0 if storage is None else storage.version


_new = object.__new__


def _meta(value: Any) -> Any:
    if isinstance(value, TensorBase):
        return value._shape, value._kind
    return [_meta(v) for v in value] if value.__class__ is tuple else None


def _save(value: Any) -> Any:
    if isinstance(value, TensorBase):
        if value._inference:
            raise RuntimeError(
                "Inference tensors cannot be saved for backward. To work around you can make a clone to get a normal "
                "tensor and use it in autograd."
            )
        if extras.active and state.saved_tensor_hooks:
            return Packed(value)
        return value
    return tuple(_save(v) for v in value) if value.__class__ is tuple else value


def _versions(value: Any) -> Any:
    if isinstance(value, TensorBase):
        return version_of(value)
    return tuple(_versions(v) for v in value) if value.__class__ is tuple else 0
