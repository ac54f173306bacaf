#!/usr/bin/env python3
"""Measures how long owners-lsp takes after a keystroke, and prints the tables for docs/performance.md.

    scripts/lsp-latency.py [DIRECTORY]      where the repositories go (400 MB); default: a temporary one

EDITS=200, FILES=1000000, RULES="100 1000 10000" and OWNERS_LSP=FILE can be set. An edit types or removes one letter
of the pattern of a rule, in another rule each time. After each, one request asks who owns a file, and then the
diagnostics of that version are awaited. Other requests follow, each as often and also right behind an edit. Needs
Linux, git and cargo.
"""

import json
import os
import pathlib
import queue
import subprocess
import sys
import tempfile
import threading
import time

PROJECT = pathlib.Path(__file__).resolve().parent.parent
EDITS = int(os.environ.get("EDITS", "200"))
FILES = os.environ.get("FILES", "1000000").split()
RULES = os.environ.get("RULES", "100 1000 10000").split()


class Server:
    """A running server, and what it has sent."""

    def __init__(self, command):
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.received = queue.Queue()
        self.early = []
        self.next_id = 0
        threading.Thread(target=self.read, daemon=True).start()

    def read(self):
        output = self.process.stdout
        while header := output.readline():
            length = int(header.split(b":")[1])
            output.readline()
            self.received.put((time.perf_counter(), json.loads(output.read(length))))

    def send(self, message):
        body = json.dumps({"jsonrpc": "2.0"} | message).encode()
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
        self.process.stdin.flush()

    def notify(self, method, params):
        self.send({"method": method, "params": params})

    def request(self, method, params):
        self.next_id += 1
        self.send({"id": self.next_id, "method": method, "params": params})
        return self.next_id

    def wait(self, is_wanted):
        """When the first wanted message came, and the message."""
        for index, (at, message) in enumerate(self.early):
            if is_wanted(message):
                del self.early[index]
                return at, message
        while True:
            at, message = self.received.get(timeout=60)
            if is_wanted(message):
                return at, message
            self.early.append((at, message))

    def answer(self, request):
        return self.wait(lambda message: message.get("id") == request and "method" not in message)

    def diagnostics(self, uri, version):
        def is_wanted(message):
            params = message.get("params", {})
            return params.get("uri") == uri and params.get("version") == version

        return self.wait(is_wanted)


def requests(text):
    """The other requests about a configuration: a name, the method, and what its parameters have."""
    lines = text.split("\n")
    everything, rule = (next(n for n, line in enumerate(lines) if line.startswith(start)) for start in ('"*"', '"/'))
    at = lambda line: {"position": {"line": line, "character": 2}}
    part = {"range": {"start": {"line": rule, "character": 0}, "end": {"line": rule + 60, "character": 0}}}
    return [
        ("hover on `*`", "hover", at(everything)),
        ("hover on a rule", "hover", at(rule)),
        ("completion", "completion", at(rule)),
        ("counts of 60 lines", "inlayHint", part),
        ("contents", "documentSymbol", {}),
        ("actions", "codeAction", part | {"context": {"diagnostics": []}}),
    ]


