"""The set-up: its lists agree, and it says in one line what is missing."""

import importlib.metadata
import importlib.util
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parents[2]
LOCKS = ("requirements.txt", "tests/requirements.txt")

spec = importlib.util.spec_from_file_location("prepare", ROOT / ".ci" / "prepare.py")
prepare = importlib.util.module_from_spec(spec)
spec.loader.exec_module(prepare)


def read(name):
    return (ROOT / name).read_text(encoding="utf-8")


def project():
    return tomllib.loads(read("pyproject.toml"))["project"]


def conda_part():
    return yaml.safe_load(read("environment.yml"))["dependencies"]


def pip_part():
    """The pip section of environment.yml: a list of requirement lines."""
    return next(part["pip"] for part in conda_part() if isinstance(part, dict))


def by_name(lines):
    return {Requirement(line).name.lower(): Requirement(line) for line in lines}


# -- the lists agree -----------------------------------------------------------------------------------------


def test_environment_and_project_name_the_same_packages():
    assert set(by_name(pip_part())) == set(by_name(project()["dependencies"]))


@pytest.mark.parametrize("name", ["jupyterlab", "ipywidgets", "matplotlib", "nbval"])
def test_environment_names_the_packages_a_newcomer_looks_for(name):
    assert re.search(rf"^ +- {name}==", read("environment.yml"), re.M)


def test_environment_has_the_exact_versions_of_the_lock():
    locked = prepare.read_lock(read("requirements.txt"))
    assert pip_part() == [f"{name}=={locked[name]}" for name in by_name(pip_part())]


def test_conda_gets_a_python_that_the_project_allows():
    conda = [part for part in conda_part() if isinstance(part, str)]
    assert project()["requires-python"] == ">=3.11" == ">={}.{}".format(*prepare.OLDEST)
    assert any(re.fullmatch(r"python>=3\.11,<3\.\d+", part) for part in conda) and "pip" in conda


@pytest.mark.parametrize("lock, extras", [(LOCKS[0], []), (LOCKS[1], ["test"])])
def test_locks_hold_every_direct_package_within_its_bounds(lock, extras):
    locked = prepare.read_lock(read(lock))
    more = [line for extra in extras for line in project()["optional-dependencies"][extra]]
    wanted = by_name(project()["dependencies"] + more)
    for name, requirement in wanted.items():
        assert requirement.specifier.contains(locked[name]), requirement


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_names_every_extra_that_one_of_its_packages_asks_for(lock):
    """Where a lock leaves an extra out, an older pip reaches for its newest version and refuses the lock's."""
    lines = re.findall(r"^([A-Za-z0-9][^\s;\\]*==[^\s;\\]+)", read(lock), re.M)
    locked = {name.replace("_", "-"): requirement for name, requirement in by_name(lines).items()}
    asked = set()
    for name in locked:
        try:
            needs = importlib.metadata.requires(name) or []
        except importlib.metadata.PackageNotFoundError:  # for another system or Python
            continue
        for need in map(Requirement, needs):
            if need.marker is None or any(need.marker.evaluate({"extra": e}) for e in {"", *locked[name].extras}):
                asked |= {(name, need.name.lower().replace("_", "-"), extra) for extra in need.extras}
    missing = [entry for entry in asked if entry[1] in locked and entry[2] not in locked[entry[1]].extras]
    assert asked and not missing


def test_direct_packages_have_a_lower_and_an_upper_bound():
    for requirement in by_name(project()["dependencies"]).values():
        assert {part.operator for part in requirement.specifier} == {">=", "<"}, requirement


def test_a_learner_gets_nbval_and_no_test_tool_by_name():
    assert "nbval" in by_name(project()["dependencies"])
    tests_only = by_name(project()["optional-dependencies"]["test"])
    assert not set(tests_only) & set(by_name(project()["dependencies"]))


def test_both_locks_hold_the_same_versions():
    learner, tester = (prepare.read_lock(read(lock)) for lock in LOCKS)
    assert learner and learner.items() <= tester.items()


@pytest.mark.parametrize("lock", LOCKS)
def test_locks_have_hashes_and_no_addresses(lock):
    text = read(lock)
    entries = re.split(r"\n(?=\S)", re.sub(r"^#.*\n", "", text, flags=re.M).strip())
    names = [re.match(r"[\w.-]+", entry)[0] for entry in entries]
    assert len(names) == len(set(names)) > 50
    for entry in entries:
        assert re.match(r"[\w.-]+(\[[\w,-]+\])?==[\w.+!-]+( ; [^\\]+)? \\\n", entry), entry
        assert "--hash=sha256:" in entry, entry
        rest = re.sub(r"--hash=sha256:[0-9a-f]{64}", "", entry)
        assert "--" not in rest and "@" not in rest, entry
    assert not re.search(r"://|index-url|find-links|trusted-host|\.(org|com|io|net)\b", text)


