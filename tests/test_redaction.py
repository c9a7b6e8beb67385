"""Nothing leaves unredacted."""

import base64
import html
import json
import pickle
import urllib.parse
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postdeploy.redaction import MASK, Redactor, Secret, blot, shown


def test_a_secret_shows_nothing_however_it_is_printed() -> None:
    secret = Secret("hunter2hunter2")
    assert {str(secret), repr(secret), f"{secret}", f"{secret:>3}", str([secret])} == {MASK, f"[{MASK}]"}


def test_a_secret_can_not_be_stored() -> None:
    with pytest.raises(TypeError):
        pickle.dumps(Secret("hunter2hunter2"))


@pytest.mark.parametrize(
    "spell",
    [
        str,
        urllib.parse.quote_plus,
        lambda value: json.dumps(value)[1:-1],
        lambda value: base64.b64encode(value.encode()).decode(),
        html.escape,
        lambda value: html.escape(value, quote=False),
        lambda value: html.escape(value).replace("&#x27;", "&#39;"),
        lambda value: urllib.parse.quote(value, safe="!'()*~"),
        lambda value: json.dumps(value)[1:-1].replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003E"),
        lambda value: repr(value + "\"'")[1:-4],
        lambda value: f"{value}\r\n",
    ],
    ids=[
        "plain",
        "url-encoded",
        "in JSON",
        "base64",
        "in HTML",
        "in HTML's text",
        "in a page of React's",
        "as encodeURIComponent has it",
        "in JSON for a script",
        "in Python",
        "with a line end",
    ],
)
@given(value=st.text(min_size=6, max_size=40).filter(lambda value: value.strip() == value))
def test_a_secret_is_blotted_out_in_every_spelling(spell: object, value: str) -> None:
    try:
        spelt = spell(value)  # type: ignore[operator]
    except UnicodeEncodeError:
        return
    assert spelt not in Redactor([value])(f"before {spelt} after")


@pytest.mark.parametrize(
    "text",
    [
        "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N",
        "Authorization: Bearer abcdefgh12345",
        "postgresql://app:pw@db.example.com:6543/x",
        "ada.lovelace@example.com",
        "base64-eyJhY2Nlc3NfdG9rZW4iOiJ4In0",
        "+44 20 7946 0958",
    ],
)
def test_tokens_addresses_and_numbers_are_blotted_out_unknown(text: str) -> None:
    kept = Redactor()(f"before {text} after")
    assert text.rsplit(" ", maxsplit=1)[-1] not in kept
    assert kept.startswith("before ")
    assert kept.endswith(" after")


def test_names_are_blotted_out_as_whole_words_only() -> None:
    redact = Redactor()
    redact.learn_names(["Ali", "Ada Lovelace"])
    assert redact("Ali wrote to Ada Lovelace; Alignment stays") == f"{MASK} wrote to {MASK}; Alignment stays"


def test_nested_values_are_blotted_out() -> None:
    assert blot({"a": ["xsecretx", {"b": ("secret", 1)}]}, Redactor(["secret"])) == {
        "a": [f"x{MASK}x", {"b": [MASK, 1]}]
    }


def test_what_was_learnt_too_late_is_blotted_out_of_what_was_written(tmp_path: Path) -> None:
    (tmp_path / "1-result.json").write_text('{"name": "Ada Abbott said hunter2hunter2"}', encoding="utf-8")
    (tmp_path / "2-attachment.txt").write_text("nothing", encoding="utf-8")
    (tmp_path / "3-attachment.png").write_bytes(b"\x89PNG Ada Abbott")
    redact = Redactor([Secret("hunter2hunter2")])
    redact.learn_names(["Ada Abbott"])
    assert redact.scrub(tmp_path) == 1
    assert (tmp_path / "1-result.json").read_text(encoding="utf-8") == '{"name": "*** said ***"}'
    assert sorted(file.name for file in tmp_path.iterdir()) == ["1-result.json", "2-attachment.txt", "3-attachment.png"]
    assert Redactor().scrub(tmp_path / "none") == 0


UNSEEN = [
    pytest.param("\x1b[31m", id="a colour"),
    pytest.param("\x1b[2J\x1b[H", id="clears the screen"),
    pytest.param("\x1b]0;owned\x07", id="sets the title"),
    pytest.param("\x1b]8;;https://evil.example\x1b\\", id="a link"),
    pytest.param("\x9b31m", id="C1"),
    pytest.param("\x00\x07\x08", id="C0"),
    pytest.param("\u202e", id="right to left"),
    pytest.param("\u2066\u2069", id="isolates"),
    pytest.param("\u200b\u200d\ufeff", id="no width"),
    pytest.param("\U000e0041", id="tags"),
    pytest.param("\ud800", id="half a surrogate pair"),
]


@pytest.mark.parametrize("unseen", UNSEEN)
def test_what_can_not_be_seen_is_not_written(unseen: str) -> None:
    kept = Redactor()(f"Error: {unseen}no")
    assert kept.isprintable()
    assert kept in ("Error: no", "Error: 31mno")
    assert kept.encode()


@pytest.mark.parametrize("unseen", ["\u200b", "\u00ad", "\x1b[0m", "\x00", "\u2060"])
def test_a_secret_is_found_although_what_can_not_be_seen_stands_in_it(unseen: str) -> None:
    kept = Redactor(["hunter2hunter2"])(f"hunter2{unseen}hunter2 ada{unseen}@example.com")
    assert kept == f"{MASK} {MASK}"


def test_lines_and_tabs_are_kept_and_a_carriage_return_hides_nothing() -> None:
    assert Redactor()("a\tb\nc\r\nd\re\u2028f") == "a\tb\nc\nd e f"


@given(st.text())
def test_any_text_can_be_shown(text: str) -> None:
    kept = shown(text)
    assert all(letter.isprintable() or letter in "\t\n" or not letter.isascii() for letter in kept)
    kept.encode()
    assert shown(kept) == kept


@pytest.mark.parametrize("around", ["{}\n", "{}\r\n", "\ufeff{}", " {} "])
def test_a_secret_is_known_without_what_a_form_does_not_take(around: str) -> None:
    assert "Sommer&Regen" not in Redactor([around.format("Sommer&Regen'24")])(
        "typed Sommer&amp;Regen&#x27;24, Sommer&Regen'24"
    )
    assert "Regen" not in Redactor([around.format("Sommer&Regen'24")])("typed Sommer&amp;Regen&#x27;24")
