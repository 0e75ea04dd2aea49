"""Dialogues whose language model is a scripted endpoint: python chat_dialogue.py [SCENARIO...]"""

import sys

import chat_answers  # noqa: F401  its scenarios
import chat_faults  # noqa: F401  its scenarios
import chat_interruptions  # noqa: F401  its scenarios
import scenarios
from chat_endpoint import Endpoint
from chat_stage import KEY, Stage, arguments
from serving import Server


def main():
    with Endpoint() as endpoint:
        environment = {"RKVOICE_LLM_API_KEY": KEY, "RKVOICE_LLM_MODEL": "scripted"}
        with Server(*arguments(endpoint.url), environment=environment) as server:
            scenarios.run(Stage(endpoint, server), sys.argv[1:])


if __name__ == "__main__":
    main()
