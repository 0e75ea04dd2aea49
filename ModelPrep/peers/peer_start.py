#!/usr/bin/env python3
"""Starts programs and notes how long they take and what they hold. Needs Python alone.

Job: {"command": [...], "job": {...} (optional)} -> {"ms", "child_rss"}. With a job, the program is a peer: it gets that
job, and the time ends with its answer; without, the time ends with the program. Memory is that of its main process.
"""
import json
import os
import subprocess
import time


def main():
    from peer_loop import milliseconds_since, serve

    def answer(job):
        start = time.perf_counter()
        pipe = subprocess.PIPE if job.get("job") else subprocess.DEVNULL
        child = subprocess.Popen(job["command"], stdin=pipe, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        reply = ""
        if job.get("job"):
            child.stdin.write((json.dumps(job["job"]) + "\n").encode())
            child.stdin.close()
            child.stdout.readline()
            reply = child.stdout.readline().decode("utf-8", "replace")
        else:
            child.stdout.read()
        time_taken = milliseconds_since(start)
        child.stdout.read()
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        if child.returncode or "error" in (json.loads(reply or "{}")):
            raise ValueError(f"{job['command'][0]} failed: {child.returncode} {reply.strip()}")
        return {"ms": time_taken, "child_rss": usage.ru_maxrss * 1024}

    serve({}, answer)


if __name__ == "__main__":
    main()
