#!/usr/bin/env python3
"""Compiles the graphs that a bundle places on a Rockchip NPU, with rknn-toolkit2 in half precision.

Every file is tried in the toolkit's own simulator with real inputs, against ONNX Runtime, before it is kept. Beside
FILE.rknn it writes FILE.rknn.json: where it came from, and how it compares. The first run installs the toolkit into
RKVOICE_HOME/python-rknn (0.7 GB).
"""
import argparse
import copy
import ctypes
import json
import os
import pathlib
import signal
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "common"))

import rknn_placement  # noqa: E402
from build_log import faults, figures, reason  # noqa: E402
from bundle_files import publish, replace, update_bundle, working_directory  # noqa: E402
from preparation import PreparationError, existing_file, read_json, run, say, sha256  # noqa: E402
from toolkit_environment import REQUIREMENTS, home, toolkit_python  # noqa: E402

EXAMPLES = """examples:
  convert_rknn.py en_US-joe-medium --target rk3588 --target rk3576
  convert_rknn.py whisper-base-fp32 --target rk3588 --verify --audio speech.wav
  convert_rknn.py silero-vad --target rk3576 -o /tmp/files

A BUNDLE is the directory of an installed model, or its name. A Whisper bundle with 8-bit weights gets the encoder of
its -fp32 sister, which must be installed too: the NPU computes in half precision.
Exit codes: 0 all files are there, 1 one cannot be made, 2 wrong usage."""
#: A part whose compiler is silent for so long will not come back: base takes a minute or two.
SECONDS = 3600
SCHEMA = 1
PR_SET_PDEATHSIG = 1


