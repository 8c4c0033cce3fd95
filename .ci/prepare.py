"""Set up what the course needs and run it: the logic behind the Makefile.

Needs nothing but Python's standard library. The syntax is kept plain enough for an old Python 3 to read
this file, so that it can say that it is too old.
"""

import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
OLDEST = (3, 11)
LEARNER = (".venv", "requirements.txt")
TESTER = (".venv-test", "tests/requirements.txt")
RECORD = ".set-up-for"
FIRST_NOTEBOOKS = ("notebooks/00-start-here.ipynb", "notebooks/03-how-much-binds.ipynb")
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "microsoft-edge")
NO_NETWORK = "Connection|Temporary failure|unreachable|timed out|getaddrinfo|ProxyError|from versions: none"
BROWSER_FILES = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
    "C:/Program Files/Google/Chrome/Application/chrome.exe",
    "C:/Program Files (x86)/Microsoft/Edge/Application/msedge.exe",
)


class Missing(Exception):
    """Something that only the person can supply; the text is one line that says what, and how to get it."""


def say(text):
    print(text, flush=True)


# -- what has to be there ------------------------------------------------------------------------------------


def check_python(version=None):
    version = tuple((version or sys.version_info)[:2])
    if version < OLDEST:
        raise Missing(
            "Python {}.{} is too old: the course needs {}.{} or newer. Install one (python.org/downloads or "
            "your system's packages), then name it: make PYTHON=/path/to/python3".format(*version, *OLDEST)
        )


def check_venv(find=None):
    """Debian and Ubuntu leave venv's other half, ensurepip, out of their python3 package."""
    if find is None:
        from importlib.util import find_spec as find
    for module in ("venv", "ensurepip"):
        if find(module) is None:
            raise Missing(
                f"This Python has no {module} module: on Debian or Ubuntu run: sudo apt install python3-venv "
                "(elsewhere, install Python from python.org/downloads)"
            )


def find_browser(environ=None, which=shutil.which, files=BROWSER_FILES):
    environ = os.environ if environ is None else environ
    named = environ.get("BROWSER_PATH")
    if named:
        found = which(named)
        if found:
            return found
        raise Missing(f"BROWSER_PATH names no program ({named}): let it name a Chromium, Chrome or Edge, or unset it")
    for name in BROWSERS:
        if which(name):
            return which(name)
    for file in files:
        if Path(file).exists():
            return file
    raise Missing(
        "No browser, which tests and PDFs need: install Chromium (Debian, Ubuntu: sudo apt install chromium) or "
        "any Chrome or Edge; if it is in an unusual place, set BROWSER_PATH to it"
    )


def explain_pip(output):
    """One line for what pip says when it cannot go on."""
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    text = "\n".join(lines)
    if "DO NOT MATCH THE HASHES" in text:
        return (
            "A downloaded package is not the one in the lock (its hash differs): try again on another "
            "network; if it stays so, please report it"
        )
    if "No space left" in text:
        return "The disk is full: free about 1 GB, then run the same command again"
    if re.search(NO_NETWORK, text):
        return "No network: the packages could not be fetched. Connect, then run the same command again"
    errors = [line for line in lines if line.startswith("ERROR")]
    last = (errors or lines or ["no message"])[-1]
    return f"The packages could not be installed ({last}): try again, and if it stays so, please report it"


# -- set-up --------------------------------------------------------------------------------------------------


def venv_python(folder):
    return Path(folder) / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def digest(*parts):
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def place(folder):
    """Changes with the Python and when the folder is moved, which a venv does not survive."""
    return digest(str(Path(folder).resolve()).encode(), b"%d.%d" % sys.version_info[:2])


def recorded(folder):
    """What the folder was set up for: its place and its lock. Nothing if it was never completed."""
    record = Path(folder) / RECORD
    words = record.read_text(encoding="ascii").split() if record.exists() else []
    return tuple(words) if len(words) == 2 and venv_python(folder).exists() else (None, None)


