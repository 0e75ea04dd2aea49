"""A small HTTP server with faults, for the tests of downloads. Ends when its standard input is closed.

First line of output: two ports. GET /<behavior>/<file>:
  plain     the file, with ranges
  drop      half of it, then the connection breaks; the rest when asked by range
  hold      half of it, then nothing more until the client goes away; the rest when asked by range
  noranges  the file; ranges are ignored
  moved     a redirect to the second port
  away      a redirect to an address that is neither https nor this machine's
  error     status 503 once, then the file
Every request is appended as a JSON line to LOG: port, path, range, authorization.
"""

import http.server
import json
import os
import pathlib
import sys
import threading

FILES, LOG = pathlib.Path(sys.argv[1]), sys.argv[2]
failed = set()


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *arguments):
        pass

    def do_GET(self):
        port = self.server.server_port
        record = {
            "port": port,
            "path": self.path,
            "range": self.headers.get("Range"),
            "authorization": self.headers.get("Authorization"),
        }
        with open(LOG, "a") as log:
            log.write(json.dumps(record) + "\n")
        _, behavior, name = self.path.split("/", 2)
        if behavior in ("moved", "away"):
            target = f"http://127.0.0.1:{ports[1]}/plain/" if behavior == "moved" else "ftp://192.0.2.1/"
            self.empty(302, {"Location": target + name})
        elif behavior == "error" and name not in failed:
            failed.add(name)
            self.empty(503, {})
        elif not (FILES / name).is_file():
            self.empty(404, {})
        else:
            self.file(behavior, (FILES / name).read_bytes())

    def empty(self, status, headers):
        self.send_response(status)
        for key, value in headers.items():
            self.send_header(key, value)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def file(self, behavior, data):
        wanted = self.headers.get("Range") if behavior != "noranges" else None
        start = int(wanted.removeprefix("bytes=").split("-")[0]) if wanted else 0
        self.send_response(206 if wanted else 200)
        if wanted:
            self.send_header("Content-Range", f"bytes {start}-{len(data) - 1}/{len(data)}")
        self.send_header("Content-Length", str(len(data) - start))
        self.end_headers()
        if wanted or behavior not in ("drop", "hold"):
            self.wfile.write(data[start:])
            return
        self.wfile.write(data[: len(data) // 2])
        self.wfile.flush()
        if behavior == "hold":
            self.connection.recv(1)
        self.close_connection = True


servers = [http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) for _ in range(2)]
ports = [server.server_port for server in servers]
for server in servers:
    threading.Thread(target=server.serve_forever, daemon=True).start()
print(*ports, flush=True)
sys.stdin.read()
os._exit(0)
