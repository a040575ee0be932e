"""Lesson 14: the projects that learn from one kind of digits, and go on with another."""

from ..harness.entry import Mistake, Project

ADDED_UP = Mistake("gradients of all steps add up", "        self.optimizer.zero_grad()\n", "")

ROWS: tuple[Project, ...] = (
    Project(
        "projects.pretraining",
        lesson=14,
        title="Project: pretraining",
        slow=True,
        head="output.",
        batch=8,
        mistakes=(
            ADDED_UP,
            Mistake("trained in inference mode", "        self.train()\n", "        self.eval()\n"),
            Mistake("weights do not decay", "weight_decay=weight_decay)\n", "weight_decay=0.0)\n"),
            Mistake("no momentum", "SGD(self.parameters(), momentum=momentum", "SGD(self.parameters(), momentum=0.0"),
            Mistake("the schedule is ignored", 'param_groups[0]["lr"] = learning_rate', 'param_groups[0]["lr"] = 0.05'),
            Mistake(
                "a ReLU is left out",
                "BatchNorm2d(16),\n            ReLU()",
                "BatchNorm2d(16),\n            Sequential()",
            ),
            Mistake("the head stands still", "SGD(self.parameters(),", "SGD(self.body.parameters(),"),
            Mistake("the body stands still", "SGD(self.parameters(),", "SGD(self.output.parameters(),"),
        ),
    ),
    Project(
        "projects.fine_tuning",
        lesson=14,
        title="Project: fine-tuning",
        batch=8,
        mistakes=(
            ADDED_UP,
            Mistake("frozen layers move", "        freeze(self, *frozen)\n", ""),
            Mistake("batch-norm statistics move when frozen", "        eval_frozen(self)\n", ""),
            Mistake(
                "the statistics of all layers stand still",
                "        eval_frozen(self)\n",
                "        super().train(False)\n",
            ),
            Mistake("one learning rate for all", "= share * learning_rate", "= learning_rate"),
            Mistake("the schedule is ignored", "= share * learning_rate", "= share * 0.05"),
            Mistake(
                "the shares in another order",
                "zip(self.optimizer.param_groups, self.shares",
                "zip(self.optimizer.param_groups, self.shares[::-1]",
            ),
            Mistake("weights do not decay", "weight_decay=weight_decay)\n\n", "weight_decay=0.0)\n\n"),
            Mistake("only the head learns", "freeze(self, *frozen)", 'freeze(self, "body.*")'),
        ),
    ),
)
