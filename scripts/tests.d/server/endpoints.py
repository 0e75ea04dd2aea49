"""Every endpoint with httpx: python endpoints.py http://127.0.0.1:8621 [SCENARIO...]"""

import sys

import endpoints_about  # noqa: F401  its scenarios
import endpoints_hearing  # noqa: F401
import endpoints_refusals  # noqa: F401
import endpoints_speaking  # noqa: F401
import scenarios
from serving import Target

if __name__ == "__main__":
    scenarios.run(Target(sys.argv[1]), sys.argv[2:])
