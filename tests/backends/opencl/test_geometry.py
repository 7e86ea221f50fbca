"""What kernels are told about shapes and strides; no driver is needed."""

import numpy as np
import pytest

from tensorplug_opencl.geometry import GRID, LINE, MESH, Form, joined, rounded_up, walk


def numbers(geometry: bytes) -> list[int]:
    return np.frombuffer(geometry, np.int32).tolist()


def test_dims_that_lie_in_one_line_are_joined() -> None:
    assert joined((2, 3, 4), (((12, 4, 1), 0), ((12, 4, 1), 5))) == ([24], [[1], [1]])


def test_dims_are_joined_only_where_all_arrays_allow_it() -> None:
    assert joined((2, 3, 4), (((12, 4, 1), 0), ((0, 4, 1), 0))) == ([2, 12], [[12, 1], [0, 1]])


def test_dims_of_size_one_vanish() -> None:
    assert joined((1, 5, 1), (((99, 3, 7), 0),)) == ([5], [[3]])


def test_one_line_is_walked_by_one_index() -> None:
    found = walk((10, 10), (((10, 1), 0), ((10, 1), 7)))
    assert found.form == Form(LINE, 1, (1, 1), False)
    assert numbers(found.geometry) == [100, 100, 0, 7, 1, 1]


def test_long_rows_get_an_index_of_their_own() -> None:
    found = walk((3, 100), (((100, 1), 0), ((0, 1), 0)))
    assert found.form.kind == GRID
    assert found.items == (128, 3)


def test_short_rows_share_one_index() -> None:
    assert walk((100, 3), (((3, 1), 0), ((1, 100), 0))).form.kind == MESH


def test_more_rows_than_some_gpus_have_groups_share_one_index() -> None:
    assert walk((2**17, 64), (((64, 1), 0), ((128, 1), 0))).form.kind == MESH


def test_work_items_fill_groups() -> None:
    found = walk((1001,), (((1,), 0),))
    assert found.items[0] % found.group[0] == 0
    assert found.items[0] >= 1001


def test_indices_beyond_31_bits_are_wide() -> None:
    assert walk((2**31,), (((1,), 0),)).form.wide
    assert walk((4,), (((1,), 0), ((2**30,), 0))).form.wide
    assert not walk((4,), (((1,), 0), ((2**20,), 0))).form.wide


def test_strides_of_zero_and_one_are_part_of_the_form() -> None:
    assert walk((3, 64), (((64, 1), 0), ((1, 0), 0))).form.steps == (1, 0)
    assert walk((3, 64), (((64, 1), 0), ((1, 3), 0))).form.steps == (-1, -1)


def test_ranks_are_few() -> None:
    ranks = set()
    for rank in range(1, 9):
        ranks.add(walk((3,) * rank, ((tuple(5 * 4 ** (rank - d) for d in range(rank)), 0),)).form.rank)
    assert ranks == {1, 2, 4, 8}


@pytest.mark.parametrize(("count", "to", "expected"), [(0, 64, 0), (1, 64, 64), (64, 64, 64), (65, 64, 128)])
def test_rounding_up(count: int, to: int, expected: int) -> None:
    assert rounded_up(count, to) == expected
