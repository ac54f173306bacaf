"""The proofs about the GitHub Action. See ../action.sh."""

import base64
import hashlib
import io
import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

import runner
import scene
from scene import PROJECT, git, has, lacks, proof
from stub import Stub

SCRATCH = Path(sys.argv.pop(1))
OWNERS = SCRATCH / "owners"
VERSION = re.search(r'^version = "(.*)"', (PROJECT / "Cargo.toml").read_text(), re.M)[1]
BOT = "github-actions[bot]"
MARKER = "<!-- owners-cli: default -->\n"


def released(target):
    """An archive of a release, as the release workflow makes it."""
    suffix = ".exe" if "windows" in target else ""
    for program in ["owners", "owners-lsp"]:
        if not (SCRATCH / (program + suffix)).exists():
            shutil.copy(SCRATCH / program, SCRATCH / (program + suffix))
    binary = SCRATCH / ("owners" + suffix)
    make = [sys.executable, PROJECT / "packaging/release/archive.py", target, binary, SCRATCH / "archives"]
    subprocess.run(make, check=True, capture_output=True)
    return next((SCRATCH / "archives").glob(f"owners-cli-{target}.*")).read_bytes()


def archive(target, program):
    """An archive with another program."""
    name = f"owners-cli-{target}"
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz", compresslevel=1) as file:
        entry = tarfile.TarInfo(f"{name}/owners")
        entry.size, entry.mode = len(program), 0o755
        file.addfile(entry, io.BytesIO(program))
    return out.getvalue()


LINUX = released("x86_64-unknown-linux-musl")
FILE = f"/releases/v{VERSION}/owners-cli-x86_64-unknown-linux-musl.tar.gz"
ORIGIN = scene.Origin(SCRATCH, OWNERS)
STUB = Stub(ORIGIN.root)


class Case:
    """A server, and jobs that run the Action."""

    def __init__(self):
        self.stub = STUB
        self.stub.reset()
        self.stub.files[FILE] = LINUX
        self.stub.tokens = {"ghs_writes": (BOT, True), "ghs_reads": (BOT, False)}
        self.stub.head = ORIGIN.head
        self.root = SCRATCH / "case"
        shutil.rmtree(self.root, ignore_errors=True)
        self.root.mkdir()
        self.log, self.jobs, self.event = "", 0, "pull_request"
        self.author = "carol"

    def checkout(self, directory, *how):
        """What actions/checkout does. It is done once for each way."""
        made = SCRATCH / "checkouts" / "-".join(map(str, how))
        if not made.exists():
            self.clone(made, *how)
        shutil.copytree(made, directory, symlinks=True)

    def clone(self, directory, revision, depth=1, credentials=True):
        directory.mkdir(parents=True)
        git(directory, "init", "-q")
        git(directory, "remote", "add", "origin", f"{self.stub.url}/git/org/repo.git")
        key = f"http.{self.stub.url}/.extraheader"
        git(directory, "config", key, f"AUTHORIZATION: basic {self.basic('ghs_reads')}")
        refs = ["+refs/heads/*:refs/remotes/origin/*"] if depth == 0 else []
        cut = [f"--depth={depth}"] if depth else []
        git(directory, "fetch", "-q", "--no-tags", *cut, "origin", revision, *refs)
        git(directory, "checkout", "-q", "--detach", revision)
        if not credentials:
            git(directory, "config", "--unset-all", key)

    def basic(self, token):
        return base64.b64encode(f"x-access-token:{token}".encode()).decode()

    def run(self, revision=None, depth=1, credentials=True, workspace=None, event=None, env=None, **inputs):
        """A job: checks out, unless there is a workspace, and runs the Action, with the program on PATH or
        by `download` of it, whose `sha256` is right, unless given."""
        self.jobs += 1
        if not workspace:
            workspace = self.root / f"workspace-{self.jobs}"
            self.checkout(workspace, revision or ORIGIN.merged, depth, credentials)
        given = {name.replace("_", "-"): value for name, value in inputs.items()}
        # A download takes a while. One proof does everything, and those about downloads.
        path = runner.BASE_ENV["PATH"]
        if given.pop("download", False):
            defaults = {"sha256": hashlib.sha256(LINUX).hexdigest(), "download-url": f"{self.stub.url}/releases"}
        else:
            defaults, path = {"install": "false"}, f"{SCRATCH}:{path}"
        given = {**defaults, **given}
        pull_request = {"number": 7, "head": {"sha": ORIGIN.head}, "user": {"login": self.author}}
        github = {
            "token": "ghs_writes", "action_repository": "",
            "event": {"pull_request": pull_request} if event is None else event,
        }  # fmt: skip
        result = runner.run(self.root / f"job-{self.jobs}", given, github, {
            "GITHUB_API_URL": f"{self.stub.url}/api/v3", "GITHUB_GRAPHQL_URL": f"{self.stub.url}/api/graphql",
            "GITHUB_SERVER_URL": self.stub.url, "GITHUB_REPOSITORY": "org/repo", "GITHUB_BASE_REF": "main",
            "RUNNER_OS": "Linux", "RUNNER_ARCH": "X64", "GIT_CEILING_DIRECTORIES": str(SCRATCH), "PATH": path, **(env or {}),
        }, workspace)  # fmt: skip
        self.log = result.log + result.summary
        self.workspace = workspace
        return result


