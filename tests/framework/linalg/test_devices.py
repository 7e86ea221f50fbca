"""Devices without factorizations of their own: through the host, by decompositions, or as shapes alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner

import tensorplug as tp
from tensorplug.cli import main
from tensorplug.xp.factorization import FUNCTIONS
from tensorplug.xp.host import factorizations, through_host

Case = Callable[[tp.Tensor], Any]

CASES: dict[str, Case] = {
    "det": tp.linalg.det,
    "slogdet": tp.linalg.slogdet,
    "inv": tp.linalg.inv,
    "solve": lambda x: tp.linalg.solve(x, x[..., :2]),
    "solve_triangular": lambda x: tp.linalg.solve_triangular(x, x, upper=True, unitriangular=True),
    "cholesky": lambda x: tp.linalg.cholesky(x @ x.mT),
    "lu": tp.linalg.lu,
    "qr": tp.linalg.qr,
    "complete qr": lambda x: tp.linalg.qr(x[..., :2].detach(), "complete"),
    "eigvalsh": lambda x: tp.linalg.eigvalsh(x + x.mT),
    "svdvals": tp.linalg.svdvals,
    "projection": lambda x: (lambda U, S, Vh: U @ Vh)(*tp.linalg.svd(x)),
    "pinv": lambda x: tp.linalg.pinv(x[..., :2]),
    "lstsq": lambda x: tp.linalg.lstsq(x[..., :2], x, driver="gels").solution,
    "matrix_exp": tp.matrix_exp,
    "ldl": lambda x: tp.linalg.ldl_solve(*tp.linalg.ldl_factor((x + x.mT).detach()), x.detach()),
    "nuclear norm": lambda x: tp.linalg.matrix_norm(x, "nuc"),
}


def flat(found: Any) -> list[tp.Tensor]:
    return [found] if isinstance(found, tp.Tensor) else list(found)


def outcome(case: Case, device: str) -> list[np.ndarray]:
    """The results, and the gradient of their sum if there is one."""
    rng = np.random.default_rng(5)
    x = tp.tensor(rng.uniform(-1, 1, (2, 3, 3)) + 2 * np.eye(3), device=device, requires_grad=True)
    results = flat(case(x))
    total = sum((r.sum() for r in results if r.requires_grad), start=tp.zeros((), dtype=tp.float64, device=device))
    if total.requires_grad:
        results = [*results, *tp.autograd.grad(total, x)]
    return [r.detach().cpu().numpy() for r in results]


@pytest.mark.usefixtures("toy")
@pytest.mark.parametrize("name", CASES)
def test_a_device_that_goes_through_the_host_agrees_with_the_cpu(name: str) -> None:
    for toy, cpu in zip(outcome(CASES[name], "toy"), outcome(CASES[name], "cpu"), strict=True):
        assert toy.dtype == cpu.dtype
        np.testing.assert_allclose(toy, cpu, rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("name", [name for name in CASES if name != "lstsq"])
def test_shapes_are_known_without_data(name: str) -> None:
    x = tp.empty(2, 3, 3, device="meta", dtype=tp.float64)
    shapes = [(tuple(r.shape), r.dtype) for r in flat(CASES[name](x))]
    real = flat(CASES[name](tp.eye(3, dtype=tp.float64).expand(2, 3, 3) + 1))
    assert shapes == [(tuple(r.shape), r.dtype) for r in real]


@pytest.mark.usefixtures("toy")
def test_the_list_of_ops_tells_what_goes_through_the_host() -> None:
    shown = CliRunner().invoke(main, ["ops", "svd_decompose", "--device", "toy"])
    assert shown.exit_code == 0, shown.output
    assert "through host" in shown.output


def test_ops_are_found_by_their_public_names() -> None:
    shown = CliRunner().invoke(main, ["ops", "linalg.det"])
    assert shown.exit_code == 0, shown.output
    assert "linalg.det" in shown.output


class Box:
    """An array of a device that NumPy cannot look into."""

    def __init__(self, values: np.ndarray, place: str) -> None:
        self.values = values
        self.place = place


def test_results_stay_where_the_arguments_were() -> None:
    def put(host: np.ndarray, like: Box) -> Box:
        return Box(host, like.place)

    kernels = factorizations(Box, lambda box: box.values, put)
    assert kernels.keys() == FUNCTIONS.keys()
    L, info = kernels["cholesky_decompose"](Box(np.eye(2) * 4, "second"))
    assert (L.place, info.place) == ("second", "second")
    assert L.values.tolist() == [[2, 0], [0, 2]]
    assert info.values.shape == ()


def test_parameters_and_single_results_pass() -> None:
    kernel = through_host(lambda a, factor: a * factor, Box, lambda box: box.values, lambda host, like: Box(host, ""))
    assert kernel(Box(np.arange(3), ""), 2).values.tolist() == [0, 2, 4]
