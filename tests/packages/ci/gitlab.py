"""The proofs about the component for GitLab CI. See ../gitlab.sh."""

import base64
import csv
import hashlib
import io
import json
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import yaml

import scene
from scene import PROJECT, git, has, lacks, proof
from stub import Stub

SCRATCH = Path(sys.argv.pop(1))
OWNERS = SCRATCH / "owners"
VERSION = re.search(r'^version = "(.*)"', (PROJECT / "Cargo.toml").read_text(), re.M)[1]
TEMPLATE = (PROJECT / "templates/owners.yml").read_text()
SPEC, JOBS = yaml.safe_load_all(TEMPLATE)
INPUTS = SPEC["spec"]["inputs"]
MARKER = "<!-- owners-cli: default -->\n"
BOT = "project_bot"
scene.PLATFORM = "gitlab"
ORIGIN = scene.Origin(SCRATCH, OWNERS)
STUB = Stub()


def wheel():
    """A wheel with the program, as maturin makes it."""
    name, info = f"owners_cli-{VERSION}", f"owners_cli-{VERSION}.dist-info"
    files = {
        f"{name}.data/scripts/owners": OWNERS.read_bytes(),
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: owners-cli\nVersion: {VERSION}\n".encode(),
        f"{info}/WHEEL": b"Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: false\nTag: py3-none-any\n",
    }
    record = io.StringIO()
    for path, data in files.items():
        digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
        csv.writer(record, lineterminator="\n").writerow([path, f"sha256={digest}", len(data)])
    record.write(f"{info}/RECORD,,\n")
    folder = SCRATCH / "wheels"
    folder.mkdir()
    made = folder / f"{name}-py3-none-any.whl"
    with zipfile.ZipFile(made, "w") as out:
        for path, data in {**files, f"{info}/RECORD": record.getvalue().encode()}.items():
            entry = zipfile.ZipInfo(path)
            entry.external_attr = 0o100755 << 16
            out.writestr(entry, data)
    return made


WHEEL = wheel()


def interpolated(node, inputs):
    """What GitLab does to a component with inputs: in strings, and a string that is only an input becomes
    its value."""
    if isinstance(node, dict):
        return {interpolated(key, inputs): interpolated(value, inputs) for key, value in node.items()}
    if isinstance(node, list):
        return [interpolated(each, inputs) for each in node]
    if not isinstance(node, str):
        return node
    whole = re.fullmatch(r"\$\[\[ inputs\.([\w-]+) \]\]", node)
    text = lambda value: str(value).lower() if isinstance(value, bool) else str(value)
    return inputs[whole[1]] if whole else re.sub(r"\$\[\[ inputs\.([\w-]+) \]\]", lambda found: text(inputs[found[1]]), node)


def component(**given):
    inputs = {name: definition["default"] for name, definition in INPUTS.items()}
    for name, value in given.items():
        inputs[name.replace("_", "-")] = value
    assert set(inputs) == set(INPUTS), inputs
    for name, value in inputs.items():
        definition = INPUTS[name]
        assert isinstance(value, bool if definition.get("type") == "boolean" else str), (name, value)
        assert re.search(definition.get("regex", ""), text := str(value)), (name, text)
        assert value in definition.get("options", [value]), (name, value)
    jobs = interpolated(JOBS, inputs)
    assert "$[[" not in json.dumps(jobs)
    return jobs


def quick_pip():
    """A `pip` that only copies the program, for all proofs that are not about installing."""
    package = SCRATCH / "quick" / "pip"
    package.mkdir(parents=True)
    (package / "__init__.py").touch()
    (package / "__main__.py").write_text(
        "import os, shutil, sys\n"
        "to = os.path.join(sys.argv[sys.argv.index('--target') + 1], 'bin')\n"
        f"os.mkdir(to); shutil.copy({str(OWNERS)!r}, to)\n"
    )
    return package.parent


QUICK = quick_pip()


class Result:
    code, log, report = 0, "", None