@proof
def pull_request(case):
    """a pull request: annotations, summary, outputs, and one comment with the diff and the reviewers"""
    result = case.run(download=True)
    assert result.code == 0
    body = case.stub.bodies(BOT)
    assert len(body) == 1 and body[0].startswith(MARKER)
    has(body[0], "1 path changed owners between the base branch and this pull request", "`@alice` → `@carol`")
    has(body[0], "### Reviewers", "`@org/core`", "changed since the base branch", "`owners.toml`")
    # What others merged meanwhile is not part of the pull request.
    lacks(body[0], "of-others", ORIGIN.head, ORIGIN.merged)
    has(result.summary, "### owners check: ", "### Code ownership", "### Reviewers")
    assert result.summary.count("### owners check") == 1
    assert (result.outputs["exit-code"], result.outputs["errors"]) == ("0", "0")
    assert result.outputs["owners-changed"] == "true"
    has(Path(result.outputs["diff"]).read_text(), "### Code ownership")
    has(Path(result.outputs["reviewers"]).read_text(), "### Reviewers")
    # Steps after it have the program.
    assert shutil.which("owners", path=result.path).startswith(str(case.root))


@proof
def author(case):
    """the author of the pull request is not among the reviewers"""
    case.author = "alice"
    case.run()
    has(case.stub.bodies(BOT)[0], "**owned by the author alone**")


@proof
def second_run(case):
    """a second run writes nothing; after another push, the comment changes and there is still one"""
    for number in range(130):
        case.stub.comment("somebody", f"comment {number}")
    case.run()
    assert len(case.stub.writes()) == 1
    case.run()
    assert len(case.stub.writes()) == 1, case.stub.writes()
    pages = [each for each in case.stub.requests if each.startswith("GET") and each.endswith("comments")]
    assert len(pages) == 6, pages
    first = case.stub.bodies(BOT)
    case.stub.comments[-1]["body"] = MARKER + "what an older commit had\r\n"
    case.run()
    assert case.stub.bodies(BOT) == first


@proof
def line_ends(case):
    """a comment that came back with other line ends is not written again"""
    case.run()
    case.stub.comments[-1]["body"] = case.stub.comments[-1]["body"].replace("\n", "\r\n")
    case.run()
    assert len(case.stub.writes()) == 1


@proof
def nothing_to_say(case):
    """no comment if no owners change, and the text of an old one says so"""
    quiet = Quiet(case)
    result = quiet.run()
    assert result.code == 0 and result.outputs["owners-changed"] == "false"
    has(result.summary, "No path changed owners")
    assert not case.stub.writes()
    case.stub.comment(BOT, MARKER + "`docs/a.md` changed owners")
    quiet.run()
    (body,) = case.stub.bodies(BOT)
    has(body, MARKER, "No path changed owners between the base branch and this pull request.")


