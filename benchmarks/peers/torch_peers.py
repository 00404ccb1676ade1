#!/usr/bin/env python3
"""Does the kernels' work with PyTorch and writes run records, to be set beside the program's own.

    python3 benchmarks/peers/torch_peers.py --out DIR --device cuda --seconds 150
    gpu-decode-bench compare ours/run.json DIR/step-as-written/llama-3.1-8b-bf16/run.json
    gpu-decode-bench compare --operations ours/run.json DIR/linear/llama-3.1-8b/run.json

Needs Python 3.10 and PyTorch; what a version of PyTorch lacks is named in one sentence and left out. Nothing of GpuDecodeBench has to be
there. benchmarks/README.md says what is fair about it and what is not. Each peer checks its results before it is timed.

Exit code 0: done; 1: a check failed, or the time was over before anything was measured; 2: an argument is not accepted; 3: PyTorch, the
device or all that was asked for is not available; 130: interrupted. Whatever was measured by then is written.
"""

import argparse
import os
import re
import shlex
import signal
import sys
import time
import traceback

from pytorch_peers.failures import BadInput, OutOfTime, Unavailable
from pytorch_peers.shapes import SHAPES
from pytorch_peers.timing import one_line

PEERS = ("step", "linear", "attention", "int4", "fp8")
SHARES = {"step": 8, "linear": 5, "attention": 3, "fp8": 3, "int4": 3}
"""Of the time that is left, how much each may take in proportion to those after it."""

GRACE_SECONDS = 3
"""So much after its time a peer is broken off wherever it is."""

COMPILE_MODES = ("default", "max-autotune-no-cudagraphs")
"""In the order of how long they take: the first leaves products to cuBLAS, the second tries kernels of its own for them, too."""


def parse(arguments):
    parser = argparse.ArgumentParser(description="The decode step's work done by PyTorch, as run records (benchmarks/README.md).")
    parser.add_argument("--out", required=True, metavar="DIR", help="where the records go: DIR/PEER/MODEL/run.json")
    parser.add_argument("--device", default="cuda", metavar="cuda|cuda:N|cpu")
    parser.add_argument("--only", metavar="PEER,…", default=",".join(PEERS), help=f"of {', '.join(PEERS)}, in the order to measure")
    parser.add_argument("--seconds", type=float, default=150, metavar="S", help="the time for all of it (default 150)")
    parser.add_argument("--models", metavar="NAME,…", help=f"of {', '.join(SHAPES)}; by default those that suit each peer")
    parser.add_argument("--batch", metavar="N,…", help="instead of each peer's own")
    parser.add_argument("--context", metavar="N,…", help="tokens, for step and attention")
    parser.add_argument("--layers", type=int, metavar="N", help="layers of the step instead of all")
    parser.add_argument("--compile-mode", choices=COMPILE_MODES, help="torch.compile's for the step; by default both, one after the other")
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args(arguments)


def names(option, text, known):
    chosen = [name.strip() for name in text.split(",")]
    for name in chosen:
        if name not in known:
            raise BadInput(f"{option} '{name}' is not accepted; give some of {', '.join(known)}.")
    return chosen


def numbers(option, text):
    try:
        values = [int(part) for part in text.split(",")]
    except ValueError:
        values = [0]
    if min(values) < 1:
        raise BadInput(f"{option} '{text}' is not accepted; give whole numbers above zero, for example 1,4.")
    return values


def gpu_index(device):
    """The GPU's number; None for the CPU."""
    if device == "cpu":
        return None
    found = re.fullmatch(r"cuda(?::(\d+))?", device)
    if found is None:
        raise BadInput(f"--device '{device}' is not accepted; give cuda, cuda:N or cpu.")
    return int(found[1] or 0)


def plan(arguments):
    """The work: (peer, function of the session) in order. A GPU gets published models, a CPU the tiny one."""
    on_gpu = gpu_index(arguments.device) is not None
    peers = names("--only", arguments.only, PEERS)
    models = names("--models", arguments.models, SHAPES) if arguments.models else None
    batches = numbers("--batch", arguments.batch) if arguments.batch else None
    contexts = numbers("--context", arguments.context) if arguments.context else None
    if arguments.layers is not None and arguments.layers < 1:
        raise BadInput(f"--layers '{arguments.layers}' is not accepted; give a whole number above zero.")
    if not 1 <= arguments.seconds <= 3600:
        raise BadInput(f"--seconds '{arguments.seconds:g}' is not accepted; give 1 to 3600.")
    if not 0 <= arguments.seed < 2**63:
        raise BadInput(f"--seed '{arguments.seed}' is not accepted; give a whole number from 0 to 2^63 - 1.")

    def shapes(*suitable):
        return [SHAPES[name] for name in models or (suitable if on_gpu else ["tiny"])]

    from pytorch_peers import work

    modes = (arguments.compile_mode,) if arguments.compile_mode else COMPILE_MODES
    choice = work.Choice(shapes, batches, contexts, arguments.layers, modes, on_gpu)
    return [(peer, part) for peer in peers for part in getattr(choice, peer)()]


def measure(session, work):
    """Every part in turn; the exit code."""
    points = 0
    for index, (peer, part) in enumerate(work):
        rest = sum(SHARES[other] / sum(1 for same, _ in work if same == other) for other, _ in work[index:])
        own = SHARES[peer] / sum(1 for same, _ in work if same == peer)
        session.begin_peer(session.seconds_left * own / rest)
        shown = {}
        try:
            for record in part(session):
                session.show(record, shown)
        except Unavailable as reason:
            print(f"{peer}: not measured: {reason}", flush=True)
        except Exception as error:  # One peer's defect, or the driver's, is not the end of the others.
            session.refused = True
            traceback.print_exc()
            print(f"{peer}: failed: {type(error).__name__}: {one_line(error)}.", flush=True)
        session.release()
        points += sum(shown.values())
    if session.refused:
        return 1
    if points == 0:
        raise Unavailable("nothing of it could be measured here.")
    return 0


def leave(code):
    """The end, at once: a compiler's threads and processes may still be at work and are not waited for."""
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


def run(arguments):
    begun = time.monotonic()
    work = plan(arguments)

    def out_of_time(*_):
        raise OutOfTime

    # Compilers and large allocations do not look at the time.
    signal.signal(signal.SIGALRM, out_of_time)
    signal.setitimer(signal.ITIMER_REAL, arguments.seconds + GRACE_SECONDS)
    command = shlex.join([os.path.basename(sys.argv[0]), *sys.argv[1:]])
    session = None
    try:
        try:
            import torch
        except ImportError as missing:
            raise Unavailable(f"{missing.name or 'torch'} is not installed.") from missing
        from pytorch_peers.session import Session

        with torch.no_grad():
            deadline = begun + arguments.seconds
            session = Session(torch, gpu_index(arguments.device), arguments.out, deadline, arguments.seed, command)
            session.describe()
            return measure(session, work)
    except OutOfTime:
        print("torch_peers: the time is over; what was measured by now is written.", file=sys.stderr)
        leave(0 if session is not None and session.written and not session.refused else 1)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def main():
    arguments = parse(sys.argv[1:])
    try:
        return run(arguments)
    except BadInput as error:
        print(f"torch_peers: {error}", file=sys.stderr)
        return 2
    except Unavailable as error:
        print(f"torch_peers: {error}", file=sys.stderr)
        return 3
    except KeyboardInterrupt:
        print("torch_peers: interrupted; what was measured by now is written.", file=sys.stderr)
        return 130


if __name__ == "__main__":
    sys.exit(main())
