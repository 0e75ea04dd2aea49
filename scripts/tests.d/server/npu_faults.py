"""Everything that can go wrong on an NPU, while a server works: python npu_faults.py [SCENARIO...]

Each scenario has a server of its own on the simulator, whose control file switches faults on and off while it runs
(docs/simulator.md). The faults strike the voice's decoder; speech recognition, which uses the same cores, goes on.
"""

import concurrent.futures
import contextlib
import json
import pathlib
import signal
import sys
import tempfile
import time

import httpx

import scenarios
from scenarios import expect, expect_same, figure, scenario, within
from serving import Server
from speech import FOX, words

# After so many seconds a run counts as hung.
RUN_SECONDS = 2
# A refusal that waits for nothing but the run, on a loaded machine.
BOUND = RUN_SECONDS + 6
VOICE = {"fault_model": "decoder"}


class Board:
    """A server on a simulated board, whose faults are switched by a file."""

    def __init__(self, *arguments, soc="rk3588", ready=True, **switches):
        self.folder = tempfile.TemporaryDirectory()
        self.control = pathlib.Path(self.folder.name) / "control"
        self.stats = pathlib.Path(self.folder.name) / "stats"
        self.switch(**switches)
        self.server = Server(
            "--simulate", soc, "--set", f"npu.run_seconds={RUN_SECONDS}", *arguments,
            environment={"RKNN_SIM_CONTROL": str(self.control), "RKNN_SIM_STATS": str(self.stats)},
            ready=ready,
        )

    def __enter__(self):
        self.server.__enter__()
        self.target = self.server.target
        return self

    def __exit__(self, *_):
        self.server.__exit__()
        self.folder.cleanup()

    def switch(self, **switches):
        """Sets these switches, and sets back all others."""
        new = self.control.with_suffix(".new")
        new.write_text("".join(f"{key} = {value}\n" for key, value in switches.items()))
        new.rename(self.control)

    def counters(self):
        # The file is written 50 ms after a change at most.
        time.sleep(0.2)
        return json.loads(self.stats.read_text())

    def speak(self):
        """Status, seconds and body of /tts."""
        started = time.monotonic()
        with httpx.Client(base_url=self.target.url, timeout=60, trust_env=False) as http:
            answer = http.post("/tts", json={"text": "Hello there."})
        return answer.status_code, time.monotonic() - started, answer

    def hear(self, wav):
        with httpx.Client(base_url=self.target.url, timeout=60, trust_env=False) as http:
            answer = http.post("/asr", files={"file": ("fox.wav", wav, "audio/wav")})
        return answer.status_code == 200 and words(answer.json()["text"]) == words(FOX)

    def npu(self):
        return self.target.http.get("/capabilities").json()["npu"]

    def hung(self):
        return sum(core["hung"] for core in self.npu()["devices"][0]["cores"])

    def readiness(self):
        answer = self.target.http.get("/readyz")
        return answer.status_code, answer.json()["reasons"]

    def recovers(self, after):
        """Both models work again, and readiness says so."""
        expect(within(15, lambda: self.speak()[0] == 200, f"after {after}, /tts speaks") is not None, after)
        seconds = within(15, self.target.is_ready, f"after {after}, it is ready")
        figure(f"ready {seconds:.1f} s after {after}" if seconds is not None else f"not ready after {after}")

    def ends(self):
        """It ends in order and gives everything back."""
        expect_same(self.server.stop(), 0, "the exit code")
        counters = self.counters()
        expect_same(counters["contexts_destroyed"], counters["contexts_created"], "contexts destroyed")
        expect_same(counters["memories_destroyed"], counters["memories_created"], "buffers destroyed")
        expect_same(counters["models_unloaded"], counters["models_loaded"], "models unloaded")
        expect_same(counters["contexts_destroyed_in_use"], 0, "contexts destroyed in use")
        expect_same(counters["calls_overlapping"], 0, "calls that overlapped on a context")
        expect_same((counters["running"], counters["memory"]), (0, 0), "runs and bytes left")
        return counters