class Quiet:
    """A pull request that changes no owners. `extra` are rules of its base."""

    def __init__(self, case, extra=""):
        self.case = case
        git(ORIGIN.work, "checkout", "-q", "--detach", "main")
        if extra:
            scene.commit(ORIGIN.work, ORIGIN.owners, "@alice", extra=extra)
        base = git(ORIGIN.work, "rev-parse", "HEAD")
        scene.write(ORIGIN.work, {"src/new.rs": "new"})
        git(ORIGIN.work, "add", "--all")
        git(ORIGIN.work, "commit", "-q", "-m", "quiet")
        self.head = git(ORIGIN.work, "rev-parse", "HEAD")
        git(ORIGIN.work, "checkout", "-q", "--detach", base)
        git(ORIGIN.work, "merge", "-q", "--no-ff", "-m", "merge quiet", self.head)
        self.merged = git(ORIGIN.work, "rev-parse", "HEAD")
        git(ORIGIN.work, "push", "-q", "-f", "origin", f"{self.merged}:refs/pull/8/merge")

    def run(self, **options):
        self.case.stub.head = self.head
        event = {"pull_request": {"number": 7, "head": {"sha": self.head}, "user": {"login": "carol"}}}
        return self.case.run(self.merged, event=event, **options)


@proof
def notified(case):
    """a comment mentions who wants to know, also if no owners change"""
    quiet = Quiet(case, '"/src/" = { notify = ["@volunteer", "@org/readers"] }\n')
    result = quiet.run()
    assert result.outputs["owners-changed"] == "false"
    (body,) = case.stub.bodies(BOT)
    has(body, "No path changed owners", "**notify**: @org/readers @volunteer (`src/new.rs`)")
    quiet.run()
    assert len(case.stub.writes()) == 1


@proof
def always_and_never(case):
    """`comment: always` writes one without changes, `comment: never` none with changes"""
    Quiet(case).run(comment="always")
    has(case.stub.bodies(BOT)[0], "No path changed owners", "### Reviewers")
    case.stub.comments.clear()
    case.stub.head = ORIGIN.head
    case.run(comment="never")
    assert not case.stub.comments


@proof
def foreign_comments(case):
    """comments of others stay as they are, with the marker or without an author"""
    case.stub.comment("mallory", MARKER + "approved by everybody")
    case.stub.comment(None, MARKER + "a deleted account")
    case.stub.comment(BOT, "another job: " + MARKER)
    case.run()
    case.run()
    assert case.stub.bodies("mallory") == [MARKER + "approved by everybody"]
    assert case.stub.bodies(None) == [MARKER + "a deleted account"]
    assert len(case.stub.bodies(BOT)) == 2 and case.stub.bodies(BOT)[0].startswith("another job")


@proof
def keys(case):
    """two keys have a comment each, and a wrong key is an error"""
    case.run(comment_key="frontend")
    case.run()
    case.run(comment_key="frontend")
    heads = [body.splitlines()[0] for body in case.stub.bodies(BOT)]
    assert heads == ["<!-- owners-cli: frontend -->", "<!-- owners-cli: default -->"]
    assert len(case.stub.writes()) == 2
    result = case.run(comment_key="a --> b")
    assert result.code == 2
    has(result.log, "::error title=owners::The input `comment-key` is `a --> b`")


@proof
def duplicates(case):
    """of two comments that jobs created at the same time, the first is updated and the other removed"""
    case.stub.comment(BOT, MARKER + "one")
    case.stub.comment(BOT, MARKER + "two")
    case.run()
    (body,) = case.stub.bodies(BOT)
    has(body, "1 path changed owners")


@proof
def newer_commit(case):
    """a job of an older commit leaves the comment of a newer one"""
    case.stub.comment(BOT, MARKER + "newer")
    case.stub.head = "0" * 40
    result = case.run()
    assert case.stub.bodies(BOT) == [MARKER + "newer"] and result.code == 0
    has(result.log, "there is a newer commit")


@proof
def no_token(case):
    """without a token: the summary, a notice, no comment"""
    result = case.run(token="")
    assert result.code == 0 and not case.stub.comments
    has(result.summary, "### Code ownership")
    has(result.log, "::notice title=owners::There is no token")


@proof
def fork(case):
    """a token that only reads, as on a pull request from a fork: the summary, a notice, the check's exit code"""
    result = case.run(token="ghs_reads")
    assert result.code == 0 and not case.stub.comments
    has(result.summary, "### Code ownership")
    has(result.log, "::notice title=owners::The token cannot write the comment (HTTP 403: Resource not accessible")
    has(result.log, "pull-requests: write")
    result = case.run(token="wrong")
    assert result.code == 0
    has(result.log, "::notice title=owners::The token cannot write the comment (HTTP 401: Bad credentials)")


