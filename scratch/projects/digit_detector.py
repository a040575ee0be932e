"""Find and name several digits on a canvas: a small YOLO.

    canvas (1, 64, 64) → five convolutions with ReLU, three of which halve the image → (64, 8, 8)
                       → a convolution 1 × 1 → (15, 8, 8): of each cell of 8 × 8 pixels tx ty tw th, "here", classes

One look at the whole image is enough, for all objects at once ("you only look once"). Every cell sees 47 × 47 pixels
around it, more than a digit, and the same weights serve all of them: what is learnt about a 7 in one corner is known in
every other. There is one anchor, of the size of a typical digit.

From the numbers to an answer: every cell has a box (`yolo_decode`) and a confidence, σ(here) · the largest probability
of a class. What is hardly confident goes; of boxes of the same class that overlap the most confident stays (`nms`).

Source: Redmon, Divvala, Girshick & Farhadi 2016, "You only look once", arXiv:1506.02640.
"""

from typing import Any

import numpy as np

from ..autograd.bridge import differentiable
from ..autograd.tape import no_grad
from ..autograd.tensor import Tensor
from ..nn.convolution import Conv2d
from ..nn.module import Module
from ..ops.activations import relu, sigmoid, softmax
from ..ops.detection import batched_nms, clip_boxes_to_image, yolo_decode, yolo_loss
from ..optim.adam import Adam
from ..types import Array

apply_relu = differentiable(relu)
apply_yolo_loss = differentiable(yolo_loss)

STRIDE = 8  # pixels a side of a cell
CLASSES = 10
CONFIDENT = 0.05  # what is less is not said
SAME = 0.5  # boxes of one class that overlap more are of the same digit
MOST = 20  # answers for one canvas


class Network(Module):
    """x: (N, 1, H, W) → (N, 15, H / 8, W / 8). anchor: width and height that offsets of 0 stand for."""

    def __init__(self, parameters: dict[str, Array], *, anchor: tuple[float, float]) -> None:
        super().__init__()
        self.layer1 = Conv2d(1, 16, 3, stride=2, padding=1)
        self.layer2 = Conv2d(16, 32, 3, stride=2, padding=1)
        self.layer3 = Conv2d(32, 64, 3, stride=2, padding=1)
        self.layer4 = Conv2d(64, 64, 3, padding=1)
        self.layer5 = Conv2d(64, 64, 3, padding=1)
        self.head = Conv2d(64, 5 + CLASSES, 1)
        dtype = parameters["head.weight"].dtype
        self.to(dtype).load_state_dict(parameters)
        self.anchors = np.array([anchor], dtype)
        self.optimizer = Adam(self.parameters())

    def forward(self, x: Tensor) -> Any:
        """x: (N, 1, H, W) → (N, 15, H / 8, W / 8)."""
        for layer in (self.layer1, self.layer2, self.layer3, self.layer4, self.layer5):
            x = apply_relu(layer(x))
        return self.head(x)

    def step(self, x: Array, target: Array, learning_rate: float) -> float:
        """One update from x: (N, 1, H, W) and target: (N, M, 5), class x1 y1 x2 y2 → the loss before it."""
        boxes, labels = target[..., 1:], target[..., 0].round().astype(np.int64)
        loss = apply_yolo_loss(self(Tensor(x)), boxes, labels, self.anchors, stride=STRIDE, box_weight=2.0)
        self.optimizer.param_groups[0]["lr"] = learning_rate
        self.optimizer.zero_grad()
        loss.backward()
        self.optimizer.step()
        return float(loss.data)

    def predict(self, x: Array) -> Array:
        """x: (N, 1, H, W) → (N, MOST, 6): class, confidence, x1 y1 x2 y2; what is left over has the class -1."""
        with no_grad():
            said = self(Tensor(x)).data  # (N, 15, rows, columns)
        boxes, _ = yolo_decode.forward(said[:, None, :4], self.anchors, stride=STRIDE)
        classes, _ = softmax.forward(said[:, 5:], dim=1)
        here, _ = sigmoid.forward(said[:, 4])
        confidence = here * classes.max(axis=1)  # (N, rows, columns)
        answer = np.zeros_like(said, shape=(len(x), MOST, 6))
        answer[..., 0] = -1
        for i, found in enumerate(confidence > CONFIDENT):
            inside, _ = clip_boxes_to_image.forward(boxes[i, 0][found], size=x.shape[2:])
            label, score = classes[i].argmax(axis=0)[found], confidence[i][found]
            kept = batched_nms.forward(inside, score, label, iou_threshold=SAME)[:MOST]
            answer[i, : len(kept), 0] = label[kept]
            answer[i, : len(kept), 1] = score[kept]
            answer[i, : len(kept), 2:] = inside[kept]
        return answer
