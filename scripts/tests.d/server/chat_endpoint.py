"""An OpenAI-compatible chat endpoint that does what it is asked to: "cut_event: How are you?" gets half an answer.

Any other question gets a good one. See chat_script.py for what it can be asked. Everything that comes is kept.
"""

import asyncio
import json
import threading
import time

import chat_script


class Exchange:
    """A request, and what became of it. Times are of time.monotonic()."""

    def __init__(self, method, path, headers, body):
        self.method, self.path, self.headers = method, path, headers
        self.body = json.loads(body)
        self.asked = time.monotonic()
        # What was written of the answer, each piece with its time, and how many bytes in all.
        self.pieces = []
        self.bytes = 0
        # When the answer was over, and when whoever asked closed the connection before that.
        self.ended = self.dropped = None

    @property
    def messages(self):
        return [(message["role"], message["content"]) for message in self.body["messages"]]

    @property
    def question(self):
        # Consecutive messages of the user are one, each a line.
        return self.messages[-1][1].rsplit("\n", 1)[-1]

    @property
    def answer(self):
        return "".join(text for _, text in self.pieces)


class Endpoint:
    """The endpoint on a free port of this machine, in a thread of its own. A context."""

    def __init__(self):
        self.exchanges, self.writers = [], set()
        self.port = 0

    def __enter__(self):
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self.thread.start()
        self.up()
        return self

    def __exit__(self, *_):
        self.down()
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join(10)

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}/v1"

    @property
    def connections(self):
        return len(self.writers)

    def up(self):
        self._run(self._listen())

    def down(self):
        """Nobody listens any more, and open connections are closed."""
        self._run(self._end())

    def asked(self, question):
        """The requests that ended in this question."""
        return [exchange for exchange in self.exchanges if exchange.question == question]

    def _run(self, work):
        asyncio.run_coroutine_threadsafe(work, self.loop).result(10)

    async def _listen(self):
        self.listener = await asyncio.start_server(self._serve, "127.0.0.1", self.port)
        self.port = self.listener.sockets[0].getsockname()[1]

    async def _end(self):
        self.listener.close()
        for writer in list(self.writers):
            writer.transport.abort()
        await asyncio.sleep(0)

    async def _serve(self, reader, writer):
        self.writers.add(writer)
        try:
            while (exchange := await self._read(reader)) and await self._answer(exchange, reader, writer):
                pass
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            self.writers.discard(writer)
            writer.close()

    async def _read(self, reader):
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        first, *lines = head.strip().split("\r\n")
        headers = {name.lower(): value.strip() for name, value in (line.split(":", 1) for line in lines)}
        body = await reader.readexactly(int(headers.get("content-length", 0)))
        exchange = Exchange(*first.split()[:2], headers, body)
        self.exchanges.append(exchange)
        return exchange

    async def _answer(self, exchange, reader, writer):
        """Answers, and watches meanwhile whether somebody still listens. Returns whether the connection is kept."""
        attempt = len(self.asked(exchange.question))
        answer = asyncio.ensure_future(chat_script.answer(exchange, attempt, writer))
        gone = asyncio.ensure_future(reader.read(1))
        await asyncio.wait({answer, gone}, return_when=asyncio.FIRST_COMPLETED)
        is_over, now = answer.done(), time.monotonic()
        for one in (answer, gone):
            one.cancel()
        result, _ = await asyncio.gather(answer, gone, return_exceptions=True)
        # Who writes notices a closed connection, too.
        if is_over and not isinstance(result, ConnectionError):
            exchange.ended = now
        else:
            exchange.dropped = now
        return result is True
