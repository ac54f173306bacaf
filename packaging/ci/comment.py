"""Keeps one comment on a pull request of GitHub, or a merge request of GitLab, up to date.

    comment.py [--key KEY] [--only-update] FILE

The first line of the comment is a marker that nobody sees. If the owner of the token wrote a comment with
the marker of KEY, its text becomes that of FILE; otherwise it is created, unless --only-update says that
there is nothing to say. Comments of others are left alone, whatever they contain. Problems are shown, and
the exit code is 0: a job does not fail because of a comment.

The environment is that of a job, with TOKEN, and HEAD, the commit that the text is about. Python's
standard library is all it needs. templates/owners.yml has a copy, which a test compares.
"""

import argparse
import http.client
import json
import os
import re
import sys
import time
import urllib.error
import urllib.request


class Failed(Exception):
    """An answer that is not a success: its HTTP status (0 for no answer), and what it says."""

    def __init__(self, status, reason):
        super().__init__(f"HTTP {status}: {reason}" if status else reason)
        self.status = status


class SameHost(urllib.request.HTTPRedirectHandler):
    """Follows redirects within a host only, because the token is sent along."""

    def redirect_request(self, request, file, code, message, headers, target):
        new = super().redirect_request(request, file, code, message, headers, target)
        same = new and (new.type, new.host) == (request.type, request.host)
        return new if same else None


def say(level, text):
    """Tells the reader of the job: an annotation on GitHub, a line of the log on GitLab."""
    text = "".join(c if c.isprintable() else " " for c in text)
    if os.environ.get("GITHUB_ACTIONS") == "true":
        print(f"::{level} title=owners::{text.replace('%', '%25')}")
    else:
        print(f"owners: {text}")


class Forge:
    """An API with comments. `url` is that of the comments of the request, `one` that of one comment."""

    def send(self, method, url, data=None):
        """The JSON that the API answers. Questions are repeated if the server has a problem."""
        body = None if data is None else json.dumps(data).encode()
        headers = {"User-Agent": "owners", "Content-Type": "application/json", **self.headers}
        request = urllib.request.Request(url, body, headers, method=method)
        tries = 3 if method == "GET" else 1
        for left in reversed(range(tries)):
            try:
                with urllib.request.build_opener(SameHost).open(request, timeout=20) as answer:
                    return json.loads(answer.read() or b"null")
            except urllib.error.HTTPError as error:
                if left and error.code >= 500:
                    time.sleep(1)
                    continue
                raise Failed(error.code, reason(error)) from None
            except (OSError, ValueError, http.client.HTTPException) as error:
                if not left:
                    raise Failed(0, f"{url}: {error}") from None
                time.sleep(1)

    def mine(self, marker):
        """The comments with the marker by the owner of the token, the oldest first."""
        me, found, size = self.me(), [], 100
        for page in range(1, 101):
            comments = self.send("GET", f"{self.url}?per_page={size}&page={page}{self.order}")
            found += [each for each in comments if self.author(each) == me]
            if len(comments) < size:
                break
        marked = [each for each in found if (each["body"] or "").startswith(marker)]
        return sorted(marked, key=lambda each: each["id"])


class GitHub(Forge):
    order, update, where = "", "PATCH", "the summary of the job"
    help = (
        "On a pull request from a fork or by Dependabot, it only reads. Otherwise give the job the permission "
        "`pull-requests: write`."
    )

    def __init__(self, env, token):
        api = f"{env['GITHUB_API_URL']}/repos/{env['GITHUB_REPOSITORY']}"
        self.headers = {"Authorization": f"Bearer {token}", "X-GitHub-Api-Version": "2022-11-28"}
        self.graphql = env["GITHUB_GRAPHQL_URL"]
        self.request = f"{api}/pulls/{env['PULL_REQUEST']}"
        self.url = f"{api}/issues/{env['PULL_REQUEST']}/comments"
        self.one = f"{api}/issues/comments"

    def me(self):
        # The only question about the owner that every kind of token may ask.
        answer = self.send("POST", self.graphql, {"query": "{ viewer { login } }"})
        try:
            return answer["data"]["viewer"]["login"]
        except (KeyError, TypeError):
            raise Failed(403, "the token has no owner") from None

    def author(self, comment):
        return (comment["user"] or {}).get("login")

    def head(self):
        return self.send("GET", self.request)["head"]["sha"]


class GitLab(Forge):
    order, update, where = "&sort=asc&order_by=created_at", "PUT", "the log of the job"
    help = "It needs the scope `api` and the role Reporter in this project."

    def __init__(self, env, token):
        api = f"{env['CI_API_V4_URL']}/projects/{env['CI_MERGE_REQUEST_PROJECT_ID']}"
        self.headers = {"PRIVATE-TOKEN": token}
        self.user = f"{env['CI_API_V4_URL']}/user"
        self.request = f"{api}/merge_requests/{env['CI_MERGE_REQUEST_IID']}"
        self.url = self.one = f"{self.request}/notes"

    def me(self):
        return self.send("GET", self.user)["id"]

    def author(self, comment):
        return None if comment["system"] else comment["author"]["id"]

    def head(self):
        return self.send("GET", self.request)["sha"]


def reason(error):
    """What the API says about an error, in at most a line."""
    try:
        answer = json.loads(error.read(10_000))
        return str(answer.get("message") or answer.get("error") or error.reason)[:200]
    except (AttributeError, OSError, ValueError):
        return str(error.reason)[:200]


def write(forge, marker, text, head, only_update):
    """Creates or updates the comment. Of several, which jobs at the same time may create, one stays."""
    mine = forge.mine(marker)
    if not mine and only_update:
        return "there is nothing to say, so there is no comment"
    if head and forge.head() != head:
        return "there is a newer commit, whose job writes the comment"
    done = "the comment is up to date"
    if not mine:
        forge.send("POST", forge.url, {"body": text})
        mine, done = forge.mine(marker), "created the comment"
    if mine and mine[0]["body"].replace("\r\n", "\n").strip() != text.strip():
        forge.send(forge.update, f"{forge.one}/{mine[0]['id']}", {"body": text})
        done = "updated the comment"
    for each in mine[1:]:
        forge.send("DELETE", f"{forge.one}/{each['id']}")
    return done


def main():
    parser = argparse.ArgumentParser(allow_abbrev=False)
    parser.add_argument("--key", default="default")
    parser.add_argument("--only-update", action="store_true")
    parser.add_argument("file")
    args = parser.parse_args()
    sys.stdout.reconfigure(errors="backslashreplace")  # Windows has other characters.
    if not re.fullmatch(r"[A-Za-z0-9_.-]{1,60}", args.key) or "--" in args.key:
        say("warning", "There is no comment: its key may have letters, digits, `_`, `.` and `-`.")
        return
    env = os.environ
    forge = (GitHub if env.get("GITHUB_ACTIONS") == "true" else GitLab)(env, env["TOKEN"])
    marker = f"<!-- owners-cli: {args.key} -->"
    with open(args.file, encoding="utf-8") as file:
        text = f"{marker}\n{file.read()}"
    try:
        print(f"owners: {write(forge, marker, text, env.get('HEAD'), args.only_update)}")
    except Failed as failed:
        if failed.status in (401, 403, 404):
            what = f"The token cannot write the comment ({failed}). {forge.help}"
            say("notice", f"{what} {forge.where.capitalize()} has its text.")
        else:
            say("warning", f"The comment could not be written ({failed}).")
    except (KeyError, TypeError, AttributeError) as error:
        say("warning", f"The comment could not be written: the API answered something else ({error!r}).")


if __name__ == "__main__":
    sys.exit(main())
