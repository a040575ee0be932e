"""Find and name several digits on a canvas: a small YOLO."""

import torch
from torch import Tensor, nn

from ..ops.detection import batched_nms, clip_boxes_to_image, yolo_decode, yolo_loss

STRIDE, CLASSES, CONFIDENT, SAME, MOST = 8, 10, 0.05, 0.5, 20


class Network(nn.Module):
    """x: (N, 1, H, W) → (N, 15, H / 8, W / 8)."""

    def __init__(self, parameters: dict[str, Tensor], *, anchor: tuple[float, float]) -> None:
        super().__init__()
        self.layer1 = nn.Conv2d(1, 16, 3, stride=2, padding=1)
        self.layer2 = nn.Conv2d(16, 32, 3, stride=2, padding=1)
        self.layer3 = nn.Conv2d(32, 64, 3, stride=2, padding=1)
        self.layer4 = nn.Conv2d(64, 64, 3, padding=1)
        self.layer5 = nn.Conv2d(64, 64, 3, padding=1)
        self.head = nn.Conv2d(64, 5 + CLASSES, 1)
        dtype = parameters["head.weight"].dtype
        self.to(dtype).load_state_dict(parameters)
        self.anchors = torch.tensor([anchor], dtype=dtype)
        self.optimizer = torch.optim.Adam(self.parameters())

    def forward(self, x: Tensor) -> Tensor:
        """x: (N, 1, H, W) → (N, 15, H / 8, W / 8)."""
        for layer in (self.layer1, self.layer2, self.layer3, self.layer4, self.layer5):
            x = torch.relu(layer(x))
        said: Tensor = self.head(x)
        return said

    def step(self, x: Tensor, target: Tensor, learning_rate: float) -> float:
        """One update from x: (N, 1, H, W) and target: (N, M, 5), class x1 y1 x2 y2 → the loss before it."""
        self.optimizer.param_groups[0]["lr"] = learning_rate
        labels = target[..., 0].round().long()
        loss = yolo_loss.forward(self(x), target[..., 1:], labels, self.anchors, stride=STRIDE, box_weight=2.0)
        self.optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        self.optimizer.step()
        return loss.item()

    @torch.no_grad()
    def predict(self, x: Tensor) -> Tensor:
        """x: (N, 1, H, W) → (N, MOST, 6): class, confidence, x1 y1 x2 y2; what is left over has the class -1."""
        said = self(x)
        boxes = yolo_decode.forward(said[:, None, :4], self.anchors, stride=STRIDE)[:, 0]
        probability, label = said[:, 5:].softmax(dim=1).max(dim=1)
        confidence = said[:, 4].sigmoid() * probability
        answer = said.new_zeros(len(x), MOST, 6)
        answer[..., 0] = -1
        for row, box, name, score in zip(answer, boxes, label, confidence, strict=True):
            found = score > CONFIDENT
            box = clip_boxes_to_image.forward(box[found], size=tuple(x.shape[2:]))
            name, score = name[found], score[found]
            kept = batched_nms.forward(box, score, name, iou_threshold=SAME)[:MOST]
            row[: len(kept)] = torch.cat((name[kept, None], score[kept, None], box[kept]), dim=1)
        return answer
