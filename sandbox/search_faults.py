"""The faults of searching and filtering the list of conversations."""

from __future__ import annotations

from sandbox.fault import Fault, in_the_app

SEARCH_FAULTS = (
    in_the_app("search-crashes", "the dashboard crashes as soon as a person searches"),
    in_the_app("search-ignored", "the page takes no notice of what stands in the search box"),
    in_the_app("search-stays", "the page still shows what was searched for when the search box is empty"),
    in_the_app("search-throws", "the list route throws if there is something to search for"),
    in_the_app("search-finds-none", "the server finds none"),
    in_the_app("search-foreign", "the server finds people of another workspace, too"),
    in_the_app("filter-crashes", "the dashboard crashes as soon as a person filters"),
    in_the_app("filter-ignored", "the server takes no notice of the filter"),
    in_the_app("filter-foreign", "with the filter the server also lists another workspace's conversations"),
    Fault("search-hidden", "the page has no search box", "PASS", lambda switches: switches.tag("search-hidden")),
)