def test_the_pip_part_resolves(tmp_path):
    """pip finds every package of environment.yml, and one set that suits them all; it installs nothing."""
    wanted = tmp_path / "pip-part.txt"
    wanted.write_text("\n".join(pip_part()), encoding="utf-8")
    command = [sys.executable, "-m", "pip", "install", "--dry-run", "--ignore-installed"]
    result = subprocess.run([*command, "-r", str(wanted)], capture_output=True, text=True, timeout=240)
    if result.returncode and prepare.explain_pip(result.stdout + result.stderr).startswith("No network"):
        pytest.skip("no network: pip could not look the packages up")
    assert result.returncode == 0, result.stderr
    would = result.stdout.splitlines()[-1]
    assert would.startswith("Would install")
    for requirement in by_name(pip_part()).values():
        assert f"{requirement.name}-{next(iter(requirement.specifier)).version}" in would.lower()


@pytest.mark.proof
@pytest.mark.timeout(900)
def test_the_pip_part_installs(tmp_path):
    folder = tmp_path / "fresh venv"
    prepare.make_venv(folder)
    python = str(prepare.venv_python(folder))
    subprocess.run([python, "-m", "pip", "install", "--quiet", *pip_part()], check=True, timeout=800)
    subprocess.run([python, "-m", "pip", "check"], check=True)
    imports = "import jupyterlab, ipywidgets, anywidget, matplotlib, numpy, yaml, jinja2, bibtexparser, nbval"
    subprocess.run([python, "-c", imports], check=True)


# -- the targets ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("target", "help lab test proof handouts slides export bench refresh update lock clean".split())
def test_make_has_the_target(target):
    assert re.search(rf"^{target}:", read("Makefile"), re.M)
    assert re.search(rf"^\.PHONY:.*\b{target}\b", read("Makefile"), re.M)


# -- what is missing is said in one line ---------------------------------------------------------------------


def line_of(function, *arguments, **named):
    with pytest.raises(prepare.Missing) as caught:
        function(*arguments, **named)
    text = str(caught.value)
    assert "\n" not in text
    return text


def test_too_old_python():
    text = line_of(prepare.check_python, (3, 9, 2))
    assert "3.9 is too old" in text and "3.11" in text and "PYTHON=" in text
    prepare.check_python((3, 11, 0))
    prepare.check_python((4, 0, 0))


@pytest.mark.parametrize("module", ["venv", "ensurepip"])
def test_no_venv_module(module):
    text = line_of(prepare.check_venv, lambda name: None if name == module else object())
    assert module in text and "apt install python3-venv" in text
    prepare.check_venv(lambda name: object())


def test_no_browser():
    text = line_of(prepare.find_browser, environ={}, which=lambda name: None, files=())
    assert "apt install chromium" in text and "Chrome or Edge" in text and "BROWSER_PATH" in text


def test_browser_named_wrongly():
    text = line_of(prepare.find_browser, environ={"BROWSER_PATH": "/nowhere"}, which=lambda name: None)
    assert "/nowhere" in text


def test_browser_found(tmp_path):
    assert prepare.find_browser({"BROWSER_PATH": "mine"}, which=lambda name: f"/bin/{name}") == "/bin/mine"
    only_edge = {"microsoft-edge": "/bin/edge"}.get
    assert prepare.find_browser({}, which=only_edge, files=()) == "/bin/edge"
    mac = tmp_path / "Google Chrome"
    mac.touch()
    assert prepare.find_browser({}, which=lambda name: None, files=("/nowhere", str(mac))) == str(mac)


@pytest.mark.parametrize(
    "output, words",
    [
        ("WARNING: Retrying ... NewConnectionError ...: Temporary failure in name resolution", "No network"),
        ("ERROR: Could not find a version that satisfies a==1 (from versions: none)", "No network"),
        ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE", "hash differs"),
        ("OSError: [Errno 28] No space left on device", "disk is full"),
        ("Collecting a\nERROR: something odd\nnote", "ERROR: something odd"),
        ("", "try again"),
    ],
)
def test_what_pip_says_becomes_one_line(output, words):
    text = prepare.explain_pip(output)
    assert words in text and "\n" not in text


def test_main_prints_the_line_and_nothing_else(capsys, monkeypatch):
    def missing(arguments):
        raise prepare.Missing("one line")

    monkeypatch.setitem(prepare.COMMANDS, "lab", missing)
    assert prepare.main(["lab"]) == 2
    assert capsys.readouterr().out == "one line\n"


def test_checks_that_run_side_by_side_say_only_what_failed(capfd):
    fine, bad = [sys.executable, "-c", "print('fine')"], [sys.executable, "-c", "print('bad'); raise SystemExit(3)"]
    assert prepare.side_by_side([fine, fine]) == 0 and capfd.readouterr().out == ""
    assert prepare.side_by_side([fine, bad, fine]) == 3 and capfd.readouterr().out == "bad\n"
    assert prepare.with_fresh_record([("one", fine), ("several", [bad, fine])]) == 3
    assert "2/2  several\nbad\nFAILED: several" in capfd.readouterr().out


