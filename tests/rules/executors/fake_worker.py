"""A worker process that misbehaves on purpose: `fake_worker.py WORKER ENGINE_FOLDER FAULT [EVERY]`.

It is the real worker, loaded from its file, with one fault before every EVERYth reply. Only tests start it.
"""

from __future__ import annotations

import importlib.util
import json
import os
import signal
import sys
import time
from pathlib import Path
from typing import Any


def load_worker(path: str) -> Any:
    spec = importlib.util.spec_from_file_location("durable_worker", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def spoil(fault: str, reply: dict[str, Any]) -> str:
    """The line that is sent in place of this reply, if this process survives to send one."""
    if fault == "killed":
        os.kill(os.getpid(), signal.SIGKILL)
    elif fault == "exits":
        os._exit(3)
    elif fault == "stopped":
        os.kill(os.getpid(), signal.SIGSTOP)
    elif fault == "hangs":
        time.sleep(60)
    elif fault == "garbage":
        return "\x00 this is not JSON"
    elif fault == "half a line":
        os.write(1, b'{"id": 1, "tr')
        time.sleep(60)
    elif fault == "a list":
        return "[]"
    elif fault == "a deep list":
        return "[" * 100_000
    elif fault == "two lines":
        return "{}\n{}"
    elif fault == "an engine error":
        return json.dumps({"error": "RulesError 204"})
    elif fault == "another request":
        reply["id"] += 1
    elif fault == "unknown conclusion":
        reply["true"].append("c9999")
    elif fault == "unknown rule":
        reply["fired"].append(["r9999/0", ["t0000"]])
    elif fault == "unknown helper":
        reply["fired"].append(["r0000/0", ["n9999"]])
    elif fault == "a circle":
        reply["fired"] += [["r0000/0", ["n9999"]], ["n9999/0", ["n9999"]]]
    elif fault == "wrong shape":
        reply["fired"] = 7
    elif fault == "nothing":
        reply = {}
    elif fault == "never loads":
        reply = {"id": reply["id"], "unloaded": "sha256:0"}
    elif fault == "one too many":
        reply["true"] = sorted({*reply["true"], "c0000"})
        reply["fired"].append(["r0000/0", ["t0000"]])
    elif fault == "one too few":
        reply["true"] = reply["true"][:-1]
    elif fault == "another trace":
        reply["fired"] = reply["fired"][:-1]
    else:
        raise AssertionError(fault)
    return json.dumps(reply)


def main() -> None:
    path, folder, fault, every = sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4])
    sys.path.append(folder)
    import durable_rules_engine

    if fault == "no start":
        time.sleep(60)
    if fault == "wrong greeting":
        print("{}", flush=True)
    programs = load_worker(path).Programs(durable_rules_engine)
    print('{"ready": true}', flush=True)
    answered = 0
    for line in sys.stdin:
        request = json.loads(line)
        reply = programs.answer(request)
        text = json.dumps(reply)
        if "load" not in request and "unloaded" not in reply:
            answered += 1
            if answered % every == 0:
                text = spoil(fault, reply)
        print(text, flush=True)


if __name__ == "__main__":
    if not Path(sys.argv[1]).exists():
        raise SystemExit(f"there is no worker at {sys.argv[1]}")
    main()
