#!/usr/bin/env python3
"""Stands in for the Python of the peers' environment: answers jobs as a peer does, or as STUB says one should not."""
import json
import os
import sys
import time

if "import numpy" in sys.argv:
    sys.exit(0)
fault = os.environ.get("STUB", "")
if fault == "broken":
    sys.exit("ImportError: the peer is broken")
print(json.dumps({"ready": {"stub": "1"}, "peak_rss": 1 << 20}), flush=True)
for count, line in enumerate(sys.stdin):
    job = json.loads(line)
    if fault == "dies" and count == 2:
        sys.exit("RuntimeError: the peer died")
    if fault == "babbles":
        print("Loading...", flush=True)
        continue
    if fault == "refuses":
        print(json.dumps({"error": "ValueError: no such clip"}), flush=True)
        continue
    time.sleep(0.01)
    answer = {"text": "Hello world.", "ms": 10.0, "seconds": 1.0, "peak_rss": 5 << 20, "child_rss": 7 << 20}
    print(json.dumps(answer), flush=True)
