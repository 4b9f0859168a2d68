# SPDX-License-Identifier: Apache-2.0
"""A contender that computes nothing and tells, as `implementation`, what it was asked to run.

With the word `old` it knows nothing of warming up; with `wrong` it says another number than asked.
"""

import json
import sys

from honest import Contender, Fields, serve


class Counting(Contender):
    """Keeps the requests to run."""

    def __init__(self, kind: str) -> None:
        super().__init__()
        self.kind = kind
        self.runs: list[list[int]] = []

    def hello(self, request: Fields) -> Fields:
        return super().hello(request) | {"name": "counting", "chains": False}

    def prepare(self, request: Fields) -> Fields:
        return super().prepare(request) | {"implementation": json.dumps(self.runs)}

    def run(self, request: Fields) -> Fields:
        warm_up = request.get("warm_up")
        self.runs.append([request["iterations"], -1 if warm_up is None else warm_up])
        answer = {"time_ns": 50_000}
        if warm_up is not None and self.kind != "old":
            answer["warm_up"] = warm_up + (1 if self.kind == "wrong" else 0)
        return answer


if __name__ == "__main__":
    serve(Counting(sys.argv[1] if len(sys.argv) > 1 else "new"))
