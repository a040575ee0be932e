"""How fast NumPy could be at best, where it is slower than PyTorch: the calls that do the work, and nothing else.

    python -m benchmarks.floors benchmarks/results/cpu.json          every component above twice PyTorch's time
    python -m benchmarks.floors RUN.json --above 1.5 -k softmax
    python -m benchmarks.floors RUN.json --steps                     a training step of every project
    python -m benchmarks.floors RUN.json --threads 2                 on two threads, which share matrix products only

PyTorch computes most components in one pass over memory: it reads an element, does all that is to do, and writes it.
NumPy has one loop in C for each arithmetic operation. An op is run once on arrays that record these loops; then each is
timed alone, on a block that stays in a cache, with its result written in place; matrix products and reductions as they
were, and so is all that moves numbers (copies, gathers, sorts). Their sum, the *floor*, is what is left if allocation
and Python cost nothing: no rearrangement of the same operations gets below it. `memory` is what arguments and results
take to cross to memory once, at the speed of a copy: large arrays pay that as well.
"""

from __future__ import annotations

import dataclasses
import json
import statistics
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Annotated, Any, ClassVar

import numpy as np
import typer

from nn_parity.bench import agreement, placement, programs, roofline, steps, timing, workloads
from nn_parity.bench.calm import watch
from nn_parity.lockstep import find_project, scratch_side
from nn_parity.recipes import RECIPES, Recipe
from parity_tests.catalogue import ROWS
from parity_tests.harness.entry import Case, Entry
from scratch import nn

BLOCKS = (4096, 16384, 65536)  # elements: the best of a first and a second cache, and of few calls
READINGS = 15  # of each loop; the fastest counts
ONE_BY_ONE = 10_000  # calls of NumPy: what makes more of them handles numbers singly, in Python
SIZES = ("small", "medium", "large")
SIDES = ("scratch", "torch")
PRODUCTS = (np.einsum, np.dot, np.tensordot, np.inner)


@dataclass
class Loops:
    """What was recorded: for each kind of loop a call to time, and how many elements it went over."""

    elementwise: dict[Any, list[tuple[Callable[[], object], int]]] = field(default_factory=dict)
    elements: dict[Any, int] = field(default_factory=dict)
    products: list[Callable[[], object]] = field(default_factory=list)  # and reductions: as they were
    moves: list[Callable[[], object]] = field(default_factory=list)  # numbers that are copied, gathered, sorted

    @property
    def has_floor(self) -> bool:
        """Whether NumPy does the work: not Python, number by number, and not nobody, where there is nothing to do."""
        return 0 < len(self.elementwise) + len(self.products) + len(self.moves) <= ONE_BY_ONE

    @property
    def passes(self) -> int:
        """Elements, summed over all loops of arithmetic."""
        return sum(self.elements.values())

    def seconds(self) -> tuple[float, float, float]:
        """Of the loops of arithmetic, of products and reductions, and of moving numbers."""
        loops = 0.0
        for key, calls in self.elementwise.items():
            loops += min(_fastest(call) / block for call, block in calls) * self.elements[key]
        return loops, sum(map(_fastest, self.products)), sum(map(_fastest, self.moves))


class Recording(np.ndarray):
    """An array of NumPy whose loops are written down."""

    loops: ClassVar[Loops] = Loops()

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **options: Any) -> Any:
        """Called by NumPy in the place of every loop."""
        plain, out = [_plain(x) for x in inputs], options.get("out")
        options = {name: _plain(value) for name, value in options.items()}
        result = getattr(ufunc, method)(*plain, **options)
        if method == "__call__" and ufunc.signature is None and "where" not in options:
            _write_down(ufunc, plain, result)
        else:
            Recording.loops.products.append(lambda: getattr(ufunc, method)(*plain, **options))
        return (out[0] if len(out) == 1 else out) if out is not None else _recording(result)

    def __array_function__(self, function: Any, types: Any, args: Any, kwargs: Any) -> Any:
        """Called by NumPy for what is no loop of arithmetic."""
        plain, options = _plain(args), {name: _plain(value) for name, value in kwargs.items()}
        result = function(*plain, **options)
        if function in PRODUCTS:
            Recording.loops.products.append(lambda: function(*plain, **options))
        elif function is not np.empty_like and _has_moved(result, plain):
            Recording.loops.moves.append(lambda: function(*plain, **options))
        return kwargs["out"] if kwargs.get("out") is not None else _recording(result)

    def __setitem__(self, key: Any, value: Any) -> None:
        """Numbers go to another place."""
        plain, key, value = _plain(self), _plain(key), _plain(value)
        plain[key] = value
        Recording.loops.moves.append(lambda: plain.__setitem__(key, value))


