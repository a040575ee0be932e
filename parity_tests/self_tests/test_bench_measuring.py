"""Benchmarks: what is measured and how, on clocks that tests can turn."""

import numpy as np
import pytest
import torch

from nn_parity.bench import agreement, counting, cuda, growth, memory, programs, roofline, timing, workloads
from nn_parity.bench.timing import Plan, Side

from ..catalogue import ROWS
from ..harness.disagreement import Disagreement
from ..harness.entry import Case
from .bench_clocks import Clock
from .within_noise import agree

RELU = next(row for row in ROWS if row.name == "ops.activations.relu")


def test_sides_are_timed_in_turn_and_the_ratio_is_theirs():
    clock = Clock()
    sides = {
        name: Side(clock.takes(name, seconds), clock.stopwatch) for name, seconds in (("a", 3 / 64), ("b", 1 / 64))
    }
    times = timing.interleave(sides, Plan(seconds=1.0, least=5, most=50, repeats=1, passes=1))
    assert times["a"].median == 3 / 64
    assert len(times["a"].rounds) == len(times["b"].rounds) == 16
    last = clock.calls[-8:]
    assert last in (["a", "b", "b", "a"] * 2, ["b", "a", "a", "b"] * 2)
    found = timing.ratio(times["a"], times["b"])
    assert (found.value, found.low, found.high) == (3.0, 3.0, 3.0)


def test_a_slow_moment_of_the_machine_slows_both_sides_and_not_the_ratio():
    clock = Clock()
    pace = lambda: 2.0 if len(clock.calls) > 100 else 1.0  # noqa: E731
    sides = {
        "a": Side(clock.takes("a", lambda: 2 / 1024 * pace()), clock.stopwatch),
        "b": Side(clock.takes("b", lambda: 1 / 1024 * pace()), clock.stopwatch),
    }
    times = timing.interleave(sides, Plan(seconds=0.6, least=7, most=80, repeats=1))
    assert timing.ratio(times["a"], times["b"]).value == 2.0


def test_a_disturbance_within_a_round_does_not_count():
    clock = Clock()
    shot = iter([0.0] * 20 + [0.5] + [0.0] * 100_000)
    sides = {"a": Side(clock.takes("a", lambda: 1 / 1024 + next(shot)), clock.stopwatch)}
    times = timing.interleave(sides, Plan(seconds=0.3, repeats=3))
    assert max(times["a"].rounds) == 1 / 1024


def test_short_calls_are_made_many_times_in_a_row():
    clock = Clock()
    times = timing.interleave(
        {"a": Side(clock.takes("a", 2**-20), clock.stopwatch)}, Plan(seconds=0.05, stretch=2**-10)
    )
    assert times["a"].calls == 1024
    assert times["a"].median == 2**-20


def test_the_spread_of_a_noisy_ratio_holds_the_value():
    generator = np.random.default_rng(0)
    a, b = (timing.Times(((tuple(least + generator.random(40)),),), calls=1) for least in (2, 1))
    found = timing.ratio(a, b)
    assert found.low < found.value < found.high
    assert 1.2 < found.low < 1.67 < found.high < 2.1


def test_threads_are_given_back():
    before = torch.get_num_threads()
    with timing.threads(2):
        assert torch.get_num_threads() == 2
    assert torch.get_num_threads() == before


def test_what_does_not_agree_is_refused(monkeypatch):
    (workload,) = [w for w in workloads.of_rows([RELU], ["small"]) if w.direction == workloads.BOTH]
    assert set(workload.prepare(["torch", "scratch"], "scratch").sides) == {"torch", "scratch"}
    module = programs.candidate.load("scratch", RELU.name)
    backward = module.backward
    monkeypatch.setattr(module, "backward", lambda dy, cache: 2 * backward(dy, cache))
    with pytest.raises(workloads.Refused, match="dx"):
        workload.prepare(["torch", "scratch"], "scratch")


def test_a_large_workload_is_judged_in_the_mean():
    case = Case((np.random.default_rng(0).standard_normal((700, 700)).astype(np.float32),))
    right = agreement.expected(RELU, case, gradient=False)
    y = np.maximum(case.arrays[0], 0)
    agreement.judge(right, case, [y], gradient=False)
    with pytest.raises(Disagreement, match="in the mean"):
        agreement.judge(right, case, [y * np.float32(1.001)], gradient=False)
    with pytest.raises(Disagreement, match="float64"):
        agreement.judge(right, case, [y.astype(np.float64)], gradient=False)


def test_infinities_of_a_large_workload_stand_where_they_should():
    x = np.random.default_rng(0).standard_normal((700, 700)).astype(np.float32)
    x[0, 0] = np.inf
    case = Case((x,))
    right = agreement.expected(RELU, case, gradient=False)
    y = np.maximum(x, 0)
    agreement.judge(right, case, [y], gradient=False)
    with pytest.raises(Disagreement, match="in the mean"):
        agreement.judge(right, case, [y * np.float32(1.001)], gradient=False)
    with pytest.raises(Disagreement, match="other places"):
        agreement.judge(right, case, [y[:, ::-1].copy()], gradient=False)


