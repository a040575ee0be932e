"""Lesson 14: which part of a network learns, and how fast."""

from typing import Any

from ..harness.entry import Case, Entry, Mistake, Refusal
from ..harness.inputs import Draw, cases
from ..harness.trainings import Side, training
from ..harness.transfers import HEAD, SOME, arrays, modes, network, places, state_of, step

BODY = ("0.0.weight", "0.1.weight", "0.1.bias", "0.3.weight", "0.4.weight", "0.4.bias")

# Scripts, written once for both sides


def frozen_while_it_learns(
    side: Side,
    x: Any,
    y: Any,
    first: Any,
    second: Any,
    head: Any,
    *,
    patterns: tuple[str, ...],
    thawed: tuple[str, ...] = (),
    fitted: bool = False,
) -> tuple[Any, ...]:
    """Two steps with everything free, two with a part frozen, one after some of that was thawed."""
    freezing = side.load("training.freeze")
    model = network(side, first, second, head)
    optimizer = side.load("optim.sgd").SGD(model.parameters(), lr=0.0625, momentum=0.5, weight_decay=0.125)
    in_training: list[bool] = []
    found: list[Any] = []

    def some_steps(count: int) -> None:
        if fitted:
            side.load("training.fit").fit(
                model, [(x, y)], side.load("nn.losses").MSELoss(), optimizer,
                epochs=count, callbacks=[freezing.KeepFrozen()],
            )  # fmt: skip
        for _ in range(0 if fitted else count):
            model.train()
            freezing.eval_frozen(model)
            step(side, model, optimizer, x, y)
        in_training.extend(modes(model))
        found.extend(state_of(model))

    some_steps(2)
    names = freezing.freeze(model, *patterns)
    some_steps(2)
    left = freezing.thaw(model, *thawed)
    some_steps(1)
    return in_training, places(model, names), places(model, left), *found


def in_groups(
    side: Side,
    x: Any,
    y: Any,
    first: Any,
    second: Any,
    head: Any,
    *,
    rates: dict[str, float],
    frozen: tuple[str, ...] = (),
) -> tuple[Any, ...]:
    """The groups, and where two steps lead."""
    model = network(side, first, second, head)
    for name, parameter in model.named_parameters():
        parameter.requires_grad = name not in frozen
    groups = side.load("training.parameter_groups").parameter_groups(model, rates)
    named = {id(parameter): name for name, parameter in model.named_parameters()}
    members = [places(model, [named[id(parameter)] for parameter in group["params"]]) for group in groups]
    optimizer = side.load("optim.sgd").SGD(groups, lr=1.0, momentum=0.5)
    losses = [step(side, model, optimizer, x, y) for _ in range(2)]
    return [group["lr"] for group in groups], *members, *losses, *state_of(model)


# Inputs


@cases("smooth")
def freezing(draw: Draw) -> Case:
    patterns = draw.choice(
        (
            ("0.*",),
            ("0.[01].*",),
            ("0.4.*", "0.1.*"),
            ("0.1.weight", "0.0.*"),
            ("*.weight",),
            ("0.[34].*", f"{HEAD}.bias"),
        )
    )
    thawed = draw.choice(((), patterns[-1:], ("*.bias", "*.weight")))
    return Case(arrays(draw), {"patterns": patterns, "thawed": thawed, "fitted": draw.boolean()})


@cases("smooth")
def grouping(draw: Draw) -> Case:
    rates = draw.choice(
        (
            {"1.*": 0.25, "*": 0.0625},
            {"*.bias": 0.125, "1.*": 0.5, "*": 0.25},
            {"0.[01].*": 0.0, "0.*": 0.125, "1.*": 0.5},
            {"*": 0.125, "1.*": 0.5},
        )
    )
    return Case(arrays(draw), {"rates": rates, "frozen": draw.choice(((), BODY[:3], BODY, ("1.1.bias",)))})


