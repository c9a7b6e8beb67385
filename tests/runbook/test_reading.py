"""The runbook as a value: packaged defaults < the folder's runbook.toml < --runbook. Every error says where, what and the cure."""

from pathlib import Path

import pytest

from postdeploy.model import UsageError
from postdeploy.runbook.layers import overlaid, read_layers
from postdeploy.runbook.reading import read_runbook
from postdeploy.runbook.tables import Runbook
from postdeploy.runbook.validation import convert


def written(folder: Path, text: str, name: str = "runbook.toml") -> Path:
    file = folder / name
    file.write_text(text, encoding="utf-8")
    return file


def test_the_packaged_defaults_and_the_projects_runbook_are_valid() -> None:
    assert read_runbook().schema == 1


def test_an_overlay_changes_only_what_it_names(tmp_path: Path) -> None:
    file = written(tmp_path, 'schema = 1\n[budgets]\nanswer = 3\n[[workspace]]\nname = "Acme"\n')
    runbook = read_runbook(overlay=file)
    assert (runbook.budgets.answer, runbook.budgets.settle) == (3, read_runbook().budgets.settle)
    assert [workspace.name for workspace in runbook.workspace] == ["Acme"]


def test_the_folders_runbook_counts_and_the_option_counts_more(tmp_path: Path) -> None:
    written(tmp_path, "schema = 1\n[budgets]\nanswer = 3\nsettle = 4\n")
    option = written(tmp_path, "schema = 1\n[budgets]\nanswer = 5\n", "own.toml")
    folder_only, both = read_runbook(tmp_path).budgets, read_runbook(tmp_path, option).budgets
    assert (folder_only.answer, folder_only.settle) == (3, 4)
    assert (both.answer, both.settle, both.quiet) == (5, 4, read_runbook().budgets.quiet)


