"""Which checks a run consists of."""

from postdeploy.runbook.checks import functions_in_order, required_checks
from postdeploy.runbook.reading import read_runbook


def test_what_is_left_out_is_not_required() -> None:
    assert "login" not in read_runbook().required_checks(without=("login",)).values()


def test_a_check_is_required_once_for_each_subject() -> None:
    checks = {"cron": ("test_a[cron_route]", "test_b[other]"), "login": ("test_c",), "nightly": ("test_d",)}
    parts = {"cron": "configured", "login": "required", "nightly": "optional"}
    assert required_checks(parts, checks, (), {"cron_route": ("/x", "/y")}) == {
        "test_a[/x]": "cron",
        "test_a[/y]": "cron",
        "test_c": "login",
    }


def test_checks_run_in_the_order_of_the_runbook() -> None:
    assert list(functions_in_order({"b": ("test_2[x]",), "a": ("test_1",)}, {})) == ["test_2", "test_1"]


def test_a_check_may_come_before_another_part() -> None:
    checks = {"a": ("test_1", "test_2[x]"), "b": ("test_3", "test_4")}
    assert list(functions_in_order(checks, {"a": ("test_4", "test_gone")})) == ["test_4", "test_1", "test_2", "test_3"]


def test_the_search_works_in_the_tab_of_the_renewed_session() -> None:
    order = read_runbook().check_order
    renewed, held = order["test_an_expired_access_token_is_renewed"], order["test_the_inbox_stays_loaded"]
    assert renewed < order["test_searching_finds_a_person_and_lets_go"] < held
