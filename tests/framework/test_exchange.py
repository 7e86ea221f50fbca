"""Memory from and for others."""

import numpy as np
import pytest

import tensorplug as tp


def test_changes_of_a_shared_file_are_written(tmp_path):
    path = tmp_path / "numbers"
    tp.from_file(str(path), True, 3, dtype=tp.int32).fill_(7)
    assert np.fromfile(path, np.int32).tolist() == [7, 7, 7]


def test_changes_of_a_private_file_stay_in_memory(tmp_path):
    path = tmp_path / "numbers"
    np.arange(4, dtype=np.float32).tofile(path)
    x = tp.from_file(path, size=3)
    assert x.mul_(2).tolist() == [0.0, 2.0, 4.0]
    assert np.fromfile(path, np.float32).tolist() == [0.0, 1.0, 2.0, 3.0]


def test_a_shared_file_grows_and_keeps_what_it_had(tmp_path):
    path = tmp_path / "numbers"
    np.ones(1, np.float32).tofile(path)
    assert tp.from_file(path, True, 2).tolist() == [1.0, 0.0]


def test_short_and_absent_files_are_refused(tmp_path):
    path = tmp_path / "numbers"
    with pytest.raises(FileNotFoundError):
        tp.from_file(path, size=1)
    path.write_bytes(b"abc")
    with pytest.raises(RuntimeError, match="has 3 bytes, but 2 elements need 8"):
        tp.from_file(path, size=2)
    with pytest.raises(RuntimeError, match="'meta'"):
        tp.from_file(path, device="meta")
    assert tp.from_file(path).shape == (0,)


def test_dims_lie_in_the_given_order():
    made = tp.empty_permuted((2, 3, 4), (1, 2, 0), dtype=tp.int8)
    assert (made.shape, made.dim_order(), made.dtype) == ((2, 3, 4), (1, 2, 0), tp.int8)
    with pytest.raises(RuntimeError, match="no order of all 2 dims"):
        tp.empty_permuted((2, 3), (0, 0))


def test_capsules_share_memory():
    x = tp.zeros(2)
    y = tp.from_dlpack(tp.to_dlpack(x))
    y[0] = 3
    assert x.tolist() == [3.0, 0.0]


def test_arrays_and_tensors_share_memory_through_dlpack():
    x = tp.zeros(2, 3)
    np.from_dlpack(x)[1, 2] = 5
    assert x[1, 2].item() == 5
    array = np.zeros(2)
    tp.from_dlpack(array)[0] = 4
    assert array.tolist() == [4.0, 0.0]


def test_dlpack_refuses_what_it_cannot_say():
    with pytest.raises(BufferError, match="require gradient"):
        tp.to_dlpack(tp.ones(1, requires_grad=True))
    with pytest.raises(BufferError, match="bfloat16"):
        tp.to_dlpack(tp.ones(1, dtype=tp.bfloat16))
    with pytest.raises(BufferError, match="'meta'"):
        tp.ones(1, device="meta").__dlpack_device__()


def test_workers_may_share_the_default_stream():
    assert tp.random.thread_safe_generator() is None
