"""Prefect as a peer: flows of tasks that do nothing, over a server of Prefect that this process starts for itself.

A line of JSON in, as {"shape": "chain", "tasks": 40}: the seconds of one flow run out. The flow runs in this process, as
in every worker of Prefect; its server keeps the states in SQLite, as after `pip install prefect`.
"""

import json
import logging
import os
import sys
import time

os.environ["PREFECT_SERVER_ALLOW_EPHEMERAL_MODE"] = "true"
os.environ["PREFECT_SERVER_ANALYTICS_ENABLED"] = "false"
# What it says goes to a console that nobody reads, and costs time.
os.environ["PREFECT_LOGGING_LEVEL"] = "ERROR"

from prefect import flow, task  # noqa: E402

logging.disable(logging.ERROR)


@task
def nothing(_before=None):
    return None


@flow
def chain(tasks):
    result = None
    for _ in range(tasks):
        result = nothing(result)


@flow
def fan_out(tasks):
    for future in [nothing.submit() for _ in range(tasks)]:
        future.wait()


SHAPES = {"chain": chain, "fan_out": fan_out}

for line in sys.stdin:
    asked = json.loads(line)
    begun = time.perf_counter()
    SHAPES[asked["shape"]](asked["tasks"])
    print(time.perf_counter() - begun, flush=True)