def measure(binary, repository):
    """The first load in ms; for each edit the time to the answer and to the diagnostics; the mean processor time of
    an edit; the peak memory in MB; and the times of other requests, by name."""
    server = Server([binary])
    symbols = {"hierarchicalDocumentSymbolSupport": True}
    actions = {"dataSupport": True, "resolveSupport": {"properties": ["edit"]}}
    capabilities = {
        "general": {"positionEncodings": ["utf-16"]},
        "textDocument": {"documentSymbol": symbols, "codeAction": actions},
    }
    initialize = {"processId": None, "rootUri": None, "capabilities": capabilities}
    server.answer(server.request("initialize", initialize))
    server.notify("initialized", {})
    config = pathlib.Path(repository, "owners.toml").resolve()
    uri = config.as_uri()
    text = config.read_text()
    paths = pathlib.Path(repository + ".paths").read_text().split("\n", 1)
    file = (config.parent / paths[0]).as_uri()
    started = time.perf_counter()
    document = {"uri": uri, "languageId": "toml", "version": 0, "text": text}
    server.notify("textDocument/didOpen", {"textDocument": document})
    first = server.diagnostics(uri, 0)[0] - started
    rules = [number for number, line in enumerate(text.split("\n")) if line.startswith('"/')]
    version = 0

    def edit_and_ask(method, params):
        """The ms to the answer, and to the diagnostics."""
        nonlocal version
        line = rules[(version // 2 * 7919) % len(rules)]
        start = {"line": line, "character": 2}
        end = {"line": line, "character": 2 + version % 2}
        change = {"range": {"start": start, "end": end}, "text": "" if version % 2 else "x"}
        version += 1
        started = time.perf_counter()
        changed = {"textDocument": {"uri": uri, "version": version}, "contentChanges": [change]}
        server.notify("textDocument/didChange", changed)
        at, message = server.answer(server.request(method, params))
        assert message["result"], message
        checked, _ = server.diagnostics(uri, version)
        return (at - started) * 1e3, (checked - started) * 1e3

    busy = processor_time(server.process.pid)
    edits = [edit_and_ask("owners/owner", {"textDocument": {"uri": file}}) for _ in range(EDITS)]
    answers, checks = zip(*edits)
    busy = (processor_time(server.process.pid) - busy) / EDITS
    others = {}
    for name, method, params in requests(text):
        params = {"textDocument": {"uri": uri}} | params
        others[name] = [edit_and_ask(f"textDocument/{method}", params)[0] for _ in range(EDITS)]
    lines = pathlib.Path(f"/proc/{server.process.pid}/status").read_text().split("\n")
    peak = int(next(line.split()[1] for line in lines if line.startswith("VmHWM:"))) / 1000
    server.answer(server.request("shutdown", None))
    server.notify("exit", None)
    assert server.process.wait(10) == 0
    return first * 1e3, answers, checks, busy, peak, others


def processor_time(process):
    """In ms, of all threads."""
    fields = pathlib.Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) * 1e3 / os.sysconf("SC_CLK_TCK")


def percentiles(values):
    """The median, and what 99 of 100 are below, as two cells."""
    values = sorted(values)
    return " | ".join(f"{values[min(len(values) - 1, int(len(values) * share))]:.1f} ms" for share in (0.5, 0.99))


def main():
    build = ["cargo", "build", "--release", "--quiet", "--bin", "owners-lsp", "--example", "synth"]
    subprocess.run(build, check=True, cwd=PROJECT)
    metadata = ["cargo", "metadata", "--format-version", "1", "--no-deps"]
    metadata = subprocess.run(metadata, check=True, cwd=PROJECT, capture_output=True).stdout
    target = json.loads(metadata)["target_directory"] + "/release"
    # Another build, to compare with.
    server = os.environ.get("OWNERS_LSP", target + "/owners-lsp")
    columns = {}
    with tempfile.TemporaryDirectory() as temporary:
        where = sys.argv[1] if len(sys.argv) > 1 else temporary
        print("| files | rules | first load | answer, p50 | p99 | diagnostics, p50 | p99 | processor | memory |")
        print("|---:|---:|---:|---:|---:|---:|---:|---:|---:|")
        for files in FILES:
            for rules in RULES:
                repository = f"{where}/{files}-{rules}"
                if not os.path.exists(repository + ".paths"):
                    synth = [target + "/examples/synth", repository, files, rules]
                    subprocess.run(synth, check=True, stdout=sys.stderr)
                first, answers, checks, busy, peak, others = measure(server, repository)
                print(
                    f"| {int(files):,} | {int(rules):,} | {first:.0f} ms "
                    f"| {percentiles(answers)} | {percentiles(checks)} | {busy:.1f} ms | {peak:.0f} MB |",
                    flush=True,
                )
                columns[f"{int(files):,} files, {int(rules):,} rules"] = others
    print("\n| right behind an edit | " + " | ".join(f"{column}, p50 | p99" for column in columns) + " |")
    print("|---" + "|---:|---:" * len(columns) + "|")
    for name in others:
        print(f"| {name} | " + " | ".join(percentiles(column[name]) for column in columns.values()) + " |")


main()
