"""The picture in README: a run's output with its colours, without what is of one machine."""

from __future__ import annotations

from bench.terminal import presentable, show

OUTPUT = """\x1b[1mcollecting ... \x1b[0m\r\x1b[1mcollected 2 items\x1b[0m
rootdir: somewhere
\x1b[31mROLL BACK\x1b[0m to http://inbox-old.app.localhost:3000
  deployment  http://app.localhost:3000 (dpl_new)
"""


def test_the_picture_shows_the_run_and_not_the_machine() -> None:
    text = presentable(OUTPUT, "http://app.localhost:3000")
    assert text == (
        "\x1b[1mcollected 2 items\x1b[0m\n"
        "\x1b[31mROLL BACK\x1b[0m to https://inbox-old.example.app\n"
        "  deployment  https://app.example.com (dpl_new)\n"
    )


def test_the_picture_is_an_svg_of_the_terminal() -> None:
    picture = show("\x1b[31mROLL BACK\x1b[0m")
    assert picture.startswith("<svg")
    assert "ROLL&#160;BACK" in picture
