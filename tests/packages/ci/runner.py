"""Runs the steps of action.yml as a runner of GitHub would: the expressions, the files for outputs and
the summary, PATH, and what happens after a step that fails."""

import json
import re
import subprocess
from pathlib import Path

import yaml

from scene import BASE_ENV, PROJECT

ACTION = yaml.safe_load((PROJECT / "action.yml").read_text())


class Result:
    """`code`: 0, or the exit code of the step that failed. `log`: what the job shows."""

    def __init__(self):
        self.code, self.log, self.summary, self.outputs = 0, "", "", {}


def run(scratch, inputs, github, env, workspace):
    """`github`: the context of that name, with the event. `env`: more variables of the runner."""
    unknown = set(inputs) - set(ACTION["inputs"])
    assert not unknown, f"not an input: {unknown}"
    (scratch / "temp").mkdir(parents=True)
    event = scratch / "event.json"
    event.write_text(json.dumps(github["event"]))
    context = {"github": github, "steps": {}, "inputs": {}}
    for name, definition in ACTION["inputs"].items():
        context["inputs"][name] = inputs.get(name, expanded(definition["default"], context))
    result, path = Result(), env["PATH"]
    for index, step in enumerate(ACTION["runs"]["steps"]):
        assert set(step) <= {"name", "id", "if", "shell", "run", "env"} and step["shell"] == "bash", step
        if result.code or not evaluate(step.get("if", "true"), context):
            continue
        files = {}
        for kind in ["OUTPUT", "PATH", "STEP_SUMMARY", "ENV"]:
            files[kind] = scratch / f"{kind}-{index}"
            files[kind].write_text("")
        script = scratch / f"step-{index}.sh"
        script.write_text(step["run"])
        own = {name: expanded(value, context) for name, value in step.get("env", {}).items()}
        done = subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", script],
            cwd=workspace,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=60,
            env={
                **BASE_ENV, **env, "PATH": path, "GITHUB_ACTION_PATH": str(PROJECT), "GITHUB_ACTIONS": "true",
                "GITHUB_EVENT_PATH": str(event), "RUNNER_TEMP": str(scratch / "temp"), "CI": "true",
                **{f"GITHUB_{kind}": str(file) for kind, file in files.items()}, **own,
            },
        )  # fmt: skip
        result.code = done.returncode
        result.log += done.stdout.decode()
        result.summary += files["STEP_SUMMARY"].read_text()
        lines = files["OUTPUT"].read_text().splitlines()
        context["steps"][step["id"]] = {"outputs": dict(line.split("=", 1) for line in lines)}
        for line in files["PATH"].read_text().splitlines():
            path = f"{line}:{path}"
    result.path = path
    for name, definition in ACTION["outputs"].items():
        result.outputs[name] = expanded(definition["value"], context)
    return result


def expanded(text, context):
    assert isinstance(text, str), f"{text!r} is not a string"
    return re.sub(r"\$\{\{ (.*?) \}\}", lambda found: shown(evaluate(found[1], context)), text)


def shown(value):
    return "" if value is None else str(value)


def evaluate(expression, context):
    """A path, such as `github.event.pull_request.number`. Nothing, if a part does not exist."""
    if expression == "true":
        return True
    assert re.fullmatch(r"[a-z_]+(\.[\w-]+)+", expression), f"not an expression known here: {expression}"
    value = context
    for name in expression.split("."):
        value = value.get(name) if isinstance(value, dict) else None
    return value


def commands(log):
    """The workflow commands that the runner would carry out, as (name, text)."""
    found, stopped = [], None
    for line in log.splitlines():
        match = re.match(r"\s*::([a-z-]+)( [^:]*(?::[^:]+)*?)?::(.*)", line)
        if stopped:
            stopped = None if line.strip() == f"::{stopped}::" else stopped
        elif match and match[1] == "stop-commands":
            stopped = match[3].strip()
        elif match:
            found.append((match[1], match[3]))
        else:
            assert "##[" not in line, line
    assert not stopped, "workflow commands stay stopped"
    return found