@proof
def faults_of_the_api(case):
    """an API that fails: questions are repeated, otherwise it is a warning that cannot inject a command"""
    case.stub.faults = [("GET", "comments$", 502, 2)]
    assert case.run().code == 0
    assert len(case.stub.bodies(BOT)) == 1
    case.stub.comments.clear()
    case.stub.faults = [("POST", "comments$", 500, 1)]
    result = case.run()
    assert result.code == 0 and not case.stub.comments
    warnings = [text for name, text in runner.commands(result.log) if name == "warning"]
    assert len(warnings) == 1 and "HTTP 500: a fault ::error::injected" in warnings[0], warnings
    assert not [text for name, text in runner.commands(result.log) if name == "error"]


@proof
def odd_answers(case):
    """an API that stops in the middle of an answer, says something else, or always gives the same page"""
    case.stub.faults = [("GET", "comments$", "cut", 3)]
    result = case.run()
    assert result.code == 0
    has(result.log, "::warning title=owners::The comment could not be written (", "IncompleteRead")
    case.stub.faults = [("GET", "comments$", 200, 1)]
    result = case.run()
    assert result.code == 0
    has(result.log, "::warning title=owners::The comment could not be written: the API answered something else")
    for number in range(100):
        case.stub.comment("somebody", f"comment {number}")
    case.stub.repeats = True
    assert case.run().code == 0
    assert case.stub.requests.count("GET /api/v3/repos/org/repo/issues/7/comments") < 250


@proof
def api_is_elsewhere(case):
    """an API that redirects to another host does not get the token, and one that is not there is a warning"""
    result = case.run(env={"GITHUB_API_URL": "http://127.0.0.1:1/api/v3"})
    assert result.code == 0
    has(result.log, "::warning title=owners::The comment could not be written")
    other = Stub()
    case.stub.redirects["/api/v3/repos/org/repo/issues/7/comments"] = f"{other.url}/stolen"
    result = case.run()
    other.close()
    assert result.code == 0 and not other.requests, other.requests
    has(result.log, "::warning title=owners::The comment could not be written (HTTP 302")


@proof
def exit_code_of_the_check(case):
    """the exit code is that of `owners check`, and the comment is written all the same"""
    result = case.run(args="-D warnings\n  --deny unowned-path", changed_only="false")
    assert result.code == 0
    with_dead(case)
    result = case.run(case.dead, event=case.dead_event, args="-D\twarnings")
    assert result.code == 1
    assert (result.outputs["exit-code"], result.outputs["errors"], result.outputs["warnings"]) == ("1", "1", "0")
    assert [name for name, _ in runner.commands(result.log) if name == "error"] == ["error"]
    has(result.summary, "dead-pattern")
    assert len(case.stub.bodies(BOT)) == 1
    result = case.run(case.dead, event=case.dead_event)
    assert result.code == 0 and result.outputs["warnings"] == "1"
    has(result.log, "::warning file=owners.toml")


def with_dead(case, broken=""):
    """A pull request with a pattern that matches nothing, or a broken owners.toml."""
    git(ORIGIN.work, "checkout", "-q", "--detach", "main")
    if broken:
        scene.write(ORIGIN.work, {"owners.toml": broken})
        git(ORIGIN.work, "commit", "-q", "-a", "-m", "broken")
        head = git(ORIGIN.work, "rev-parse", "HEAD")
    else:
        head = scene.commit(ORIGIN.work, OWNERS, "@carol", [], '"/nowhere/" = "core"\n')
    git(ORIGIN.work, "checkout", "-q", "--detach", "main")
    git(ORIGIN.work, "merge", "-q", "--no-ff", "-m", "merge dead", head)
    case.dead = git(ORIGIN.work, "rev-parse", "HEAD")
    git(ORIGIN.work, "push", "-q", "-f", "origin", f"{case.dead}:refs/pull/9/merge")
    case.stub.head = head
    case.dead_event = {"pull_request": {"number": 7, "head": {"sha": head}, "user": {"login": "carol"}}}


@proof
def broken_configuration(case):
    """an owners.toml with an error: exit code 2, an annotation, and the old comment says so"""
    with_dead(case, "[paths\n")
    result = case.run(case.dead, event=case.dead_event)
    assert result.code == 2 and result.outputs["exit-code"] == "2" and result.outputs["errors"] == ""
    has(result.log, "::error file=owners.toml", "The owners cannot be compared: see the error above")
    assert not case.stub.comments and result.outputs["diff"] == ""
    case.stub.comment(BOT, MARKER + "old")
    case.run(case.dead, event=case.dead_event, comment="always")
    has(case.stub.bodies(BOT)[0], "The owners cannot be compared: the log of the job says why.")


