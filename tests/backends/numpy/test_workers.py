"""Helper threads start when needed, survive forks and the interpreter's end, and heed the environment."""

import os
import subprocess
import sys

import pytest

PROGRAM = """
import os, threading
import numpy as np
from tensorplug_numpy import parallel
x = np.linspace(0, 1, 1 << 20)
expected = np.exp(x)
def right():
    return np.array_equal(parallel.elementwise(np.exp, np.empty_like(x), x), expected)
"""


def run(code: str, **environment: str) -> str:
    """Run a program that must succeed in silence; return what it printed."""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-W", "ignore:This process", "-c", PROGRAM + code],
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)} | environment,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    return done.stdout.strip()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_a_forked_child_starts_threads_of_its_own() -> None:
    code = """
assert right()
started = threading.active_count()
child = os.fork()
if child == 0:
    alone = threading.active_count() == 1
    os._exit(0 if alone and right() and threading.active_count() == started else 1)
assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
assert right()
print(started)
"""
    assert run(code, OMP_NUM_THREADS="3") == "3"


def test_work_at_the_end_of_the_interpreter_is_done() -> None:
    assert run("import atexit; atexit.register(lambda: print(right()))") == "True"


def test_no_thread_is_started_before_it_is_needed() -> None:
    code = "parallel.elementwise(np.exp, np.empty(100), x[:100]); print(threading.active_count())"
    assert run(code, OMP_NUM_THREADS="4") == "1"


@pytest.mark.parametrize("threads", ["1", "7"])
def test_the_environment_sets_the_number_of_threads(threads: str) -> None:
    assert run("print(parallel.get_num_threads())", OMP_NUM_THREADS=threads) == threads


def test_without_a_setting_there_is_a_thread_per_core() -> None:
    found = int(run("print(parallel.get_num_threads())", OMP_NUM_THREADS=""))
    assert 1 <= found <= (os.cpu_count() or 1)
