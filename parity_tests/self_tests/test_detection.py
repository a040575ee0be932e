"""Detection beyond the rows: against COCO's own program, by hand, and what an untrained or hopeless detector gets."""

import contextlib
import io

import numpy as np
import pytest
import torch
from typer.testing import CliRunner

from nn_parity import canvases
from nn_parity.cli import app
from nn_parity.data import Dataset, Split
from nn_parity.lockstep import sides_of
from nn_parity.recipes import RECIPES, detection
from reference_torch.ops.detection import mean_average_precision as in_torch
from scratch.ops.detection import average_precision, generalized_box_iou_loss, mean_average_precision

from . import within_noise

DETECTOR = RECIPES["digit_detector"]


def some_detections(seed, images=12, classes=4, count=80):
    """Targets, and for each a few boxes nearby, some of another class; and boxes by chance."""
    generator = np.random.default_rng(seed)
    corner = generator.integers(0, 60, (count, 2)).astype(np.float64)
    targets = np.concatenate([corner, corner + generator.integers(4, 30, (count, 2))], axis=1)
    labels, places = generator.integers(0, classes, count), generator.integers(0, images, count)
    again = generator.integers(0, count, 4 * count)
    boxes = targets[again] + generator.normal(0, 2, (len(again), 4))
    boxes = np.concatenate([boxes[:, :2], np.maximum(boxes[:, :2] + 1, boxes[:, 2:])], axis=1)
    own = np.where(generator.random(len(again)) < 0.8, labels[again], generator.integers(0, classes + 1, len(again)))
    scores = generator.integers(0, 50, len(again)) / 50  # so that some are equal
    return boxes, scores, own, places[again], targets, labels, places


def by_coco(boxes, scores, labels, images, targets, target_labels, target_images, max_detections):
    """mAP at 0.5, 0.55 … 0.95, by pycocotools."""
    from pycocotools.coco import COCO
    from pycocotools.cocoeval import COCOeval

    def sized(box):
        return [*box[:2], box[2] - box[0], box[3] - box[1]]

    truth = COCO()
    truth.dataset = {
        "info": {},
        "images": [{"id": int(i)} for i in np.union1d(images, target_images)],
        "categories": [{"id": int(c)} for c in np.union1d(labels, target_labels)],
        "annotations": [
            {"id": k + 1, "image_id": int(i), "category_id": int(c), "bbox": sized(b), "area": 1.0, "iscrowd": 0}
            for k, (b, c, i) in enumerate(zip(targets.tolist(), target_labels, target_images, strict=True))
        ],
    }
    with contextlib.redirect_stdout(io.StringIO()):
        truth.createIndex()
        found = truth.loadRes(
            [
                {"image_id": int(i), "category_id": int(c), "bbox": sized(b), "score": float(s)}
                for b, s, c, i in zip(boxes.tolist(), scores, labels, images, strict=True)
            ]
        )
        judge = COCOeval(truth, found, "bbox")
        judge.params.maxDets = [max_detections]
        judge.evaluate()
        judge.accumulate()
    precision = judge.eval["precision"][:, :, :, 0, 0]  # (thresholds, levels, classes); -1 where there is no target
    return np.array([p[:, (p >= 0).all(axis=0)].mean() for p in precision])


@pytest.mark.parametrize("max_detections", [100, 3])
@pytest.mark.parametrize("seed", range(3))
def test_mean_average_precision_is_that_of_coco(seed, max_detections):
    arrays = some_detections(seed)
    expected = by_coco(*arrays, max_detections)
    assert 0.05 < expected.mean() < 0.95
    ours = mean_average_precision.forward(*arrays, max_detections=max_detections)
    theirs = in_torch.forward(*map(torch.from_numpy, arrays), max_detections=max_detections)
    # Both ways: a mean over classes and 101 levels of recall, of quotients; pycocotools adds a bit to denominators.
    roundings = 2 * (101 * len(np.unique(arrays[5])) + 3)
    within_noise.agree_but_for(roundings, ours, expected, size=1.0)
    within_noise.agree_but_for(roundings, theirs.numpy(), expected, size=1.0)


def test_average_precision_by_hand():
    scores = np.array([0.9, 0.8, 0.7, 0.6, 0.5])
    matched = np.array([True, False, False, True, False])
    # Recall ½ with precision 1, then 1 with ½: the levels 0 … 0.5 (51 of them) get 1, the 50 above get ½.
    assert average_precision.forward(scores, matched, positives=2) == (51 + 50 / 2) / 101


def test_who_says_nothing_has_found_nothing_and_nothing_to_find_has_no_score():
    boxes, labels = np.array([[0.0, 0.0, 2.0, 2.0]]), np.zeros(1, np.int64)
    nothing = (np.zeros((0, 4)), np.zeros(0), labels[:0], labels[:0])
    assert (mean_average_precision.forward(*nothing, boxes, labels, labels) == 0).all()
    assert np.isnan(mean_average_precision.forward(boxes, np.ones(1), labels, labels, *nothing[:1], *nothing[2:])).all()


