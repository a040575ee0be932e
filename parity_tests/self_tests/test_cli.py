"""The command `nn-parity`, as a user meets it."""

import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

import nn_parity
from nn_parity.cli import app
from nn_parity.data import DataError
from nn_parity.lockstep import Side
from nn_parity.recipes import RECIPES, multilayer

ROOT = Path(__file__).parents[2]


def call(*arguments, **environment):
    return CliRunner().invoke(app, list(arguments), prog_name="nn-parity", env={"COLUMNS": "80", **environment})


def shell(*arguments, cwd, **environment):
    path = os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])
    return subprocess.run(
        [sys.executable, "-m", "nn_parity", *arguments],
        cwd=cwd, env={**os.environ, "PYTHONPATH": path, "PYTHONIOENCODING": "utf-8", **environment},
        capture_output=True, encoding="utf-8", check=False,
    )  # fmt: skip


def test_help_shows_the_commands_and_examples():
    result = call("--help")
    assert result.exit_code == 0
    for expected in ("train", "projects", "data", "Examples:", "nn-parity train mnist_mlp --side both"):
        assert expected in result.output


def test_help_waits_for_no_library_that_only_commands_need():
    code = (
        "import sys, nn_parity.cli\n"
        "sys.exit(', '.join({'numpy', 'torch', 'jinja2', 'matplotlib', 'sklearn'} & set(sys.modules)))"
    )
    asked = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, encoding="utf-8", check=False)
    assert asked.stderr.strip() == ""


def test_help_of_train_names_the_exit_status_and_keeps_its_lines():
    result = call("train", "--help")
    assert result.exit_code == 0
    assert "    nn-parity train xor --candidate my_nn --side both\n" in result.output
    assert "130  interrupted" in result.output
    assert "\b" not in result.output


def test_without_a_command_the_help_is_shown():
    assert "Commands:" in call().output


def test_version():
    result = call("--version")
    assert result.exit_code == 0
    assert result.output == f"nn-parity {nn_parity.__version__}\n"


def test_projects_are_listed_with_data_and_target():
    result = call("projects")
    assert result.exit_code == 0
    for name, recipe in RECIPES.items():
        (line,) = [line for line in result.output.splitlines() if line.startswith(f"{name} ")]
        assert recipe.title in line
        assert recipe.data in line
        assert recipe.score.text(recipe.goal) in line


def test_data_are_listed_with_their_place_or_the_way_to_get_them(tmp_path):
    for name in ("mnist", "text"):
        (tmp_path / name).mkdir()
    (tmp_path / "text" / "names.txt").write_text("emma\n")
    result = call("data", NN_PARITY_DATA=str(tmp_path), XDG_CACHE_HOME=str(tmp_path / "cache"))
    assert result.exit_code == 0
    assert "generated" in result.output
    assert "downloaded when first used" in result.output
    assert f" {tmp_path / 'text'}\n" in result.output


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("train", "mnist"), "did you mean mnist_mlp"),
        (("train", "qqqq"), "there are celsius_to_fahrenheit"),
        (("train",), "Missing argument"),
        (("train", "xor", "--side", "left"), "'left' is not one of"),
        (("train", "xor", "--epochs", "0"), "--epochs"),
        (("train", "xor", "--batch-size", "-1"), "--batch-size"),
        (("train", "xor", "--learning-rate", "-1"), "must be a positive number"),
        (("train", "xor", "--learning-rate", "nan"), "must be a positive number"),
        (("train", "xor", "--dtype", "int8"), "'int8' is not one of"),
        (("train", "xor", "--plot", "nowhere/curves.png"), "no folder nowhere"),
        (("train", "xor", "--json", "nowhere/results.json"), "no folder nowhere"),
        (("train", "xor", "--plot", "curves.doc"), "must end in .png"),
        (("train", "xor", "--candidate", "../mine"), "no name of a package"),
        (("train", "xor", "--candidate", "mine", "--side", "torch"), "scratch side"),
        (("fly",), "No such command"),
    ],
)
def test_wrong_usage_is_explained(arguments, says):
    result = call(*arguments)
    assert result.exit_code == 2
    assert says in " ".join(result.output.split())


def test_both_sides_in_lockstep_fit_80_columns_and_agree(monkeypatch):
    monkeypatch.setenv("OPENBLAS_THREAD_TIMEOUT", "")
    monkeypatch.delenv("OPENBLAS_THREAD_TIMEOUT")
    result = call("train", "xor", "--side", "both", "--dtype", "float64")
    assert os.environ["OPENBLAS_THREAD_TIMEOUT"] == "10"  # neither side waits for the other's idle threads
    assert result.exit_code == 0
    assert "difference so far" in result.output
    assert "scratch  training accuracy 100.00 %, target 100.00 % reached" in result.output
    assert "torch    training accuracy 100.00 %, target 100.00 % reached" in result.output
    assert "largest difference of the losses" in result.output
    assert max(map(len, result.output.splitlines())) <= 80
    assert "\x1b" not in result.output


def test_the_long_runs_fit_80_columns():
    result = call("train", "spiral", "--side", "both", "--epochs", "12000", "--steps", "30")
    assert result.exit_code == 0
    assert max(map(len, result.output.splitlines())) <= 80


@pytest.mark.parametrize("name", ["celsius_to_fahrenheit", "edge_detector"])
def test_what_was_learned_is_shown(name):
    result = call("train", name)
    assert "learned by scratch" in result.output
    assert ("°F = 1.8000 · °C + 32.0000" if name == "celsius_to_fahrenheit" else "weights (bias") in result.output


