"""Lesson 14: what a network takes over from one that was trained for something else, and what it does not."""

from typing import Any

from ..harness.entry import Case, Entry, Mistake, Refusal
from ..harness.inputs import Draw, cases
from ..harness.trainings import Side, training
from ..harness.transfers import HEAD, SOME, arrays, columns, modes, network, places, state_of, step

# Scripts, written once for both sides


def loaded_in_part(
    side: Side,
    x: Any,
    y: Any,
    first: Any,
    second: Any,
    head: Any,
    *other: Any,
    prefix: str = "",
    skip: tuple[str, ...] = (),
    renamed: str = "",
) -> tuple[Any, ...]:
    """From a trained network into one with other weights and perhaps other shapes, which then learns on."""
    sgd = side.load("optim.sgd").SGD
    model, source = network(side, *other), network(side, first, second, head)
    step(side, source, sgd(source.parameters(), lr=0.25), x, y)
    state = {f"{renamed}{name}": value for name, value in source.state_dict().items()}
    state["another.weight"] = head
    found = side.load("training.load_pretrained").load_pretrained(model, state, prefix=prefix, skip=skip)
    after = state_of(model)
    step(side, model, sgd(model.parameters(), lr=0.25), x, columns(y, len(other[-1])))
    unused = [list(state).index(name) for name in found[2]]
    return places(model, found[0]), places(model, found[1]), unused, *after, *state_of(model), *state_of(source)


def with_another_head(
    side: Side,
    x: Any,
    y: Any,
    first: Any,
    second: Any,
    head: Any,
    *,
    classes: int,
    path: str = HEAD,
    bias: bool = True,
    inference: bool = False,
    frozen: bool = False,
    steps: int = 0,
) -> tuple[Any, ...]:
    """What it says at first, and after some steps."""
    model = network(side, first, second, head, bias=bias)
    model.train(not inference)
    model.requires_grad_(not frozen)
    new = side.load("training.replace_head").replace_head(model, path, classes)
    kind = modes(model), [parameter.requires_grad for parameter in new.parameters()]
    silent = model(side.tensor(x))
    optimizer = side.load("optim.sgd").SGD(model.parameters(), lr=0.25)
    wanted = columns(y, classes)
    losses = [step(side, model, optimizer, x, wanted) for _ in range(steps)]
    return *kind, silent, *losses, *state_of(model), *new.parameters()


# Inputs


@cases("smooth")
def loading(draw: Draw) -> Case:
    mine = arrays(draw)
    classes = draw.choice((len(mine[-1]), len(mine[-1]), 3))
    other = [draw.uniform(array.shape, -1, 1) for array in mine[2:4]]
    head = draw.uniform((classes, mine[-1].shape[1]), -1, 1)
    renamed = draw.choice(("", "model.", "model."))
    skip = draw.choice(((f"{HEAD}.*", "0.3.weight"), (f"{HEAD}.*",), (), ("*.running_*", "0.1.*")))
    return Case((*mine, *other, head), {"prefix": renamed, "renamed": renamed, "skip": skip})


@cases("smooth")
def heads(draw: Draw) -> Case:
    options = {
        "classes": draw.integer(1, 3),
        "bias": draw.choice((True, True, False)),
        "inference": draw.boolean(),
        "frozen": draw.boolean(),
        "steps": draw.choice((2, 0, 2)),
    }
    return Case(arrays(draw), options)


ROWS = (
    Entry(
        "training.load_pretrained",
        lesson=14,
        title="Loading what fits",
        inputs=loading,
        adapter=training("training.load_pretrained", loaded_in_part),
        gradient=False,
        share=0.5,
        refusals=(
            Refusal(
                "another prefix", Case((*SOME, *SOME[2:]), {"prefix": "body."}), says=("prefix='body.'", "1.1.weight")
            ),
            Refusal("all is skipped", Case((*SOME, *SOME[2:]), {"skip": ("*",)}), says=("state_dict", "at least one")),
        ),
        mistakes=(
            Mistake(
                "running statistics stay behind",
                replace="for full, value in state_dict.items():\n        name",
                by='for full, value in {n: v for n, v in state_dict.items() if "running" not in n}.items():\n        name',
            ),
            Mistake(
                "the count of batches stays behind",
                replace="for full, value in state_dict.items():\n        name",
                by="for full, value in {n: v for n, v in state_dict.items() if np.ndim(v)}.items():\n        name",
            ),
            Mistake(
                "the prefix stays in the names of biases",
                replace="name = full.removeprefix(prefix)",
                by='name = full if full.endswith("bias") else full.removeprefix(prefix)',
            ),
            Mistake("skip is ignored", replace=" and not any(fnmatchcase(name, pattern) for pattern in skip)", by=""),
            Mistake("only the first pattern of skip", replace="for pattern in skip)", by="for pattern in skip[:1])"),
            Mistake("the model keeps what it had", replace="model.load_state_dict(fitting, strict=False)", by="pass"),
            Mistake(
                "shared and not copied: the source learns with it",
                replace="model.load_state_dict(fitting, strict=False)",
                by="for name, tensor in model.named_parameters():\n"
                "        tensor.data = fitting.get(name, tensor.data)\n"
                "    model.load_state_dict(fitting, strict=False)",
            ),
            Mistake(
                "what is unknown is not told",
                replace="[full for full in state_dict if full not in taken]",
                by="[full for full in state_dict if full not in taken and full.removeprefix(prefix) in ours]",
            ),
            Mistake(
                "everything counts as loaded",
                replace="[name for name in ours if name in fitting]",
                by="list(ours)",
            ),
            Mistake("nothing may fit", replace="    if not fitting:", by="    if False:"),
        ),
    ),
    Entry(
        "training.replace_head",
        lesson=14,
        title="A new head",
        inputs=heads,
        adapter=training("training.replace_head", with_another_head),
        gradient=False,
        share=0.5,
        refusals=(
            Refusal("no class", Case(SOME, {"classes": 0}), says=("classes", "0")),
            Refusal("a path into nowhere", Case(SOME, {"classes": 2, "path": "head"}), says=("path", "1.1", "'head'")),
            Refusal("the network itself", Case(SOME, {"classes": 2, "path": ""}), says=("path", "layer", "''")),
            Refusal("a normalization", Case(SOME, {"classes": 2, "path": "0.4"}), says=("path", "BatchNorm1d")),
        ),
        mistakes=(
            Mistake("random first values", replace="        zeros_(parameter)", by="        parameter.sum()"),
            Mistake("the weight of zeros, a random bias", replace="in new.parameters():", by="in (new.weight,):"),
            Mistake("always with a bias", replace="bias=old.bias is not None", by="bias=True"),
            Mistake("always in float32", replace=", dtype=old.weight.dtype)", by=")"),
            Mistake("always in training mode", replace="    new.train(old.training)\n", by=""),
            Mistake(
                "frozen like the old one",
                replace="    new.train(old.training)\n",
                by="    new.train(old.training)\n    new.requires_grad_(old.weight.requires_grad)\n",
            ),
            Mistake("the old one stays", replace="    setattr(modules[owner], name, new)\n", by=""),
            Mistake(
                "the old weight, as far as it goes",
                replace="    new.train(old.training)\n",
                by="    new.train(old.training)\n    new.weight.data[: len(old.weight)] = old.weight.data[:classes]\n",
            ),
            Mistake("anything can be replaced", replace="    if not isinstance(old, Linear):", by="    if False:"),
        ),
    ),
)