@contextlib.contextmanager
def hearing_beside(board, wav):
    """Recognizes beside whatever is done; every text has to be right."""
    over = False
    with concurrent.futures.ThreadPoolExecutor(1) as pool:

        def work():
            count = 0
            while not over:
                expect(board.hear(wav), "recognition goes on beside the fault")
                count += 1
            return count

        worker = pool.submit(work)
        try:
            yield
        finally:
            over = True
            figure(f"{worker.result()} recordings recognized meanwhile")


def error(answer):
    return answer.json().get("code")


@scenario
def nothing_wrong(_):
    """Everything says that it is simulated; nothing is copied; all is given back"""
    for soc in ("rk3588", "rk3576"):
        speaks_and_hears(soc)


def speaks_and_hears(soc):
    with Board(soc=soc) as board:
        wav = board.target.fox
        health = board.target.http.get("/health")
        expect_same(health.headers.get("x-simulated"), soc, "X-Simulated")
        expect_same((health.json()["simulated"], health.json()["board"]), (True, soc), "simulated and board")
        npu = board.npu()
        name = npu["devices"][0]["name"]
        expect("simulated" in name, f"the device's name says simulated ({name})")
        on_npu = {place["stage"] for place in npu["placements"] if place["runtime"] == "rknn"}
        expect_same(on_npu, {"encoder", "decoder", "detector"}, "stages on the NPU")
        expect(0 < npu["memory"]["used_bytes"] <= npu["memory"]["limit_bytes"], f"memory {npu['memory']}")
        answer = board.target.http.post("/asr", files={"file": ("fox.wav", wav, "audio/wav")}).json()
        expect_same((words(answer["text"]), answer["simulated"]), (words(FOX), soc), "text and simulated")
        metrics = board.target.metrics()
        expect(metrics.value("rkvoice_npu_run_seconds_count") > 10, "runs are counted")
        expect(metrics.value("rkvoice_npu_core_busy_seconds_total") > 0, "the cores' time is counted")
        counters = board.ends()
        expect_same(counters["input_bytes_copied"], 0, "bytes of inputs that were copied")
        expect_same(counters["output_bytes_copied"], 0, "bytes of outputs that were copied")


@scenario
def failing_runs(_):
    """A run that fails costs its own request; the next one works"""
    with Board() as board:
        wav = board.target.fox
        with hearing_beside(board, wav):
            board.switch(fault="run", fault_count=1, **VOICE)
            status, seconds, answer = board.speak()
            expect_same((status, error(answer)), (500, "model_failed"), "the answer")
            expect(seconds < BOUND, f"it is answered soon ({seconds:.1f} s)")
            within(5, lambda: board.server.said("RKNN_ERR_FAIL"), "the log names the status")
            board.recovers("one failed run")
            board.switch(fault="run", **VOICE)
            expect_same(board.speak()[0], 500, "the answer")
            within(10, lambda: board.readiness()[0] == 503, "readiness tells of runs that go on failing")
            expect_same(board.readiness()[1], ["canary_failed"], "the reasons")
            board.switch()
            board.recovers("failing runs")
        board.ends()


@scenario
def hanging_runs(_):
    """A run that hangs is answered in time; its core is set aside until it is back; the last one is not risked"""
    with Board() as board:
        wav = board.target.fox
        with hearing_beside(board, wav):
            board.switch(fault="hang", **VOICE)
            status, seconds, answer = board.speak()
            expect_same((status, error(answer)), (500, "model_failed"), "the answer")
            expect(seconds < BOUND, f"it is answered in time ({seconds:.1f} s)")
            within(5, lambda: board.server.said("did not come back within"), "the log tells of the hang")
            within(15, lambda: board.hung() == 2, "the graph that hangs gets no more than two cores")
            status, seconds, answer = board.speak()
            expect_same((status, error(answer)), (503, "unavailable"), "the answer when two cores hang")
            expect(seconds < BOUND, f"which is soon ({seconds:.1f} s)")
            within(10, lambda: board.readiness()[0] == 503, "readiness tells of it")
            expect_same(board.hung(), 2, "cores that hang")
            board.switch()
            within(5, lambda: board.hung() == 0, "the cores serve again when the runs are back")
            board.recovers("hanging runs")
        board.ends()