class Case:
    def __init__(self):
        STUB.reset()
        self.stub = STUB
        self.stub.tokens = {"glpat": (BOT, True), "glpat-reads": (BOT, False)}
        self.stub.head = ORIGIN.head
        self.root = SCRATCH / "case"
        shutil.rmtree(self.root, ignore_errors=True)
        self.root.mkdir()
        self.log, self.jobs = "", 0

    def run(self, revision=None, depth=20, shell="bash", token="glpat", request=True, env=None, origin=None, pip=False, **inputs):
        """A job: clones, and runs the scripts, as GitLab's runner does; with the real pip or a quick one."""
        self.jobs += 1
        workspace = self.root / f"build-{self.jobs}"
        workspace.mkdir()
        git(workspace, "init", "-q")
        git(workspace, "remote", "add", "origin", f"file://{origin or ORIGIN.path}")
        revision = revision or ORIGIN.head
        git(workspace, "fetch", "-q", "--no-tags", *([f"--depth={depth}"] if depth else []), "origin", revision)
        git(workspace, "checkout", "-q", "--detach", revision)
        (job,) = component(**inputs).values()
        variables = {}
        for name, value in job["variables"].items():
            assert isinstance(value, (str, dict)), name
            variables[name] = value["value"] if isinstance(value, dict) else value
        of_request = {
            "CI_MERGE_REQUEST_IID": "7", "CI_MERGE_REQUEST_PROJECT_ID": "55",
            "CI_MERGE_REQUEST_TARGET_BRANCH_NAME": "main",
            "CI_MERGE_REQUEST_PROJECT_URL": f"file://{ORIGIN.root}/org/repo",
        }  # fmt: skip
        script = "\n".join([*job["before_script"], *job["script"]])
        start = {"bash": ["bash", "-eo", "pipefail"], "sh": ["dash", "-e"]}[shell]
        (temp := self.root / f"temp-{self.jobs}").mkdir()
        done = subprocess.run(
            [*start, "-c", script], cwd=workspace, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=60,
            env={
                **scene.BASE_ENV, **variables, "GITLAB_CI": "true", "CI": "true", "CI_API_V4_URL": f"{self.stub.url}/api/v4",
                "CI_PROJECT_ID": "55", "CI_COMMIT_SHA": revision, "TMPDIR": str(temp),
                **({} if pip else {"PYTHONPATH": str(QUICK)}), "PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(WHEEL.parent),
                **({"OWNERS_TOKEN": token} if token else {}), **(of_request if request else {}), **(env or {}),
            },
        )  # fmt: skip
        result = Result()
        result.code, result.log = done.returncode, done.stdout.decode()
        report = workspace / job["artifacts"]["reports"]["codequality"]
        result.report = json.loads(report.read_text()) if report.exists() else None
        assert not any(temp.iterdir()), "the job leaves files behind"
        self.log = result.log
        return result


@proof
def merge_request(case):
    """a merge request: the check, the report, and one note with the diff and the reviewers"""
    for shell in ["bash", "sh"]:
        result = case.run(shell=shell, pip=True)
        assert result.code == 0 and result.report == []
        has(result.log, f"owners {VERSION}", "0 errors, 0 warnings", "### Code ownership")
    (body,) = case.stub.bodies(BOT)
    assert len(case.stub.writes()) == 1 and body.startswith(MARKER)
    has(body, "1 path changed owners between the target branch and this merge request", "`@alice` → `@carol`", "### Reviewers")
    lacks(body, "of-others", ORIGIN.head)


@proof
def findings(case):
    """findings: for people in the log, in the report, and as the exit code"""
    git(ORIGIN.work, "checkout", "-q", "--detach", ORIGIN.head)
    dead = scene.commit(ORIGIN.work, OWNERS, "@carol", [], '"/nowhere/" = "core"\n')
    git(ORIGIN.work, "push", "-q", "-f", "origin", f"{dead}:refs/merge-requests/9/head")
    case.stub.head = dead
    result = case.run(dead)
    assert result.code == 0 and [each["severity"] for each in result.report] == ["minor"]
    result = case.run(dead, args="-D warnings\n--deny unowned-path")
    assert result.code == 1 and [each["severity"] for each in result.report] == ["major"]
    has(result.log, "error[dead-pattern]", "--> owners.toml:")
    assert len(case.stub.bodies(BOT)) == 1
    result = case.run(dead, args="* --nonsense")
    assert result.code == 2 and result.report is None
    has(result.log, "unexpected argument '*'")


