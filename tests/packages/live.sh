#!/usr/bin/env bash
# `owners check --live` and the ruleset of `owners export`, against a mock of GitHub that is made from the
# published description of its API: Prism refuses every request that the description does not allow, and
# answers with its examples. And no connection goes anywhere else, by what the system saw.
#
#     tests/packages/live.sh
#
# Needs `cargo`, `git`, `curl`, Python 3, Node 18 or later with npm, strace and openssl (without them,
# some proofs are left out). No package has the description of GitLab's API; tests/cli/live is about it.
. "$(dirname "$0")/setup.sh"
cargo build --quiet --locked --manifest-path "$project/Cargo.toml" --target-dir "$target"
owners="$target/debug/owners"
cd "$scratch"
passes "Prism and the descriptions are installed" \
    npm install --silent --no-audit --no-fund --no-update-notifier @octokit/openapi@23.0.2 @stoplight/prism-cli@5.14.2

# Without the other thousand paths, Prism starts in seconds.
cat >excerpt.mjs <<'END'
import { readFileSync, writeFileSync } from "node:fs";

const [name] = process.argv.slice(2);
const api = JSON.parse(readFileSync(`node_modules/@octokit/openapi/generated/${name}.deref.json`));
const asked = [
  "/repos/{owner}/{repo}",
  "/repos/{owner}/{repo}/codeowners/errors",
  "/repos/{owner}/{repo}/collaborators/{username}/permission",
  "/repos/{owner}/{repo}/rules/branches/{branch}",
  "/repos/{owner}/{repo}/teams",
  "/users/{username}",
  "/orgs/{org}/teams/{team_slug}",
  "/orgs/{org}/teams/{team_slug}/members",
  "/orgs/{org}/teams/{team_slug}/repos/{owner}/{repo}",
];
const missing = asked.filter((path) => !api.paths[path]?.get);
if (missing.length) throw new Error(`${name} has no ${missing}`);
// The example of a next page is on the real server, where the token must not go.
for (const path of asked) {
  for (const response of Object.values(api.paths[path].get.responses)) delete response.headers?.Link;
}
// What takes the ruleset of `owners export`.
const rulesets = {
  "/repos/{owner}/{repo}/rulesets": { post: api.paths["/repos/{owner}/{repo}/rulesets"].post },
  "/repos/{owner}/{repo}/rulesets/{ruleset_id}": { put: api.paths["/repos/{owner}/{repo}/rulesets/{ruleset_id}"].put },
};
// The example of the rules of a branch, with a required reviewer: the published one has none.
const { content } = api.paths["/repos/{owner}/{repo}/rules/branches/{branch}"].get.responses["200"];
content["application/json"].examples.default.value.push({
  type: "pull_request",
  parameters: {
    dismiss_stale_reviews_on_push: false,
    require_code_owner_review: false,
    require_last_push_approval: false,
    required_approving_review_count: 0,
    required_review_thread_resolution: false,
    required_reviewers: [
      { minimum_approvals: 2, file_patterns: ["auth/**", "auth/**/*"], reviewer: { id: 1, type: "Team" } },
    ],
  },
  ruleset_source_type: "Repository",
  ruleset_source: "octocat/Hello-World",
  ruleset_id: 42,
});
api.paths = Object.fromEntries(asked.map((path) => [path, { get: api.paths[path].get }]));
Object.assign(api.paths, rulesets);
delete api.components;
writeFileSync(`${name}.excerpt.json`, JSON.stringify(api));
END

# A repository whose owners are those of the examples, and one who is not.
git init -q repo
git -C repo remote add origin git@github.com:octocat/Hello-World.git
cat >repo/owners.toml <<'END'
[check]
roster = "@octocat/justice-league"

[groups.league]
team = "@octocat/justice-league"
members = ["@octocat", "@robin"]

[paths]
"*" = ["league", "@octocat", "@octocat/other"]

[[approval]]
name = "Security"
paths = "/auth/"
owners = "league"
count = 2

[[approval]]
name = "Docs"
paths = "*.md"
owners = "league"
optional = true
END
(cd repo && git add -A && "$owners" gen -q && git add -A && git commit -q -m one)

# serve NAME: starts the mock. Sets `port`, `served` and `prism`.
serve() {
    node excerpt.mjs "$1"
    port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
    served="$scratch/$1.served"
    : >"$served"
    node node_modules/@stoplight/prism-cli/dist/index.js mock -h 127.0.0.1 -p "$port" "$1.excerpt.json" >"$served" 2>&1 &
    prism=$!
    for _ in $(seq 120); do
        ! grep -q 'Prism is listening' "$served" || return 0
        sleep 0.5
    done
    fail "Prism starts: $(cat "$served")"
}
stop() {
    [ -z "${prism:-}" ] || kill "$prism" 2>/dev/null || true
    rm -rf "$scratch"
}
trap stop EXIT

# checks COMMAND…: the command runs `owners check --live` in the repository.
checks() {
    (cd repo && env -i PATH="$PATH" HOME="$HOME" GITHUB_API_URL="http://127.0.0.1:$port" \
        GITHUB_REPOSITORY=octocat/Hello-World GITHUB_TOKEN=ghp_secret "$@") >"$log" 2>&1 </dev/null
}

