"""Language models write: with a cache as without, on both sides the same, and from the command line."""

from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from safetensors.numpy import load_file
from typer.testing import CliRunner

from nn_parity import checkpoints
from nn_parity.cli import app
from nn_parity.corpus import CHARACTERS, corpus, decode, encode
from nn_parity.recipes import RECIPES
from nn_parity.recipes import mini_gpt as recipe
from nn_parity.writing import Choice, restore, write

SETTINGS = RECIPES["mini_gpt"].settings
SIDES = ("scratch", "reference_torch")
RUNNER = CliRunner()


CONTEXT, WIDTH = 16, 32


@pytest.fixture(scope="module")
def trained() -> dict[str, Any]:
    """A GPT of one narrow block, after a few steps on a line of text: its scores are no longer all alike."""
    from scratch.nn import GPT2
    from scratch.projects.mini_gpt import Network

    start = GPT2(len(CHARACTERS), CONTEXT, WIDTH, 1, 4, dtype=np.float64, generator=0).state_dict()
    network = Network(start, **SETTINGS)
    text = encode("To be, or not to be: that is the question.\n" * 4)
    windows = np.lib.stride_tricks.sliding_window_view(text, CONTEXT + 1)[::5]
    for _ in range(60):
        network.step(windows[:, :-1], windows[:, 1:], 1e-2)
    return {name: value.astype(np.float32) for name, value in network.state_dict().items()}


def greedy(parameters: dict[str, Any], package: str, length: int = 40) -> list[int]:
    model = restore(package, parameters, SETTINGS)
    return list(islice(write(model, encode("To be"), Choice(temperature=0), package), length))


def test_both_sides_write_the_same_text(trained: dict[str, Any]) -> None:
    """Token for token, past the point where the oldest characters are dropped."""
    ours, theirs = (greedy(trained, package) for package in SIDES)
    assert ours == theirs
    assert len(set(ours)) > 8


@pytest.mark.parametrize("package", SIDES)
def test_the_cache_changes_nothing(trained: dict[str, Any], package: str) -> None:
    model = restore("scratch", trained, SETTINGS)
    tokens = [int(token) for token in encode("To be")]
    for expected in greedy(trained, package):
        logits = model(np.array([tokens[-CONTEXT:]])).detach().numpy()[0, -1]
        assert int(logits.argmax()) == expected
        tokens.append(expected)


def test_the_same_random_numbers_write_the_same_text(trained: dict[str, Any]) -> None:
    choice = Choice(temperature=2.0, top_k=30, top_p=0.99, repetition_penalty=1.1)
    texts = [list(islice(write(restore(p, trained, SETTINGS), encode("To"), choice, p, 7), 40)) for p in SIDES]
    assert texts[0] == texts[1]
    assert texts[0] != list(islice(write(restore(SIDES[0], trained, SETTINGS), encode("To"), choice, SIDES[0], 8), 40))


def test_a_checkpoint_has_gpt2s_names(trained: dict[str, Any], tmp_path: Path) -> None:
    file = tmp_path / "model.safetensors"
    checkpoints.save(file, "mini_gpt", trained)
    assert set(load_file(file)) == set(trained)
    assert set(trained) == set(recipe.shapes(layers=1))
    again = checkpoints.load(file, "mini_gpt")
    assert all(np.array_equal(again[name], value) for name, value in trained.items())
    with pytest.raises(checkpoints.CheckpointError, match="not of digits"):
        checkpoints.load(file, "digits")


@pytest.mark.parametrize("side", ["scratch", "torch"])
def test_generate(trained: dict[str, Any], tmp_path: Path, side: str) -> None:
    file = tmp_path / "model.safetensors"
    checkpoints.save(file, "mini_gpt", trained)
    options = ["--checkpoint", str(file), "--side", side, "--length", "20", "--temperature", "0"]
    result = RUNNER.invoke(app, ["generate", "mini_gpt", "--prompt", "To be", *options])
    assert result.exit_code == 0, result.output
    assert result.stdout == "To be" + decode(greedy(trained, SIDES[0], 20)) + "\n"


def test_generate_draws_attention(trained: dict[str, Any], tmp_path: Path) -> None:
    file, picture = tmp_path / "model.safetensors", tmp_path / "maps.png"
    checkpoints.save(file, "mini_gpt", trained)
    options = ["--checkpoint", str(file), "--length", "1", "--attention", str(picture)]
    assert RUNNER.invoke(app, ["generate", "mini_gpt", "--prompt", "To be", *options]).exit_code == 0
    assert picture.stat().st_size > 1000


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--checkpoint", "absent"], "nn-parity train mini_gpt --save absent"),
        (["--prompt", "5 € "], "got '5€'"),
        (["--prompt", ""], "at least one character"),
        (["--top-p", "0"], "up to 1"),
        (["--attention", "picture.txt"], "must end in"),
    ],
)
def test_generate_refuses(options: list[str], says: str) -> None:
    result = RUNNER.invoke(app, ["generate", "mini_gpt", *options])
    assert result.exit_code in (1, 2)
    assert says in " ".join(result.output.replace("│", " ").split())


def test_a_training_is_saved(tmp_path: Path) -> None:
    file = tmp_path / "xor.safetensors"
    result = RUNNER.invoke(app, ["train", "xor", "--steps", "3", "--save", str(file)])
    assert result.exit_code == 0, result.output
    assert set(checkpoints.load(file, "xor")) == set(RECIPES["xor"].parameters())


def test_there_is_a_text_on_every_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nn_parity.corpus.available", lambda name: False)
    found = corpus()
    assert "Python" in found.source and len(found.text) > 200_000
    assert set(found.text) <= set(CHARACTERS) and len(CHARACTERS) == 65
    task = recipe.real(0, np.float32)
    assert task.inputs.shape[1] == 64 and np.array_equal(task.inputs[0, 1:], task.targets[0, :-1])
    assert not np.shares_memory(task.inputs[:1], task.test_inputs)


def test_the_score_is_the_cross_entropy() -> None:
    logits = np.zeros((2, 3, 5), np.float32)
    assert recipe.cross_entropy(logits, np.zeros((2, 3), np.int64)) == np.log(np.float32(5))
    with pytest.raises(ValueError, match="scores for each target"):
        recipe.cross_entropy(logits, np.zeros((2, 4), np.int64))