@proof
def broken_configuration(case):
    """an owners.toml with an error: exit code 2, no report, and the old note says so"""
    git(ORIGIN.work, "checkout", "-q", "--detach", ORIGIN.head)
    scene.write(ORIGIN.work, {"owners.toml": "[paths\n"})
    git(ORIGIN.work, "commit", "-q", "-a", "-m", "broken")
    broken = git(ORIGIN.work, "rev-parse", "HEAD")
    git(ORIGIN.work, "push", "-q", "-f", "origin", f"{broken}:refs/merge-requests/9/head")
    case.stub.head = broken
    result = case.run(broken)
    assert result.code == 2 and result.report is None and not case.stub.comments
    case.stub.comment(BOT, MARKER + "old")
    case.run(broken, comment="always")
    has(case.stub.bodies(BOT)[0], "The owners cannot be compared: the log of the job says why.")


@proof
def sticky(case):
    """the note: found behind pages of others, updated, never repeated, those of others left alone"""
    for number in range(120):
        case.stub.comment("somebody", f"note {number}")
    case.stub.comment("mallory", MARKER + "approved")
    case.run()
    case.stub.comments[-1]["body"] = MARKER + "older"
    case.run()
    case.run(comment_key="frontend")
    assert case.stub.bodies("mallory") == [MARKER + "approved"]
    assert [body.splitlines()[0] for body in case.stub.bodies(BOT)] == [MARKER.strip(), "<!-- owners-cli: frontend -->"]
    assert len(case.stub.writes()) == 3
    case.stub.head = "0" * 40
    case.stub.comments[-1]["body"] = "<!-- owners-cli: frontend -->\nnewer"
    has(case.run(comment_key="frontend").log, "there is a newer commit")
    has(case.stub.bodies(BOT)[1], "newer")


@proof
def nothing_to_say(case):
    """no note if no owners change, and the text of an old one says so; `always` and `never`"""
    git(ORIGIN.work, "checkout", "-q", "--detach", "main")
    scene.write(ORIGIN.work, {"src/new.rs": ""})
    git(ORIGIN.work, "add", "--all")
    git(ORIGIN.work, "commit", "-q", "-m", "quiet")
    quiet = git(ORIGIN.work, "rev-parse", "HEAD")
    git(ORIGIN.work, "push", "-q", "-f", "origin", f"{quiet}:refs/merge-requests/9/head")
    case.stub.head = quiet
    case.run(quiet)
    assert not case.stub.comments
    case.run(quiet, comment="always")
    case.stub.comments[-1]["body"] = MARKER + "old"
    case.run(quiet)
    (body,) = case.stub.bodies(BOT)
    has(body, "No path changed owners between the target branch and this merge request.")
    case.stub.comments.clear()
    case.stub.head = ORIGIN.head
    case.run(comment="never")
    assert not case.stub.requests[-1].startswith("POST") and not case.stub.comments


@proof
def tokens(case):
    """no token, one that only reads, a wrong one, an API that fails: the log has the text, and the job passes"""
    result = case.run(token="")
    assert result.code == 0 and not case.stub.requests
    has(result.log, "there is no token in the variable OWNERS_TOKEN", "### Code ownership")
    result = case.run(token="glpat-reads")
    assert result.code == 0
    has(result.log, "owners: The token cannot write the comment (HTTP 403: 403 Forbidden). It needs the scope `api`")
    has(case.run(token="wrong").log, "HTTP 401: 401 Unauthorized")
    case.stub.faults = [("POST", "notes$", 500, 1)]
    result = case.run()
    assert result.code == 0 and not case.stub.comments
    has(result.log, "owners: The comment could not be written (HTTP 500: a fault ::error::injected).")


@proof
def shallow_clone(case):
    """a clone without the merge base gets the history, a merged result and a full clone need none"""
    result = case.run(depth=1)
    has(result.log, "1 path changed owners between the target branch")
    assert case.run(depth=0).code == 0
    merged = {"CI_MERGE_REQUEST_SOURCE_BRANCH_SHA": ORIGIN.head, "CI_MERGE_REQUEST_TARGET_BRANCH_SHA": "x"}
    result = case.run(ORIGIN.merged, env=merged)
    has(result.log, "1 path changed owners between the target branch", "the comment is up to date")
    assert len(case.stub.writes()) == 1
    result = case.run(env={"CI_MERGE_REQUEST_TARGET_BRANCH_NAME": "gone"})
    assert result.code == 0
    has(result.log, 'the owners are not compared. Set the variable GIT_DEPTH of the job to "0".')
    assert case.run(env={"CI_MERGE_REQUEST_TARGET_BRANCH_NAME": "gone"}, changed_only=True).code == 2


