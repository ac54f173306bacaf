"""A server on 127.0.0.1 that answers as far as the tests need it: releases to download, the comments of
GitHub and of GitLab, and a private git repository."""

import base64
import json
import os
import re
import subprocess
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit


class Stub:
    """`files`: what can be downloaded, by path. `tokens`: who has a token, and whether it writes.
    `comments`: those of the only request. `faults`: (method, pattern of the path, status, how often);
    the status "cut" is an answer that stops. `repeats`: every page is the first.
    `redirects`: where a path is now. `requests`: what was asked, as `METHOD path`."""

    def __init__(self, git=None):
        self.git, self.lock = git, threading.RLock()
        self.reset()
        stub = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *args):
                pass

            def answer(self):
                size = int(self.headers.get("Content-Length") or 0)
                data = self.rfile.read(size)
                if self.headers.get("Transfer-Encoding") == "chunked":
                    while size := int(self.rfile.readline(), 16):
                        data += self.rfile.read(size + 2)[:-2]
                    self.rfile.readline()
                status, headers, body = stub.answer(self, data)
                if status == "cut":
                    status, headers, self.close_connection = 200, {"Content-Length": "100"}, True
                self.send_response(status)
                for name, value in {"Content-Length": str(len(body)), **headers}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

            do_GET = do_POST = do_PATCH = do_PUT = do_DELETE = answer

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, args=[0.01], daemon=True).start()

    def reset(self):
        self.files, self.redirects, self.tokens = {}, {}, {}
        self.comments, self.faults, self.requests = [], [], []
        self.head, self.number, self.repeats = None, 0, False

    def close(self):
        self.server.shutdown()
        self.server.server_close()

    def comment(self, author, body):
        """Adds a comment, as if `author` wrote it."""
        with self.lock:
            self.number += 1
            self.comments.append({"id": self.number, "author": author, "body": body})

    def bodies(self, author):
        return [each["body"] for each in self.comments if each["author"] == author]

    def writes(self):
        """The requests that changed comments."""
        return [each for each in self.requests if re.match("(POST|PATCH|PUT|DELETE) /api/v", each)]

    def answer(self, request, data):
        path, query = urlsplit(request.path).path, parse_qs(urlsplit(request.path).query)
        with self.lock:
            if path.startswith("/git/"):
                return self.repository(request, path, data)
            self.requests.append(f"{request.command} {path}")
            for index, (method, pattern, status, times) in enumerate(self.faults):
                if method == request.command and re.search(pattern, path) and times:
                    self.faults[index] = (method, pattern, status, times - 1)
                    return reply(status, {"message": "a fault\n::error::injected"})
            if path in self.redirects:
                return 302, {"Location": self.redirects[path]}, b""
            if path in self.files:
                return 200, {}, self.files[path]
            if path.startswith("/api/v3/") or path == "/api/graphql":
                return self.github(request, path, query, data)
            if path.startswith("/api/v4/"):
                return self.gitlab(request, path, query, data)
            return reply(404, {"message": "Not Found"})

    def github(self, request, path, query, data):
        token = (request.headers.get("Authorization") or "").removeprefix("Bearer ")
        if token not in self.tokens:
            return reply(401, {"message": "Bad credentials"})
        user, writes = self.tokens[token]
        if path == "/api/graphql":
            return reply(200, {"data": {"viewer": {"login": user}}})
        if path.endswith("/pulls/7"):
            return reply(200, {"head": {"sha": self.head}})
        if request.command != "GET" and not writes:
            return reply(403, {"message": "Resource not accessible by integration"})
        shown = lambda each: {"id": each["id"], "body": each["body"], "user": each["author"] and {"login": each["author"]}}
        return self.crud(request, path, query, data, user, r"/repos/org/repo/issues/7/comments", r"/issues/comments/(\d+)", shown, "PATCH")

    def gitlab(self, request, path, query, data):
        token = request.headers.get("PRIVATE-TOKEN")
        if token not in self.tokens:
            return reply(401, {"message": "401 Unauthorized"})
        user, writes = self.tokens[token]
        number = lambda name: int.from_bytes(name.encode()[:6], "big")
        if path == "/api/v4/user":
            return reply(200, {"id": number(user)})
        if path.endswith("/merge_requests/7"):
            return reply(200, {"sha": self.head})
        if request.command != "GET" and not writes:
            return reply(403, {"message": "403 Forbidden"})
        shown = lambda each: {"id": each["id"], "body": each["body"], "system": False, "author": {"id": number(each["author"] or "-")}}
        return self.crud(request, path, query, data, user, r"/projects/55/merge_requests/7/notes", r"/notes/(\d+)", shown, "PUT")

    def crud(self, request, path, query, data, user, all_of_them, one, shown, update):
        body = json.loads(data)["body"] if data else None
        if path.endswith(all_of_them):
            if request.command == "POST":
                self.comment(user, body)
                return reply(201, shown(self.comments[-1]))
            size, page = int(query["per_page"][0]), 1 if self.repeats else int(query["page"][0])
            return reply(200, [shown(each) for each in self.comments[size * (page - 1) : size * page]])
        found = re.search(one + "$", path)
        which = [each for each in self.comments if found and each["id"] == int(found[1])]
        if not which:
            return reply(404, {"message": "Not Found"})
        if request.command == "DELETE":
            self.comments.remove(which[0])
            return 204, {}, b""
        assert request.command == update
        which[0]["body"] = body
        return reply(200, shown(which[0]))

    def repository(self, request, path, data):
        """git's own server, for those with a token. Like GitHub's, it refuses two of them at once."""
        sent = request.headers.get_all("Authorization") or []
        basic = lambda token: "basic " + base64.b64encode(f"x-access-token:{token}".encode()).decode()
        if len(sent) > 1:
            return 400, {}, b"Duplicate header: Authorization"
        if not sent or sent[0] not in map(basic, self.tokens):
            return 401, {"WWW-Authenticate": 'Basic realm="git"'}, b""
        env = {
            **os.environ,
            "GIT_PROJECT_ROOT": str(self.git), "GIT_HTTP_EXPORT_ALL": "1", "REMOTE_USER": "x",
            "REQUEST_METHOD": request.command, "PATH_INFO": path.removeprefix("/git"),
            "QUERY_STRING": urlsplit(request.path).query,
            "CONTENT_TYPE": request.headers.get("Content-Type", ""), "CONTENT_LENGTH": str(len(data)),
            "HTTP_CONTENT_ENCODING": request.headers.get("Content-Encoding", ""),
            "GIT_PROTOCOL": request.headers.get("Git-Protocol", ""),
        }  # fmt: skip
        result = subprocess.run(["git", "http-backend"], env=env, input=data, capture_output=True)
        head, _, body = result.stdout.partition(b"\r\n\r\n")
        headers = dict(line.split(": ", 1) for line in head.decode().split("\r\n"))
        return int(headers.pop("Status", "200").split()[0]), headers, body


def reply(status, value):
    return status, {"Content-Type": "application/json"}, json.dumps(value).encode()