def test_a_folder_without_a_runbook_has_the_packaged_one(tmp_path: Path) -> None:
    assert read_runbook(tmp_path) == read_runbook()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param(
            "schema = 1\n[budget]\nanswer = 3", "unknown key budget. Did you mean budgets?", id="a misspelt table"
        ),
        pytest.param(
            "schema = 1\n[budgets]\nanser = 3", "unknown key budgets.anser. Did you mean answer?", id="a misspelt key"
        ),
        pytest.param(
            'schema = 1\n[[workspace]]\nnane = "x"', "unknown key workspace[].nane. Did you mean name?", id="in a list"
        ),
        pytest.param(
            'schema = 1\n[variables.DATABASE_URL]\nshap = "any"',
            "unknown key variables.DATABASE_URL.shap. Did you mean shape?",
            id="in an entry of a table",
        ),
        pytest.param(
            'schema = 1\n[budgets]\nanswer = "3"',
            "budgets.answer is text in quotes. It must be a number. Correct this key.",
            id="a wrong type",
        ),
        pytest.param(
            'schema = 1\n[checks]\nlogin = "test_x"',
            "checks.login is text in quotes. It must be a list in [ ].",
            id="a wrong type in a table of any keys",
        ),
        pytest.param(
            "schema = 1\n[checks]\nlogin = [3]",
            "checks.login (entry 1) is a whole number. It must be text in quotes.",
            id="a wrong type in a list",
        ),
        pytest.param(
            'schema = 1\n[[known]]\npattern = "x"',
            "known (entry 1) lacks the key reason. Add it",
            id="a table in a list that lacks a key",
        ),
        pytest.param("schema = 1\n[budgets]\nanswer = 0", "budgets.answer must be more than 0", id="no budget at all"),
        pytest.param("schema = 1\n[threshold]\nflood_share = nan", "flood_share must be a number", id="no number"),
        pytest.param("schema = 1\n[rollback]\nmoved = inf", "rollback.moved must be a number", id="for ever"),
        pytest.param("schema = 1\n[threshold]\nwidespread_share = 5", "from 0 to 1", id="more than all"),
        pytest.param("schema = 1\n[threshold]\nunique = 99999999999999999999", "at most", id="more than there are"),
        pytest.param(
            "schema = 1\n[amounts]\nschema_drift = { requests = -1 }", "amounts.schema_drift", id="a negative amount"
        ),
        pytest.param("schema = 1\n[workspaces]\nopen = -5", "workspaces.open must not be negative", id="none opened"),
        pytest.param('schema = 1\n[logs]\nnot_pages = [""]', "the inbox itself", id="no path is a page"),
        pytest.param('schema = 1\n[logs]\nassets = [".*"]', "the inbox itself", id="all is an asset"),
        pytest.param('schema = 1\n[app]\nlogin_path = "http://other/login"', "must be a path", id="another host"),
        pytest.param('schema = 1\n[app]\nlogin_path = "//other/login"', "must be a path", id="another host in short"),
        pytest.param(
            'schema = 1\n[checks]\ninbox = ["test_the_app_url_serves_this_deployment"]\nenvironment = []\n[parts]\nenvironment = "off"',
            "names no check that proves it",
            id="another part's check proves the inbox",
        ),
        pytest.param(
            "schema = 1\n[comparison]\nseconds = -1", "comparison.seconds must not be negative", id="a negative time"
        ),
        pytest.param("schema = 1\n[budgets\n", "not valid TOML", id="not TOML"),
        pytest.param("[budgets]\nanswer = 3", "schema is missing", id="no schema"),
        pytest.param("schema = 2", "schema = 2 is not known", id="a schema of the future"),
        pytest.param('schema = 1\n[ignore]\npaths = ["("]', "not a regular expression", id="a bad pattern"),
        pytest.param(
            'schema = 1\n[[signal]]\nname = "quota"\npattern = "("\nsays = "x"',
            "signal quota: '(' is not a regular expression (RE2)",
            id="a bad pattern of an own signal",
        ),
        pytest.param(
            'schema = 1\n[[known]]\npattern = "(?=x)"\nreason = "x"\nowner = "web"\nuntil = 2027-03-01\nat_most = 1',
            "known (web): '(?=x)' is not a regular expression (RE2)",
            id="a pattern that only other libraries know",
        ),
        pytest.param(
            'schema = 1\n[signals.auth_slow]\nany = ["["]',
            "signals.auth_slow: '['",
            id="a bad pattern of a built-in signal",
        ),
        pytest.param(
            'schema = 1\n[parts]\nlogin = "maybe"',
            'parts.login is \'maybe\'. It must be one of "required", "configured", "optional", "off".',
            id="an unknown state of a part",
        ),
        pytest.param(
            'schema = 1\n[parts]\ninbx.off = "why"', "Did you mean inbox?", id="a part whose name is almost right"
        ),
        pytest.param('schema = 1\n[checks]\nmagic = ["test_x"]', "magic", id="checks of an unknown part"),
        pytest.param(
            'schema = 1\n[[workspace]]\nname="A"\n[[workspace]]\nname="A"', "same name", id="a workspace twice"
        ),
        pytest.param(
            'schema = 1\n[[signal]]\nname="auth_slow"\npattern="x"\nsays="x"', "'auth_slow' is taken", id="a taken name"
        ),
        pytest.param(
            'schema = 1\n[endpoints.billing]\nscheme = "open"', "lacks the key path", id="an entry that lacks a key"
        ),
    ],
)
def test_an_error_names_the_file_and_the_key(tmp_path: Path, text: str, said: str) -> None:
    file = written(tmp_path, text)
    for folder, option in ((None, file), (tmp_path, None)):
        with pytest.raises(UsageError) as error:
            read_runbook(folder, option)
        assert str(error.value).startswith((f"{file}: ", f"runbook {file} "))
        assert said in str(error.value)


@pytest.mark.parametrize("of_the_folder", [True, False], ids=["the folder's is wrong", "the given one is wrong"])
@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ('[budgets]\nanswer = "3"', "[budgets]\nslow = 4"),
        ('[parts]\nlogin = "maybe"', '[parts]\ninbox = { off = "why" }'),
        ("[threshold]\nwindow = 0", "[threshold]\nunique = 4"),
        ('[ignore]\nconsole = ["("]', '[ignore]\npaths = ["x"]'),
        ("[budgets]\nanser = 3", "[budgets]\nslow = 4"),
    ],
)
def test_of_two_files_the_error_names_the_one_with_the_offending_key(
    tmp_path: Path, wrong: str, right: str, *, of_the_folder: bool
) -> None:
    own = written(tmp_path, f"schema = 1\n{wrong if of_the_folder else right}\n")
    option = written(tmp_path, f"schema = 1\n{right if of_the_folder else wrong}\n", "own.toml")
    with pytest.raises(UsageError) as error:
        read_runbook(tmp_path, option)
    assert str(error.value).startswith(f"{own if of_the_folder else option}: ")


def test_a_missing_runbook_is_an_error_with_the_cure(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="doctor --init"):
        read_runbook(overlay=tmp_path / "none.toml")


def test_a_device_without_end_is_not_read_to_its_end() -> None:
    with pytest.raises(UsageError, match="larger than any runbook"):
        read_runbook(overlay=Path("/dev/zero"))


def test_all_patterns_of_the_defaults_are_right() -> None:
    """They are not looked at when a runbook is read."""
    assert isinstance(convert(overlaid(read_layers())), Runbook)