@proof
def fork(case):
    """a merge request from a fork: the target branch is that of the target project"""
    other = case.root / "fork.git"
    subprocess.run(["git", "init", "-q", "--bare", other], check=True)
    git(ORIGIN.work, "push", "-q", str(other), f"{ORIGIN.head}:refs/heads/topic")
    result = case.run(origin=other, env={"CI_PROJECT_ID": "77"}, token="")
    assert result.code == 0
    has(result.log, "1 path changed owners between the target branch")


@proof
def changed_only(case):
    """`changed-only` reports what the merge request causes"""
    git(ORIGIN.work, "checkout", "-q", "--detach", "main")
    scene.commit(ORIGIN.work, OWNERS, "@alice", [], '"/nowhere/" = "core"\n')
    git(ORIGIN.work, "push", "-q", "origin", "HEAD:refs/heads/old-findings")
    scene.write(ORIGIN.work, {"src/new.rs": ""})
    git(ORIGIN.work, "add", "--all")
    git(ORIGIN.work, "commit", "-q", "-m", "on top of a finding")
    tip = git(ORIGIN.work, "rev-parse", "HEAD")
    git(ORIGIN.work, "push", "-q", "-f", "origin", f"{tip}:refs/merge-requests/9/head")
    case.stub.head = tip
    env = {"CI_MERGE_REQUEST_TARGET_BRANCH_NAME": "old-findings"}
    assert len(case.run(tip, env=env).report) == 1
    assert case.run(tip, env=env, changed_only=True).report == []
    assert len(case.run(tip, request=False, changed_only=True).report) == 1


@proof
def live(case):
    """`live` asks the API about the owners, with the token in GITLAB_TOKEN"""
    env = {"GITLAB_TOKEN": "glpat-reads"}
    api = lambda path, answer: case.stub.files.update({f"/api/v4/projects/55{path}": json.dumps(answer).encode()})
    api("", {"path_with_namespace": "org/repo", "namespace": {"kind": "group"}})
    api("/members/all", [])
    assert not case.run(env=env).code and not [each for each in case.stub.requests if "members" in each]
    result = case.run(live=True, env=env)
    assert "GET /api/v4/projects/55/members/all" in case.stub.requests, case.log
    has(result.log, "could not be checked: Not Found (404)")
    lacks(result.log, "glpat-reads")
    assert case.run(live=True).code == 2
    has(case.log, "there is no token for")


@proof
def branch(case):
    """a pipeline of a branch: the check alone"""
    result = case.run(request=False)
    assert result.code == 0 and not case.stub.requests
    lacks(result.log, "### Code ownership")


@proof
def own_configuration(case):
    """another configuration: nothing is compared"""
    result = case.run(config="no where.toml")
    assert result.code == 2 and not case.stub.requests
    has(result.log, "cannot read the configuration `no where.toml`")


@proof
def odd_names(case):
    """names with line ends, markers and Markdown end up in code spans, and none is a quick action"""
    case.run()
    (body,) = case.stub.bodies(BOT)
    has(body, "`docs/line\\nbreak.md`", "`` src/`x` @bob")
    plain = re.sub(r"(`+)(?!`).+?(?<!`)\1(?!`)", "", body.removeprefix(MARKER))
    lacks(plain, "@", "::", "<!--")
    assert not re.search(r"^\s*/", body, re.M), body


@proof
def inputs_are_not_part_of_scripts(case):
    """values of inputs are data: no script contains one, no variable is expanded, no shell runs them"""
    for name, job in JOBS.items():
        assert "$[[" not in json.dumps([job["before_script"], job["script"]])
    hostile = "$(touch ran) `touch ran` ; touch ran #"
    result = case.run(args=hostile, config=hostile)
    assert result.code == 2 and not list(case.root.rglob("ran"))
    (job,) = component(args="$HOME", config="$HOME").values()
    assert job["variables"]["OWNERS_ARGS"]["expand"] is False and job["variables"]["OWNERS_CONFIG"]["expand"] is False