# github.com, and the oldest Enterprise server that the package knows.
for name in api.github.com ghes-3.17; do
    serve "$name"
    code=0
    checks "$owners" check --live --format short || code=$?
    [ "$code" -eq 1 ] || fail "$name: check --live ended with $code: $(cat "$served")"
    # The examples know octocat as the only member of the team, and report errors of a file.
    for text in 'error[team-drift]: the group `league` is not the team `@octocat/justice-league`' \
        'error[roster]: `@robin` is not in the roster' \
        'error[forge-error]: GitHub reports an error in line 3 of `.github/CODEOWNERS`: Invalid pattern' \
        'warning[unenforced-approval]: what `octocat/Hello-World` demands differs from the approval `Docs`'; do
        grep -qF -- "$text" "$log" || fail "$name: the output lacks: $text"
    done
    ! grep -q 'approval `Security`' "$log" || fail "$name: what a ruleset demands is a finding: $(cat "$log")"
    ! grep -q ghp_secret "$log" || fail "$name: the token is in the output"
    passed=$(grep -c 'The request passed the validation rules' "$served")
    asked=$(grep -c 'Request received\|\[HTTP SERVER\].*get ' "$served")
    [ "$passed" -ge 7 ] && [ "$passed" -eq "$asked" ] || fail "$name: $passed of $asked requests are as described: $(cat "$served")"
    ! grep -q 'did not pass\|not found\|NO_PATH' "$served" || fail "$name: a request is not as described: $(cat "$served")"
    echo "ok - all $passed requests are as $name describes, and its examples are understood"
    checks "$owners" export --format github-ruleset --live || fail "$name: export --live: $(cat "$log")"
    # send METHOD PATH: the status of the reply to the ruleset, after the sed program $3.
    send() {
        sed -e "${3:-}" "$log" >ruleset.json
        curl -s -o reply -w '%{http_code}' -X "$1" -H 'content-type: application/json' \
            --data-binary @ruleset.json "http://127.0.0.1:$port/repos/octocat/Hello-World/rulesets$2"
    }
    status=$(send POST '')
    [ "$status" = 201 ] || fail "$name takes the ruleset: $status $(cat reply)"
    status=$(send PUT /42)
    [ "$status" = 200 ] || fail "$name takes the ruleset again: $status $(cat reply)"
    # What is wrong is refused, wherever it is: so the whole ruleset is read.
    for wrong in 's/"Team"/"User"/' 's/"id": 1,/"id": "1",/' 's/"minimum_approvals"/"approvals"/' \
        's/"file_patterns": \[/"file_patterns": [1,/' 's/"enforcement": "active"/"enforcement": "on"/' \
        's/"require_code_owner_review"/"x"/' 's/"name"/"x"/' 's/"~DEFAULT_BRANCH"/1/'; do
        status=$(send POST '' "$wrong")
        ! cmp -s ruleset.json "$log" || fail "$name: nothing is wrong after $wrong"
        [ "$status" = 422 ] || fail "$name takes a ruleset after $wrong: $status"
    done
    echo "ok - $name takes the ruleset of owners export"
    if [ "$name" = api.github.com ]; then
        # A validator that refuses nothing is worth nothing.
        status=$(curl -s -o "$log" -w '%{http_code}' "http://127.0.0.1:$port/repos/o/r/teams?per_page=many")
        [ "$status" -ge 400 ] || fail "Prism refuses a wrong query: $status"
        status=$(curl -s -o "$log" -w '%{http_code}' "http://127.0.0.1:$port/repos/o/r/owners")
        [ "$status" -ge 400 ] || fail "Prism refuses a wrong path: $status"
        echo "ok - a request that is not described is refused"
        if command -v strace >/dev/null && strace -f -o trace true 2>/dev/null; then
            checks strace -f -e trace=connect,sendto -o "$scratch/trace" "$owners" check --live -q || true
            grep 'AF_INET' trace >connects || fail "strace saw no connection: $(cat trace)"
            ! grep -v "sin_port=htons($port), sin_addr=inet_addr(\"127.0.0.1\")" connects >"$log" ||
                fail "a connection goes elsewhere"
            echo "ok - every connection ($(wc -l <connects)) is to the server that the environment names"
            strace -f -e trace=network -o trace "$owners" -C repo check -q >"$log" 2>&1 || true
            ! grep -q 'AF_INET' trace || fail "without --live, there is a connection"
            echo "ok - without --live, there is no connection"
        else
            echo "skipped - connections to elsewhere: strace does not work here"
        fi
    fi
    kill "$prism"
    wait "$prism" 2>/dev/null || true
    prism=
done

# A server with a certificate of its own authority, as a company has it.
if command -v openssl >/dev/null; then
    openssl req -x509 -newkey rsa:2048 -nodes -days 2 -keyout ca.key -out ca.pem -subj /CN=authority 2>/dev/null
    openssl req -newkey rsa:2048 -nodes -keyout own.key -out own.csr -subj /CN=localhost 2>/dev/null
    printf 'subjectAltName=DNS:localhost\n' >own.ext
    openssl x509 -req -in own.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 -extfile own.ext -out own.pem 2>/dev/null
    cat >https.py <<'END'
import http.server, ssl, sys

class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        body = b'{"message": "a server with TLS"}'
        self.send_response(403)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        pass

server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain("own.pem", "own.key")
server.socket = context.wrap_socket(server.socket, server_side=True)
print(server.server_port, flush=True)
server.serve_forever()
END
    python3 https.py >served 2>&1 &
    prism=$!
    for _ in $(seq 50); do [ -s served ] || sleep 0.1; done
    port=$(cat served)
    over_tls() { checks "$@" GITHUB_API_URL="https://localhost:$port" "$owners" check --live; }
    refused "an authority that nobody knows is refused" "SSL_CERT_FILE names a file" over_tls
    # It is reached, and says what it says.
    refused "with SSL_CERT_FILE, its authority is known" "a server with TLS (403)" over_tls SSL_CERT_FILE="$scratch/ca.pem"
    kill "$prism"
    wait "$prism" 2>/dev/null || true
    prism=
else
    echo "skipped - certificates: there is no openssl"
fi

echo "live: all proofs hold"
