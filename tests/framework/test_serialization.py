"""``save`` and ``load``: PyTorch's files read here, files written here, and what is refused."""

import io
import pickle
import sys
import zipfile
from collections import Counter, OrderedDict
from fractions import Fraction
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

import tensorplug as tp
from tensorplug import serialization

FILES = Path(__file__).parent / "files"
DTYPES = [
    "bool", "uint8", "uint16", "uint32", "uint64", "int8", "int16", "int32", "int64",
    "float16", "bfloat16", "float32", "float64", "complex64", "complex128",
]  # fmt: skip


def saved(obj: Any, **options: Any) -> io.BytesIO:
    file = io.BytesIO()
    tp.save(obj, file, **options)
    file.seek(0)
    return file


def round_trip(obj: Any, **options: Any) -> Any:
    return tp.load(saved(obj), **options)


def pickled(text: bytes) -> io.BytesIO:
    """A file as ``save`` writes it around a hand-made pickle."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("archive/data.pkl", text)
        archive.writestr("archive/data/0", np.arange(4, dtype=np.float32).tobytes())
    file.seek(0)
    return file


def tensor_pickle(offset: int, size: int, stride: int) -> bytes:
    return (
        b"\x80\x02ctorch._utils\n_rebuild_tensor_v2\n((X\x07\x00\x00\x00storagectorch\nFloatStorage\n"
        b"X\x01\x00\x00\x000X\x03\x00\x00\x00cpuK\x04tQ"
        + f"I{offset}\n(I{size}\nt(I{stride}\nt".encode()
        + b"\x89ccollections\nOrderedDict\n)RtR."
    )


# ------------------------------------------------------------------------------------------------- from PyTorch


@pytest.mark.parametrize("name", DTYPES)
def test_pytorch_tensors_of_every_dtype_load(name: str) -> None:
    tensor = tp.load(FILES / "dtypes.pt")[name]
    assert tensor.dtype is getattr(tp, name)
    assert tensor.tolist() == tp.tensor([0, 1, 2]).to(getattr(tp, name)).tolist()


def test_pytorch_views_share_memory_after_loading() -> None:
    things = tp.load(FILES / "things.pt")
    things["row"][1] = 10
    assert things["transposed"].tolist() == [[0, 3], [10, 4], [2, 5]]
    assert things["transposed"].stride() == (1, 3)


def test_pytorch_parameters_and_their_kin_load_as_themselves() -> None:
    things = tp.load(FILES / "things.pt")
    assert [type(things[name]) for name in ("leaf", "parameter", "frozen", "buffer")] == [
        tp.Tensor, tp.nn.Parameter, tp.nn.Parameter, tp.nn.Buffer
    ]  # fmt: skip
    assert [name for name in ("leaf", "parameter", "frozen", "buffer") if things[name].requires_grad] == [
        "leaf",
        "parameter",
    ]
    assert things["conjugated"].tolist() == [1 - 2j]
    assert (things["meta"].device.type, things["meta"].shape) == ("meta", (2, 3))


def test_pytorch_values_that_are_no_tensors_load() -> None:
    things = tp.load(FILES / "things.pt")
    assert (things["dtype"], things["size"], things["device"]) == (tp.float16, tp.Size([2, 3]), tp.device("cuda:1"))
    *plain, deep = things["plain"]
    assert plain == [1, 2.5, "text", None, True, (3,), {4}, b"bytes", 1 + 2j, 2**70]
    assert deep["deep"][0].item() == 7


def test_pytorch_state_dict_loads_into_a_module() -> None:
    model = tp.nn.Sequential(tp.nn.Linear(2, 1), tp.nn.BatchNorm1d(1))
    state = tp.load(FILES / "state_dict.pt")
    assert model.load_state_dict(state).missing_keys == []
    assert state._metadata["1"] == {"version": 2}
    assert model[0].weight.shape == (1, 2)


def test_pytorch_module_loads_when_trusted() -> None:
    model = tp.load(FILES / "model.pt", weights_only=False)
    assert [type(layer) for layer in model] == [tp.nn.Linear, tp.nn.BatchNorm1d]
    state = tp.load(FILES / "state_dict.pt")
    assert tp.equal(model[0].weight, state["0.weight"])
    assert "torch" not in sys.modules


def test_files_from_before_pytorch_1_6_load() -> None:
    part, whole = tp.load(FILES / "before_1_6.pt")
    part[0] = 10
    assert whole.tolist() == [0, 10, 2, 3, 4, 5]


def test_files_from_before_pytorch_1_6_load_on_another_device(toy: str) -> None:
    _, whole = tp.load(FILES / "before_1_6.pt", map_location=toy)
    assert (whole.device.type, whole.tolist()) == (toy, [0, 1, 2, 3, 4, 5])


# ------------------------------------------------------------------------------------------------- there and back


@pytest.mark.parametrize("name", DTYPES)
def test_every_dtype_survives(name: str) -> None:
    tensor = tp.arange(6).reshape(2, 3).to(getattr(tp, name))
    again = round_trip(tensor)
    assert again.dtype is tensor.dtype
    assert again.tolist() == tensor.tolist()


def test_strides_offsets_and_sharing_survive() -> None:
    base = tp.arange(12.0).reshape(3, 4)
    view, again = round_trip([base.t()[1:, ::2], base])
    assert (view.stride(), view.storage_offset()) == ((1, 8), 1)
    view[0, 0] = 100
    assert again[0, 1] == 100


def test_shared_memory_is_written_once() -> None:
    base = tp.zeros(1000)
    archive = zipfile.ZipFile(saved([base, base[1:], base.detach()]))
    assert [name for name in archive.namelist() if name.startswith("archive/data/")] == ["archive/data/0"]


def test_memory_of_numpy_arrays_with_gaps_is_saved() -> None:
    tensor = tp.from_numpy(np.arange(12.0).reshape(3, 4)[:, :2])
    assert round_trip(tensor).tolist() == [[0, 1], [4, 5], [8, 9]]


def test_empty_and_0d_tensors_survive() -> None:
    empty, number = round_trip((tp.empty(0, 3), tp.tensor(2.5)))
    assert (empty.shape, number.item()) == ((0, 3), 2.5)


def test_tensors_without_data_survive() -> None:
    again = round_trip(tp.empty(2, 3, device="meta", dtype=tp.float16).t())
    assert (again.device.type, again.dtype, again.shape, again.stride()) == ("meta", tp.float16, (3, 2), (1, 3))


def test_parameters_buffers_and_attributes_survive() -> None:
    parameter = tp.nn.Parameter(tp.ones(1))
    parameter.tag = "first"
    buffer = tp.nn.Buffer(tp.ones(1), persistent=False)
    parameter, buffer = round_trip([parameter, buffer])
    assert (type(parameter), parameter.requires_grad, parameter.tag) == (tp.nn.Parameter, True, "first")
    assert (type(buffer), buffer.persistent) == (tp.nn.Buffer, False)


def test_plain_containers_survive() -> None:
    obj = OrderedDict(a=[1, (2.5, None)], b={"c": {1, 2}}, d=Counter("aab"), e=b"x", f=1 + 2j, g=tp.float16)
    assert round_trip(obj) == obj


def test_state_of_an_optimizer_survives() -> None:
    layer = tp.nn.Linear(2, 1)
    optimizer = tp.optim.Adam(layer.parameters(), lr=0.5)
    layer(tp.ones(2)).backward()
    optimizer.step()
    state = round_trip(optimizer.state_dict())
    assert state["param_groups"][0]["lr"] == 0.5
    assert tp.equal(state["state"][0]["exp_avg"], optimizer.state_dict()["state"][0]["exp_avg"])


def test_whole_modules_survive_when_trusted() -> None:
    layer = tp.nn.Linear(2, 1)
    again = round_trip(layer, weights_only=False)
    assert tp.equal(again(tp.ones(2)), layer(tp.ones(2)))


def test_names_in_files_are_those_of_pytorch() -> None:
    archive = zipfile.ZipFile(saved([tp.nn.Parameter(tp.ones(1)), tp.float16, tp.Size([1])]))
    pickle_text = archive.read("archive/data.pkl")
    for name in (b"torch._utils\n_rebuild_parameter\n", b"torch\nFloatStorage\n", b"torch\nfloat16\n"):
        assert name in pickle_text
    assert b"tensorplug" not in pickle_text


def test_paths_and_mapped_memory(tmp_path: Path) -> None:
    path = tmp_path / "weights.pt"
    tp.save({"a": tp.arange(4.0)}, path)
    mapped = tp.load(path, mmap=True)["a"]
    mapped[0] = 10
    assert mapped.tolist() == [10, 1, 2, 3]
    assert tp.load(str(path))["a"].tolist() == [0, 1, 2, 3]


def test_data_is_aligned_for_mapping(tmp_path: Path) -> None:
    path = tmp_path / "weights.pt"
    tp.save([tp.ones(3), tp.arange(5)], path)
    text = path.read_bytes()
    assert text.index(np.ones(3, np.float32).tobytes()) % 64 == 0
    assert text.index(np.arange(5).tobytes()) % 64 == 0


def test_files_of_the_other_byte_order_load() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("archive/data.pkl", tensor_pickle(0, 4, 1))
        archive.writestr("archive/byteorder", "big")
        archive.writestr("archive/data/0", np.arange(4, dtype=">f4").tobytes())
    file.seek(0)
    assert tp.load(file).tolist() == [0, 1, 2, 3]


def test_compressed_files_load() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("archive/data.pkl", tensor_pickle(1, 2, 2))
        archive.writestr("archive/data/0", np.arange(4, dtype=np.float32).tobytes())
    file.seek(0)
    assert tp.load(file).tolist() == [1, 3]


def test_picklers_written_in_python_can_be_used() -> None:
    module = SimpleNamespace(Pickler=pickle._Pickler, Unpickler=pickle.Unpickler, __name__="own")
    assert tp.load(saved(tp.ones(2), pickle_module=module), pickle_module=module).tolist() == [1, 1]


# ------------------------------------------------------------------------------------------------- devices


def test_tensors_return_to_their_device(toy: str) -> None:
    base = tp.arange(6.0).reshape(2, 3).to(toy)
    again, part = round_trip([base, base[1]])
    part[0] = 10
    assert (again.device, again.tolist()) == (base.device, [[0, 1, 2], [10, 4, 5]])


@pytest.mark.parametrize(
    "map_location",
    [
        "cpu",
        tp.device("cpu"),
        {"toy:0": "cpu"},
        lambda storage, location: storage,
        lambda storage, location: storage.cpu(),
    ],
    ids=["str", "device", "dict", "function that leaves it", "function that moves it"],
)
def test_map_location_moves_tensors(toy: str, map_location: Any) -> None:
    assert tp.load(saved(tp.ones(2).to(toy)), map_location).device.type == "cpu"


def test_map_location_gets_the_location_and_may_leave_it_open(toy: str) -> None:
    locations = []
    again = tp.load(saved(tp.ones(2).to(toy)), lambda storage, location: locations.append(location))
    assert (locations, again.device.type) == (["toy:0"], toy)


def test_tensors_of_an_absent_device_name_the_way_out(toy: str) -> None:
    file = saved(tp.ones(2).to(toy))
    text = file.getvalue().replace(b"toy:0", b"abc:0")
    data = zipfile.ZipFile(io.BytesIO(file.getvalue())).read("archive/data.pkl").replace(b"toy:0", b"abc:0")
    assert data in text
    with pytest.raises(RuntimeError, match=r"device 'abc:0'.*map_location='cpu'"):
        tp.load(pickled(data))


def test_errors_of_map_location_come_through() -> None:
    with pytest.raises(KeyError, match="unknown"):
        tp.load(saved(tp.ones(2)), lambda storage, location: {}["unknown"])
    with pytest.raises(TypeError, match="map_location returned int"):
        tp.load(saved(tp.ones(2)), lambda storage, location: 3)


# ------------------------------------------------------------------------------------------------- refused


class Greeting:
    def __init__(self) -> None:
        self.text = "hello"


def test_other_classes_are_refused_with_the_ways_out() -> None:
    with pytest.raises(pickle.UnpicklingError, match=r"Greeting.*weights_only=False.*add_safe_globals"):
        round_trip(Greeting())


def test_other_classes_load_when_allowed() -> None:
    with serialization.safe_globals([Greeting, (Fraction, "fractions.Fraction")]):
        assert round_trip([Greeting()])[0].text == "hello"
        assert serialization.get_safe_globals() == [Greeting, Fraction]
    assert serialization.get_safe_globals() == []


def test_functions_that_run_code_are_refused() -> None:
    with pytest.raises(pickle.UnpicklingError, match=r"os\.system|posix\.system"):
        tp.load(pickled(b"\x80\x02cos\nsystem\nX\x04\x00\x00\x00true\x85R."))


@pytest.mark.parametrize(
    "text",
    [
        b"\x80\x02ctorch\nTensor\n}X\x01\x00\x00\x00aK\x01sb.",
        b"\x80\x02ctorch._utils\n_rebuild_tensor\nN}X\x05\x00\x00\x00__x__K\x01s\x86b.",
        b"\x80\x02ctorch\nTensor\nK\x01\x85R.",
        b"\x80\x02ctorch\nTensor\nK\x01\x85\x81.",
        b"\x80\x02ctorch\nSize\nK\x01a.",
    ],
    ids=["attribute of a class", "attribute of a function", "call of a class", "object of a class", "append"],
)
def test_changes_of_other_objects_are_refused(text: bytes) -> None:
    with pytest.raises(pickle.UnpicklingError, match="weights_only=True"):
        tp.load(pickled(text))


@pytest.mark.parametrize("geometry", [(0, 5, 1), (1, 4, 1), (0, 2, 4), (-1, 1, 1), (0, 2, -1)])
def test_tensors_beyond_their_memory_are_refused(geometry: tuple[int, int, int]) -> None:
    with pytest.raises(pickle.UnpicklingError, match="damaged"):
        tp.load(pickled(tensor_pickle(*geometry)))


def test_attributes_cannot_overwrite_the_fields_of_a_tensor() -> None:
    tensor = tp.ones(1)
    file = saved([tensor])
    data = zipfile.ZipFile(file).read("archive/data.pkl")
    start, end = data.index(b"ctorch._utils"), data.rindex(b"R")
    rebuild, arguments = data[start : data.index(b"((")], data[data.index(b"((") + 0 : end]
    text = b"\x80\x02(ctorch._tensor\n_rebuild_from_type_v2\n(" + rebuild + b"ctorch\nTensor\n" + arguments
    text += b"}X\x06\x00\x00\x00_shapeK\x07\x85stRt."
    (again,) = tp.load(pickled(text))
    assert again.shape == (1,)


def test_truncated_and_damaged_files_say_so(tmp_path: Path) -> None:
    path = tmp_path / "weights.pt"
    tp.save(tp.ones(100), path)
    text = path.read_bytes()
    path.write_bytes(text[: len(text) // 2])
    with pytest.raises(RuntimeError, match=r"weights\.pt' cannot be read: .* end is missing"):
        tp.load(path)
    path.write_bytes(text.replace(b"\x00\x00\x80?", b"\x00\x00\x90?", 1))
    with pytest.raises(RuntimeError, match="'data/0' cannot be read: its checksum"):
        tp.load(path)
    path.write_bytes(b"")
    with pytest.raises(EOFError, match="empty"):
        tp.load(path)


def test_files_of_other_kinds_say_so(tmp_path: Path) -> None:
    path = tmp_path / "other"
    path.write_bytes(b"not a saved file")
    with pytest.raises(pickle.UnpicklingError, match="not a file that save"):
        tp.load(path)
    path.write_bytes(pickle.dumps({"a": 1}))
    with pytest.raises(pickle.UnpicklingError, match="pickle module reads it"):
        tp.load(path)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a/b", "c")
    with pytest.raises(RuntimeError, match=r"data\.pkl"):
        tp.load(path)


def test_wrong_arguments(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        tp.load(tmp_path / "absent.pt")
    with pytest.raises(RuntimeError, match="does not exist"):
        tp.save(tp.ones(1), tmp_path / "absent" / "a.pt")
    with pytest.raises(TypeError, match="int"):
        tp.save(tp.ones(1), 3)
    with pytest.raises(AttributeError, match="int"):
        tp.load(3)
    with pytest.raises(RuntimeError, match="weights_only=False"):
        round_trip(tp.ones(1), pickle_module=pickle, weights_only=True)
    with pytest.raises(ValueError, match="path"):
        round_trip(tp.ones(1), mmap=True)


# ------------------------------------------------------------------------------------------------- safetensors


@pytest.mark.parametrize("name", [name for name in DTYPES if name != "complex128"])
def test_safetensors_there_and_back(tmp_path: Path, name: str) -> None:
    path = tmp_path / "weights.safetensors"
    tensor = tp.arange(6).reshape(2, 3).to(getattr(tp, name))
    serialization.save_safetensors({"a": tensor.t(), "b": tensor[0, 0]}, path)
    again = serialization.load_safetensors(path)
    assert again["a"].dtype is tensor.dtype
    assert (again["a"].tolist(), again["b"].shape) == (tensor.t().tolist(), ())


def test_safetensors_go_to_a_device(tmp_path: Path, toy: str) -> None:
    path = tmp_path / "weights.safetensors"
    serialization.save_safetensors({"a": tp.ones(2).to(toy)}, path, metadata={"format": "pt"})
    assert serialization.load_safetensors(path, device=toy)["a"].device.type == toy


def test_safetensors_errors(tmp_path: Path) -> None:
    path = tmp_path / "weights.safetensors"
    with pytest.raises(TypeError, match="'a' is of type int"):
        serialization.save_safetensors({"a": 1}, path)
    with pytest.raises(RuntimeError, match="complex128"):
        serialization.save_safetensors({"a": tp.ones(1, dtype=tp.complex128)}, path)
    path.write_bytes(b"nonsense")
    with pytest.raises(RuntimeError, match="cannot be read"):
        serialization.load_safetensors(path)
    with pytest.raises(FileNotFoundError):
        serialization.load_safetensors(tmp_path / "absent.safetensors")
