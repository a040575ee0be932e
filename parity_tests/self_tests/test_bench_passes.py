"""Benchmarks: why a workload is timed in several passes, and how a run goes through them."""

import gc
from types import SimpleNamespace

import pytest

from nn_parity.bench import compare, forecast, garbage, run, timing
from nn_parity.bench.request import QUICK, Request, Set
from nn_parity.bench.timing import Plan, Side

from ..catalogue import ROWS
from .bench_clocks import TICK, WATCHED, Clock, Work


@pytest.fixture
def work(monkeypatch):
    return Work(monkeypatch)


def test_a_state_that_lasts_for_a_whole_pass_does_not_count_and_is_told():
    """Say an interpreter that takes twice as long while a neighbour computes, and a matrix product that does not."""
    clock = Clock()
    pace = 1.0
    sides = {
        "a": Side(clock.takes("a", lambda: 2 / 1024 * pace), clock.stopwatch),
        "b": Side(clock.takes("b", 1 / 1024), clock.stopwatch),
    }
    plan = Plan(seconds=0.3, repeats=1, passes=3, layouts=1)
    chosen = timing.schedule(sides, plan)
    passes = []
    for pace in (2.0, 1.0, 2.0):  # noqa: B007
        passes.append(timing.one_layout(sides, chosen))  # noqa: PERF401
    a, b = (timing.Times(tuple((one[name],) for one in passes), chosen.calls[name]) for name in sides)
    assert len(a.rounds) == chosen.rounds > plan.least
    found = timing.ratio(a, b)
    assert (found.value, found.low, found.high) == (2.0, 2.0, 4.0)
    assert timing.as_numbers(a)["low"] == a.median == 2 / 1024
    assert timing.as_numbers(a)["high"] == 4 / 1024


def test_a_layout_on_which_a_program_is_slow_does_not_count_and_is_told():
    """Side a is fast on one layout of three, b on another one: where both are fast at once need never be seen."""
    places = {"a": (2.0, 1.0, 2.0), "b": (2.0, 2.0, 1.0)}
    a, b = (timing.Times((tuple((seconds,) * 5 for seconds in by_layout),) * 4, 1) for by_layout in places.values())
    found = timing.ratio(a, b)
    assert found.value == 1.0
    assert (a.median, b.median) == (1.0, 1.0)
    assert timing.as_numbers(a)["rounds"] == 4 * 3 * 5
    assert a.interval == (1.0, 1.0)  # twelve chances of one in three are as good as certain
    once = timing.ratio(timing.Times(a.passes[:1], 1), timing.Times(b.passes[:1], 1))
    assert (once.low, once.value, once.high) == (0.5, 1.0, 2.0)


@pytest.mark.parametrize(("seconds", "layouts", "rounds"), [(1 / 64, 1, 3), (1 / 512, 3, 4), (1 / 2048, 3, 9)])
def test_the_time_of_a_pass_is_shared_out_among_layouts_if_there_is_enough(seconds, layouts, rounds):
    clock = Clock()
    sides = {"a": Side(clock.takes("a", seconds), clock.stopwatch)}
    plan = Plan(seconds=7 * 24 / 1024, least=3, most=25, repeats=1, passes=7, layouts=3, stretch=0.0)
    chosen = timing.schedule(sides, plan)
    assert (chosen.layouts, chosen.rounds) == (layouts, rounds)


def test_every_pass_has_the_rounds_of_the_first_and_a_warm_up():
    clock = Clock()
    sides = {"a": Side(clock.takes("a", 1 / 64), clock.stopwatch)}
    times = timing.interleave(sides, Plan(seconds=0.5, least=2, most=50, repeats=1, passes=2))["a"]
    assert times.seen.shape == (2, 1, 16)
    assert len(clock.calls) == 3 + 2 * (1 + 16)  # a warm-up and two readings to plan by, then the passes
    assert timing.as_numbers(times)["passes"] == 2


def test_the_threads_of_the_other_library_are_given_time_to_rest(monkeypatch):
    slept = []
    monkeypatch.setattr(timing.time, "sleep", slept.append)
    clock = Clock()
    sides = {name: Side(clock.takes(name, 1 / 64), clock.stopwatch) for name in ("a", "b")}
    timing.interleave(sides, Plan(seconds=0.5, least=2, most=2, passes=3, pause=0.25))
    assert slept == [0.25] * (3 * 2 * 2)  # before each turn: by pass, round and side


def test_a_run_rests_on_several_threads_only(work, monkeypatch):
    slept = []
    monkeypatch.setattr(timing.time, "sleep", slept.append)
    chosen = Set("test", ("small",), Plan(seconds=0.02, least=1, most=9, passes=1, layouts=1))
    for threads, rests in ((1, set()), (2, {timing.REST})):
        slept.clear()
        request = Request(chosen, stopwatch=work.stopwatch, threads=(threads,))
        list(run.Run(request, [r for r in ROWS if r.name == WATCHED[0]]))
        assert set(slept) == rests