@proof
def adoption(case):
    """the pull request that brings the first owners.toml, with and without a CODEOWNERS file before"""
    for before in [{"README.md": ""}, {"README.md": "", ".github/CODEOWNERS": "* @org/core\n"}]:
        git(ORIGIN.work, "checkout", "-q", "--orphan", "empty")
        git(ORIGIN.work, "rm", "-r", "-q", "-f", ".")
        scene.write(ORIGIN.work, before)
        git(ORIGIN.work, "add", "--all")
        git(ORIGIN.work, "commit", "-q", "-m", "before")
        base = git(ORIGIN.work, "rev-parse", "HEAD")
        scene.write(ORIGIN.work, {"owners.toml": scene.config("@alice", '"/README.md" = "@dave"\n')})
        git(ORIGIN.work, "add", "--all")
        subprocess.run([OWNERS, "-C", ORIGIN.work, "gen", "--force"], check=True, capture_output=True)
        git(ORIGIN.work, "add", "--all")
        git(ORIGIN.work, "commit", "-q", "-m", "adopt")
        head = git(ORIGIN.work, "rev-parse", "HEAD")
        git(ORIGIN.work, "checkout", "-q", "--detach", base)
        git(ORIGIN.work, "branch", "-D", "-q", "empty")
        git(ORIGIN.work, "merge", "-q", "--no-ff", "-m", "merge", head)
        merged = git(ORIGIN.work, "rev-parse", "HEAD")
        git(ORIGIN.work, "push", "-q", "-f", "origin", f"{merged}:refs/pull/9/merge")
        case.stub.head = head
        event = {"pull_request": {"number": 7, "head": {"sha": head}, "user": {"login": "carol"}}}
        assert case.run(merged, event=event).code == 0
        has(case.stub.bodies(BOT)[0], "README.md`", "`@dave`", "the base branch")
        lacks(case.stub.bodies(BOT)[0], base, head, merged)


@proof
def odd_names(case):
    """names with line ends, commands, backticks, markers and Markdown end up in code spans"""
    git(ORIGIN.work, "checkout", "-q", "--detach", "main")
    git(ORIGIN.work, "rm", "-q", "owners.toml", ".github/CODEOWNERS")
    scene.write(ORIGIN.work, {"CODEOWNERS": "/src/ @org/core\n", **dict.fromkeys(scene.ODD, "")})
    git(ORIGIN.work, "add", "--all")
    git(ORIGIN.work, "commit", "-q", "-m", "odd")
    head = git(ORIGIN.work, "rev-parse", "HEAD")
    git(ORIGIN.work, "checkout", "-q", "--detach", "main")
    git(ORIGIN.work, "merge", "-q", "--no-ff", "-m", "merge odd", head)
    merged = git(ORIGIN.work, "rev-parse", "HEAD")
    git(ORIGIN.work, "push", "-q", "-f", "origin", f"{merged}:refs/pull/9/merge")
    case.stub.head = head
    event = {"pull_request": {"number": 7, "head": {"sha": head}, "user": {"login": "x`\n::error::@all"}}}
    result = case.run(merged, event=event)
    (body,) = case.stub.bodies(BOT)
    for text in [body, result.summary]:
        has(text, "`docs/line\\nbreak.md`", "`` src/`x` @bob")
        plain = re.sub(r"(`+)(?!`).+?(?<!`)\1(?!`)", "", text.removeprefix(MARKER))
        lacks(plain, "@", "::", "##[", "<!--", "%0A")
        assert not re.search(r"^\s*/", text, re.M), text
    # An unowned path is an error of the check. No name made another one, or another command.
    kinds = {name for name, _ in runner.commands(result.log)}
    assert kinds <= {"error", "warning", "notice"}, kinds
    errors = [text for name, text in runner.commands(result.log) if name == "error"]
    assert len(errors) == int(result.outputs["errors"]), errors


