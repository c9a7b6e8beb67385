"""The app's own part of the screen."""

from __future__ import annotations

import pytest

from postdeploy.page.app.screen import AppScreen, Card, ways_to_show


def test_a_description_has_no_names() -> None:
    assert AppScreen("Acme", (Card("Ada", "Ada 7 Acme"),)).describe() == [
        "workspace selector “Acme”",
        "1 conversation cards",
    ]
    assert AppScreen().describe() == ["no workspace selector", "no conversation card"]
    assert AppScreen("Acme", empty=True).describe() == ["workspace selector “Acme”", "“No conversations yet”"]


@pytest.mark.parametrize(
    ("heading", "person", "theirs"),
    [
        ("Ada Abbott", "Ada Abbott", True),
        ("Ada  Abbott", "Ada Abbott", True),
        ("AAAda Abbott VIP", "Ada Abbott", True),
        ("Bob", "Ada Abbott", False),
        ("Alfred", "Al", False),
        ("Al", "Al", True),
        ("Ada A.", "Ada Abbott", True),
        ("A. Abbott", "Ada Abbott", True),
        ("Ada M. Abbott", "Ada Maria Abbott", True),
        ("Abbott, Ada", "Ada Abbott", True),
        ("Ada B.", "Ada Abbott", False),
        ("A. A.", "Ada Abbott", False),
        ("Ada", "Ada Abbott", False),
        ("Ada Abb", "Ada Abbott", False),
        ("Bergmann, Ada", "Ada Abbott", False),
        ("anybody", "", False),
        ("ADA ABBOTT", "Ada Abbott", True),
        ("Jose\u0301", "Jos\u00e9", True),
        ("Ada\u200bAbbott", "AdaAbbott", True),
        ("Ben & Co", "Ben &amp; Co", True),
        ("Maximilian von H…", "Maximilian von Hohenberg", True),
        ("Maximilian von H...", "Maximilian von Hohenberg", True),
        ("Maxim…", "Ada Abbott", False),
        ("A…", "Ada Abbott", False),
        ("…", "Ada Abbott", False),
    ],
)
def test_a_card_belongs_to_the_person_in_its_heading(heading: str, person: str, theirs: bool) -> None:
    assert Card(heading, "").is_of(person) is theirs


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        pytest.param("Hello there", {"Hellothere"}, id="plain"),
        pytest.param("<p>Hello <b>there</b></p>", {"Hellothere", "pHellobtherebp"}, id="markup"),
        pytest.param("Ada <ada@x.org> wrote", {"Adawrote", "Adaadaxorgwrote"}, id="an address"),
        pytest.param("a &lt; b", {"ab", "altb"}, id="an entity"),
    ],
)
def test_a_page_shows_a_message_as_markup_or_as_it_is(text: str, shown: set[str]) -> None:
    assert set(ways_to_show(text)) == shown
