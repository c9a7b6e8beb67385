"""The page of a log's report: it needs nothing else, its chart has words, and what the log holds is text."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from html.parser import HTMLParser
from pathlib import Path

import msgspec
import pytest

from postdeploy.analysis import saved_logs
from postdeploy.analysis.log_report import LogReport
from postdeploy.analysis.saved_logs import LogQuery
from postdeploy.redaction import Redactor
from postdeploy.report.html.log_page import page
from postdeploy.runbook.reading import read_runbook
from tests.logs.rows import TODAY, Sent, export_lines, healthy, rows, throws

FAILING = [*healthy(60), *(throws(word, 60 + 30 * n) for n, word in enumerate("ABCD"))]
SEVERAL = [*(Sent(at - 3600, deployment="dpl_old") for at in range(0, 600, 10)), *FAILING]


def made(folder: Path, sent: list[Sent], secrets: tuple[str, ...] = ()) -> str:
    log = folder / "log"
    log.write_bytes(export_lines(sorted(rows(sent), key=lambda row: row.at)))
    report = saved_logs.examine([str(log)], LogQuery(), read_runbook(), TODAY)
    return page(msgspec.convert(Redactor(secrets).values(msgspec.to_builtins(report)), LogReport))


class Tags(HTMLParser):
    """What a page consists of."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.seen: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))


@pytest.mark.parametrize("sent", [FAILING, SEVERAL, list(healthy(30))], ids=["failing", "several", "healthy"])
def test_it_needs_nothing_else(tmp_path: Path, sent: list[Sent]) -> None:
    text = made(tmp_path, sent)
    tags = Tags(text).seen
    assert not {"script", "link", "img", "iframe", "object", "form", "base"} & {tag for tag, _ in tags}
    assert not [
        name for _, given in tags for name in given if name in ("src", "href", "style") or name.startswith("on")
    ]
    assert "url(" not in text
    policies = [given["content"] for tag, given in tags if given.get("http-equiv") == "Content-Security-Policy"]
    assert [policy.split(";")[0] for policy in policies if policy] == ["default-src 'none'"]


def test_the_chart_is_a_picture_with_words(tmp_path: Path) -> None:
    text = made(tmp_path, FAILING)
    svg = ET.fromstring(re.search(r"<svg.*?</svg>", text, re.DOTALL)[0])  # type: ignore[index] # noqa: S314 - our own
    says = svg.get("aria-label") or ""
    assert svg.get("role") == "img"
    assert says == svg.findtext("title")
    assert "4 of 64 requests failed" in says
    assert "3 are allowed, number 4 came at 14:15:50" in says
    assert len([one for one in svg if one.get("class") == "errors"]) == 2
    assert [one.tag for one in svg if one.get("class") == "mark"] == ["line"]


def test_it_says_what_the_terminal_says(tmp_path: Path) -> None:
    text = made(tmp_path, SEVERAL)
    assert "<h1>OVER THE THRESHOLD: roll-back (64 of 124 requests: dpl_now, 1 of 2 deployments)</h1>" in text
    for words in ("4 unique Server Action errors", "began 14:14:20", "dpl_old", "it holds no sentinel"):
        assert words in text


@pytest.mark.parametrize("path", ["/<script>alert(1)</script>", "/a&b<img src=x>", '/"onload="x'])
def test_what_a_log_holds_is_text(tmp_path: Path, path: str) -> None:
    text = made(tmp_path, [*healthy(30), Sent(60, "POST", path, 500, f" ⨯ Error: {path}")])
    assert not {"script", "img"} & {tag for tag, _ in Tags(text).seen}
    assert not [given for _, given in Tags(text).seen if "onload" in given]


def test_secrets_are_left_out(tmp_path: Path) -> None:
    assert "swordfish-12345" not in made(
        tmp_path, [*healthy(30), Sent(60, "POST", "/swordfish-12345/x", 500)], ("swordfish-12345",)
    )