@proof
def shallow_clone(case):
    """a clone of depth 1 is deepened by one commit: with its credentials, or with the token, never both"""
    case.run(depth=1, credentials=True)
    case.run(depth=1, credentials=False)
    assert len(case.stub.bodies(BOT)) == 1
    result = case.run(depth=1, credentials=False, token="")
    assert result.code == 0 and result.outputs["owners-changed"] == ""
    has(result.log, "::warning title=owners::The owners cannot be compared", "fetch-depth: 0")
    lacks(result.log, case.basic("ghs_writes"))
    assert git(case.workspace, "rev-list", "--count", "HEAD") == "1"
    result = case.run(depth=2, credentials=False, token="")
    assert result.outputs["owners-changed"] == "true"


@proof
def head_checked_out(case):
    """the head itself checked out: by the history if there is one, otherwise by fetching the merge"""
    for depth, token in [(0, ""), (1, "ghs_writes"), (2, "ghs_writes")]:
        result = case.run(ORIGIN.head, depth=depth, credentials=False, token=token)
        assert result.outputs["owners-changed"] == "true", depth
        text = Path(result.outputs["diff"]).read_text()
        has(text, "1 path changed owners", "this pull request")
        lacks(text, "of-others", ORIGIN.head)


@proof
def pull_request_target(case):
    """the base checked out, as on pull_request_target: the pull request is compared, and nothing of it checked out"""
    main = git(ORIGIN.work, "rev-parse", "main")
    for depth in [0, 1]:
        result = case.run(main, depth=depth)
        assert result.code == 0 and result.outputs["owners-changed"] == "true"
        assert git(case.workspace, "rev-parse", "HEAD") == main
        assert not Path(case.workspace, "src/##[error]x").exists()
    assert git(case.workspace, "rev-parse", "--is-shallow-repository") == "true"
    case.run(main, depth=0)
    assert git(case.workspace, "rev-parse", "--is-shallow-repository") == "false"


@proof
def changed_only(case):
    """`changed-only` reports what the pull request causes, everything on other events, and needs the base"""
    with_dead(case)
    old = git(ORIGIN.work, "rev-parse", "main")
    result = case.run(case.dead, event=case.dead_event, args="-D warnings", changed_only="true")
    assert result.code == 1, result.code
    result = case.run(changed_only="true", args="-D warnings")
    assert result.code == 0
    result = case.run(credentials=False, token="", changed_only="true")
    assert result.code == 2
    has(result.log, "::error title=owners::With `changed-only`, the base of the pull request must be known")
    result = case.run(old, event={}, changed_only="true")
    assert result.code == 0
    assert case.run(changed_only="yes").code == 2
    has(case.log, "The input `changed-only` is `yes`: write `true` or `false`.")


@proof
def bash_of_macos(case):
    """a bash that reads scripts like the old one of macOS: everything, and a message with odd characters"""
    old = {"BASH_COMPAT": "3.2", "RUNNER_OS": "macOS", "RUNNER_ARCH": "ARM64"}
    assert case.run(download=True, env=old, args="-D warnings").code == 2
    name = "owners-cli-aarch64-apple-darwin.tar.gz"
    case.stub.files[f"/releases/v{VERSION}/{name}"] = mac = archive("aarch64-apple-darwin", OWNERS.read_bytes())
    result = case.run(download=True, sha256=hashlib.sha256(mac).hexdigest(), env=old, args="-D warnings", changed_only="true")
    assert result.code == 0 and result.outputs["owners-changed"] == "true"
    result = case.run(env=old, comment_key="50%\r\n::error::'")
    assert result.code == 2
    has(result.log, "::error title=owners::The input `comment-key` is `50%25%0D%0A::error::'`: write")


@proof
def push(case):
    """a push: the check alone, without questions to the API"""
    result = case.run(event={}, token="")
    assert result.code == 0 and result.outputs["exit-code"] == "0" and result.outputs["diff"] == ""
    lacks(result.summary, "Reviewers")
    assert not [each for each in case.stub.requests if "/api/" in each]


@proof
def elsewhere(case):
    """a repository that is not in the workspace itself, and a configuration of another name"""
    workspace = case.root / "workspace"
    inner = workspace / "in ner"
    case.checkout(inner, ORIGIN.merged)
    result = case.run(workspace=workspace, working_directory="in ner")
    assert result.code == 0 and result.outputs["owners-changed"] == "true"
    scene.write(inner, {"strict.toml": '[paths]\n"/src/" = "@org/core"\n'})
    result = case.run(workspace=workspace, working_directory="in ner", config="strict.toml")
    assert result.code == 1
    has(result.log, "::notice title=owners::With `config`, nothing is compared")
    result = case.run(workspace=workspace, working_directory="no where")
    assert result.code == 2
    has(result.log, "cannot change to `no where`")


