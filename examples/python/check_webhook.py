"""Says whether a webhook came from Floe: the header Floe-Signature, the body on stdin, the key in HOOK_KEY."""

import hashlib
import hmac
import os
import sys
import time


def is_ours(key: bytes, header: str, body: bytes) -> bool:
    parts = dict(part.split("=", 1) for part in header.split(","))
    wanted = hmac.new(key, parts["t"].encode() + b"." + body, hashlib.sha256).hexdigest()
    return hmac.compare_digest(wanted, parts["v1"]) and abs(time.time() - int(parts["t"])) < 300


if __name__ == "__main__":
    is_good = is_ours(os.environ["HOOK_KEY"].encode(), sys.argv[1], sys.stdin.buffer.read())
    print("ours" if is_good else "not ours")
