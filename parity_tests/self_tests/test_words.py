"""Words as vectors: who stands beside whom, noise by its frequencies, and the nearest shown by a command."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner, Result

from nn_parity import checkpoints, words
from nn_parity.cli import app
from nn_parity.recipes import RECIPES
from nn_parity.recipes import word2vec as recipe

from .within_noise import agree

SOME = ["king", "queen", "sword", "blade"]
TABLE = np.array([[1.0, 0.0], [2.0, 0.2], [0.0, 1.0], [0.0, -3.0]], np.float32)


def call(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["neighbours", *arguments], prog_name="nn-parity", env={"COLUMNS": "80"})


@pytest.fixture
def trained(tmp_path: Path) -> str:
    """A file with four words, the sum of whose two vectors is `TABLE`."""
    file = tmp_path / "it.safetensors"
    parameters = {"center.weight": TABLE - 1, "context.weight": np.ones_like(TABLE)}
    checkpoints.save(file, "word2vec", parameters, SOME)
    return str(file)


@given(st.lists(st.integers(0, 5), max_size=60), st.integers(0, 2**32 - 1))
def test_pairs_are_of_words_of_the_text(text: list[int], seed: int) -> None:
    numbers = np.array(text, np.int32)
    pairs = words.neighbours(numbers, np.random.default_rng(seed))
    assert pairs.shape[1] == 2
    assert set(pairs.reshape(-1).tolist()) <= set(text)


def test_the_pairs_of_a_text_without_frequent_words() -> None:
    """No word is left out, and every pair stands at most a window apart; direct neighbours always are a pair."""
    numbers = np.arange(2000)
    pairs = words.neighbours(numbers, np.random.default_rng(0))
    apart = np.abs(pairs[:, 0] - pairs[:, 1])
    counts = np.bincount(apart)
    assert apart.max() == words.WINDOW and counts[0] == 0
    assert counts[1] == 2 * (len(numbers) - 1)
    assert all(np.diff(counts[1:]) < 0), "the nearer, the more often"


def test_frequent_words_are_left_out_now_and_then() -> None:
    numbers = np.where(np.arange(40_000) % 2, 0, np.arange(40_000) // 2 % 1000)
    pairs = words.neighbours(numbers, np.random.default_rng(0))
    assert (numbers == 0).mean() > 0.5 > 0.2 > (pairs[:, 0] == 0).mean()


def test_noise_is_drawn_by_frequency_to_the_power_of_three_quarters() -> None:
    counts = np.array([1, 16, 0, 81])
    context = np.zeros(20_000, np.int32)
    drawn = words.with_negatives(context, counts, np.random.default_rng(0))
    assert drawn.dtype == np.int32 and not drawn[:, 0].any()
    share = np.bincount(drawn[:, 1:].reshape(-1), minlength=4) / drawn[:, 1:].size
    expected = np.array([1, 8, 0, 27]) / 36
    assert (abs(share - expected) <= 5 * np.sqrt(expected * (1 - expected) / drawn[:, 1:].size)).all()


def test_nearest_asks_for_directions_not_for_lengths() -> None:
    assert [number for number, _ in words.nearest(TABLE, 0, 3)] == [1, 2, 3]
    assert words.nearest(TABLE, 3, 9)[-1] == (2, -1.0)


def test_the_command_shows_neighbours(trained: str) -> None:
    result = call("King", "sword", "--checkpoint", trained, "--count", "2")
    assert result.exit_code == 0, result.output
    assert result.stdout.split("\n") == ["king        queen 1.00, sword 0.00", "sword       queen 0.10, king 0.00", ""]


def test_the_command_says_what_is_wrong(trained: str, tmp_path: Path) -> None:
    result = call("kings", "--checkpoint", trained)
    assert result.exit_code == 2
    assert "did you mean king" in " ".join(result.output.split())
    result = call("king", "--checkpoint", str(tmp_path / "absent"))
    assert result.exit_code == 1
    assert "nn-parity train word2vec --save" in result.output


def test_a_training_keeps_its_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """On a machine without Shakespeare, too."""
    monkeypatch.setattr("nn_parity.corpus.available", lambda name: False)
    monkeypatch.setattr(recipe, "PASSES", 1)
    file = str(tmp_path / "it.safetensors")
    result = CliRunner().invoke(app, ["train", "word2vec", "--steps", "2", "--save", file])
    assert result.exit_code == 0, result.output
    assert "  string    " in result.output
    assert len(checkpoints.load_words(Path(file), "word2vec")) == recipe.WORDS
    assert call("string", "--checkpoint", file).exit_code == 0


def test_the_score_is_the_loss_and_frequencies_alone_make_it_larger_than_the_goal() -> None:
    from reference_torch.ops.embedding import skip_gram_loss as in_torch
    from scratch.ops.embedding import skip_gram_loss

    task = RECIPES["word2vec"].made_up_task(50)
    generator = np.random.default_rng(0)
    u, v = generator.standard_normal((2, 30, 4))
    loss, _ = skip_gram_loss.forward(task.inputs, task.targets[:, 0], task.targets[:, 1:], u, v)

    def theirs(tensors: list[torch.Tensor]) -> list[Any]:
        inputs, targets, *vectors = tensors
        return [in_torch.forward(inputs, targets[:, 0], targets[:, 1:], *vectors).numpy()]

    score = recipe.negative_sampling((u @ v.T)[task.inputs], task.targets)
    for found in (loss, np.float64(score)):
        agree([found], theirs, [task.inputs, task.targets, u, v])
    with pytest.raises(ValueError, match="scores for each target"):
        recipe.negative_sampling(np.zeros((3, 30)), task.targets)
    even = recipe.frequency_only(task)
    assert 2.2 < even < 6 * np.log(2), "one neighbour and five words of noise: a bet of 1 to 5"
