"""Reading a Server Action's answer."""

import pytest

from postdeploy.page import flight

HEALTHY = '0:{"a":"$@1","f":"","b":"bZ9x-build","q":""}\n1:{"success":true,"data":[{"id":"1"}]}\n'


def test_a_good_answer_has_its_values_and_the_build_id() -> None:
    answer = flight.read(HEALTHY)
    assert (answer.build_id, answer.failure, answer.digests) == ("bZ9x-build", None, ())
    assert {"id": "1"} in list(answer.objects())


def test_a_handled_failure_is_found_though_the_status_is_200() -> None:
    assert (
        flight.read('0:{"b":"x"}\n1:{"success":false,"error":"Failed to fetch clients"}\n').failure
        == "Failed to fetch clients"
    )


@pytest.mark.parametrize("digest", ["3794450012@E352", "3794450012"])
def test_an_error_row_gives_the_digest_as_the_log_shows_it(digest: str) -> None:
    assert flight.read(f'0:{{"b":"x"}}\n1:E{{"digest":"{digest}"}}\n').digests == ("3794450012",)


def test_a_text_row_is_skipped_by_its_length_in_bytes() -> None:
    text = "ä\n1:E{}"
    body = f'2:T{len(text.encode()):x},{text}1:{{"success":true}}\n'
    assert flight.read(body).values == ({"success": True},)


@pytest.mark.parametrize("body", ["", "Internal Server Error", "<html>", "1:", "1:{", '1:I["x",[],""]\n'])
def test_what_is_no_flight_is_no_error(body: str) -> None:
    assert flight.read(body).failure is None


@pytest.mark.parametrize(
    ("body", "value"), [("1:true\n", True), ("1:null\n", None), ("1:false\n", False), ('1:"E"\n', "E")]
)
def test_plain_values_are_not_taken_for_tags(body: str, value: object) -> None:
    assert flight.read(body).values == (value,)
