"""What a mistake in a scenario file is answered with, by its text."""

import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from small_scenarios import complaint, install, write

from sim.scenarios import resolve


@pytest.fixture(scope="module")
def shipped() -> Iterator[Path]:
    """Folder of small scenarios that stands for the shipped one; tests here only add to it in their own folder."""
    with tempfile.TemporaryDirectory() as root, pytest.MonkeyPatch.context() as patch:
        yield install(patch, Path(root) / "scenarios")


pytestmark = pytest.mark.usefixtures("shipped")


@pytest.fixture
def told(tmp_path: Path) -> Callable[[str], str]:
    """Complaint about a file `x.toml` of a user, with its path cut to its name."""

    def told(body: str, kind: str = "form") -> str:
        path = write(tmp_path, f"{kind}s/x.toml", body)
        expression = f"market + {path}" if kind == "programme" else str(path) if kind != "place" else "market"
        place = str(path) if kind == "place" else None
        return complaint(lambda: resolve(expression, place=place)).replace(path.parent.as_posix() + "/", "")

    return told


Told = Callable[..., str]

# --- values ---------------------------------------------------------------------------------------------------

SOURCED = 'write { value = ..., source = "..." }, with "assumed" where there is no source'
FEE = "allowed is 0 to 5 yuan/m2/month"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("12", f"provider.fee = 12 yuan/m2/month is outside the valid range; {FEE}"),
        ("-0.1", f"provider.fee = -0.1 yuan/m2/month is outside the valid range; {FEE}"),
        ('{ value = 12, source = "s" }', f"provider.fee = 12 yuan/m2/month is outside the valid range; {FEE}"),
        ("nan", f"provider.fee = nan is not a finite number; {FEE}"),
        ("inf", f"provider.fee = inf is not a finite number; {FEE}"),
        ("-inf", f"provider.fee = -inf is not a finite number; {FEE}"),
        ("true", f"provider.fee = true is a truth value, not a number; write 1 if you mean it; {FEE}"),
        ('"0.3"', f'provider.fee = "0.3" is text, not a number; write a number without quotes; {FEE}'),
        ("2019-01-01", f"provider.fee = 2019-01-01 is a date or time, not a number; {FEE}"),
        ("[1]", f"provider.fee = [...] is a list, not a number; {FEE}"),
        (
            "0x" + "f" * 9000,
            f"provider.fee = a number of more than 60 digits yuan/m2/month is outside the valid range; {FEE}",
        ),
        ("{ value = 0.3 }", f"provider.fee has no source; {SOURCED}"),
        ('{ source = "s" }', f"provider.fee has no value; {SOURCED}"),
        ('{ value = 1, source = " " }', f"provider.fee has a source that is empty; {SOURCED}"),
        ("{ value = 1, source = 3 }", f"provider.fee has a source that must be text in quotes; {SOURCED}"),
        ('{ value = 1, source = "s", page = 3 }', f"provider.fee has an unknown key page; {SOURCED}"),
    ],
)
def test_a_wrong_value(told: Told, value: str, text: str) -> None:
    assert told(f"[provider]\nfee = {value}") == f"x.toml:5: {text}"


@pytest.mark.parametrize(
    ("line", "text"),
    [
        (
            "inspectors = 2.5",
            "street.inspectors = 2.5 must be a whole number; "
            "allowed is a whole number 0 to 50 persons",
        ),
        (
            "inspectors = 51",
            "street.inspectors = 51 persons is outside the valid range; allowed is a whole number 0 to 50 persons",
        ),
        ("floor = -1", "street.floor = -1 yuan is outside the valid range; allowed is at least 0 yuan"),
        ("floor = 1e301", "street.floor = 1e+301 yuan is outside the valid range; allowed is at least 0 yuan"),
    ],
)
def test_a_wrong_value_for_other_bounds(told: Told, line: str, text: str) -> None:
    assert told(f"[street]\n{line}") == f"x.toml:5: {text}"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (
            '"comunity"',
            '"comunity" is not a choice; allowed is one of "none", "community", "firm"; did you mean community?',
        ),
        ("1", '1 is a number, but this is a switch; allowed is one of "none", "community", "firm"'),
        ("false", 'false is a truth value, but this is a switch; allowed is one of "none", "community", "firm"'),
    ],
)
def test_a_wrong_choice(told: Told, value: str, text: str) -> None:
    assert told(f"[provider]\nkind = {value}") == f"x.toml:5: provider.kind = {text}"


