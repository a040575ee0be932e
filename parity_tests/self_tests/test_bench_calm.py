"""Benchmarks: readings are made while the machine is calm, and patience has an end."""

from nn_parity.bench import compare, run
from nn_parity.bench.calm import EARNED, PAUSE, Calm
from nn_parity.bench.request import Request, Set
from nn_parity.bench.timing import Plan

from ..catalogue import ROWS
from .bench_clocks import WATCHED

LOOK, READING = 2**-13, 2**-10  # seconds, undisturbed


class Machine:
    """Its clock moves when something is done on it; `slow` says at which times a neighbour computes."""

    def __init__(self, slow):
        self.now = 0.0
        self.slow = slow
        self.began = []  # when each reading was begun

    def work(self, seconds):
        start = self.now
        self.now += seconds * (2.0 if self.slow(start) else 1.0)
        return self.now - start

    def calm(self, patience):
        return Calm(patience, probe=lambda: self.work(LOOK), clock=lambda: self.now, sleep=self.sleep)

    def sleep(self, seconds):
        self.now += seconds

    def read(self):
        self.began.append(self.now)
        return self.work(READING)


def test_a_calm_machine_is_read_at_once():
    machine = Machine(lambda now: False)
    calm = machine.calm(patience=1.0)
    before = machine.now
    assert [calm.reading(machine.read) for _ in range(5)] == [READING] * 5
    assert machine.now - before == 5 * (LOOK + READING + LOOK)
    assert calm.as_numbers() == {"readings": 5, "disturbed": 0, "seconds_waited": 0.0}


def test_a_neighbour_is_waited_for():
    machine = Machine(lambda now: 1.0 < now < 1.5)
    calm = machine.calm(patience=1.0)
    machine.now = 1.125
    assert calm.reading(machine.read) == READING
    (began,) = machine.began
    assert 1.5 < began <= 1.5 + 2 * LOOK + PAUSE + LOOK  # seen at the next look
    assert calm.disturbed == 0
    assert calm.waited == began - 1.125
    assert calm.as_numbers()["seconds_waited"] == 0.4


def test_a_reading_during_which_a_neighbour_came_is_made_again():
    machine = Machine(lambda now: 1.0 < now < 1.0 + 2 * READING)
    calm = machine.calm(patience=1.0)
    machine.now = 1.0 - LOOK  # calm for one look, and no longer
    assert calm.reading(machine.read) == READING
    assert len(machine.began) == 2


def test_a_machine_that_is_never_calm_is_measured_too_and_this_is_told():
    machine = Machine(lambda now: now > 1.0)
    calm = machine.calm(patience=0.25)
    machine.now = 2.0
    assert calm.reading(machine.read) == 2 * READING
    assert machine.began[0] >= 2.25  # patience has to end first
    for _ in range(100):
        assert calm.reading(machine.read) == 2 * READING
    earned = 101 * EARNED * 2 * READING
    assert 0.25 < calm.waited <= 0.25 + earned + PAUSE + 2 * LOOK  # that may be spent once more before it is seen
    assert calm.as_numbers()["readings"] == calm.disturbed == 101


def test_what_is_fastest_is_learned_on_the_way():
    """A run that begins beside a neighbour takes that for calm, until it has seen better."""
    machine = Machine(lambda now: now < 1.0)
    watch = machine.calm(patience=1.0)
    assert watch.reading(machine.read) == 2 * READING
    machine.now = 2.0
    assert watch.reading(machine.read) == READING
    machine.slow = lambda now: now < 3.0
    assert watch.reading(machine.read) == READING
    assert machine.now > 3.0


def test_a_run_on_the_processor_watches_for_neighbours_and_says_so():
    chosen = Set("test", ("small",), Plan(seconds=0.01, least=1, most=1, passes=1, repeats=1))
    made = run.Run(Request(chosen), [r for r in ROWS if r.name == WATCHED[0]])
    list(made)
    found = made.as_dict()
    assert found["calm"]["readings"] > 0
    assert "of the readings were disturbed" in compare.neighbours(found)
    elsewhere = run.Run(Request(chosen, device="cuda"), []).as_dict()
    assert elsewhere["calm"] is None
    assert compare.neighbours(elsewhere) == ""
