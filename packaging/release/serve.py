#!/usr/bin/env python3
"""Serves a directory on the loopback interface while a command runs, for trying an installer.

    packaging/release/serve.py DIRECTORY COMMAND...

The command gets the address as OWNERS_DOWNLOAD_URL. The exit code is that of the command.
"""

import functools
import http.server
import os
import subprocess
import sys
import threading


class Handler(http.server.SimpleHTTPRequestHandler):
    """Serves files, and logs nothing."""

    def log_message(self, *_):
        pass


def main():
    if len(sys.argv) < 3:
        sys.exit("usage: serve.py DIRECTORY COMMAND...")
    handler = functools.partial(Handler, directory=sys.argv[1])
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        url = f"http://127.0.0.1:{server.server_address[1]}"
        command = subprocess.run(sys.argv[2:], env={**os.environ, "OWNERS_DOWNLOAD_URL": url})
        server.shutdown()
    sys.exit(command.returncode)


main()