ROWS = (
    Entry(
        "training.freeze",
        lesson=14,
        title="Freezing",
        inputs=freezing,
        adapter=training("training.freeze", frozen_while_it_learns),
        gradient=False,
        share=0.5,
        refusals=(
            Refusal(
                "no such name", Case(SOME, {"patterns": ("0.*", "body.*")}), says=("pattern", "body.*", "0.0.weight")
            ),
            Refusal("nothing to thaw", Case(SOME, {"patterns": ("0.*",), "thawed": ("7.*",)}), says=("pattern", "7.*")),
        ),
        mistakes=(
            Mistake(
                "frozen layers move: they go on learning", replace=".requires_grad = False", by=".requires_grad = True"
            ),
            Mistake(
                "frozen layers move: an old gradient is still there",
                replace="        parameters[name].grad = None\n",
                by="",
            ),
            Mistake(
                "batch-norm statistics move when frozen", replace="            module.eval()", by="            pass"
            ),
            Mistake(
                "batch-norm statistics move in fit",
                replace="        eval_frozen(run.model)",
                by="        run.model.train()",
            ),
            Mistake(
                "everything is in inference mode", replace="            module.eval()", by="            model.eval()"
            ),
            Mistake("what is frozen in part is in inference mode", replace="not any(learns)", by="not all(learns)"),
            Mistake(
                "a dropout that has no parameters counts as frozen",
                replace="if learns and not any(learns):",
                by="if not any(learns):",
            ),
            Mistake(
                "a dropout inside of what is frozen still drops",
                replace="            module.eval()",
                by="            module.training = False",
            ),
            Mistake(
                "the last pattern only",
                replace="in matching(list(parameters), patterns):\n        parameters[name].requires_grad = False",
                by="in matching(list(parameters), patterns[-1:]):\n        parameters[name].requires_grad = False",
            ),
            Mistake(
                "a pattern is how a name begins",
                replace="if any(fnmatchcase(name, pattern) for pattern in patterns)]",
                by="if name.startswith(tuple(pattern.rstrip('*') for pattern in patterns))]",
            ),
            Mistake("thawing does nothing", replace="parameters[name].requires_grad = True", by="pass"),
            Mistake(
                "thawing thaws everything",
                replace="in matching(list(parameters), patterns):\n        parameters[name].requires_grad = True",
                by="in parameters:\n        parameters[name].requires_grad = True",
            ),
            Mistake(
                "the names of those that learn",
                replace="if not parameter.requires_grad]",
                by="if parameter.requires_grad]",
            ),
            Mistake(
                "a pattern without a name is passed over",
                replace="if not any(fnmatchcase(name, pattern) for name in names):",
                by="if False:",
            ),
        ),
    ),
    Entry(
        "training.parameter_groups",
        lesson=14,
        title="Learning rates of their own",
        inputs=grouping,
        adapter=training("training.parameter_groups", in_groups),
        gradient=False,
        share=0.5,
        refusals=(
            Refusal("no such name", Case(SOME, {"rates": {"head.*": 0.1, "*": 0.1}}), says=("pattern", "head.*")),
            Refusal("nobody names it", Case(SOME, {"rates": {"1.*": 0.1}}), says=("must match", "0.0.weight", "1.*")),
        ),
        mistakes=(
            Mistake("one rate for all", replace='"lr": rates[pattern]', by='"lr": max(rates.values())'),
            Mistake(
                "the last pattern decides",
                replace="    for pattern in rates:\n        if fnmatchcase(name, pattern):\n",
                by="    for pattern in reversed(list(rates)):\n        if fnmatchcase(name, pattern):\n",
            ),
            Mistake("the frozen are in a group", replace="if parameter.requires_grad:", by="if True:"),
            Mistake("groups of nothing", replace="in members.items() if found]", by="in members.items()]"),
            Mistake("only the first of each group", replace='{"params": found,', by='{"params": found[:1],'),
            Mistake(
                "who has no pattern goes to the first",
                replace='    raise ValueError(f"each parameter that learns',
                by='    return next(iter(rates))\n    raise ValueError(f"each parameter that learns',
            ),
            Mistake(
                "a pattern without a name is passed over",
                replace="if not any(fnmatchcase(name, pattern) for name in names):",
                by="if False:",
            ),
        ),
    ),
)