def make_venv(folder):
    result = subprocess.run([sys.executable, "-m", "venv", str(folder)], capture_output=True, text=True)
    if result.returncode:
        last = (result.stdout + result.stderr).strip().splitlines()[-1:]
        if "ensurepip" in result.stdout + result.stderr:
            check_venv(lambda module: None if module == "ensurepip" else module)
        raise Missing("The folder {} could not be made ({})".format(Path(folder).name, "".join(last)))


def pip_install(folder, lock):
    """pip, with its list of downloads turned into a count."""
    total = len(re.findall(r"^[A-Za-z0-9][^\s=]*==", Path(lock).read_text(encoding="utf-8"), re.M))
    command = [str(venv_python(folder)), "-m", "pip", "install", "--require-hashes", "--no-input"]
    command += ["--disable-pip-version-check", "--progress-bar", "off", "-r", str(lock)]
    pipe = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True, "errors": "replace"}
    process = subprocess.Popen(command, **pipe)
    lines, count = [], 0
    for line in process.stdout:
        lines.append(line)
        if line.startswith(("Collecting ", "Requirement already satisfied")):
            count += 1
            if count % 25 == 0:
                say(f"      {count} of about {total} packages")
        elif line.startswith("Installing collected"):
            say("      all fetched, unpacking (the longest part)")
    if process.wait():
        raise Missing(explain_pip("".join(lines)))


def set_up(folder, lock, make=make_venv, install=pip_install):
    """Leave a complete environment in folder, or none that counts as one.

    The record is written last and taken away first: a set-up that is cut short has none, and is begun anew.
    Returns what was done: "reused", "refreshed" or "made".
    """
    folder, lock = Path(folder), Path(lock)
    wanted = (place(folder), digest(lock.read_bytes()))
    before = recorded(folder)
    if before == wanted:
        return "reused"
    refresh = before[0] == wanted[0]
    record = folder / RECORD
    if refresh:
        say(f"1/3  {folder.name} is there, but the list of packages has changed")
        record.unlink()
    else:
        say(f"1/3  making a Python environment in {folder.name}")
        if folder.exists():
            shutil.rmtree(folder)
        make(folder)
    say("2/3  installing the packages (a minute or two the first time)")
    try:
        install(folder, lock)
    except Missing:
        if refresh:  # pip undoes what it began when it fails, so what was there before still stands.
            record.write_text(" ".join(before), encoding="ascii")
        raise
    say("3/3  set-up complete")
    record.write_text(" ".join(wanted), encoding="ascii")
    return "refreshed" if refresh else "made"


def ready(which):
    """The Python of the learner's or the tests' environment, set up if need be."""
    name, lock = which
    check_python()
    check_venv()
    set_up(ROOT / name, ROOT / lock)
    return str(venv_python(ROOT / name))


# -- what make runs ------------------------------------------------------------------------------------------


def run(command, **environ):
    return subprocess.call([str(part) for part in command], cwd=str(ROOT), env={**os.environ, **environ})


def lab(arguments):
    python = ready(LEARNER)
    notebook = [name for name in FIRST_NOTEBOOKS if (ROOT / name).exists()][:1]
    if hasattr(os, "geteuid") and os.geteuid() == 0 and sys.platform.startswith("linux"):
        arguments = ["--allow-root", *arguments]
    # A start page, not a file to open: JupyterLab would take the file's folder for its root.
    start = ["--LabApp.default_url=/lab/tree/" + name for name in notebook]
    say("Opening JupyterLab{} (Ctrl-C here stops it)".format("".join(" at " + name for name in notebook)))
    # Jupyter no longer reads settings from the folder it is started in: it has to be told.
    paths = [str(ROOT)] + [path for path in [os.environ.get("JUPYTER_CONFIG_PATH")] if path]
    return run([python, "-m", "jupyterlab", *start, *arguments], JUPYTER_CONFIG_PATH=os.pathsep.join(paths))


def side_by_side(commands, **environ):
    """Run commands at once; what those that failed have said, and the first exit code that is not 0."""
    pipe = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True, "errors": "replace"}
    environ = {**os.environ, **environ}
    words = [[str(part) for part in command] for command in commands]
    running = [subprocess.Popen(command, cwd=str(ROOT), env=environ, **pipe) for command in words]
    codes = []
    for process in running:
        output = process.communicate()[0]
        codes.append(process.returncode)
        if process.returncode:
            say(output.rstrip())
    return next((code for code in codes if code), 0)


