"""One Python peer doing one workload: peers.py WORKLOAD PEER OPERATIONS SIZE.

Says "ready". For each line that it reads then, it does the work once, and prints what came to it and
how many nanoseconds it took. Ends with its input.
"""

import concurrent.futures
import contextlib
import faulthandler
import multiprocessing
import sys
import time

import bodies

LIMIT = 0.02
FILL = 7


class Pool:
    """multiprocessing.Pool."""

    context = "fork"

    def __init__(self, workers):
        self.pool = multiprocessing.get_context(self.context).Pool(workers)

    def start(self, function, argument):
        return self.pool.apply_async(function, (argument,))

    def read(self, started):
        return started.get()

    def close(self):
        self.pool.terminate()
        self.pool.join()


class SpawningPool(Pool):
    """The same, with workers that are new processes and no forks."""

    context = "spawn"


class MappingPool(Pool):
    """The same, given all calls at once, which go out in large pieces."""

    def all(self, function, arguments):
        return self.pool.map(function, arguments)


class Executor:
    """concurrent.futures.ProcessPoolExecutor."""

    def __init__(self, workers):
        self.pool = self.make(workers)

    def make(self, workers):
        return concurrent.futures.ProcessPoolExecutor(workers)

    def start(self, function, argument):
        return self.pool.submit(function, argument)

    def read(self, started):
        return started.result()

    def close(self):
        self.pool.shutdown(wait=True)


class Loky(Executor):
    """loky.ProcessPoolExecutor."""

    def make(self, workers):
        import loky

        return loky.ProcessPoolExecutor(workers)

    def close(self):
        self.pool.shutdown(wait=True, kill_workers=True)


class Pebble(Executor):
    """pebble.ProcessPool."""

    def make(self, workers):
        import pebble

        return pebble.ProcessPool(max_workers=workers)

    def start(self, function, argument):
        return self.pool.schedule(function, args=[argument])

    def start_limited(self, function, argument):
        return self.pool.schedule(function, args=[argument], timeout=LIMIT)

    def close(self):
        self.pool.stop()
        self.pool.join()


PEERS = {
    "multiprocessing.Pool": Pool,
    "multiprocessing.Pool, spawn": SpawningPool,
    "multiprocessing.Pool.map": MappingPool,
    "ProcessPoolExecutor": Executor,
    "loky": Loky,
    "Pebble": Pebble,
}


def one(peer, function, argument):
    return peer.read(peer.start(function, argument))


def now():
    return time.perf_counter_ns()


@contextlib.contextmanager
def warm(make, workers=1):
    """A peer whose workers are there."""
    peer = make(workers)
    started = [peer.start(bodies.bump, number) for number in range(10 * workers)]
    assert [peer.read(it) for it in started] == list(range(1, 10 * workers + 1))
    yield peer
    peer.close()


def each(make, operations, _):
    """8 bytes there and back."""
    with warm(make) as peer:
        while (yield):
            start = now()
            total = sum(one(peer, bodies.bump, number) for number in range(operations))
            yield total, now() - start


def each_bytes(make, operations, size):
    """More bytes there and back."""
    with warm(make) as peer:
        while (yield):
            start, total = now(), 0
            for _ in range(operations):
                data = one(peer, bodies.bump_bytes, bytes([FILL]) * size)
                total += data[0] + len(data)
            yield total, now() - start


def every(make, operations, _):
    """All calls are made, then all are read."""
    with warm(make, 2) as peer:
        while (yield):
            start = now()
            if isinstance(peer, MappingPool):
                total = sum(peer.all(bodies.bump, range(operations)))
            else:
                started = [peer.start(bodies.bump, number) for number in range(operations)]
                total = sum(peer.read(it) for it in started)
            yield total, now() - start


def large(make, _, size):
    """Many bytes there and back."""
    data = bytes([FILL]) * size
    with warm(make) as peer:
        while (yield):
            start = now()
            result = one(peer, bodies.echo, data)
            took = now() - start
            yield (len(result) if result == data else 0), took


def first(make, _, size):
    """The first call of all, with so much memory in use."""
    ballast = bytearray([FILL]) * size
    if make is Loky:
        import loky  # noqa: F401
    if make is Pebble:
        import pebble  # noqa: F401
    while (yield):
        start = now()
        peer = make(1)
        result = one(peer, bodies.bump, 6)
        took = now() - start
        peer.close()
        yield result, took
    assert len(ballast) == size


def timed_out(make, operations, _):
    """A time-out is seen."""
    return after_time(make, operations, False)


def restarted(make, operations, _):
    """A time-out is seen, and the next result."""
    return after_time(make, operations, True)


def after_time(make, operations, goes_on):
    while (yield):
        late, total = [], 0
        while len(late) < operations:
            with warm(make) as peer, contextlib.suppress(Lost):
                start, result = now(), 0
                try:
                    wait(peer.start_limited(bodies.stick, 0))
                except TimeoutError:
                    result = 1
                if goes_on:
                    result += wait(peer.start(bodies.bump, 0))
                late.append(max(0, now() - start - int(LIMIT * 1e9)))
                total += result
        yield total, median(late)


class Lost(Exception):
    """Nothing will come any more."""


def wait(future):
    """Its result. Now and then Pebble loses the call that follows a time-out."""
    if not concurrent.futures.wait([future], timeout=5).done:
        raise Lost
    return future.result()


def median(times):
    """What all take together, if each takes what the median takes."""
    return sorted(times)[len(times) // 2] * len(times)


def crashed(make, operations, _):
    """A worker dies."""
    while (yield):
        times, total = [], 0
        for _ in range(operations):
            with warm(make) as peer:
                start = now()
                try:
                    one(peer, bodies.die, 0)
                except Exception as error:
                    times.append(now() - start)
                    names = "BrokenProcessPool", "TerminatedWorkerError", "ProcessExpired"
                    total += type(error).__name__ in names
        yield total, median(times)


WORKLOADS = {
    "each": each,
    "each bytes": each_bytes,
    "every": every,
    "large": large,
    "first": first,
    "timed out": timed_out,
    "restarted": restarted,
    "crashed": crashed,
}


def main():
    # Whoever hangs ends; nobody waits for so long.
    faulthandler.dump_traceback_later(110, exit=True)
    workload, peer, operations, size = sys.argv[1:]
    work = WORKLOADS[workload](PEERS[peer], int(operations), int(size))
    next(work)
    print("ready", flush=True)
    for _ in sys.stdin:
        result, nanos = work.send(True)
        print(result, nanos, flush=True)
        next(work)
    with contextlib.suppress(StopIteration):
        work.send(False)


if __name__ == "__main__":
    main()