def arguments():
    parser = argparse.ArgumentParser(
        description=__doc__, epilog=EXAMPLES, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("bundle", help="an installed model: its name or its directory", metavar="BUNDLE")
    parser.add_argument("--target", action="append", required=True, choices=rknn_placement.BOARDS)
    parser.add_argument("-o", "--out", type=pathlib.Path, help="where the files go (the bundle)")
    parser.add_argument("--audio", type=pathlib.Path, help="WAV file of speech to try with (a clip of the parity set)")
    parser.add_argument("--language", default="en", help="what is spoken there (en)")
    parser.add_argument("--verify", action="store_true", help="also compare end to end: a sentence, a transcript")
    parser.add_argument("--force", action="store_true", help="make anew what is up to date")
    parser.add_argument("--keep-logs", action="store_true", help="keep what the compiler printed, as FILE.rknn.log")
    return parser.parse_args()


def bundle_folder(name):
    path = pathlib.Path(name)
    folder = path if (path / "bundle.json").is_file() else home() / "models" / name
    if not (folder / "bundle.json").is_file():
        raise PreparationError(f"{name}: no model there; run: rkvoice models pull {path.name}")
    return folder.absolute()


def source_folder(folder, bundle):
    """Where the graphs are that can be compiled: the bundle, or its sister with 32-bit weights."""
    if bundle["config"].get("precision", "fp32") == "fp32":
        return folder
    name = bundle["name"] + "-fp32"
    sister = folder.parent / name
    if not (sister / "bundle.json").is_file():
        raise PreparationError(f"{bundle['name']} has 8-bit weights; for the NPU run first: rkvoice models pull {name}")
    return sister


def speech(options, folder, family):
    """The clip to try with; a voice needs none."""
    if family == "piper":
        return None
    if options.audio:
        return str(existing_file(options.audio).absolute())
    for name in ("clips-moonshine/beckett.wav", "clips-audioeval/en-quick_brown_fox.wav"):
        for parent in (folder.parent, home() / "models"):
            if (parent / name).is_file():
                return str(parent / name)
    raise PreparationError('give a clip of speech with --audio; to make one: rkvoice say "Some words." -o speech.wav')


def compiled_parts(placement):
    """(part, ...) of all stages that have a source to be compiled from."""
    chains = [chain for stage, chain in placement.items() if stage != "boards"]
    return [part for chain in chains for link in chain for part in link if "source" in part]


def end_with_parent():
    """Has the kernel end this process when the one that made it ends, however that does (prctl(2))."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


class Conversion:
    """One part for one target, on its way into a directory."""

    def __init__(self, part, target, folder, options):
        self.part, self.target, self.folder, self.options = part, target, folder, options
        self.file = part["file"].replace("{board}", target)
        self.golden = part["file"].replace(".{board}.rknn", ".golden")
        self.provenance = {
            "schema": SCHEMA,
            "file": self.file,
            "target": target,
            "precision": "fp16",
            "source": {
                "bundle": folder.name,
                "file": part["source"],
                "sha256": sha256(existing_file(folder / part["source"])),
            },
            "shapes": part["shapes"],
            "pins": sha256(REQUIREMENTS),
        }

    def is_current(self, out):
        """True when the very same conversion is there, whole."""
        file, record = out / self.file, out / f"{self.file}.json"
        if self.options.force or not (file.is_file() and record.is_file()):
            return False
        known = read_json(record)
        same = all(known.get(key) == value for key, value in self.provenance.items())
        verified = known.get("endToEnd") or not self.options.verify
        return bool(same and verified and known.get("sha256") == sha256(file))

    def compile(self, python, clip, work):
        """Runs the compiler in a process of its own; returns its result and what its log tells."""
        job = {
            "target": self.target, "file": self.file, "source": self.part["source"], "folder": str(self.folder),
            "shapes": self.part["shapes"], "clip": clip, "language": self.options.language,
            "verify": self.options.verify, "out": str(work),
        }
        log = work / f"{self.file}.log"
        command = [str(python), "-B", str(pathlib.Path(__file__).with_name("compile_part.py")), json.dumps(job)]
        with open(log, "wb") as output:
            # The toolkit leaves files where it runs; a session of its own, so that its children can be ended too.
            child = subprocess.Popen(
                command, cwd=work, stdout=output, stderr=subprocess.STDOUT, start_new_session=True,
                preexec_fn=end_with_parent,
            )
            try:
                status = child.wait(timeout=SECONDS)
            except BaseException as error:
                os.killpg(child.pid, signal.SIGKILL)
                child.wait()
                if isinstance(error, subprocess.TimeoutExpired):
                    raise PreparationError(f"{self.file}: not done after {SECONDS} s") from None
                raise
        self.judge(log, status)
        return read_json(work / "result.json"), figures(log)

    def judge(self, log, status):
        """Fails when the process did, and also when it did not but the compiler printed errors."""
        printed = faults(log)
        if not printed and status == 0:
            return
        what = reason(log, printed)
        if len(printed) > 1 and status == 0:
            what += f" (and {len(printed) - 1} more)"
        if status < 0:
            what = f"ended by signal {-status}: {what}"
        kept = self.options.out / f"{self.file}.log"
        os.replace(log, kept)
        raise PreparationError(f"{self.file}: {what}; what the compiler printed is in {kept}")

    def make(self, python, clip, out):
        """Compiles into a temporary directory, then gives the files their names; returns the record."""
        started = time.monotonic()
        say(f"compiling {self.file} from {self.folder.name}/{self.part['source']}, shapes {self.part['shapes']}")
        with working_directory(out) as work:
            result, read = self.compile(python, clip, work)
            file = work / self.file
            record = {**self.provenance, "bytes": file.stat().st_size, "sha256": sha256(file), **result, **read}
            replace(work / f"{self.file}.json", record)
            os.rename(work / "golden.f32", work / f"{self.golden}.f32")
            os.rename(work / "golden.json", work / f"{self.golden}.json")
            logs = [f"{self.file}.log"] if self.options.keep_logs else []
            names = [f"{self.golden}.f32", f"{self.golden}.json", *logs, f"{self.file}.json", self.file]
            publish(work, out, names)
            if not logs:
                (out / f"{self.file}.log").unlink(missing_ok=True)
        worst = min(figure["snr"] for figure in record["parity"]["outputs"].values())
        say(f"wrote {self.file} ({record['bytes'] / 1e6:.1f} MB; {worst} dB; {time.monotonic() - started:.0f} s)")
        if record["endToEnd"]:
            say("  end to end: " + json.dumps(record["endToEnd"], ensure_ascii=False))
        return record


def note_facts(part, out):
    """Sets what is known of a part's files: their SHA-256 by board, and the NPU memory that it needs.

    The memory is the most over the boards, by what their compilers said: the weights once, and for every core what a
    context needs besides, because by default each core has its own.
    """
    digests, need = {}, []
    for target, cores in rknn_placement.CORES.items():
        path = out / part["file"].replace("{board}", target)
        record = path.with_name(path.name + ".json")
        if path.is_file() and record.is_file():
            known = read_json(record)
            digests[target], memory = known["sha256"], known.get("memory")
            need.append(memory["weight"] + cores * memory["internal"] if memory else None)
    if digests:
        part["sha256"] = digests
    if need and all(need):
        part["bytes"] = max(need)


def with_facts(placements, name, placement):
    """The placements with `placement` in place of its old self, and what is known of its files wherever they stand."""
    facts = {part["file"]: {key: part[key] for key in ("sha256", "bytes") if key in part}
             for part in compiled_parts(placement)}
    updated = copy.deepcopy(placements) | {name: placement}
    for other in updated.values():
        for part in compiled_parts(other):
            part |= facts.get(part["file"], {})
    return updated


def main():
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("ended"))
    options = arguments()
    folder = bundle_folder(options.bundle)
    bundle = read_json(folder / "bundle.json")
    placement = copy.deepcopy(bundle["placements"].get("rknn")) or rknn_placement.of_bundle(bundle)
    if placement is None:
        raise PreparationError(f"{bundle['name']}: nothing of the family {bundle['family']} is placed on an NPU")
    source, out = source_folder(folder, bundle), (options.out or folder).absolute()
    options.out = out
    clip = speech(options, folder, bundle["family"])
    python = toolkit_python()
    for part in compiled_parts(placement):
        for target in dict.fromkeys(options.target):
            conversion = Conversion(part, target, source, options)
            if conversion.is_current(out):
                say(f"{conversion.file} is up to date")
            else:
                conversion.make(python, clip, out)
        note_facts(part, out)
    if out == folder and bundle["placements"].get("rknn") != placement:
        update_bundle(folder, {**bundle, "placements": with_facts(bundle["placements"], "rknn", placement)})
        say("wrote the placement rknn into bundle.json")


if __name__ == "__main__":
    run(main)