def _moving(name: str) -> Callable[..., Any]:
    """A method of arrays that is written down where its result is no view."""
    method = getattr(np.ndarray, name)

    def move(self: Recording, *args: Any, **kwargs: Any) -> Any:
        plain, given, options = _plain(self), _plain(args), {key: _plain(value) for key, value in kwargs.items()}
        result = method(plain, *given, **options)
        if _has_moved(result, [plain]):
            Recording.loops.moves.append(lambda: method(plain, *given, **options))
        return _recording(result)

    return move


for _name in ("__getitem__", "argsort", "astype", "copy", "repeat", "reshape", "take"):
    setattr(Recording, _name, _moving(_name))


def _has_moved(result: Any, given: Iterable[Any]) -> bool:
    """Whether numbers were written: to a new array, or, where nothing comes back, to one that was given."""
    if isinstance(result, (tuple, list)):
        return any(_has_moved(part, given) for part in result if isinstance(part, np.ndarray))
    if isinstance(result, np.ndarray):
        return not any(np.may_share_memory(result, x) for x in given if isinstance(x, np.ndarray))
    return result is None


def _plain(value: Any) -> Any:
    if isinstance(value, Recording):
        return value.view(np.ndarray)
    return type(value)(map(_plain, value)) if type(value) in (tuple, list) else value


def _recording(value: Any) -> Any:
    if isinstance(value, (tuple, list)):
        return type(value)(map(_recording, value))
    return value.view(Recording) if isinstance(value, np.ndarray) else value


def _write_down(ufunc: Any, inputs: list[Any], result: Any) -> None:
    results = result if isinstance(result, tuple) else (result,)
    inputs = [x.reshape(()) if isinstance(x, np.ndarray) and x.size == 1 else x for x in inputs]
    kinds = tuple((np.asarray(x).dtype.str, np.size(x) > 1) for x in inputs)
    key = (ufunc, kinds, *(r.dtype.str for r in results))
    loops = Recording.loops
    loops.elements[key] = loops.elements.get(key, 0) + results[0].size
    if key not in loops.elementwise and results[0].size:
        shape = results[0].shape
        flat = [np.broadcast_to(x, shape).ravel() if np.size(x) > 1 else x for x in inputs]
        loops.elementwise[key] = [_on_a_block(ufunc, flat, results, block) for block in BLOCKS]


def _on_a_block(ufunc: Any, inputs: list[Any], results: tuple[Any, ...], block: int) -> tuple[Any, int]:
    """The loop on the first numbers of the inputs, over and over if they are few."""
    taken = [np.resize(x, block) if np.size(x) > 1 else x for x in inputs]
    out = tuple(np.empty(block if any(np.size(x) > 1 for x in inputs) else (), r.dtype) for r in results)
    return (lambda: ufunc(*taken, out=out)), out[0].size


def _fastest(call: Callable[[], object]) -> float:
    best, calls = float("inf"), 1
    with np.errstate(all="ignore"):
        while True:
            start = time.perf_counter()
            for _ in range(calls):
                call()
            if time.perf_counter() - start > 1e-4:
                break
            calls *= 2
        for _ in range(READINGS):
            start = time.perf_counter()
            for _ in range(calls):
                call()
            best = min(best, (time.perf_counter() - start) / calls)
    return best


def main(
    run: Annotated[Path, typer.Argument(metavar="RUN.json", help="A run of `nn-parity bench full`.")],
    above: Annotated[float, typer.Option(help="Components that took more than so many times PyTorch's time.")] = 2.0,
    keyword: Annotated[str, typer.Option("-k", metavar="WORD", help="Of these the ones with the word.")] = "",
    training: Annotated[bool, typer.Option("--steps", help="Training steps of projects instead, all of them.")] = False,
    threads: Annotated[int, typer.Option(help="What the run took on so many, and what is possible on them.")] = 1,
) -> None:
    """Print a table in Markdown: time as a multiple of PyTorch's, in that run, now, and what is possible."""
    results = _results(run, keyword, threads)
    measured = _steps(results) if training else _components(results, above)
    columns = ("step of" if training else "component", "size", "in the run", "now", "floor", "loops", "products",
               "moves", "memory", "passes")  # fmt: skip
    print(f"| {' | '.join(columns)} |\n|---|---|{'---:|' * (len(columns) - 2)}")
    placement.keep_freed_memory()
    found = []
    with timing.threads(threads):
        bandwidth = roofline.measure(timing.wall_time, watch().reading).bandwidth
        for name, size, value, prepared, (loops, elements) in measured:
            if not loops.has_floor:
                print(f"left out: {name}, {size}: not NumPy's work", file=sys.stderr)
                continue
            now, seconds = _beside_pytorch(prepared, threads)
            parts = loops.seconds()
            found.append((value, now, sum(parts) / seconds))
            numbers = (*found[-1], *(part / seconds for part in (*parts, prepared.bytes / bandwidth)))
            print(f"| `{name}` | {size} | {_cells(numbers)} | {loops.passes / elements:.1f} |", flush=True)
    if found:
        means = map(statistics.geometric_mean, zip(*found, strict=True))
        print(f"| geometric mean of {len(found)} | | {_cells(means)} | | | | | |")


