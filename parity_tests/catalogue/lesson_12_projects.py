"""The projects of lesson 12."""

from ..harness.entry import Mistake, Project

ROWS: tuple[Project, ...] = (
    Project(
        "projects.digit_detector",
        lesson=12,
        title="Project: digits found on a canvas",
        slow=True,
        head="head.",
        batch=4,
        mistakes=(
            Mistake("boxes weigh no more than names", "stride=STRIDE, box_weight=2.0)", "stride=STRIDE)"),
            Mistake("x and y change places", "target[..., 1:], target[..., 0]", "target[..., [2, 1, 4, 3]], target[..., 0]"),
            Mistake(
                "gradients of earlier steps are added", "        self.optimizer.zero_grad()\n", ""
            ),
            Mistake("the learning rate stays", 'param_groups[0]["lr"] = learning_rate', 'param_groups[0]["lr"] = 1e-3'),
            Mistake("one ReLU is left out", "x = apply_relu(layer(x))",
                    "x = layer(x) if layer is self.layer5 else apply_relu(layer(x))"),
            Mistake("a layer is left out of training", "self.optimizer = Adam(self.parameters())",
                    "self.optimizer = Adam(list(self.parameters())[2:])"),
            Mistake("cells of 10 pixels", "STRIDE = 8", "STRIDE = 10"),
            Mistake("the loss is measured after the update", "return float(loss.data)",
                    "return float(apply_yolo_loss(self(Tensor(x)), boxes, labels, self.anchors, stride=STRIDE, "
                    "box_weight=2.0).data)"),
        ),
    ),
)  # fmt: skip