@proof
def no_checkout(case):
    """without actions/checkout, the message says so"""
    result = case.run(workspace=case.root)
    assert result.code == 2
    has(result.log, "::warning title=owners::", "Is there a step with actions/checkout before?")


@proof
def wrong_checksum(case):
    """an archive with another checksum is deleted, and not unpacked"""
    evil = b"#!/bin/sh\ntouch " + str(case.root / "ran").encode() + b"\n"
    case.stub.files[FILE] = archive("x86_64-unknown-linux-musl", evil)
    result = case.run(download=True)
    assert result.code == 2 and not (case.root / "ran").exists()
    has(result.log, "::error title=owners::The checksum of owners-cli-x86_64-unknown-linux-musl.tar.gz is wrong")
    temp = case.root / "job-1" / "temp"
    assert not [each for each in temp.rglob("*") if each.is_file()]


@proof
def unknown_checksum(case):
    """a version without a known checksum is not even downloaded, and the message says what to do"""
    result = case.run(download=True, version="9.9.9", sha256="")
    assert result.code == 2 and not case.stub.requests
    has(result.log, "does not know the checksum", "owners-cli/owners@v0", "SHA256SUMS")
    assert case.run(download=True, sha256="abc").code == 2
    has(case.log, "The input `sha256` is not a SHA-256")
    assert case.run(download=True, version="latest").code == 2
    has(case.log, "The input `version` is `latest`: write a release, such as `0.1.0`.")


@proof
def not_found(case):
    """a release that is not there, a server that fails for a moment, and no server"""
    del case.stub.files[FILE]
    result = case.run(download=True)
    assert result.code == 2
    has(result.log, f"::error title=owners::There is no {case.stub.url}{FILE}. Is {VERSION} a release")
    case.stub.files[FILE] = LINUX
    case.stub.faults = [("GET", "releases", 503, 1)]
    assert case.run(download=True, event={}).code == 0
    result = case.run(download=True, download_url="http://127.0.0.1:1")
    assert result.code == 2
    has(result.log, "Cannot download http://127.0.0.1:1", "`install: false`")
    result = case.run(download=True, download_url="file:///etc")
    assert result.code == 2


@proof
def wrong_program(case):
    """an archive whose program does not run here, or has another version"""
    for program, message in [(b"#!/bin/sh\necho owners 7.7.7\n", "has `owners 7.7.7`, not"), (b"\x7fELF", "no owners that runs here")]:
        data = archive("x86_64-unknown-linux-musl", program)
        case.stub.files[FILE] = data
        result = case.run(download=True, sha256=hashlib.sha256(data).hexdigest())
        assert result.code == 2
        has(result.log, message)


@proof
def known_checksums(case):
    """checksums.txt, filled by add-checksums.sh: `v` before the version, macOS and Windows, and their tools"""
    tools = case.root / "tools"
    tools.mkdir()
    (tools / "cygpath").write_text('#!/bin/sh\nprintf %s "$2"\n')
    (tools / "cygpath").chmod(0o755)
    action = case.root / "action"
    shutil.copytree(PROJECT / "packaging", action / "packaging")
    targets = re.findall(r"owners-cli-([a-z0-9_-]+)\.(tar\.gz|zip)$", (PROJECT / "packaging/action/add-checksums.sh").read_text(), re.M)
    assert len(targets) == 5, targets
    sums = case.root / "SHA256SUMS"
    for target, end in targets:
        data = released(target) if "windows" in target else archive(target, OWNERS.read_bytes())
        case.stub.files[f"/releases/v{VERSION}/owners-cli-{target}.{end}"] = data
        with sums.open("a") as file:
            file.write(f"{hashlib.sha256(data).hexdigest()} *owners-cli-{target}.{end}\n")
    add = ["bash", action / "packaging/action/add-checksums.sh", f"v{VERSION}", sums]
    subprocess.run(add, check=True, capture_output=True)
    again = subprocess.run(add, capture_output=True, text=True)
    assert again.returncode == 2 and "already" in again.stderr
    short = subprocess.run([*add[:2], "9.0.0", "/dev/null"], capture_output=True, text=True)
    assert short.returncode == 2 and "no SHA-256 of owners-cli-x86_64" in short.stderr
    path = f"{tools}:{os.environ['PATH']}"
    for system, arch in [("Linux", "X64"), ("Linux", "ARM64"), ("macOS", "X64"), ("macOS", "ARM64"), ("Windows", "X64"), ("Windows", "ARM64")]:
        runner.PROJECT = action
        result = case.run(download=True, event={}, version=f"v{VERSION}", sha256="", env={"RUNNER_OS": system, "RUNNER_ARCH": arch, "PATH": path})
        runner.PROJECT = PROJECT
        assert result.code == 0, (system, arch)
        has(result.log, f"Installed owners {VERSION}; its checksum is ")
    result = case.run(download=True, env={"RUNNER_OS": "Linux", "RUNNER_ARCH": "ARM"})
    assert result.code == 2
    has(result.log, "There is no release of owners for Linux on ARM", "`install: false`")


