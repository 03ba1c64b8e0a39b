"""Prints events of Floe from NATS, from a place in the stream on, as lines of JSON."""

import argparse
import asyncio
import json
import os

import nats
from nats.js.api import ConsumerConfig, DeliverPolicy

STREAM = "FLOE_EVENTS"
NEXT_WITHIN_S = 20


def begin(after: int) -> ConsumerConfig:
    """Whoever keeps the last place that was handled misses nothing and gets nothing twice."""
    if after == 0:
        return ConsumerConfig(deliver_policy=DeliverPolicy.ALL)
    return ConsumerConfig(deliver_policy=DeliverPolicy.BY_START_SEQUENCE, opt_start_seq=after + 1)


async def read(subject: str, after: int, count: int) -> None:
    connection = await nats.connect(os.environ.get("FLOE_NATS_URL", "nats://127.0.0.1:7422"))
    try:
        events = await connection.jetstream().subscribe(
            subject, stream=STREAM, ordered_consumer=True, config=begin(after)
        )
        for _ in range(count):
            message = await events.next_msg(timeout=NEXT_WITHIN_S)
            _, _, workflow, run_id, entity, event = message.subject.split(".")
            place = message.metadata.sequence.stream
            facts = {"place": place, "workflow": workflow, "run": run_id, "event": f"{entity}.{event}"}
            print(json.dumps({**facts, "data": json.loads(message.data)}))
    finally:
        await connection.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--subject", default="floe.events.>", help="like floe.events.late-flights.*.run.failed")
    parser.add_argument("--after", type=int, default=0, help="the last place that was handled")
    parser.add_argument("--count", type=int, default=10)
    words = parser.parse_args()
    asyncio.run(read(words.subject, words.after, words.count))


if __name__ == "__main__":
    main()
