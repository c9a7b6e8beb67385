"""Reading a Server Action's answer."""

import pytest

from postdeploy.page import flight

HEALTHY = '0:{"a":"$@1","f":"","b":"bZ9x-build","q":""}\n1:{"success":true,"data":[{"id":"1"}]}\n'


def test_a_good_answer_has_its_values_and_the_build_id() -> None:
    answer = flight.read(HEALTHY)
    assert (answer.build_id, answer.broken_off, answer.digests) == ("bZ9x-build", False, ())
    assert {"id": "1"} in list(answer.objects())


@pytest.mark.parametrize("digest", ["3794450012@E352", "3794450012"])
def test_an_error_row_gives_the_digest_as_the_log_shows_it(digest: str) -> None:
    assert flight.read(f'0:{{"b":"x"}}\n1:E{{"digest":"{digest}"}}\n').digests == ("3794450012",)


def test_a_text_row_is_skipped_by_its_length_in_bytes() -> None:
    text = "ä\n1:E{}"
    body = f'2:T{len(text.encode()):x},{text}1:{{"success":true}}\n'
    assert flight.read(body).values == ({"success": True},)


@pytest.mark.parametrize("body", ["", "Internal Server Error", "<html>", "1:", "1:{", '1:I["x",[],""]\n'])
def test_what_is_no_flight_is_no_error(body: str) -> None:
    assert not flight.read(body).broken_off


@pytest.mark.parametrize(
    ("body", "value"), [("1:true\n", True), ("1:null\n", None), ("1:false\n", False), ('1:"E"\n', "E")]
)
def test_plain_values_are_not_taken_for_tags(body: str, value: object) -> None:
    assert flight.read(body).values == (value,)


@pytest.mark.parametrize("row", ['1:E{"digest":""}', "1:E{}", "1:E[]"])
def test_an_error_row_that_names_no_digest_is_one(row: str) -> None:
    assert flight.read(f'0:{{"a":"$@1","b":"x"}}\n{row}\n').digests == ("",)


@pytest.mark.parametrize("digest", ["NEXT_REDIRECT;push;/inbox;307;", "NEXT_HTTP_ERROR_FALLBACK;404", "NEXT_NOT_FOUND"])
def test_a_row_by_which_the_framework_steers_is_no_error(digest: str) -> None:
    assert flight.read(f'0:{{"b":"x"}}\n2:E{{"digest":"{digest}"}}\n').digests == ()


@pytest.mark.parametrize(
    "rest", ['1:"$undefined"\n', '2:T5,hello1:"$2"\n', "1:T5,hello", '1:E{"digest":"7"}\n', "2:A3,\n\n\n1:{}\n"]
)
def test_an_answer_with_its_result_is_whole(rest: str) -> None:
    assert not flight.read('0:{"a":"$@1","f":"","b":"x"}\n' + rest).broken_off


@pytest.mark.parametrize("rest", ["", '11:{"success":true}\n', '2:["a"]\n'])
def test_an_answer_that_ends_before_its_result_is_broken_off(rest: str) -> None:
    assert flight.read('0:{"a":"$@1","f":"","b":"x"}\n' + rest).broken_off