@proof
def own_program(case):
    """`install: false` uses the program on PATH, and says so if there is none"""
    result = case.run(event={}, env={"PATH": runner.BASE_ENV["PATH"]})
    assert result.code == 2 and not case.stub.requests
    has(result.log, "there is no `owners` on PATH")
    result = case.run(event={})
    assert result.code == 0 and not case.stub.requests
    has(result.log, f"Using owners {VERSION} at {SCRATCH}/owners.")


@proof
def no_python(case):
    """a runner without Python: the summary, and a notice"""
    bare = case.root / "bin"
    bare.mkdir()
    for name in "bash git curl tar gzip awk sed cut tr cat mkdir rm mktemp dirname sha256sum base64 wc env sh".split():
        (bare / name).symlink_to(shutil.which(name))
    result = case.run(download=True, env={"PATH": str(bare)})
    assert result.code == 0 and not case.stub.comments
    has(result.log, "::notice title=owners::There is no Python 3 on this runner")
    has(result.summary, "### Code ownership")


@proof
def live(case):
    """`live` asks the API about the owners, with `live-token` alone, and only if it is set"""
    answers = {"": {"full_name": "org/repo"}, "/codeowners/errors": {"errors": []}, "/teams": [
        {"slug": "core", "privacy": "closed", "parent": None, "permissions": {"push": True}},
    ]}  # fmt: skip
    for path, answer in answers.items():
        case.stub.files[f"/api/v3/repos/org/repo{path}"] = json.dumps(answer).encode()
    asked = lambda: [each for each in case.stub.requests if "/collaborators/" in each]
    assert case.run().code == 0 and not asked()
    result = case.run(live="true", live_token="ghs_reads", env={"GH_TOKEN": "another"})
    assert result.code == 1, case.log
    has(result.log, "error[unknown-owner]: `@carol` does not exist on GitHub", "title=unknown-owner::")
    lacks(case.log, "ghs_reads")
    assert "GET /api/v3/repos/org/repo/collaborators/carol/permission" in asked()
    assert int(result.outputs["errors"]) > 0
    case.stub.faults = [("GET", "/repos/org/repo$", 401, 9)]
    result = case.run(live="true", live_token="ghs_reads")
    assert result.code == 2
    has(result.log, "GitHub refuses the token from GITHUB_TOKEN")
    assert case.run(live="yes").code == 2
    has(case.log, "The input `live` is `yes`: write `true` or `false`.")


@proof
def version(_):
    """the version that is installed is that of Cargo.toml"""
    assert runner.ACTION["inputs"]["version"]["default"] == VERSION


@proof
def documented(_):
    """docs/github.md lists every input with its default and every output, and names the version of Cargo.toml"""
    text = (PROJECT / "docs/github.md").read_text()
    rows = dict(re.findall(r"^\| `([a-z0-9-]+)` \| (.*?) ?\|", text, re.M))
    for name, definition in runner.ACTION["inputs"].items():
        default = {"version": "that of the Action", "download-url": "GitHub's"}.get(name)
        default = default or (definition["default"] and f"`{definition['default']}`")
        assert rows[name] == default, (name, rows[name], default)
    for name in runner.ACTION["outputs"]:
        assert re.search(rf"^\| .*`{name}`", text, re.M), name
    assert set(re.findall(r"\d+\.\d+\.\d+", text)) == {VERSION}


if __name__ == "__main__":
    scene.run_proofs(Case)
    STUB.close()
