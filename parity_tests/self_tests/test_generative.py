"""What draws digits, and what judges them: figures that are known beforehand."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch.distributions import Normal, kl_divergence
from typer.testing import CliRunner

from nn_parity import drawings, recognition
from nn_parity.cli import app
from nn_parity.recipes import RECIPES
from scratch.ops.generative import normal_kl, reparameterize

from .within_noise import agree, agree_but_for

DRAWN = np.random.default_rng(0)


class Stub:
    """A classifier that goes by the first pixel: digit 9 · pixel, and sure of it where the second pixel is white."""

    real = DRAWN.standard_normal((50, 4))

    def features(self, images: Any) -> Any:
        return images[:, :4]

    def probabilities(self, images: Any) -> Any:
        digit = np.round(9 * images[:, 0]).astype(int)
        sure = np.where(images[:, 1] == 1, 0.95, 0.5)
        return (1 - sure)[:, None] / 9 * (np.arange(10) != digit[:, None]) + sure[:, None] * np.eye(10)[digit]


@pytest.fixture
def stub(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recognition, "classifier", Stub)


def images_of(digits: Any, sure: Any) -> Any:
    images = DRAWN.random((len(digits), 784))
    images[:, 0], images[:, 1] = np.asarray(digits) / 9, np.where(sure, 1, 0)
    return images


def test_the_divergence_is_that_of_torch_distributions() -> None:
    mean, log_variance = DRAWN.standard_normal((2, 5, 3))

    def divergence(tensors: list[torch.Tensor]) -> list[Any]:
        normal = Normal(tensors[0], (tensors[1] / 2).exp())
        return [kl_divergence(normal, Normal(0.0, 1.0)).sum(1).mean().numpy()]

    agree([normal_kl.forward(mean, log_variance)[0]], divergence, [mean, log_variance])


def test_samples_have_the_mean_and_the_variance_that_they_were_given() -> None:
    mean, log_variance = np.full(200_000, 3.0), np.full(200_000, np.log(4.0))
    z, _ = reparameterize.forward(mean, log_variance, DRAWN.standard_normal(200_000))
    # five standard errors of a mean and of a variance
    assert abs(z.mean() - 3) < 5 * 2 / np.sqrt(len(z))
    assert abs(z.var() - 4) < 5 * 4 * np.sqrt(2 / len(z))


# Three features that do not go together, with variances of 4, 16 and 64: nothing about them is rounded.
UPRIGHT = np.array([[1.0, 1, 1], [-1, 1, -1], [1, -1, -1], [-1, -1, 1], [0, 0, 0]]) * [2, 4, 8]


def test_frechet_distance_of_the_same_is_zero_and_of_a_shift_its_square() -> None:
    assert recognition.frechet_distance(UPRIGHT, UPRIGHT) == 0
    assert recognition.frechet_distance(UPRIGHT, UPRIGHT + np.array([1, -2, 3])) == 1 + 4 + 9


def test_frechet_distance_of_a_stretch() -> None:
    assert recognition.frechet_distance(UPRIGHT, 2 * UPRIGHT) == 4 + 16 + 64  # (σ - 2σ)² = σ² of every axis


def test_frechet_distance_of_features_that_go_together() -> None:
    def distance(features: list[torch.Tensor]) -> list[Any]:
        """With the factor of Cholesky in the place of a symmetric root: the eigenvalues of C₁C₂ are the same."""
        (mean1, cov1), (mean2, cov2) = ((f.mean(0), torch.cov(f.T)) for f in features)
        factor = torch.linalg.cholesky(cov1)
        cross = torch.linalg.eigvalsh(factor.T @ cov2 @ factor).sqrt().sum()
        return [((mean1 - mean2).square().sum() + cov1.trace() + cov2.trace() - 2 * cross).numpy()]

    first = DRAWN.standard_normal((300, 8))
    second = 1 + DRAWN.standard_normal((200, 8)) @ DRAWN.standard_normal((8, 8))
    agree([np.float64(recognition.frechet_distance(first, second))], distance, [first, second])


@pytest.mark.usefixtures("stub")
def test_figures_count_who_is_sure_and_which_digits_there_are() -> None:
    digits = np.arange(200) % 10
    found = recognition.figures(images_of(digits, digits < 7))
    assert found.confident == 0.7
    assert found.classes == 10
    assert found.counts == [20] * 10
    assert recognition.recognized(images_of(digits, digits < 7)) == 0.7


@pytest.mark.usefixtures("stub")
def test_nothing_is_recognized_where_a_digit_is_missing() -> None:
    digits = np.arange(200) % 9
    assert recognition.figures(images_of(digits, digits < 20)).classes == 9
    assert recognition.recognized(images_of(digits, digits < 20)) == 0
    digits[0] = 9  # one in two hundred is an accident
    assert recognition.recognized(images_of(digits, digits < 20)) == 0


def test_images_of_another_shape_are_refused() -> None:
    with pytest.raises(ValueError, match=r"\(N, 784\).*\(3, 28, 28\)"):
        recognition.recognized(np.zeros((3, 28, 28)))


def test_a_walk_begins_and_ends_where_it_should_and_stays_on_the_sphere() -> None:
    begin, end = np.array([3.0, 4.0, 0.0]), np.array([0.0, 0.0, 5.0])
    path = drawings.walk(begin, end, 9)
    assert path[[0, -1]].tolist() == [begin.tolist(), end.tolist()]
    # A number of the path takes 8 roundings, that of the right angle among them; the length of three takes 6 more.
    agree_but_for(8 + 6, np.linalg.norm(path, axis=1), np.full(9, 5.0))
    assert drawings.walk(begin, begin, 3).tolist() == [begin.tolist()] * 3


def test_a_walk_goes_at_an_even_pace() -> None:
    def by_angle(ends: list[torch.Tensor]) -> list[Any]:
        begin, end = ends
        angle = torch.acos(begin @ end / (begin.norm() * end.norm()))
        parts = [((1 - t) * angle, t * angle) for t in torch.linspace(0, 1, 9, dtype=begin.dtype)]
        return [np.stack([((a.sin() * begin + b.sin() * end) / angle.sin()).numpy() for a, b in parts])]

    begin, end = DRAWN.standard_normal((2, 16))
    end *= np.linalg.norm(begin) / np.linalg.norm(end)
    agree([drawings.walk(begin, end, 9)], by_angle, [begin, end])


def test_a_sheet_has_the_images_side_by_side() -> None:
    images = np.arange(6)[:, None] * np.ones(784)
    pixels = drawings.sheet(images, columns=3)
    assert pixels.shape == (56, 84)
    assert pixels[::28, ::28].tolist() == [[0, 1, 2], [3, 4, 5]]
    with pytest.raises(ValueError, match="whole rows of 4"):
        drawings.sheet(images, columns=4)


def test_pictures_are_written(tmp_path: Path) -> None:
    def predict(x: Any) -> Any:
        return np.resize(np.abs(x), (len(x), 784)) % 1

    drawings.draw_samples(predict, DRAWN.standard_normal((200, 16)), "samples", tmp_path / "samples.png")
    drawings.draw_reconstructions(predict, DRAWN.random((100, 784)), "images", tmp_path / "images.png")
    assert all((tmp_path / name).stat().st_size > 1000 for name in ("samples.png", "images.png"))
    with pytest.raises(ValueError, match="at least 168 rows"):
        drawings.draw_samples(predict, np.zeros((20, 16)), "samples", tmp_path / "samples.png")


def test_draw_refuses_a_picture_that_it_could_not_write(tmp_path: Path) -> None:
    for file in ("digits.txt", "nowhere/digits.png"):
        result = CliRunner().invoke(app, ["draw", "vae", "-o", str(tmp_path / file)])
        assert result.exit_code == 2, result.output
    assert CliRunner().invoke(app, ["draw", "xor", "-o", "x.png"]).exit_code == 2


@pytest.mark.parametrize("name", ["gan", "dcgan"])
def test_the_average_begins_as_the_generator(name: str) -> None:
    start = RECIPES[name].parameters()
    pairs = [(value, start["average" + key.removeprefix("generator")]) for key, value in start.items()
             if key.startswith("generator")]  # fmt: skip
    assert pairs and all(np.array_equal(*pair) for pair in pairs)
