"""The list can be filtered, where runbook.toml names a filter.

Source: launch runbook 117e, step 1: the inbox is usable.
"""

import pytest

from fixtures.shorter_list import Filter, Shorter

pytestmark = pytest.mark.smoke


def test_a_filter_shows_some_of_the_conversations(list_filter: Filter) -> None:
    """A filter leaves some conversations of the list out, and adds none."""
    assert list_filter.show_some() == Shorter()
    list_filter.switch_off()