def test_the_time_that_is_left_is_what_the_same_took_before():
    now = 0.0
    parts = forecast.Forecast([("a", 1.0), ("a", 1.0), ("b", 5.0), ("c", 7.0)], clock=lambda: now)
    assert (parts.spent, parts.total) == (0.0, 14.0)
    now = 3.0
    parts.made("a")
    assert (parts.spent, parts.total) == (3.0, 3.0 + 3.0 + 5.0 + 7.0)
    parts.drop("c")
    now = 6.0
    parts.made("a")
    now = 10.0
    parts.made("b")
    assert (parts.spent, parts.total) == (10.0, 10.0)


def test_what_is_loaded_is_set_aside_and_taken_back():
    before = gc.get_freeze_count()  # by the tests around this one, maybe
    with garbage.loaded_for_good():
        assert gc.get_freeze_count() > before
    assert (gc.get_freeze_count() == 0) == (before == 0)


def test_everything_is_measured_once_before_anything_is_measured_again(work):
    chosen = Set("test", ("small",), Plan(seconds=0.02, least=3, most=3, passes=3))
    made = run.Run(Request(chosen, stopwatch=work.stopwatch), [r for r in ROWS if r.name in WATCHED])
    parts, times, totals = [], [], []
    made.told = lambda spent, total, part, what: (parts.append((part, what)), times.append(spent), totals.append(total))
    results = list(made)
    names = [workload.name for workload in made.workloads()]
    assert parts == [("roofline", ""), *((f"pass {n} of 3", name) for n in (1, 2, 3) for name in names), ("", "")]
    assert times == sorted(times)
    assert times[-1] == totals[-1]
    assert [compare.key(r) for r in results] == [compare.key(r) for r in made.results]
    assert {side["passes"] for r in results for side in r["sides"].values()} == {3}


def disturbed(work, factors, further):
    """How often relu and tanh were timed when tanh takes so many times as long in each pass, the last ever after."""
    chosen = Set(
        "test", ("small",), Plan(seconds=0.02, least=3, most=3, passes=3, further=further), main_direction_only=True
    )
    made = run.Run(Request(chosen, stopwatch=work.stopwatch), [r for r in ROWS if r.name in WATCHED])
    left = list(factors)

    def told(spent, total, part, what):
        assert total >= spent
        assert part != "further passes" or "tanh" in what
        if "tanh" in what:
            work.cost[WATCHED[1]] = TICK * (left.pop(0) if len(left) > 1 else left[0])

    made.told = told
    results = {r["component"]: r for r in made}
    assert results == {r["component"]: r for r in made.results}
    relu, tanh = (results[name] for name in WATCHED)
    assert relu["sides"]["scratch"]["passes"] == 3
    return tanh["sides"]["scratch"]["passes"], tanh["ratios"]["scratch"]


def test_what_is_uncertain_after_all_passes_is_timed_in_more_of_them(work):
    passes, ratio = disturbed(work, (2, 1, 2, 1), further=1e9)
    assert passes == 5  # three good ones of five: 99 draws of 100 have one
    assert ratio == {"value": 1.0, "low": 1.0, "high": 1.0}
    assert disturbed(work, (1,), further=1e9) == (3, ratio)


@pytest.mark.parametrize("further", [0.0, 0.5, 2.0])
def test_further_passes_end_with_their_time(work, monkeypatch, further):
    """Undisturbed once: a third of what is drawn anew misses that, however many passes there are."""
    monkeypatch.setattr(run, "time", SimpleNamespace(perf_counter=lambda: work.done))
    told = []
    monkeypatch.setattr(
        run.Run, "_tell", lambda self, part, what="": (told.append((part, work.done)), self.told(0, 0, part, what))
    )
    passes, ratio = disturbed(work, (1, 2), further)
    assert ratio == {"value": 1.0, "low": 1.0, "high": 2.0}
    first = next(at for part, at in told if part == "pass 1 of 3")
    *before_each, end = [at for part, at in told if part in ("further passes", "")]
    assert passes == 3 + len(before_each)
    assert (passes > 3) == (further > 0)
    granted = before_each[0] + further * (before_each[0] - first) if before_each else end
    assert all(at < granted for at in before_each)
    assert end >= granted


def test_a_run_that_is_stopped_has_what_was_measured_until_then(work):
    made = run.Run(Request(QUICK, stopwatch=work.stopwatch), [r for r in ROWS if r.name in WATCHED])

    def told(spent, total, part, what):
        if part == "pass 2 of 3" and "tanh · small" in what:
            raise KeyboardInterrupt

    made.told = told
    with pytest.raises(KeyboardInterrupt):
        list(made)
    passes = {(r["component"], r["size"]): r["sides"]["scratch"]["passes"] for r in made.as_dict()["results"]}
    assert passes[WATCHED[0], "small"] == 2
    assert passes[WATCHED[1], "small"] == 1
    assert compare.changes(made.as_dict(), made.as_dict())