def _cells(numbers: Iterable[float]) -> str:
    return " | ".join(f"{x:.2f}" for x in numbers)


Measured = Iterator[tuple[str, str, float, workloads.Prepared, tuple[Loops, int]]]


def _components(results: list[dict[str, Any]], above: float) -> Measured:
    rows = {row.name: row for row in ROWS if isinstance(row, Entry)}
    timed = [r for r in results if not r["over"] and r["size"] in SIZES]
    both = {r["component"] for r in timed if r["direction"] == workloads.BOTH}
    for r in timed:
        name, size, direction, value = r["component"], r["size"], r["direction"], r["ratios"]["scratch"]["value"]
        if value > above and (direction == workloads.BOTH or name not in both):
            make = partial(_case, rows[name], size)
            prepared = workloads.agreed(rows[name], make, direction, SIDES, "scratch")
            yield name, size, value, prepared, _loops(rows[name], make(), direction)


def _case(row: Entry, size: str) -> Case:
    return row.sizes[size](np.random.default_rng(0))


def _steps(results: list[dict[str, Any]]) -> Measured:
    for r in results:
        if r["component"].startswith(steps.PROJECTS) and r["size"] != "epoch":
            recipe = RECIPES[r["component"].removeprefix(steps.PROJECTS)]
            value = r["ratios"]["scratch"]["value"]
            yield recipe.name, r["size"], value, steps.step(recipe, SIDES, "scratch"), _loops_of_step(recipe)


def _results(run: Path, keyword: str, threads: int) -> list[dict[str, Any]]:
    found = json.loads(run.read_text(encoding="utf-8"))["results"]
    return [r for r in found if r["threads"] == threads and keyword in r["component"]]


def _beside_pytorch(prepared: workloads.Prepared, threads: int) -> tuple[float, float]:
    """How many times PyTorch's time ours is, and PyTorch's time in seconds, at its fastest."""
    sides = {n: timing.Side(p.run, timing.wall_time) for n, p in prepared.build().items()}
    plan = timing.on(threads, timing.Plan(seconds=1.0, least=3, passes=2 if threads > 1 else 7))
    times = timing.interleave(sides, plan, watch().reading)
    return timing.ratio(times["scratch"], times["torch"]).value, min(times["torch"].rounds)


def _loops(row: Entry, case: Case, direction: str) -> tuple[Loops, int]:
    """What our side computes, and how many elements its largest argument has."""
    upstream = agreement.expected(row, case, gradient=direction == workloads.BOTH).upstream
    arrays = dataclasses.replace(case, arrays=tuple(_recording(a) for a in case.arrays))
    run = programs.program(programs.SCRATCH, row, arrays, tuple(_recording(dy) for dy in upstream)).run
    Recording.loops = Loops()
    run()
    return Recording.loops, max(a.size for a in case.arrays if a is not None)


def _loops_of_step(recipe: Recipe) -> tuple[Loops, int]:
    """Of the second step, when momentum and the like are there, and the number of parameters."""
    start = {name: _recording(value) for name, value in recipe.parameters().items()}
    network = scratch_side(find_project("scratch", recipe.name), start, recipe.settings).network
    for module in (part for part in vars(network).values() if isinstance(part, nn.Module)):
        for parameter in module.parameters():
            parameter.data = _recording(parameter.data)
    x, target = map(_recording, steps.first_batch(recipe))
    for _ in range(2):
        Recording.loops = Loops()
        network.step(x, target, recipe.learning_rate * steps.STANDSTILL)
    return Recording.loops, sum(value.size for value in start.values())


if __name__ == "__main__":
    typer.run(main)
