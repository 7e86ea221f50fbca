"""The demo learns, its weights survive, and devices can be compared."""

import re
import sys

import tensorplug as tp
from tensorplug.cli import demo, training


def test_demo_learns_saves_and_plots(run, tmp_path):
    weights, picture = tmp_path / "weights.pt", tmp_path / "loss.png"
    result = run("demo", "--save", str(weights), "--plot", str(picture))
    assert result.exit_code == 0, result.output
    right = float(re.search(r"cpu: ([\d.]+)% of the test images right", result.output)[1])
    assert right >= 97
    assert "the same from the saved weights" in result.output
    assert picture.read_bytes().startswith(b"\x89PNG")
    model = training.build_model()
    model.load_state_dict(tp.load(weights))
    assert f"{training.measure(model, training.load_digits(), tp.device('cpu')):.2%}" == f"{right:.2f}%"


def test_all_devices_get_equal_curves_from_equal_seeds(run, add_device, monkeypatch, tmp_path):
    add_device("toy")
    monkeypatch.setattr(demo, "find_computing_devices", lambda: [tp.device("cpu"), tp.device("toy")])
    weights = tmp_path / "weights.pt"
    result = run("demo", "--all-devices", "--epochs", "1", "--save", str(weights))
    assert result.exit_code == 0, result.output
    on_cpu, on_toy = re.search(r"│ 1 +│ (\S+) +│ (\S+) +│", result.output).groups()
    assert on_cpu == on_toy
    assert "differ by at most 0 " in result.output
    assert sorted(path.name for path in tmp_path.iterdir()) == ["weights-cpu.pt", "weights-toy.pt"]


def test_all_devices_says_so_when_there_is_only_one(run, monkeypatch):
    monkeypatch.setattr(demo, "find_computing_devices", lambda: [tp.device("cpu")])
    assert "cpu is the only device found" in run("demo", "--all-devices", "--epochs", "1").output


def test_another_seed_gives_another_run(run):
    losses = [run("demo", "--all-devices", "--epochs", "1", "--seed", seed).output for seed in ("0", "1")]
    assert losses[0] != losses[1]


def test_device_and_all_devices_exclude_each_other(run):
    assert run("demo", "--all-devices", "--device", "cpu").exit_code == 2


def test_without_scikit_learn_the_demo_says_what_to_install(run, monkeypatch):
    monkeypatch.setitem(sys.modules, "sklearn.datasets", None)
    result = run("demo")
    assert result.exit_code == 1
    assert "pip install 'tensorplug[demo]'" in result.output


def test_without_matplotlib_the_plot_says_what_to_install(run, monkeypatch, tmp_path):
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    result = run("demo", "--plot", str(tmp_path / "loss.png"))
    assert result.exit_code == 1
    assert "pip install matplotlib" in result.output
