"""The page of a server that asks for no key, all of it in one browser: python keyless.py URL CHROMIUM [SCENARIO...]"""

import sys

# They bring their scenarios.
import dialogue_in_browser  # noqa: F401
import look  # noqa: F401
import scenarios
import speech_in_browser  # noqa: F401
from browser import Site

if __name__ == "__main__":
    with Site(sys.argv[1], sys.argv[2]) as site:
        scenarios.run(site, sys.argv[3:])
