"""How long work of many parts will take: as long as each part took the last time, a guess where it was not made yet."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Hashable, Iterable


class Forecast:
    """Parts that are made one after another; the same name again is the same work again."""

    def __init__(self, parts: Iterable[tuple[Hashable, float]], clock: Callable[[], float] = time.perf_counter) -> None:
        """`parts`: names, with a guess of the seconds."""
        self.clock = clock
        self.seconds: dict[Hashable, float] = {}
        self.left: Counter[Hashable] = Counter()
        for name, guess in parts:
            self.seconds[name] = guess
            self.left[name] += 1
        self.begin = self.last = clock()

    @property
    def spent(self) -> float:
        """Seconds since the beginning, until a part was last made."""
        return self.last - self.begin

    @property
    def total(self) -> float:
        """Those, and the seconds that are expected still."""
        return self.spent + sum(self.seconds[name] * count for name, count in self.left.items())

    def made(self, name: Hashable) -> None:
        """The time since the last part went to this one."""
        now = self.clock()
        self.seconds[name] = now - self.last
        self.last = now
        self.left[name] -= 1

    def again(self, name: Hashable) -> None:
        """It will be made once more than was planned."""
        self.left[name] += 1

    def drop(self, name: Hashable) -> None:
        """It will not be made any more."""
        del self.left[name]
