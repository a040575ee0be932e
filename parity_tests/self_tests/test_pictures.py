"""Pictures hold what they should: looked for in the figure that is drawn, and a file is written."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from matplotlib.figure import Figure
from typer.testing import CliRunner

from nn_parity import pictures, rate_test
from nn_parity.cli import app
from nn_parity.plots import PlotError
from nn_parity.rate_test import Rates


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[Figure]:
    """The figures that were saved."""
    seen: list[Figure] = []
    save = Figure.savefig

    def keep(self: Figure, *arguments: Any, **options: Any) -> None:
        seen.append(self)
        save(self, *arguments, **options)

    monkeypatch.setattr(Figure, "savefig", keep)
    return seen


def is_png(file: Path) -> bool:
    return file.read_bytes().startswith(b"\x89PNG") and file.stat().st_size > 5000


def test_confusion_matrix(tmp_path: Path, drawn: list[Figure]) -> None:
    counts = np.array([[8, 2, 0], [0, 1, 0], [0, 0, 0]])
    pictures.confusion_matrix(counts, ("cat", "dog", "cow"), tmp_path / "a.png")
    panel = drawn[0].axes[0]
    cells = {tuple(int(v) for v in text.get_position()): text for text in panel.texts}
    assert len(cells) == 9
    assert cells[1, 0].get_text() == "2"  # true class 0, below each other; predicted class 1, side by side
    assert cells[0, 1].get_text() == "0"
    assert cells[0, 0].get_color() == "white"
    assert panel.images[0].get_array().tolist() == [[0.8, 0.2, 0], [0, 1, 0], [0, 0, 0]]
    assert panel.get_title() == "9 of 11 right"
    assert [tick.get_text() for tick in panel.get_yticklabels()] == ["cat", "dog", "cow"]
    assert is_png(tmp_path / "a.png")


def test_decision_boundary(tmp_path: Path, drawn: list[Figure]) -> None:
    inputs = np.array([[0.0, 0.0], [0.0, 2.0], [4.0, 0.0], [4.0, 2.0], [3.0, 1.0]])
    asked: list[Any] = []

    def predict(points: Any) -> Any:
        asked.append(points)
        return (points[:, 0] > 1).astype(int)[:, None]

    pictures.decision_boundary(predict, inputs, np.array([[0.0], [0], [1], [1], [1]]), tmp_path / "a.png")
    panel = drawn[0].axes[0]
    points = {c.get_label(): len(c.get_offsets()) for c in panel.collections if c.get_label().startswith("class")}
    assert points == {"class 0": 2, "class 1": 3}
    assert asked[0].min(axis=0).tolist() == [-0.4, -0.2]
    assert asked[0].max(axis=0).tolist() == [4 + 0.4, 2 + 0.2]
    regions = next(c for c in panel.collections if hasattr(c, "levels"))
    left, right = (path.vertices for path in regions.get_paths())  # where the answer is 0, and where it is 1
    assert left[:, 0].max() < 1.1
    assert right[:, 0].min() > 0.9
    assert is_png(tmp_path / "a.png")


def test_histograms(tmp_path: Path, drawn: list[Figure]) -> None:
    arrays = {f"layer{i}.weight": np.full((3, 4), float(i)) for i in range(1, 5)}
    pictures.histograms(arrays, tmp_path / "a.png", title="weights")
    panels = drawn[0].axes
    assert [panel.axison for panel in panels] == [True] * 4 + [False] * 2
    for i, panel in enumerate(panels[:4], start=1):
        assert sum(bar.get_height() for bar in panel.patches) == 12
        tallest = max(panel.patches, key=lambda bar: bar.get_height())
        assert tallest.get_x() <= i <= tallest.get_x() + tallest.get_width()
        assert panel.get_title() == f"layer{i}.weight (3, 4)\nroot mean square {i}"
    assert is_png(tmp_path / "a.png")


def test_learning_rates(tmp_path: Path, drawn: list[Figure]) -> None:
    rates = np.logspace(-5, 1, 121)
    smooth = 3 - 2.5 / (1 + np.exp(-4 * (np.log10(rates) + 2))) + 8 * np.clip(np.log10(rates), 0, None)
    found = Rates(rates.tolist(), smooth.tolist(), smooth.tolist())
    assert 0.006 < found.suggested < 0.016  # it falls most steeply at 0.01
    pictures.learning_rates(found, tmp_path / "a.png", title="rates")
    panel = drawn[0].axes[0]
    assert panel.get_xscale() == "log"
    assert [len(line.get_xdata()) for line in panel.lines] == [121, 121, 2]
    assert panel.lines[2].get_xdata()[0] == found.suggested
    assert is_png(tmp_path / "a.png")


def test_a_range_test_ends_where_the_loss_explodes() -> None:
    """Gradient descent on a parabola w²/2, which diverges above a learning rate of 2."""

    class Side:
        def __init__(self) -> None:
            self.w, self.losses = 1.0, []

        def step(self, inputs: Any, targets: Any, rate: float) -> None:
            self.losses.append(self.w**2 / 2 + 0.01)
            self.w -= rate * self.w

    class Given:
        batch_size, inputs, targets = 2, np.zeros((4, 1)), np.zeros((4, 1))

    given: Any = Given()
    found = rate_test.study(Side(), given, given, low=1e-4, high=100.0, steps=300)  # type: ignore[arg-type]
    assert 2 < found.rates[-1] < 20
    assert len(found.rates) == len(found.losses) == len(found.smooth) < 300
    assert 1e-3 < found.suggested < 0.5


def test_what_cannot_be_drawn(tmp_path: Path) -> None:
    file = tmp_path / "a.png"
    with pytest.raises(ValueError, match=r"counts must be \(2, 2\)"):
        pictures.confusion_matrix(np.ones((3, 3), int), ("a", "b"), file)
    with pytest.raises(ValueError, match=r"inputs must be \(N, 2\)"):
        pictures.decision_boundary(lambda x: x, np.ones((3, 3)), np.ones(3), file)
    with pytest.raises(ValueError, match="at least one array"):
        pictures.histograms({}, file)
    with pytest.raises(PlotError, match=r"must end in \.png"):
        pictures.histograms({"w": np.ones(3)}, tmp_path / "a.txt")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("confusion", "diabetes"), "has no classes"),
        (("boundary", "digits"), "inputs of another shape"),
        (("histograms", "digits", "--gradients"), "keeps no gradients"),
        (("rates", "digit"), "no project is called"),
    ],
)
def test_the_command_refuses(tmp_path: Path, arguments: tuple[str, ...], says: str) -> None:
    kind, name, *options = arguments
    result = CliRunner().invoke(app, ["picture", kind, name, str(tmp_path / "a.png"), *options])
    assert result.exit_code == 2
    assert says in " ".join(result.output.replace("│", " ").split())


@pytest.mark.parametrize(
    "arguments",
    [("confusion", "breast_cancer", "--torch"), ("boundary", "xor"), ("histograms", "diabetes", "--gradients"),
     ("rates", "breast_cancer")],
)  # fmt: skip
def test_the_command_draws(tmp_path: Path, drawn: list[Figure], arguments: tuple[str, ...]) -> None:
    kind, name, *options = arguments
    limit = [] if kind == "rates" else ["--steps", "20"]
    result = CliRunner().invoke(app, ["picture", kind, name, str(tmp_path / "a.png"), *options, *limit])
    assert result.exit_code == 0, result.output
    assert is_png(tmp_path / "a.png")
    assert len(drawn) == 1
