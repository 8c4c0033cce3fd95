"""A server as it is from far away: what passes is the same bytes in the same order, each half a round trip later."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

ROUND_TRIP_S = 0.1


async def _later(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, seconds: float) -> None:
    """Passes on what is read, so much later; what came first goes first."""
    loop = asyncio.get_running_loop()
    waiting: asyncio.Queue = asyncio.Queue()

    async def deliver() -> None:
        while True:
            due, data = await waiting.get()
            await asyncio.sleep(max(0.0, due - loop.time()))
            if not data:
                writer.close()
                return
            writer.write(data)
            await writer.drain()

    delivery = asyncio.create_task(deliver())
    try:
        while data := await reader.read(65536):
            waiting.put_nowait((loop.time() + seconds, data))
    except ConnectionError:
        pass
    waiting.put_nowait((loop.time(), b""))
    await asyncio.gather(delivery, return_exceptions=True)


async def _end() -> None:
    """Ends what is still under way, and waits for it."""
    others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)


@contextmanager
def away(address: str, round_trip_s: float = ROUND_TRIP_S) -> Iterator[str]:
    """The address at which the server at `address` answers a round trip later."""
    target = urlsplit(address)
    loop, ready, places = asyncio.new_event_loop(), threading.Event(), []

    async def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            there, back = await asyncio.open_connection(target.hostname, target.port)
        except OSError:
            writer.close()
            return
        half = round_trip_s / 2
        await asyncio.gather(_later(reader, back, half), _later(there, writer, half), return_exceptions=True)

    async def serve() -> None:
        listening = await asyncio.start_server(accept, "127.0.0.1", 0)
        places.append(listening.sockets[0].getsockname()[1])
        ready.set()

    def run() -> None:
        loop.create_task(serve())
        loop.run_forever()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    ready.wait(10)
    try:
        yield f"http://127.0.0.1:{places[0]}"
    finally:
        asyncio.run_coroutine_threadsafe(_end(), loop).result(5)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(5)