@proof
def hashes(case):
    """pip verifies the checksum of the wheel, if it is given, and a wheel that is not there is explained"""
    right = hashlib.sha256(WHEEL.read_bytes()).hexdigest()
    assert case.run(pip=True, sha256=f"{'0' * 64} {right}").code == 0
    result = case.run(pip=True, sha256="0" * 64)
    assert result.code == 2
    has(result.log, "THESE PACKAGES DO NOT MATCH THE HASHES")
    result = case.run(pip=True, version="9.9.9")
    assert result.code == 2
    has(result.log, "owners: owners-cli 9.9.9 could not be installed: the input `image` needs Python 3 with pip, and glibc")


@proof
def image_without_git(case):
    """an image without git gets it by apt-get, or the message says what is missing"""
    bare = case.root / "bin"
    bare.mkdir()
    for name in "bash dash python3 mktemp rm cat sed env".split():
        (bare / name).symlink_to(shutil.which(name))
    apt = bare / "apt-get"
    apt.write_text(f'#!/bin/sh\n[ "$2" != install ] || {shutil.which("ln")} -s {shutil.which("git")} {bare}/git\n')
    apt.chmod(0o755)
    assert case.run(pip=True, env={"PATH": str(bare)}).code == 0
    (bare / "git").unlink()
    apt.unlink()
    result = case.run(pip=True, env={"PATH": str(bare)})
    assert result.code == 2
    has(result.log, "owners: the image needs git, which could not be installed")


@proof
def valid(_):
    """the spec, the jobs and the examples of docs/gitlab.md have the published schema, and the schema finds a mistake in each"""

    def faults(document):
        file = SCRATCH / "document.yml"
        file.write_text(yaml.safe_dump(document))
        check = ["check-jsonschema", "--builtin-schema", "vendor.gitlab-ci", "--data-transform", "gitlab-ci", file]
        return subprocess.run(check, capture_output=True, text=True).stdout

    jobs = component()
    has(faults(SPEC) + faults(jobs), "ok -- validation done\nok -- validation done\n")
    has(faults({"spec": {"inputs": {"a": {"type": "nothing"}}}}), "is not valid under any")
    has(faults({"owners": {**jobs["owners"], "artifacts": {"reports": {"codequality": 5}}}}), "Schema validation errors")
    for block in re.findall(r"^```yaml\n(.*?)^```", (PROJECT / "docs/gitlab.md").read_text(), re.M | re.S):
        has(faults(yaml.safe_load(block)), "ok -- validation done")
    assert not set(JOBS) & {"default", "variables", "stages", "workflow"}, "a component has jobs only"


@proof
def copy(_):
    """the template has packaging/ci/comment.py as it is, the version of Cargo.toml, and the checksum in docs/gitlab.md"""
    text = (PROJECT / "packaging/ci/comment.py").read_text()
    (job,) = JOBS.values()
    assert f"<<'END'\n{text}END\n" in job["before_script"][-1], "copy packaging/ci/comment.py to templates/owners.yml"
    assert INPUTS["version"]["default"] == VERSION
    integrity = "sha256-" + base64.b64encode(hashlib.sha256(TEMPLATE.encode()).digest()).decode()
    assert integrity in (PROJECT / "docs/gitlab.md").read_text(), f"docs/gitlab.md should have {integrity}"


@proof
def documented(_):
    """docs/gitlab.md lists every input with its default, and names the version of Cargo.toml"""
    text = (PROJECT / "docs/gitlab.md").read_text()
    rows = dict(re.findall(r"^\| `([a-z0-9-]+)` \| (.*?) ?\|", text, re.M))
    for name, definition in INPUTS.items():
        default = definition["default"]
        default = str(default).lower() if isinstance(default, bool) else default
        assert rows[name] == (default and f"`{default}`"), (name, rows[name])
    assert set(re.findall(r"\d+\.\d+\.\d+", text)) == {VERSION}


if __name__ == "__main__":
    scene.run_proofs(Case)