def with_fresh_record(steps):
    """Run the steps, all of them, with an empty learner's record; the exit code of the first that failed.

    A step is a title and a command, or a list of commands to run side by side.
    """
    failed = []
    with tempfile.TemporaryDirectory() as home:
        for number, (title, command) in enumerate(steps, 1):
            say(f"\n{number}/{len(steps)}  {title}")
            start = side_by_side if isinstance(command[0], list) else run
            code = start(command, COURSE_HOME=home, COURSE_CLEAN_SAVES="1", PYTHONPATH="notebooks")
            if code:
                failed.append((title, code))
    for title, _ in failed:
        say(f"FAILED: {title}")
    return failed[0][1] if failed else 0


def course_notebooks():
    """The notebooks of the course, and no other that lies beside them."""
    sys.path.insert(0, str(ROOT / "notebooks"))
    from course.chapters import notebooks

    return [notebook.path.relative_to(ROOT) for notebook in notebooks()]


def test(arguments):
    check_python()
    os.environ["BROWSER_PATH"] = find_browser()
    python = ready(TESTER)
    notebooks = course_notebooks()
    nbval = ["--nbval", "--nbval-current-env", "--nbval-cell-timeout=60"]
    # Side by side, on as many processors as there are; a group that shares a JupyterLab stays together.
    spread = ["-n", "auto", "--maxprocesses=4", "--dist=loadgroup"]
    checks = [
        [python, "-m", "ruff", "check", "."],
        [python, "-m", "ruff", "format", "--check", "."],
        [python, "-m", "mypy"],
        [python, "-c", "from importlinter.cli import lint_imports_command as run; run()", "pyproject.toml"],
        [python, "-m", "deptry", "notebooks/course"],
    ]
    steps = [
        ("style (ruff), types (mypy), arrows (import-linter), packages (deptry)", checks),
        ("units, house and browser (pytest)", [python, "-m", "pytest", *spread, "tests", *arguments]),
        ("every notebook cell (nbval)", [python, "-m", "pytest", *spread[:3], "--dist=loadscope", *nbval, *notebooks]),
    ]
    return with_fresh_record(steps if notebooks else steps[:2])


def proof(arguments):
    check_python()
    os.environ["BROWSER_PATH"] = find_browser()
    python = ready(TESTER)
    command = [python, "-m", "pytest", "-m", "proof", "tests", *arguments]
    return with_fresh_record([("the slow proofs (pytest)", command)])


def faults(arguments):
    """Every fault of the learner's record, tried, and the table of what came of it."""
    command = [ready(TESTER), "tests/proof/faults.py", "--write", *arguments]
    return with_fresh_record([("faults of the record", command)])


def handouts(arguments):
    """Pages; with --pdf PDFs as well, printed by the browser that is found here."""
    check_python()
    if "--pdf" in arguments:
        at = arguments.index("--pdf") + 1
        arguments = [*arguments[:at], find_browser(), *arguments[at:]]
    return with_fresh_record([("handouts", [ready(LEARNER), "-m", "course.publish.handouts", *arguments])])


def prints(arguments):
    """Booklets of the test and one-page handouts, as pages and as PDFs."""
    check_python()
    command = [ready(LEARNER), "-m", "course.publish.papers", "--pdf", find_browser(), *arguments]
    return with_fresh_record([("papers", command)])


def slides(arguments):
    return with_fresh_record([("slides", [ready(LEARNER), "-m", "course.publish.slides", *arguments])])


def export(arguments):
    """The bank of questions for a school's learning management system."""
    return with_fresh_record([("questions for an LMS", [ready(LEARNER), "-m", "course.publish.lms", *arguments])])


def class_(arguments):
    """What a class has done, from its files."""
    return with_fresh_record([("class results", [ready(LEARNER), "-m", "course.classroom.results", *arguments])])


