"""Looking into a convolutional network: its filters, what they answer to an image, and where it looked.

    nn-parity look                        train on MNIST for a while, and say where it looks
    nn-parity look --plot looking.png     and draw it

Three pictures. *Filters*: the weights of the first convolution are small images themselves, of what they look for.
*Activation maps*: where in an image each of them found it. *Grad-CAM*: where the evidence for an answer lies. Of the
last convolution, take the maps A_k of its channels and ask how much the logit of the answer would grow with each,

    α_k = mean over the places of ∂logit / ∂A_k        map = relu(Σ_k α_k · A_k)

which is bright where channels are active that speak for the answer.

Source: Selvaraju et al. 2017, arXiv:1610.02391 (Grad-CAM); Zeiler & Fergus 2014, arXiv:1311.2901.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from scratch.autograd.derivatives import grad
from scratch.autograd.tape import no_grad
from scratch.autograd.tensor import Tensor
from scratch.nn.module import Module

from .data.dataset import Array

EXAMPLES = 8  # images in the picture


class Seen(NamedTuple):
    """What was seen of a network and some images."""

    images: Array  # (N, C, H, W)
    answers: Array  # (N,)
    targets: Array  # (N,)
    filters: Array  # (O, C, kH, kW)
    maps: Array  # (O, H', W'), of the first image
    evidence: Array  # (N, H'', W''), Grad-CAM for each answer


def look(network: Any, first: Any, last: Module, images: Array, targets: Array) -> Seen:
    """first, last: convolutions of the network, whose filters and maps are drawn, and whose maps are weighed."""
    answers = np.asarray(network.predict(images))
    evidence = np.stack(
        [grad_cam(network, last, image[None], int(answer)) for image, answer in zip(images, answers, strict=True)]
    )
    return Seen(
        images, answers, targets, first.weight.data.copy(), activations(network, first, images[:1])[0], evidence
    )


def activations(network: Module, layer: Module, x: Array) -> Array:
    """What a layer of the network gives for x."""
    with no_grad():
        _, y = _watched(network, layer, x)
    return y.numpy()  # type: ignore[no-any-return]


def grad_cam(network: Module, layer: Module, x: Array, answer: int) -> Array:
    """Where the evidence for an answer lies: x (1, C, H, W) → (H', W'), the places of the layer's maps."""
    logits, maps = _watched(network, layer, x)
    (slope,) = grad([logits[0, answer]], [maps])
    assert slope is not None
    weights = slope.numpy()[0].mean(axis=(1, 2))  # (K,)
    evidence: Array = np.maximum(np.tensordot(weights, maps.detach().numpy()[0], axes=1), 0)
    return evidence


def _watched(network: Module, layer: Module, x: Array) -> tuple[Any, Any]:
    """The logits, and what the layer gave on the way."""
    seen: list[Any] = []
    handle = layer.register_forward_hook(lambda module, inputs, y: seen.append(y))
    try:
        logits = network(Tensor(x))
    finally:
        handle.remove()
    return logits, seen[-1]


def table(seen: Seen) -> str:
    """For each image the answer, and the middle of the evidence for it."""
    lines = [f"{'image':>5}{'is':>6}{'answer':>9}   middle of the evidence, of height and width"]
    for number, (target, answer, map_) in enumerate(zip(seen.targets, seen.answers, seen.evidence, strict=True)):
        total = map_.sum()
        middles = [
            (map_.sum(axis=1 - axis) @ (np.arange(map_.shape[axis]) + 0.5)) / (total * map_.shape[axis] or 1)
            for axis in (0, 1)
        ]
        where = f"{middles[0]:>8.0%} {middles[1]:>8.0%}" if total else "    none: nothing speaks for it"
        lines.append(f"{number:>5}{target:>6}{answer:>9}{where}")
    return "\n".join(lines)


def plot(seen: Seen, file: Path) -> None:
    """Filters and activation maps in two rows, then images with the evidence laid over them."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg  # draws into files, needs no screen
    from matplotlib.figure import Figure

    figure = Figure(figsize=(12, 6.5), layout="constrained")
    FigureCanvasAgg(figure)
    parts: Any = figure.subfigures(3, 1, height_ratios=(1, 1.6, 1.6))
    top, middle, bottom = parts
    count = len(seen.filters)
    limit = np.abs(seen.filters).max()
    top.suptitle("filters of the first convolution")
    for panel, kernel in zip(top.subplots(1, count), seen.filters.mean(axis=1), strict=True):
        panel.imshow(kernel, cmap="RdBu_r", vmin=-limit, vmax=limit)
        panel.set(xticks=[], yticks=[])
    middle.suptitle("what each of them answers to the first image below")
    half = (count + 1) // 2
    panels = middle.subplots(2, half).ravel()
    for panel in panels:
        panel.set_axis_off()
    for panel, map_ in zip(panels, seen.maps, strict=False):
        panel.imshow(np.maximum(map_, 0), cmap="viridis", vmin=0, vmax=max(seen.maps.max(), 1e-9))
    bottom.suptitle("Grad-CAM: where the evidence for the answer lies")
    panels = bottom.subplots(1, len(seen.images))
    for panel, image, answer, map_ in zip(panels, seen.images, seen.answers, seen.evidence, strict=True):
        height, width = image.shape[1:]
        panel.imshow(image.mean(axis=0), cmap="grey")
        around = (-0.5, width - 0.5, height - 0.5, -0.5)
        panel.imshow(map_, cmap="inferno", alpha=0.6, extent=around, interpolation="bilinear")
        panel.set(title=f"“{answer}”", xticks=[], yticks=[])
    figure.savefig(file)
