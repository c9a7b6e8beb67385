"""Vercel's clock, as far as its answers show it."""

from __future__ import annotations

import time
from email.utils import formatdate

import httpx
import pytest

from postdeploy.vercel.clock import Clock


class Time:
    """Both of our clocks, and a platform's that is ahead."""

    def __init__(self, ahead: float) -> None:
        self.real = 1_790_000_000.4
        self.ahead = ahead

    def wall(self) -> float:
        return self.real

    def monotonic(self) -> float:
        return self.real - 1_789_000_000

    def answer(self, clock: Clock, took: float = 0.1) -> None:
        asked = self.monotonic()
        self.real += took
        date = formatdate(self.real - took / 2 + self.ahead, usegmt=True)
        clock.learn(httpx.Response(200, headers={"date": date}), asked)


@pytest.mark.parametrize("ahead", [0.0, 172_800.0, -7.3])
def test_the_platforms_time_lies_between_the_bounds(ahead: float) -> None:
    world = Time(ahead)
    clock = Clock(world.monotonic, world.wall)
    for _ in range(20):
        world.answer(clock)
        world.real += 0.37
        assert clock.earliest() <= (world.real + ahead) * 1000 <= clock.latest()
    assert clock.latest() - clock.earliest() < 500
    assert abs(clock.offset() - ahead) < 0.5


def test_our_own_clock_stands_in_until_the_first_answer() -> None:
    world = Time(100)
    clock = Clock(world.monotonic, world.wall)
    assert abs(clock.now() - world.real * 1000) <= 1
    assert clock.offset() == pytest.approx(0, abs=0.01)


def test_a_clock_that_was_set_is_believed_again() -> None:
    world = Time(0)
    clock = Clock(world.monotonic, world.wall)
    world.answer(clock)
    world.ahead = 3_600
    world.answer(clock)
    assert abs(clock.offset() - 3_600) < 1


def test_an_answer_out_of_a_cache_tells_no_time() -> None:
    clock = Clock()
    clock.learn(httpx.Response(200, headers={"date": formatdate(0, usegmt=True), "age": "9"}), time.monotonic())
    clock.learn(httpx.Response(200, headers={"date": "today"}), time.monotonic())
    clock.learn(httpx.Response(200), time.monotonic())
    assert abs(clock.offset()) < 1
