"""Earlier spellings in an overlay keep working."""

from pathlib import Path

import pytest

from postdeploy.model import UsageError
from postdeploy.runbook.aliases import aliases, current_name, translated
from postdeploy.runbook.layers import read_layers
from postdeploy.runbook.reading import read_runbook


def written(folder: Path, text: str) -> Path:
    file = folder / "own.toml"
    file.write_text(f"schema = 1\n{text}", encoding="utf-8")
    return file


def test_a_table_is_found_under_its_earlier_name(tmp_path: Path) -> None:
    assert read_runbook(overlay=written(tmp_path, "[trial]\nseconds = 31\n")).comparison.seconds == 31


def test_a_table_under_both_names_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="are the same table"):
        read_runbook(overlay=written(tmp_path, "[trial]\nseconds = 31\n[comparison]\nseconds = 32\n"))


def test_the_shape_of_a_feature_flag_is_found_under_its_earlier_name(tmp_path: Path) -> None:
    runbook = read_runbook(overlay=written(tmp_path, '[variables.NEW_FLAG]\nshape = "lever"\nsafe = ["0"]\n'))
    assert runbook.variables["NEW_FLAG"].shape == "feature-flag"
    assert "NEW_FLAG" in runbook.outside_the_inbox


@pytest.mark.parametrize("signal", ["database_unreachable", "function_died", "session_rejected"])
def test_a_key_that_was_removed_from_every_amount_is_accepted_and_named(tmp_path: Path, signal: str) -> None:
    file = written(tmp_path, f"[amounts]\n{signal} = {{ requests = 7, burst = 5 }}\n")
    assert read_runbook(overlay=file).amounts[signal].requests == 7
    [note] = read_layers(overlay=file)[-1].notes
    assert note.startswith("amounts.*.burst has no effect. Whether an outage is over is proven")


def test_a_key_that_nothing_reads_any_more_is_accepted_with_a_note(tmp_path: Path) -> None:
    file = written(tmp_path, "[logs]\nlateness = 150\narrival = 60\n")
    assert read_runbook(overlay=file).logs.arrival == 60
    assert read_layers(overlay=file)[-1].notes == ("logs.lateness has no effect. Nothing reads it. Remove the line.",)


@pytest.mark.parametrize("tables", [{"logs": 3}, {"checks": [1]}, {"cron": {"after": 1}}, {"variables": {"A": 1}}])
def test_what_is_malformed_is_left_to_the_validation(tables: dict[str, object]) -> None:
    assert translated(tables, Path("own.toml")) == (tables, ())


def test_no_earlier_name_means_two_things_or_is_still_in_use() -> None:
    for spellings in (aliases().checks, aliases().tables, aliases().shapes):
        earlier = [name for names in spellings.values() for name in names]
        assert len(set(earlier)) == len(earlier)
        assert not set(earlier) & set(spellings)


def test_a_name_that_is_no_earlier_one_stays() -> None:
    assert current_name("test_login_with_the_form_works[x]") == "test_login_with_the_form_works[x]"


def test_the_checks_of_a_part_are_found_under_their_earlier_names(tmp_path: Path) -> None:
    runbook = read_runbook(
        overlay=written(
            tmp_path, '[checks]\nwebhooks = ["test_the_open_webhook_takes_nonsense_calmly[open_endpoint]"]\n'
        )
    )
    assert runbook.checks["webhooks"] == ("test_the_open_webhook_tolerates_malformed_input[open_endpoint]",)
    assert runbook.part_of("test_the_open_webhook_tolerates_malformed_input[email]") == "webhooks"


def test_the_check_that_cron_probes_wait_for_is_found_under_its_earlier_name(tmp_path: Path) -> None:
    runbook = read_runbook(overlay=written(tmp_path, '[cron]\nafter = "test_the_inbox_stays_as_it_is"\n'))
    assert runbook.cron.after == "test_the_inbox_stays_loaded"


@pytest.mark.parametrize("now", aliases().checks)
def test_every_earlier_name_means_one_check_of_today(now: str) -> None:
    assert read_runbook().part_of(now)
    assert {current_name(f"{earlier}[x]") for earlier in aliases().checks[now]} == {f"{now}[x]"}


def test_each_earlier_spelling_is_noted(tmp_path: Path) -> None:
    text = """
[trial]
seconds = 31
[logs]
lateness = 1
[variables]
NEW_FLAG = { shape = "lever" }
[checks]
session = ["test_the_inbox_stays_as_it_is", "test_the_session_survives_a_reload"]
[cron]
after = "test_the_inbox_stays_as_it_is"
"""
    assert read_layers(overlay=written(tmp_path, text))[-1].notes == (
        "[trial] is called [comparison] now. Both names work.",
        "logs.lateness has no effect. Nothing reads it. Remove the line.",
        "variables.NEW_FLAG.shape: lever is called feature-flag now. Both names work.",
        "checks.session: test_the_inbox_stays_as_it_is is called test_the_inbox_stays_loaded now. Both names work.",
        "cron.after: test_the_inbox_stays_as_it_is is called test_the_inbox_stays_loaded now. Both names work.",
    )