def refresh(arguments):
    command = [ready(TESTER), "-m", "course.upkeep.refresh", *arguments]
    return with_fresh_record([("executing every notebook", command)])


def stale(arguments):
    return with_fresh_record([("rows to check again", [ready(LEARNER), "-m", "course.upkeep.staleness", *arguments])])


def bench(arguments):
    check_python()
    os.environ["BROWSER_PATH"] = find_browser()
    return with_fresh_record([("measuring", [ready(TESTER), "tests/benchmarks/run.py", *arguments])])


def git(*words):
    result = subprocess.run(["git", *words], cwd=str(ROOT), capture_output=True, text=True)
    return result.stdout.strip() if result.returncode == 0 else ""


def update(arguments):
    """A newer course, with the learner's own edits kept: gitpuller merges and never throws an edit away."""
    if not shutil.which("git"):
        raise Missing("git is needed to fetch a newer course (Debian, Ubuntu: sudo apt install git)")
    branch, source = git("rev-parse", "--abbrev-ref", "HEAD"), git("remote", "get-url", "origin")
    if not source or branch in ("", "HEAD"):
        raise Missing("This folder is not a clone with a branch and an origin: clone the course, update that")
    python = ready(TESTER)
    say("Fetching the newest course; your edits are kept")
    return run([python, "-c", "from nbgitpuller.pull import main; main()", source, branch, "."])


LOCK_HEADER = "# Made by `make lock` from pyproject.toml: exact versions with hashes, for every system.\n"


def lock(arguments):
    """Newest versions within pyproject's bounds: both locks, and the pins of environment.yml."""
    check_python()
    check_venv()
    with tempfile.TemporaryDirectory() as folder:
        say("1/3  fetching uv, which makes the locks")
        make_venv(folder)
        subprocess.check_call([str(venv_python(folder)), "-m", "pip", "install", "--quiet", "uv>=0.9,<1"])
        compile_ = [venv_python(folder), "-m", "uv", "pip", "compile", "pyproject.toml", "--quiet"]
        compile_ += ["--upgrade", "--universal", "--python-version", "3.11", "--generate-hashes"]
        compile_ += ["--no-header", "--no-annotate"]
        compile_ += ["--no-strip-extras"]  # else an older pip takes an extra's newest version, not the lock's
        compile_ += ["--fork-strategy", "fewest"]  # one version of each package for every Python
        say("2/3  the learner's lock")
        code = run([*compile_, "--output-file", LEARNER[1]])
        say("3/3  the tests' lock, with the same versions")
        code = code or run([*compile_, "--extra", "test", "-c", LEARNER[1], "--output-file", TESTER[1]])
    if code:
        return code
    for name in (LEARNER[1], TESTER[1]):
        text = (ROOT / name).read_text(encoding="utf-8")
        if "://" in text:
            raise Missing(f"{name} holds an address: remove the index settings of uv, then run this again")
        (ROOT / name).write_text(LOCK_HEADER + text, encoding="utf-8")
    environment = ROOT / "environment.yml"
    pins = read_lock((ROOT / LEARNER[1]).read_text(encoding="utf-8"))
    environment.write_text(pin(environment.read_text(encoding="utf-8"), pins), encoding="utf-8")
    return 0


def read_lock(text):
    """{name: version} of a lock."""
    return dict(re.findall(r"^([A-Za-z0-9][A-Za-z0-9._-]*)(?:\[[^]]*\])?==([^\s;\\]+)", text, re.M))


def pin(environment, pins):
    """environment.yml with each exact version brought to the lock's."""
    return re.sub(r"(- )([\w.-]+)==\S+", lambda m: f"{m[1]}{m[2]}=={pins[m[2].lower()]}", environment)


ACTIONS = (lab, test, proof, faults, handouts, prints, slides, refresh, stale, bench, update, lock, export, class_)
COMMANDS = {action.__name__.rstrip("_"): action for action in ACTIONS}


def main(arguments):
    try:
        check_python()
        return COMMANDS[arguments[0]](arguments[1:])
    except Missing as missing:
        say(str(missing))
        return 2
    except KeyboardInterrupt:
        say("\nStopped. The same command goes on from here.")
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
