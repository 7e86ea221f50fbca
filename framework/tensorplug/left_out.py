"""Names of PyTorch that are left out on purpose, and why.

The one list: modules and ``Tensor`` take the words of their errors from it, and a page of the documentation shows it.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple


class Group(NamedTuple):
    """Names that are left out for one reason.

    Attributes:
        title: what they are about.
        reason: why they are left out, and what to use.
        names: for each namespace, as PyTorch calls it after ``torch.`` (``"torch"`` for its own), the names.
    """

    title: str
    reason: str
    names: dict[str, str]


GROUPS: tuple[Group, ...] = (
    Group(
        "Sparse layouts",
        "Tensors are dense: their memory is strides over one block, on every device. SciPy's sparse arrays hold sparse "
        "data, and index_add, scatter_add and embedding compute with index lists.",
        {
            "torch": "dsmm hsmm hspmm saddmm smm sparse sparse_bsc_tensor sparse_bsr_tensor sparse_compressed_tensor "
            "sparse_coo sparse_coo_tensor sparse_csc_tensor sparse_csr sparse_csr_tensor spmm sspaddmm "
            "ccol_indices_copy col_indices_copy crow_indices_copy indices_copy resize_as_sparse_ row_indices_copy "
            "values_copy",
            "Tensor": "ccol_indices coalesce col_indices crow_indices dense_dim indices is_coalesced row_indices smm "
            "sparse_dim sparse_mask sparse_resize_ sparse_resize_and_clear_ sspaddmm to_sparse to_sparse_bsc "
            "to_sparse_bsr to_sparse_coo to_sparse_csc to_sparse_csr values resize_as_sparse_",
        },
    ),
    Group(
        "Nested tensors",
        "A batch of sequences of several lengths is padded, or packed as recurrent networks take it.",
        {"torch": "nested nested_tensor", "Tensor": "to_padded_tensor"},
    ),
    Group(
        "Quantized tensors",
        "There are no quantized dtypes; scale and round with plain integer tensors.",
        {
            "torch": "dequantize fake_quantize_per_channel_affine fake_quantize_per_tensor_affine int_repr q_scale "
            "q_zero_point qint8 qint32 quint8 quantize_per_channel quantize_per_tensor quantize_per_tensor_dynamic "
            "quantized_batch_norm quantized_max_pool1d quantized_max_pool2d",
            "Tensor": "dequantize int_repr q_per_channel_axis q_per_channel_scales q_per_channel_zero_points q_scale "
            "q_zero_point qscheme",
        },
    ),
    Group(
        "Numbers of fewer bits",
        "NumPy, the reference device, has no such dtypes (float8, float4, complex32).",
        {
            "torch": "chalf complex32 float4_e2m1fn_x2 float8_e4m3fn float8_e4m3fnuz float8_e5m2 float8_e5m2fnuz "
            "float8_e8m0fnu",
            "Tensor": "chalf",
            "nn.functional": "grouped_mm scaled_grouped_mm scaled_mm",
        },
    ),
    Group(
        "Named tensors",
        "An experiment that PyTorch itself has stopped; einsum and comments name dims.",
        {
            "torch": "align_tensors",
            "Tensor": "align_as align_to has_names names refine_names rename rename_",
        },
    ),
    Group(
        "First-class dims",
        "Dims are counted; a tensor is indexed with brackets, and func.vmap hides a dim.",
        {"Tensor": "index"},
    ),
    Group(
        "TorchScript",
        "Programs are Python and run as they are; compile accepts what torch.compile does.",
        {
            "torch": "fork import_ir_module import_ir_module_from_buffer jit merge_type_from_type_comment parse_ir "
            "parse_schema parse_type_comment unify_type_list wait",
            "nn.functional": "boolean_dispatch",
        },
    ),
    Group(
        "Insides of PyTorch",
        "They serve PyTorch's own build, tests, tracing or helpers and have no meaning elsewhere.",
        {
            "torch": "compiled_with_cxx11_abi get_file_path hash_tensor init_num_threads "
            "prepare_multiprocessing_environment profiler_allow_cudagraph_cupti_lazy_reinit_cuda12 slice_inverse",
            "Tensor": "grad_dtype hash_tensor slice_inverse",
            "nn.functional": "Optional assert_int_or_pair handle_torch_function has_torch_function "
            "has_torch_function_unary has_torch_function_variadic",
            "nn.init": "Callable Literal ParamSpec TypeVar",
            "autograd.graph": "region_activation_memory_budget set_override_stale_capture_stream "
            "set_warn_on_accumulate_grad_stream_mismatch",
        },
    ),
    Group(
        "Parts of kernels",
        "They return what PyTorch's kernels keep for themselves, or are stages of normalisation across several GPUs; "
        "nn.functional has the whole functions.",
        {
            "torch": "batch_norm_backward_elemt batch_norm_backward_reduce batch_norm_elemt batch_norm_gather_stats "
            "batch_norm_gather_stats_with_counts batch_norm_stats batch_norm_update_stats embedding_bag",
        },
    ),
    Group(
        "Devices by name",
        "Devices are plugins: write device='name', and ask tensor.device.type.",
        {
            "torch": "get_device_module mps mtia xpu",
            "Tensor": "hpu ipu is_hpu is_ipu is_maia is_mps is_mtia is_vulkan is_xla is_xpu mtia xpu",
        },
    ),
    Group(
        "Removed by PyTorch",
        "PyTorch has these names only to say that they are gone. The matrix functions are in linalg (solve, lstsq, "
        "eigh, eig, matrix_rank); distributions took the place of reinforce, no_grad that of volatile.",
        {"torch": "eig lstsq matrix_rank solve symeig", "Tensor": "eig lstsq reinforce solve symeig volatile"},
    ),
)


def _by_name() -> dict[str, dict[str, Group]]:
    found: dict[str, dict[str, Group]] = {}
    for group in GROUPS:
        for space, names in group.names.items():
            found.setdefault(space, {}).update(dict.fromkeys(names.split(), group))
    return found


def names_in(space: str) -> dict[str, Group]:
    """The names that a namespace leaves out, and their groups."""
    return _by_name().get(space, {})


def refusal(owner: str, space: str, name: str) -> AttributeError:
    """The error for a name that is not there, with the reason if there is one.

    Args:
        owner: who was asked, as the message says it.
        space: the namespace.
        name: the name.
    """
    group = None if name.startswith("__") else names_in(space).get(name)
    if group is None:
        return AttributeError(f"{owner} has no attribute '{name}'")
    return AttributeError(f"{owner} has no attribute '{name}', on purpose ({group.title}). {group.reason}")


def refusing(module: str, space: str, on_use: Mapping[str, str] = MappingProxyType({})) -> Callable[[str], Any]:
    """A module's ``__getattr__``, which Python asks for names that are not there (yet).

    Args:
        module: the module.
        space: its namespace in the table of names left out.
        on_use: names to be imported when somebody asks for them, and the submodules that they come from; none where
            they are submodules themselves.
    """

    def __getattr__(name: str) -> Any:
        home = on_use.get(name)
        if home is None:
            raise refusal(f"module '{module}'", space, name)
        found = importlib.import_module(f"{module}.{home or name}")
        if home:
            found = getattr(found, name)
            setattr(sys.modules[module], name, found)
        return found

    return __getattr__


class Missing:
    """Stands in a class for a name that is left out, so that other attributes are found as fast as ever."""

    __slots__ = ("_name", "_owner", "_space")

    def __init__(self, owner: str, space: str, name: str) -> None:
        self._owner, self._space, self._name = owner, space, name

    def __get__(self, instance: object, owner: type | None = None) -> Any:
        raise refusal(self._owner, self._space, self._name)