@scenario
def every_core_hangs(_):
    """When every core hangs, requests are refused at once and readiness says why; all of it comes back"""
    with Board() as board:
        wav = board.target.fox
        board.switch(fault="hang")
        with concurrent.futures.ThreadPoolExecutor(4) as pool:
            both = [pool.submit(board.speak), pool.submit(board.hear, wav)]
            expect_same(both[0].result()[0] in (500, 503), True, "the voice is refused")
            expect_same(both[1].result(), False, "recognition is not possible")
        within(20, lambda: (board.speak(), board.hear(wav), board.hung())[2] == 3, "every core hangs", every=0.5)
        status, seconds, answer = board.speak()
        expect_same((status, error(answer)), (503, "unavailable"), "the answer")
        expect(seconds < BOUND, f"at once ({seconds:.1f} s)")
        expect("npu_hung" in board.readiness()[1], f"readiness names it ({board.readiness()})")
        expect_same(board.target.http.get("/livez").status_code, 200, "liveness")
        board.switch()
        within(5, lambda: board.hung() == 0, "the cores serve again")
        board.recovers("a hang of every core")
        expect(board.hear(wav), "and recognition works")
        board.ends()


@scenario
def models_that_do_not_load(_):
    """A model that the device refuses is told by name; the other one serves"""
    statuses = {"init": "RKNN_ERR_FAIL", "driver": "RKNN_ERR_DEVICE_UNMATCH", "memory": "RKNN_ERR_MALLOC_FAIL"}
    for fault, status in statuses.items():
        with Board(ready=False, fault=fault, **VOICE) as board:
            skill = lambda name: board.target.http.get("/readyz").json()["details"].get(name, {})
            within(30, lambda: skill("asr").get("state") == "ready", f"{fault}: recognition gets ready")
            within(30, lambda: skill("tts").get("state") == "failed", f"{fault}: the voice has failed")
            said = skill("tts").get("message", "")
            expect(status in said and "decoder.62" in said, f"{fault}: {said}")
            refused, seconds, answer = board.speak()
            expect_same((refused, error(answer)), (503, "not_ready"), f"{fault}: /tts")
            expect_same(board.readiness()[0], 503, f"{fault}: readiness")
            board.ends()


@scenario
def renewal_that_fails(_):
    """A context that cannot be made anew is tried again with the next request"""
    with Board() as board:
        _ = board.target.fox
        board.switch(fault="run", fault_count=1, **VOICE)
        expect_same(board.speak()[0], 500, "the failed run")
        board.switch(fault="init", **VOICE)
        board.speak()
        board.switch()
        board.recovers("a refused context")
        board.ends()


@scenario
def out_of_budget(_):
    """A model that does not fit is refused before it is loaded, with the sum"""
    with Board("--set", "npu.memory=200MiB", ready=False) as board:
        state = lambda: board.target.http.get("/readyz").json()["details"].get("asr", {})
        within(30, lambda: state().get("state") == "failed", "recognition does not fit")
        expect("200" in state()["message"], f"the sum is told ({state()['message']})")
        board.ends()


@scenario
def crash(_):
    """A crash within the vendor's library ends the process by its signal; a new one serves"""
    with Board() as board:
        _ = board.target.fox
        board.switch(fault="crash", **VOICE)
        try:
            # Where Swift's tools are installed they first write down the backtrace: the run counts as hung meanwhile.
            expect_same(board.speak()[0], 500, "the answer, if there is one")
        except httpx.HTTPError:
            expect(True, "the connection ends")
        expect_same(-board.server.process.wait(30), signal.SIGSEGV, "the signal")
    with Board() as board:
        expect_same(board.speak()[0], 200, "/tts of the next process")


if __name__ == "__main__":
    scenarios.run(None, sys.argv[1:])
