"""Starts a run over gRPC and follows it until it has ended. The exit code is 0 when it succeeded."""

import argparse
import os
import sys
import uuid

import grpc
from floe.v1 import reporting_service_pb2 as reporting
from floe.v1 import reporting_service_pb2_grpc as reporting_grpc
from floe.v1 import run_pb2
from floe.v1 import scheduler_service_pb2 as scheduler
from floe.v1 import scheduler_service_pb2_grpc as scheduler_grpc

CALL_WITHIN_S = 10
# A gateway or service that restarts is back within seconds.
TRIES = 20


def start(workflow: str, parameters: dict[str, str]) -> str:
    """The id of the run. The same request id again would answer the same run."""
    request = scheduler.StartRunRequest(workflow_name=workflow, request_id=str(uuid.uuid4()))
    request.parameters.update(parameters)
    address = os.environ.get("FLOE_SCHEDULER_ADDRESS", "127.0.0.1:7402")
    with grpc.insecure_channel(address) as channel:
        answer = scheduler_grpc.SchedulerServiceStub(channel).StartRun(request, timeout=CALL_WITHIN_S)
    return answer.run.run_id


def follow(run_id: str) -> int:
    """The last state of the run. A broken stream is taken up after the last event that came."""
    state, sequence = run_pb2.RUN_STATE_UNSPECIFIED, 0
    address = os.environ.get("FLOE_REPORTING_ADDRESS", "127.0.0.1:7403")
    with grpc.insecure_channel(address) as channel:
        stub = reporting_grpc.ReportingServiceStub(channel)
        for _ in range(TRIES):
            request = reporting.WatchRunRequest(run_id=run_id, after_sequence=sequence)
            try:
                for message in stub.WatchRun(request, wait_for_ready=True):
                    sequence = message.sequence or sequence
                    if message.WhichOneof("update") == "event":
                        print(message.event.type, message.event.task_run.task_id)
                        state = message.event.run.state or state
                return state
            except grpc.RpcError as error:
                if error.code() != grpc.StatusCode.UNAVAILABLE:
                    raise
    raise SystemExit("the server does not come back")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("workflow")
    parser.add_argument("--param", action="append", default=[], metavar="NAME=VALUE")
    words = parser.parse_args()
    run_id = start(words.workflow, dict(word.split("=", 1) for word in words.param))
    state = follow(run_id)
    print(run_pb2.RunState.Name(state))
    return 0 if state == run_pb2.RUN_STATE_SUCCEEDED else 1


if __name__ == "__main__":
    sys.exit(main())