def test_operations_are_counted():
    a, b = torch.zeros(3, 4), torch.zeros(4, 5)
    with counting.OperationCounter() as counter:
        (a @ b).reshape(-1).relu().sum()
    assert counter.count == 2 * 3 * 4 * 5 + 15 + 15
    assert counting.bytes_of([np.zeros(3), None, np.zeros(2, np.float32)]) == 24 + 8


def test_a_share_of_the_roof():
    roof = roofline.Roofline(flops=100.0, bandwidth=10.0)
    assert roof.share(flops=50, moved=1, seconds=1.0) == 0.5
    assert roof.share(flops=1, moved=5, seconds=2.0) == 0.25


def test_a_case_in_between_is_cut_out_of_the_larger_one():
    small, large = Case((np.zeros((2, 3)), None)), Case((np.arange(128.0).reshape(32, 4), None))
    middle = growth.cut(small, large, 0.5)
    assert middle.arrays[0].shape == (8, 3)
    assert middle.arrays[0][1].tolist() == [4.0, 5.0, 6.0]
    assert middle.arrays[1] is None
    assert growth.cut(large, small, 0.5) is None
    assert growth.cut(Case((np.zeros(2),)), large, 0.5) is None
    assert growth.cut(small, Case(large.arrays, {"dim": 0}), 0.5) is None


def test_the_exponent_and_the_crossing():
    at = [10.0, 100.0, 1000.0, 10_000.0]
    seconds = [1.0, 1.0, 100.0, 10_000.0]

    def slope(points):
        xs, ys = (values[1:].log() - values[1:].log().mean() for values in points)
        return [np.asarray((xs * ys).sum() / (xs * xs).sum())]

    for found in (2.0, growth.exponent(at, seconds)):
        agree([np.float64(found)], slope, [np.array(at), np.array(seconds)])
    assert growth.exponent([5.0], [1.0]) is None
    (crossing,) = growth.crossings(at, [0.25, 0.5, 2.0, 4.0])
    agree([np.float64(crossing)], lambda ends: [np.asarray((ends[0].log().mean()).exp())], [np.array([100.0, 1000.0])])
    assert growth.crossings(at, [0.25, 0.5, 0.9, 0.9]) == []


def test_every_row_with_sizes_grows():
    for row in ROWS:
        if getattr(row, "sizes", None) and len(row.sizes) > 1:
            assert all(w.over for w in growth.sweep(row))
    (point, *_) = growth.sweep(RELU)
    assert 32 * 64 < point.prepare(["torch", "scratch"], "scratch").elements < 512 * 1024


needs_marks = pytest.mark.skipif(
    not memory.can_measure(), reason="the mark of the largest resident set can be set back on Linux only"
)


@needs_marks
def test_holes_in_the_heap_do_not_hide_what_a_call_needs():
    def blocks(count):
        return [np.ones(10_000) for _ in range(count)]  # 80 kB each: from the heap, not pages of their own

    hole, end = blocks(200), np.ones(10_000)
    del hole
    assert memory.peak_of(lambda: blocks(100)) > 0.9 * 100 * end.nbytes


@needs_marks
def test_memory_at_its_peak_is_seen_in_a_child_process():
    names = [
        ("ops.activations.relu", "medium", "forward"),
        ("ops.activations.relu", "small", "forward + backward"),
        ("projects.mnist_cnn", "batch 64", "step"),
    ]
    medium, small, step = memory.measure(names, "scratch")
    size = 512 * 1024 * 4
    assert 0.9 * size < medium["torch"] < 1.3 * size
    assert 0.9 * size < medium["scratch"] < 3.3 * size
    assert small["scratch"] < size / 10
    maps = 64 * 16 * 28 * 28 * 4  # of the first convolution, which backward needs
    assert all(maps < step[side] < 10 * maps for side in ("scratch", "torch"))


def test_tf32_is_put_back_and_its_effect_has_both_sides():
    before = torch.backends.cuda.matmul.allow_tf32
    found = cuda.effect_of_tf32("cpu", size=64, stopwatch=lambda call, times: 0.1)
    assert torch.backends.cuda.matmul.allow_tf32 == before
    assert found["off"]["roundings"] < 10
    assert set(found["on"]) == {"seconds", "roundings"}


def test_a_side_that_cannot_run_says_what_is_missing(monkeypatch):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    (workload,) = [w for w in workloads.of_rows([RELU], ["small"]) if w.direction == workloads.FORWARD]
    prepared = workload.prepare([programs.CUDA, programs.TORCH], "scratch")
    assert "no NVIDIA GPU" in prepared.missing[programs.CUDA]
    assert prepared.sides == (programs.TORCH,)


def test_a_layer_is_made_once_and_not_at_every_call(monkeypatch):
    row = next(row for row in ROWS if row.name == "nn.linear")
    case = row.sizes["small"](np.random.default_rng(0))
    right = agreement.expected(row, case, gradient=True)
    program = programs.program("scratch", row, case, right.upstream)
    monkeypatch.setattr("scratch.nn.linear.Linear.__init__", None)
    for _ in range(2):
        agreement.judge(right, case, program.answer(), gradient=True)