def test_check_fails_when_the_target_is_missed():
    arguments = ("train", "spiral", "--epochs", "2")
    missed = call(*arguments)
    assert missed.exit_code == 0
    assert "missed" in missed.output
    assert call(*arguments, "--check").exit_code == 1
    assert call("train", "xor", "--check").exit_code == 0


def test_results_for_machines(tmp_path):
    file = tmp_path / "results.json"
    result = call("train", "xor", "--side", "both", "--seed", "3", "--steps", "20", "--json", str(file))
    assert result.exit_code == 0
    found = json.loads(file.read_text())
    assert (found["project"], found["seed"], found["dtype"], found["steps_taken"]) == ("xor", 3, "float32", 20)
    assert set(found["sides"]) == {"scratch", "torch"}
    for one in found["sides"].values():
        assert len(one["losses"]) == 20
        assert one["scores"][-1] == {"step": 20, "score": one["score"]}
        assert one["seconds"] > 0
    apart = max(abs(a - b) for a, b in zip(*(one["losses"] for one in found["sides"].values())))
    assert found["largest_loss_difference"]["value"] == apart


def test_curves(tmp_path):
    for side in ("scratch", "both"):
        file = tmp_path / f"{side}.png"
        result = call("train", "xor", "--side", side, "--steps", "30", "--plot", str(file))
        assert result.exit_code == 0
        assert file.read_bytes().startswith(b"\x89PNG")


def test_without_matplotlib_a_plot_is_refused_before_the_run(monkeypatch):
    monkeypatch.setattr("nn_parity.plots.find_spec", lambda name: None)
    result = call("train", "xor", "--plot", "curves.png")
    assert result.exit_code == 2
    assert "nn-parity[plot]" in result.output


def test_a_run_that_diverges_stops_with_advice():
    result = call("train", "celsius_to_fahrenheit", "--learning-rate", "1e6")
    assert result.exit_code == 1
    assert "the training has diverged. Try a smaller learning rate" in result.output
    assert "Traceback" not in result.output


def test_data_that_cannot_be_had_are_explained(monkeypatch):
    def nowhere(name, *, seed):
        raise DataError(f"{name} is not on this machine")

    monkeypatch.setattr(multilayer, "load", nowhere)
    result = call("train", "mnist_mlp")
    assert result.exit_code == 1
    assert result.output.strip().endswith("nn-parity: mnist is not on this machine")


def test_a_candidate_that_is_not_there_is_named():
    result = call("train", "xor", "--candidate", "no_such_package")
    assert result.exit_code == 1
    assert "there is no no_such_package.projects.xor" in result.output


def test_an_own_package_takes_the_place_of_scratch(tmp_path, monkeypatch):
    shutil.copytree(ROOT / "scratch", tmp_path / "my_nn")
    network = tmp_path / "my_nn" / "projects" / "xor.py"
    source = network.read_text(encoding="utf-8")
    arguments = ("train", "xor", "--side", "both", "--candidate", "my_nn", "--steps", "50", "--json")
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    apart = []
    for step in ("-= learning_rate *", "-= 0.9 * learning_rate *"):
        network.write_text(source.replace("-= learning_rate *", step), encoding="utf-8")
        result = call(*arguments, "results.json")
        for name in [name for name in sys.modules if name.split(".")[0] == "my_nn"]:
            del sys.modules[name]  # the next one, and the next test, import their own
        assert result.exit_code == 0, result.output
        assert "my_nn" in result.output
        apart.append(json.loads((tmp_path / "results.json").read_text())["largest_loss_difference"]["value"])
    assert apart[0] < np.sqrt(np.finfo(np.float32).eps) < apart[1], "half of the digits agree, or they do not"


def test_an_interrupted_run_prints_what_was_reached(monkeypatch, tmp_path):
    step = Side.step

    def interrupted(self, inputs, targets, learning_rate):
        if len(self.losses) == 7 and self.label == "torch":
            raise KeyboardInterrupt
        step(self, inputs, targets, learning_rate)

    monkeypatch.setattr(Side, "step", interrupted)
    result = call("train", "xor", "--side", "both", "--json", str(tmp_path / "results.json"))
    assert result.exit_code == 130
    assert "interrupted after 7 of 500 steps" in result.output
    assert "scratch  training accuracy" in result.output
    found = json.loads((tmp_path / "results.json").read_text())
    assert [len(one["losses"]) for one in found["sides"].values()] == [7, 7]


@pytest.mark.skipif(os.name == "nt", reason="signals are another matter there")
def test_ctrl_c_in_a_shell():
    process = subprocess.Popen(
        [sys.executable, "-u", "-m", "nn_parity", "train", "spiral", "--epochs", "25000"],
        cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8",
        env={**os.environ, "PYTHONIOENCODING": "utf-8"},
    )  # fmt: skip
    assert process.stdout is not None
    for line in process.stdout:
        if "/25000" in line:  # the first row
            break
    process.send_signal(signal.SIGINT)
    rest, errors = process.communicate(timeout=60)
    assert process.returncode == 130, errors
    assert "interrupted after" in rest
    assert "Traceback" not in errors


def test_a_pipe_gets_no_colours_even_when_they_are_set_for_terminals():
    result = shell("train", "xor", "--steps", "5", cwd=ROOT, NO_COLOR="1", TERM="xterm-256color")
    assert result.returncode == 0
    assert "\x1b" not in result.stdout
