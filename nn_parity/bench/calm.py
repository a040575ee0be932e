"""Moments in which a program has the processor to itself.

On a machine shared with others (a virtual one, a laptop with a browser open) a neighbour on the same core comes and
goes. While it computes, an interpreter takes twice as long, a loop over an array half as long again, a matrix product a
tenth: so not only times change but their ratios too. A neighbour cannot be sent away, but it can be seen. A short loop
of the interpreter, always the same, is timed before and after each reading; where it takes much longer than it has ever
taken, the reading is made again.

Patience is earned: waiting never takes more than a multiple of the time that readings take, so on a machine that is
never calm a measurement ends too, and says how often it was disturbed.
"""

from __future__ import annotations

import functools
import time
from collections.abc import Callable

DISTURBED = 1.5  # times the fastest the loop has ever been: with a neighbour it is 1.7 to 2.5, without one up to 1.4
EARNED = 1.5  # seconds of patience for each second of readings
PAUSE = 2e-3  # seconds, between two looks


def loop_of_the_interpreter() -> float:
    """Seconds for always the same work: about a tenth of a millisecond."""
    start = time.perf_counter()
    x = 0
    for i in range(2000):
        x += i & 3
    return time.perf_counter() - start


class Calm:
    """Makes readings while the machine is calm, as far as its patience goes."""

    def __init__(
        self,
        patience: float = 10.0,
        probe: Callable[[], float] = loop_of_the_interpreter,
        clock: Callable[[], float] = time.perf_counter,
        sleep: Callable[[float], object] = time.sleep,
    ) -> None:
        self.patience = patience  # seconds that may be spent on waiting
        self.probe, self.clock, self.sleep = probe, clock, sleep
        self.fastest = min(probe() for _ in range(50))
        self.made = self.disturbed = 0  # readings that were handed out
        self.waited = 0.0  # seconds

    def reading(self, read: Callable[[], float]) -> float:
        """What `read` says where nobody disturbs it; the fastest, where patience ends before that."""
        found = []
        while True:
            calm = self._wait()
            start = self.clock()
            found.append(read())
            spent = self.clock() - start
            calm = self._look() and calm
            if calm or self.patience <= 0:
                self.patience += EARNED * spent
                self.made += 1
                self.disturbed += not calm
                return found[-1] if calm else min(found)
            self._lose(spent)

    def as_numbers(self) -> dict[str, float]:
        """For the file of a run."""
        return {"readings": self.made, "disturbed": self.disturbed, "seconds_waited": round(self.waited, 1)}

    def _wait(self) -> bool:
        """Whether it has become calm."""
        start = self.clock()
        while not (calm := self._look()) and self.clock() - start < self.patience:
            self.sleep(PAUSE)
        self._lose(self.clock() - start)
        return calm

    def _lose(self, seconds: float) -> None:
        self.patience -= seconds
        self.waited += seconds

    def _look(self) -> bool:
        seconds = self.probe()
        self.fastest = min(self.fastest, seconds)
        return seconds < DISTURBED * self.fastest


@functools.cache
def watch() -> Calm:
    """One for the whole process, which knows what its loop has ever taken."""
    return Calm()