# --- keys -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("[provider]\nfees = 1", "x.toml:5: provider.fees is not a parameter; did you mean provider.fee?"),
        ("[provider]\nsubsidy = 1", "x.toml:5: provider.subsidy is not a parameter; did you mean street.subsidy?"),
        ("[provider]\nzzz = 1", "x.toml:5: provider.zzz is not a parameter; [provider] has: kind, fee, roster"),
        ("[providr]\nfee = 1", "x.toml:4: [providr] is not a group of parameters; did you mean provider?"),
        ("extend = 'market'", "x.toml:1: extend is not a key of a form; did you mean extends?"),
        ("provider = 3", "x.toml:1: provider = 3 is a number; provider is a group: write it as a table [provider]"),
        ("initial_form = 'market'", "x.toml:1: initial_form does not belong in a form, only in: place"),
        ("place = 'trapped'", "x.toml:1: place does not belong in a form, only in: model, rival, failure, rollout"),
        (
            "[provider]\nfee = 1\nextends = 'market'",
            "x.toml:6: provider.extends is not a parameter; move extends above the first [group] of the file",
        ),
        ("fee = 0.3", "x.toml:1: fee is not a parameter; did you mean provider.fee?"),
        ("[schedule]\nbegin = 3", "x.toml:5: begin is not a key of schedule; did you mean again?"),
        (
            "[[step]]\nwhen = 3",
            "x.toml:5: when is not a key of step; there are: at, household, population, provider, street, time",
        ),
        (
            "[[step]]\nat = 3\nstreet = 1",
            "x.toml:6: street = 1 is a number; street is a group: write it as a table [step.street]",
        ),
    ],
)
def test_a_wrong_key(told: Told, body: str, text: str) -> None:
    heads = 0 if "[" in body.partition("\n")[0] else 3
    line = int(text.split(":")[1]) + heads
    assert told(body) == ":".join(["x.toml", str(line), text.split(":", 2)[2]])


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("schema = 2", "x.toml:3: schema = 2 (a number) must be 1: it is the version of the file format"),
        ("schema = '1'", 'x.toml:3: schema = "1" (text) must be 1: it is the version of the file format'),
        ("title = 3", "x.toml:3: title = 3 (a number) must be text in quotes"),
        ("title = ''", 'x.toml:3: title = "" (text) is empty'),
        ("kind = 'forms'", 'x.toml:3: kind = "forms" is not a kind of scenario; did you mean form?'),
        ("kind = 1", "x.toml:3: kind = 1 is not a kind of scenario; there are: failure,"
         " form, model, place, programme, rival, rollout"),
        ("feasible_in = 'trapped'", 'x.toml:4: feasible_in = "trapped" (text) must be a list'),
        ("feasible_in = ['traped']", 'x.toml:4: no place is called "traped"; did you mean trapped?'),
        ("null_base = 'marke'", 'x.toml:4: no form or programme is called "marke"; did you mean market?'),
        ("extends = 'custdy'", 'x.toml:4: no form is called "custdy"; did you mean custody?'),
        ("extends = 'gone.toml'", "x.toml:4: there is no file gone.toml"),
        ("step = 3", "x.toml:4: step = 3 (a number) must be a list"),
        ("step = [3]", "x.toml:4: step.0 = 3 (a number) must be a table"),
        ("schedule = 3", "x.toml:4: schedule = 3 (a number) must be a table"),
    ],
)
def test_a_wrong_head(told: Told, body: str, text: str) -> None:
    assert told(body) == text


def test_a_missing_key(tmp_path: Path) -> None:
    path = tmp_path / "x.toml"
    for body, text in (
        ("schema = 1\ntitle = 'x'", "the key kind is missing; it is one of form,"
         " programme, place, model, rival, failure, rollout"),
        ("schema = 1\nkind = 'form'", "the key title is missing"),
        ("kind = 'form'\ntitle = 'x'", "the key schema is missing"),
        ("schema = 1\nkind = 'form'\ntitle = 'x'\n[[step]]\nstreet = {}", "the key step.at is missing"),
    ):
        path.write_text(body, encoding="utf-8")
        found = complaint(lambda: resolve(str(path)))
        assert found.removeprefix(path.as_posix()).lstrip(":0123456789 ") == text


def test_a_misspelt_key_is_told_before_the_one_it_leaves_missing(tmp_path: Path) -> None:
    path = tmp_path / "x.toml"
    path.write_text("schema = 1\nkind = 'form'\ntitel = 'x'", encoding="utf-8")
    assert complaint(lambda: resolve(str(path))) == (
        f"{path.as_posix()}:3: titel is not a key of a form; did you mean title?"
    )


# --- what may be set where ------------------------------------------------------------------------------------


