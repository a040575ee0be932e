"""Lesson 19: networks that draw digits. They see pixels between 0 and 1, and no labels."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from ..data import as_floats, load
from ..data.dataset import Array
from ..recognition import RECOGNIZED
from ..scores import Score
from ..tasks import Task
from .multilayer import linear_layers
from .recipe import Recipe

SAMPLES = 1000  # that a generative network is judged by
Start = dict[str, Array]


def mean_squared_error(predicted: Array, targets: Array) -> float:
    """Over all pixels of all images."""
    return float(np.mean(np.square(predicted - targets), dtype=np.float64))


RECONSTRUCTION = Score("error", mean_squared_error, higher_is_better=False)


def _autoencoder(generator: np.random.Generator) -> Start:
    return linear_layers((784, 128, 32, 128, 784), generator)


def _vae(generator: np.random.Generator) -> Start:
    """The encoder ends in mean and log-variance of 16 numbers, the decoder begins with a sample of them."""
    encoder, decoder = linear_layers((784, 256, 2 * 16), generator), linear_layers((16, 256, 784), generator)
    return {
        f"{part}.{k}": v for part, layers in (("encoder", encoder), ("decoder", decoder)) for k, v in layers.items()
    }


def _gan(generator: np.random.Generator) -> Start:
    def dense(name: str, inputs: int, outputs: int, *, bias: bool = True) -> Start:
        weight = generator.standard_normal((outputs, inputs)) * np.sqrt(2 / inputs)
        return {f"{name}.weight": weight, **({f"{name}.bias": np.zeros(outputs)} if bias else {})}

    return _with_average(
        {
            **dense("generator.0", 32, 128),
            **dense("generator.2", 128, 256, bias=False),
            **_normalization("generator.3", 256, generator),
            **dense("generator.5", 256, 784),
            **dense("discriminator.0", 784, 128),
            **dense("discriminator.2", 128, 1),
        }
    )


def dcgan(channels: int, latents: int) -> Callable[[np.random.Generator], Start]:
    """Both players, with so many channels in the finest layer, and twice and four times as many in the next."""

    def start(generator: np.random.Generator) -> Start:
        def kernel(name: str, *shape: int, bias: int = 0) -> Start:
            weight = 0.02 * generator.standard_normal(shape)
            return {f"{name}.weight": weight, **({f"{name}.bias": np.zeros(bias)} if bias else {})}

        fine, middle, coarse = channels, 2 * channels, 4 * channels
        return _with_average(
            {
                **kernel("generator.0", latents, coarse, 4, 4),
                **_normalization("generator.1", coarse, generator),
                **kernel("generator.3", coarse, middle, 3, 3),
                **_normalization("generator.4", middle, generator),
                **kernel("generator.6", middle, fine, 4, 4),
                **_normalization("generator.7", fine, generator),
                **kernel("generator.9", fine, 1, 4, 4, bias=1),
                **kernel("discriminator.0", fine, 1, 4, 4, bias=fine),
                **kernel("discriminator.2", middle, fine, 4, 4),
                **_normalization("discriminator.3", middle, generator),
                **kernel("discriminator.5", coarse, middle, 3, 3),
                **_normalization("discriminator.6", coarse, generator),
                **kernel("discriminator.8", 1, coarse, 4, 4, bias=1),
            }
        )

    return start


def _normalization(name: str, channels: int, generator: np.random.Generator) -> Start:
    return {
        f"{name}.weight": 1 + 0.02 * generator.standard_normal(channels),
        f"{name}.bias": np.zeros(channels),
        f"{name}.running_mean": np.zeros(channels),
        f"{name}.running_var": np.ones(channels),
        f"{name}.num_batches_tracked": np.array(0),
    }


def _with_average(start: Start) -> Start:
    """The average of the generator begins as its copy."""
    return {
        **start,
        **{k.replace("generator", "average", 1): v.copy() for k, v in start.items() if k.startswith("generator")},
    }


def _reconstruct(seed: int, dtype: npt.DTypeLike) -> Task:
    """The target is the image."""
    train, test, source = _mnist(dtype)
    return Task(train, train, test, test, source=source)


def _draw(latents: int) -> Callable[[int, npt.DTypeLike], Task]:
    """To be tested on noise: what is drawn from it?"""

    def real(seed: int, dtype: npt.DTypeLike) -> Task:
        train, _, source = _mnist(dtype)
        noise = np.random.default_rng([seed, 3]).standard_normal((SAMPLES, latents)).astype(dtype)
        return Task(train, train, noise, noise, source=source, tested_on="sample")

    return real


def _mnist(dtype: npt.DTypeLike) -> tuple[Array, Array, str]:
    dataset = load("mnist")
    assert dataset.test is not None
    train, test = (as_floats(split.inputs, dtype).reshape(-1, 784) for split in (dataset.train, dataset.test))
    return train, test, dataset.source


def _recipe(name: str, title: str, network: str, **rest: Any) -> Recipe:
    latents = rest.get("settings", {}).get("latents", 784)  # what the network is tested on: noise, or images

    def made_up(examples: int, generator: np.random.Generator, dtype: npt.DTypeLike) -> Task:
        images = generator.random((examples, 784)).astype(dtype)
        noise = generator.standard_normal((examples, latents)).astype(dtype)
        return Task(images, images, noise, noise, source="made up")

    return Recipe(name, title, "mnist", network, **{"batch_size": 64, "made_up": made_up, **rest})


RECIPES: tuple[Recipe, ...] = (
    _recipe(
        "autoencoder",
        "digits through 32 numbers",
        "784-128-32-128-784",
        start=_autoencoder,
        real=_reconstruct,
        score=RECONSTRUCTION,
        goal=0.012,
        epochs=3,
        learning_rate=0.002,
    ),
    _recipe(
        "vae",
        "draws digits: variational",
        "784-256-16 and back, 16 means and variances",
        start=_vae,
        real=_draw(16),
        score=RECOGNIZED,
        goal=0.4,
        epochs=5,
        learning_rate=0.002,
        settings={"latents": 16, "seed": 0},
    ),
    _recipe(
        "gan",
        "draws digits: dense players",
        "32-128-256-784 against 784-128-1",
        start=_gan,
        real=_draw(32),
        score=RECOGNIZED,
        goal=0.25,
        epochs=6,
        learning_rate=0.0005,
        settings={"latents": 32, "seed": 0},
    ),
    _recipe(
        "dcgan",
        "draws digits: convolutions",
        "10 to 4×4×128, 7×7×64, 14×14×32, 28×28; against the reverse",
        start=dcgan(32, 10),
        real=_draw(10),
        score=RECOGNIZED,
        goal=0.8,
        epochs=5,
        batch_size=32,
        learning_rate=0.004,
        settings={"latents": 10, "seed": 0},
    ),
)
