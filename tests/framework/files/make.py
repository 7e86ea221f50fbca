"""Makes the files beside it with PyTorch: ``python make.py``. They are committed, so that tests need no PyTorch."""

from collections import OrderedDict
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
DTYPES = [
    "bool", "uint8", "uint16", "uint32", "uint64", "int8", "int16", "int32", "int64",
    "float16", "bfloat16", "float32", "float64", "complex64", "complex128",
]  # fmt: skip


def things(torch: Any, memory: Any) -> OrderedDict[str, Any]:
    """One of each thing that files can hold."""
    return OrderedDict(
        row=memory[:3],
        transposed=memory.reshape(2, 3).t(),
        leaf=torch.tensor([1.0, 2.0], requires_grad=True),
        parameter=torch.nn.Parameter(torch.tensor([3.0])),
        frozen=torch.nn.Parameter(torch.tensor([4.0]), requires_grad=False),
        buffer=torch.nn.Buffer(torch.tensor([5.0])),
        conjugated=torch.tensor([1 + 2j]).conj(),
        meta=torch.empty(2, 3, device="meta"),
        dtype=torch.float16,
        size=torch.Size([2, 3]),
        device=torch.device("cuda:1"),
        plain=[1, 2.5, "text", None, True, (3,), {4}, b"bytes", 1 + 2j, 2**70, {"deep": [torch.tensor(7)]}],
    )


def main() -> None:
    """Write all files."""
    import torch

    torch.manual_seed(0)
    memory = torch.arange(6.0)
    model = torch.nn.Sequential(torch.nn.Linear(2, 1), torch.nn.BatchNorm1d(1))
    torch.save({name: torch.tensor([0, 1, 2]).to(getattr(torch, name)) for name in DTYPES}, HERE / "dtypes.pt")
    torch.save(things(torch, memory), HERE / "things.pt")
    torch.save(model.state_dict(), HERE / "state_dict.pt")
    torch.save(model, HERE / "model.pt")
    torch.save([memory[1:3], memory], HERE / "before_1_6.pt", _use_new_zipfile_serialization=False)


if __name__ == "__main__":
    main()