def test_a_programme_sets_only_levers(told: Told) -> None:
    assert told("[household]\nb_quality = 1", "programme") == (
        "x.toml:5: household.b_quality is of role uncertainty, the same before and after the policy month, and a "
        "programme may only set levers; set it in a place, in a form or with --set"
    )


def test_a_programme_cannot_reshape_the_start(told: Told) -> None:
    assert told("[street]\nrenovated = 1", "programme") == (
        "x.toml:5: street.renovated shapes the households or the starting state, and a programme may only set levers; "
        "set it in a place, in a form or with --set"
    )


def test_a_step_sets_only_what_can_change_in_a_run(told: Told) -> None:
    assert told("[[step]]\nat = 3\n[step.population]\nn_households = 10") == (
        "x.toml:7: population.n_households shapes the households or the starting state, and a step may only set "
        "levers; set it in a place, in a form or with --set"
    )


def test_a_place_has_no_schedule(told: Told) -> None:
    assert told("[schedule]\nstart = 3", "place") == (
        "x.toml:4: schedule does not belong in a place, only in: form, programme, model"
    )


def test_a_model_cannot_start_late(told: Told) -> None:
    assert told("[schedule]\nstart = 3", "model") == (
        "x.toml:5: schedule.start = 3, but a model is one regime throughout and its levers hold from the spin-up on; "
        "leave start out"
    )


# --- months ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("schedule", "text"),
    [
        ("start = -1", "x.toml:5: schedule.start = -1 (a number) is outside 0 to 1200 months after the policy month"),
        (
            "start = 1201",
            "x.toml:5: schedule.start = 1201 (a number) is outside 0 to 1200 months after the policy month",
        ),
        (
            "start = true",
            "x.toml:5: schedule.start = true (a truth value) is not a month; write 0 to 1200 months after "
            'the policy month, or a date such as "2019-07"',
        ),
        (
            "start = '2019-7'",
            'x.toml:5: schedule.start = "2019-7" (text) is not a month; write 0 to 1200 months after '
            'the policy month, or a date such as "2019-07"',
        ),
        (
            "start = '2019-13'",
            'x.toml:5: schedule.start = "2019-13" (text) is not a month; write 0 to 1200 months after '
            'the policy month, or a date such as "2019-07"',
        ),
        (
            "start = 2019-07-01",
            "x.toml:5: schedule.start = 2019-07-01 (a date or time) is not a month; write 0 to 1200 "
            'months after the policy month, or a date such as "2019-07"',
        ),
        (
            "start = '2018-12'",
            'x.toml:5: schedule.start = "2018-12" is month -1 counted from the policy month 2019-01; allowed '
            "is 0 to 1200",
        ),
        (
            "stop = '2219-12'",
            'x.toml:5: schedule.stop = "2219-12" is month 2411 counted from the policy month 2019-01; allowed '
            "is 0 to 1200",
        ),
        (
            "stop = 0",
            "x.toml:5: schedule.stop = 0 is month 0, not after the start in month 0; the levers would never apply",
        ),
        (
            "stop = 6\nstart = '2019-09'",
            "x.toml:5: schedule.stop = 6 is month 6, not after the start in month 8; the levers would never apply",
        ),
    ],
)
def test_a_wrong_schedule(told: Told, schedule: str, text: str) -> None:
    assert told(f"[schedule]\n{schedule}", "programme") == text


@pytest.mark.parametrize(
    ("months", "text"),
    [
        ("at = 3", "step.at = 3 is month 3, but a step comes after the start in month 3"),
        ("at = 9", "step.at = 9 is month 9, but the levers stop in month 9"),
        (
            "at = 4\n[[step]]\nat = '2019-05'",
            'step.at = "2019-05" is month 4, which already has a step; write one step for both',
        ),
    ],
)
def test_a_step_out_of_order(told: Told, months: str, text: str) -> None:
    found = told(f"[schedule]\nstart = 3\nstop = 9\n[[step]]\n{months}", "programme")
    assert found == f"x.toml:{8 + 2 * months.count('step')}: {text}"


# --- names of other scenarios ---------------------------------------------------------------------------------


def test_an_initial_form_that_is_none(told: Told) -> None:
    assert told("initial_form = 'subsidy'", "place") == (
        'x.toml:4: no form is called "subsidy"; subsidy is a programme'
    )
    assert told("initial_form = 'x.toml'", "place") == (
        "x.toml:4: initial_form must be a form, but x.toml is a place; the forms are: custody, market"
    )


def test_a_model_with_a_wrong_place(told: Told) -> None:
    assert told("place = 'traped'", "model") == 'x.toml:4: no place is called "traped"; did you mean trapped?'
