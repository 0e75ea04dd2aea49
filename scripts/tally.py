"""Counts what Swift Testing printed: tally.py LOG EXIT-CODE SKIPPED FAILED. Prints "passed failed skipped".

Appends the skipped tests with their reasons to SKIPPED, and to FAILED the tests that failed and what else was not as it
should be: no proper end of the run (then with the tests that were running), or a count that does not add up.
"""

import re
import sys

# Each line begins with a symbol; a name is in quotes or ends in parentheses.
NAME = r'(?P<name>"(?:[^"\\]|\\.)*"|[^\s(]+\(.*?\))'
STARTED = re.compile(rf"^\S+\s+Test {NAME} started\.$")
# A test argument that holds NUL cuts its own line short, and the next one follows on the same line.
ENDED = re.compile(rf"\S\s+Test {NAME} (?:with \d+ test cases? )?(?P<how>passed|failed) after ")
SKIPPED = re.compile(rf'^\S+\s+Test {NAME} (?:skipped|was cancelled after [\d.]+ seconds)(?:: "?(?P<why>.*?)"?)?\.?$')
CLOSED = re.compile(r"^\S+\s+Test run with (?P<count>\d+) tests? .*(?:passed|failed) after ")


def read(lines):
    """The tests by how they ended, those skipped with reasons, those that never ended, the count of
    the last line, and the first error."""
    ended, skipped, running, closed, error = {"passed": [], "failed": []}, [], [], None, None
    for line in lines:
        if match := CLOSED.match(line):
            closed = int(match["count"])
        elif match := SKIPPED.match(line):
            skipped.append((match["name"], match["why"] or "no reason given"))
            running = [name for name in running if name != match["name"]]
        elif match := ENDED.search(line):
            ended[match["how"]].append(match["name"])
            if match["name"] in running:
                running.remove(match["name"])
        elif match := STARTED.match(line):
            running.append(match["name"])
        elif error is None and "error: " in line:
            error = line
    return ended, skipped, running, closed, error


def main(log, exit_code, skipped_path, failed_path):
    with open(log, encoding="utf-8", errors="replace") as file:
        ended, skipped, running, closed, error = read(line.rstrip("\n") for line in file)
    passed, failed = len(ended["passed"]), len(ended["failed"])
    problems = []
    if closed is None:
        why = f"running then: {', '.join(running)}" if running else error or "see above"
        problems.append(f"the Swift tests did not come to their end; {why}")
    elif closed != passed + failed + len(skipped):
        problems.append(f"{closed} Swift tests ran, but {passed} + {failed} + {len(skipped)} were counted")
    elif exit_code != "0" and not failed:
        problems.append(f"the Swift tests ended with exit code {exit_code}")
    with open(skipped_path, "a", encoding="utf-8") as file:
        file.writelines(f"{name}: {reason}\n" for name, reason in skipped)
    with open(failed_path, "a", encoding="utf-8") as file:
        file.writelines(f"{line}\n" for line in ended["failed"] + problems)
    print(passed, failed + len(problems), len(skipped))


if __name__ == "__main__":
    main(*sys.argv[1:5])
