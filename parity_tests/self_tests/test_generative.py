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
    normal = Normal(torch.from_numpy(mean), torch.from_numpy(np.exp(log_variance / 2)))
    wanted = kl_divergence(normal, Normal(0.0, 1.0)).sum(1).mean()
    np.testing.assert_allclose(normal_kl.forward(mean, log_variance)[0], wanted, rtol=1e-12)


def test_samples_have_the_mean_and_the_variance_that_they_were_given() -> None:
    mean, log_variance = np.full(200_000, 3.0), np.full(200_000, np.log(4.0))
    z, _ = reparameterize.forward(mean, log_variance, DRAWN.standard_normal(200_000))
    # five standard errors of a mean and of a variance
    assert abs(z.mean() - 3) < 5 * 2 / np.sqrt(len(z))
    assert abs(z.var() - 4) < 5 * 4 * np.sqrt(2 / len(z))


def test_frechet_distance_of_the_same_is_zero_and_of_a_shift_its_square() -> None:
    features = DRAWN.standard_normal((300, 8))
    shift = DRAWN.standard_normal(8)
    assert recognition.frechet_distance(features, features) == pytest.approx(0, abs=1e-9)
    assert recognition.frechet_distance(features, features + shift) == pytest.approx(np.sum(shift**2))


def test_frechet_distance_of_a_stretch() -> None:
    features = DRAWN.standard_normal((300, 8))
    centred = features - features.mean(axis=0)
    wanted = np.trace(np.cov(features, rowvar=False))  # (σ - 2σ)² = σ² of every axis
    assert recognition.frechet_distance(centred, 2 * centred) == pytest.approx(wanted)


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
    begin, end = DRAWN.standard_normal((2, 16))
    end *= np.linalg.norm(begin) / np.linalg.norm(end)
    path = drawings.walk(begin, end, 9)
    np.testing.assert_allclose(path[[0, -1]], [begin, end])
    np.testing.assert_allclose(np.linalg.norm(path, axis=1), np.linalg.norm(begin))
    np.testing.assert_allclose(drawings.walk(begin, begin, 3), [begin] * 3)


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
