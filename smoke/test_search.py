"""The list can be searched, where runbook.toml names the search box.

Source: launch runbook 117e, step 1: the inbox is usable.
"""

import pytest

from fixtures.shorter_list import Search, Shorter, WholeAgain

pytestmark = pytest.mark.smoke


def test_searching_finds_a_person_and_lets_go(search: Search) -> None:
    """Searching for a person of the list shows that person, and an empty search shows the others again."""
    assert search.find_someone() == Shorter()
    assert search.clear() == WholeAgain()