def test_an_old_python_can_read_the_script():
    import ast

    ast.parse(read(".ci/prepare.py"), feature_version=(3, 7))


# -- set-up is reused, refreshed, repaired -------------------------------------------------------------------


class Place:
    """A set-up whose making and installing only leave marks."""

    def __init__(self, folder):
        self.venv, self.lock, self.done = folder / "a clone" / ".venv", folder / "lock.txt", []
        self.lock.write_text("a==1 --hash=sha256:0\n")

    def make(self, folder):
        self.done.append("made")
        python = prepare.venv_python(folder)
        python.parent.mkdir(parents=True)
        python.touch()

    def install(self, folder, lock):
        self.done.append("installed " + lock.read_text().split()[0])

    def fail(self, folder, lock):
        raise prepare.Missing("no network")

    def cut_short(self, folder, lock):
        raise KeyboardInterrupt

    def set_up(self, install=None):
        self.done.clear()
        return prepare.set_up(self.venv, self.lock, make=self.make, install=install or self.install)


@pytest.fixture()
def place(tmp_path):
    return Place(tmp_path)


def test_first_set_up_shows_its_steps(place, capsys):
    assert place.set_up() == "made"
    assert place.done == ["made", "installed a==1"]
    assert [line[:3] for line in capsys.readouterr().out.splitlines()] == ["1/3", "2/3", "3/3"]


def test_reused_when_nothing_changed(place, capsys):
    place.set_up()
    capsys.readouterr()
    assert place.set_up() == "reused"
    assert place.done == [] and capsys.readouterr().out == ""


def test_refreshed_when_the_lock_changes(place):
    place.set_up()
    place.lock.write_text("a==2 --hash=sha256:0\n")
    assert place.set_up() == "refreshed"
    assert place.done == ["installed a==2"]
    assert place.set_up() == "reused"


@pytest.mark.parametrize("lock_changed", [False, True])
def test_an_interrupted_set_up_is_begun_anew(place, lock_changed):
    if lock_changed:
        place.set_up()
        place.lock.write_text("a==2 --hash=sha256:0\n")
    with pytest.raises(KeyboardInterrupt):
        place.set_up(place.cut_short)
    leftover = place.venv / "half an install"
    leftover.touch()
    assert place.set_up() == "made"
    assert place.done[0] == "made" and not leftover.exists()


def test_a_failed_first_install_counts_as_nothing(place):
    with pytest.raises(prepare.Missing):
        place.set_up(place.fail)
    assert place.set_up() == "made"


def test_a_failed_refresh_leaves_the_old_set_up(place):
    """Without a network, a learner who took a newer course can go back to the older lock and work."""
    place.set_up()
    old = place.lock.read_text()
    place.lock.write_text("a==2 --hash=sha256:0\n")
    with pytest.raises(prepare.Missing):
        place.set_up(place.fail)
    place.lock.write_text(old)
    assert place.set_up() == "reused"


def test_made_anew_when_its_python_is_gone_or_it_was_moved(place, tmp_path):
    place.set_up()
    prepare.venv_python(place.venv).unlink()
    assert place.set_up() == "made"
    moved = tmp_path / "moved"
    place.venv.parent.rename(moved)
    place.venv = moved / ".venv"
    assert place.set_up() == "made"


def test_lock_keeps_environment_in_step():
    before = "  - python>=3.11\n  - pip:\n      - numpy==1\n      - PyYAML==2\n"
    after = before.replace("==1", "==9.1").replace("==2", "==8")
    assert prepare.pin(before, {"numpy": "9.1", "pyyaml": "8"}) == after


# -- the other ways in ---------------------------------------------------------------------------------------


@pytest.mark.skipif(sys.platform == "win32", reason="Binder runs postBuild on Linux")
def test_binder_puts_the_settings_where_jupyter_reads_them(tmp_path):
    environ = {"NB_PYTHON_PREFIX": str(tmp_path / "a prefix"), "PATH": os.environ["PATH"]}
    subprocess.run(["bash", "postBuild"], cwd=ROOT, env=environ, check=True)
    copied = tmp_path / "a prefix" / "etc" / "jupyter" / "jupyter_server_config.py"
    assert copied.read_text(encoding="utf-8") == read("jupyter_server_config.py")


@pytest.mark.skipif(not (ROOT / "README.md").exists(), reason="there is no README.md yet")
def test_the_readme_starts_jupyter_with_the_settings():
    """Jupyter does not read them by itself: every command that starts it without make has to name them."""
    started = re.findall(r"^.*\bjupyter lab\b.*\bnotebooks\b.*$", read("README.md"), re.M)
    assert started
    for line in started:
        assert "--config=jupyter_server_config.py" in line
