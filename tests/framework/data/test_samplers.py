"""Samplers."""

from collections import Counter

import pytest

import tensorplug as tp
from tensorplug.utils.data import (
    BatchSampler,
    RandomSampler,
    SequentialSampler,
    SubsetRandomSampler,
    WeightedRandomSampler,
)


def seeded(seed=0):
    return tp.Generator().manual_seed(seed)


def test_sequential():
    assert list(SequentialSampler("abc")) == [0, 1, 2]


def test_random_is_a_permutation_that_differs_between_passes():
    sampler = RandomSampler(range(50), generator=seeded())
    first, second = list(sampler), list(sampler)
    assert sorted(first) == list(range(50))
    assert first != second
    assert list(RandomSampler(range(50), generator=seeded())) == first


def test_random_follows_the_global_seed():
    def draw():
        tp.manual_seed(5)
        return list(RandomSampler(range(50)))

    assert draw() == draw()


def test_random_with_more_samples_than_examples_goes_round():
    drawn = list(RandomSampler(range(3), num_samples=7, generator=seeded()))
    assert len(drawn) == 7
    assert sorted(Counter(drawn).values()) == [2, 2, 3]


def test_random_with_replacement_repeats():
    drawn = list(RandomSampler(range(3), replacement=True, num_samples=40, generator=seeded()))
    assert len(drawn) == 40
    assert set(drawn) == {0, 1, 2}


def test_subset_is_permuted():
    assert sorted(SubsetRandomSampler([4, 7, 9], generator=seeded())) == [4, 7, 9]


def test_weights_of_zero_are_never_drawn():
    drawn = list(WeightedRandomSampler([0.0, 1.0, 3.0], 200, generator=seeded()))
    counts = Counter(drawn)
    assert counts[0] == 0
    assert counts[2] > counts[1] > 0
    assert sorted(WeightedRandomSampler([1.0, 1.0, 1.0], 3, replacement=False)) == [0, 1, 2]


def test_batches_and_their_number():
    assert list(BatchSampler(range(5), 2, False)) == [[0, 1], [2, 3], [4]]
    assert list(BatchSampler(range(5), 2, True)) == [[0, 1], [2, 3]]
    assert len(BatchSampler(range(5), 2, False)) == 3
    assert len(BatchSampler(range(5), 2, True)) == 2
    assert len(BatchSampler(range(4), 2, False)) == 2


@pytest.mark.parametrize(
    ("make", "error"),
    [
        (lambda: RandomSampler([1], replacement="yes"), TypeError),
        (lambda: RandomSampler([1], num_samples=0), ValueError),
        (lambda: RandomSampler([]), ValueError),
        (lambda: BatchSampler(range(3), 0, False), ValueError),
        (lambda: BatchSampler(range(3), True, False), ValueError),
        (lambda: BatchSampler(range(3), 2, 1), ValueError),
        (lambda: WeightedRandomSampler([1.0], 0), ValueError),
        (lambda: WeightedRandomSampler([[1.0]], 1), ValueError),
        (lambda: WeightedRandomSampler([1.0], 1, replacement=1), ValueError),
    ],
)
def test_bad_arguments_are_refused(make, error):
    with pytest.raises(error, match="should be"):
        make()