def test_a_box_that_is_nan_makes_a_loss_that_tells():
    box = np.array([[0.0, 0.0, 2.0, 2.0]])
    assert np.isnan(generalized_box_iou_loss.forward(box * np.nan, box)[0]).all()


@pytest.mark.parametrize("side", ["scratch", "torch"])
@pytest.mark.parametrize("here", [-50.0, 50.0])
def test_every_image_gets_an_answer_of_the_same_shape(side, here):
    """Whether every cell is silent or every cell sees something."""
    parameters = DETECTOR.parameters()
    parameters["head.bias"][4] = here
    (one,) = sides_of(DETECTOR, side, parameters)
    empty = one.hand_over(np.zeros((0, 1, 64, 64), np.float32))
    answer = one.predict(np.zeros((2, 1, 64, 64), np.float32))
    assert answer.shape == (2, 20, 6)
    assert answer.dtype == np.float32
    assert (answer[..., 0] == -1).all() == (here < 0)
    assert one.network.predict(empty).shape == (0, 20, 6)


def test_both_sides_say_the_same():
    inputs = np.random.default_rng(0).random((3, 1, 64, 64)).astype(np.float32)
    parameters = DETECTOR.parameters()
    parameters["head.bias"][4] = 2.0  # talkative
    parameters["head.weight"] *= 10
    (ours,) = sides_of(DETECTOR, "scratch", parameters)
    found = ours.predict(inputs)

    def theirs(tensors):
        given = {name: value.astype(tensors[0].numpy().dtype) for name, value in parameters.items()}
        (side,) = sides_of(DETECTOR, "torch", given)
        return [np.asarray(side.network.predict(tensors[0]))]

    assert (found[..., 0] >= 0).sum() > 20
    within_noise.agree([found], theirs, [inputs])


def digits(count=30):
    """Bars and rings in the place of digits."""
    images = np.zeros((count, 28, 28), np.uint8)
    images[::2, 4:24, 12:16] = 255
    images[1::2, 6:22, 8:20] = 255
    images[1::2, 10:18, 11:17] = 0
    return Split(images, np.arange(count) % 2)


def test_canvases_are_the_same_for_the_same_seed_and_boxes_lie_on_them():
    first, targets = canvases.draw(digits(), 20, np.random.default_rng(3), np.float32)
    again, _ = canvases.draw(digits(), 20, np.random.default_rng(3), np.float32)
    assert np.array_equal(first, again)
    assert first.shape == (20, 1, canvases.SIZE, canvases.SIZE)
    assert first.min() >= 0 and first.max() <= 1
    labels = targets[..., 0]
    counts = (labels >= 0).sum(axis=1)
    assert counts.min() == 0 and counts.max() == canvases.MOST, "empty canvases occur, and full ones"
    boxes = targets[labels >= 0][:, 1:]
    assert (boxes[:, 2:] > boxes[:, :2]).all() and boxes.min() >= 0 and boxes.max() <= canvases.SIZE
    for canvas, of_canvas in zip(first[:, 0], targets, strict=True):
        for _, x1, y1, x2, y2 in of_canvas[of_canvas[:, 0] >= 0].astype(int):
            inside = canvas[y1:y2, x1:x2] > canvases.INK
            assert inside[0].any() and inside[-1].any() and inside[:, 0].any() and inside[:, -1].any()


def test_the_metric_takes_what_networks_say():
    targets = np.full((2, 3, 5), -1.0, np.float32)
    targets[0, 0] = 7, 10, 10, 30, 30
    perfect = np.zeros((2, 20, 6), np.float32)
    perfect[..., 0] = -1
    perfect[0, 0] = 7, 0.9, 10, 10, 30, 30
    assert detection.mean_average_precision(perfect, targets) == 1
    perfect[0, 0, 0] = 1
    assert detection.mean_average_precision(perfect, targets) == 0


@pytest.fixture
def few_canvases(monkeypatch):
    """The real command on 24 canvases with bars and rings."""
    task = canvases.task
    bars = Dataset("mnist", digits(), digits(), tuple("0123456789"), source="here")
    monkeypatch.setattr(canvases, "load", lambda name: bars)
    monkeypatch.setattr(canvases, "task", lambda train, test, seed, dtype: task(24, 6, seed, dtype))


@pytest.mark.parametrize("side", ["scratch", "torch"])
def test_detect_draws_what_it_finds(few_canvases, tmp_path, side):
    file = tmp_path / "boxes.png"
    result = CliRunner().invoke(app, ["detect", str(file), "--side", side, "--epochs", "1", "--canvases", "5"])
    assert result.exit_code == 0, result.output
    assert "mAP@0.5" in result.output and f"boxes: {file}" in result.output.replace("\n", "")
    assert file.read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["boxes.txt"], ".png"),
        (["boxes.png", "--side", "both"], "'both' is not one of"),
        (["nowhere/boxes.png"], "no folder"),
        (["boxes.png", "--canvases", "0"], "--canvases"),
    ],
)
def test_detect_refuses_before_it_trains(arguments, says, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(app, ["detect", *arguments])
    assert result.exit_code == 2
    assert says in result.output
