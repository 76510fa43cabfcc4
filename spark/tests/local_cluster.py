"""The audit on Spark's local cluster while executors are killed: the same bytes each time, or a clear error.

    SPARK_LOCAL_IP=127.0.0.1 python spark/tests/local_cluster.py CREDITSCOPE EXPORTS [--kills N] [--partitions N ...]

Needs Java 17 and `pip install './spark[spark]'`. Each trial is one spark-submit with two executors; at a random moment one of
them, a descendant of that call, gets SIGKILL. The report of every bundle is compared with that of an audit.
"""

from __future__ import annotations

import argparse
import filecmp
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pyspark

PACKAGE = Path(__file__).parents[1] / "creditscope_spark"


def executors(root: int) -> list[int]:
    """The executors among the processes that a process started."""
    parents, commands = {}, {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                stat = (entry / "stat").read_text().rsplit(")", 1)[1].split()
                parents[int(entry.name)] = int(stat[1])
                commands[int(entry.name)] = (entry / "cmdline").read_text()
            except OSError:
                pass
    found = []
    for process, command in commands.items():
        above = process
        while above in parents and above != root:
            above = parents[above]
        if above == root and "CoarseGrainedExecutorBackend" in command and "java" in command.split("\0")[0]:
            found.append(process)
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("binary")
    parser.add_argument("exports")
    parser.add_argument("--kills", type=int, default=5)
    parser.add_argument("--partitions", type=int, nargs="*", default=[2, 7])
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    binary, exports = (str(Path(path).absolute()) for path in (asked.binary, asked.exports))
    dice, failed = random.Random(asked.seed), 0
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        report = folder / "report"

        def made(*args: str) -> Path:
            subprocess.run([binary, *args, "-q", "-o", str(report)], check=True, stdout=subprocess.DEVNULL, cwd=folder)
            return report.rename(folder / str(time.monotonic_ns()))

        started = time.monotonic()
        expected = made("audit", exports)
        print(f"one machine: {time.monotonic() - started:.1f} s", flush=True)
        spark = Path(pyspark.__file__).parent
        tempo = 0.0
        for trial, (partitions, kill) in enumerate([(n, False) for n in asked.partitions] + [(2, True)] * asked.kills):
            bundle, log = folder / f"bundle-{trial}", folder / f"log-{trial}"
            call = [spark / "bin/spark-submit", "--master", "local-cluster[2,1,2048]", "--conf", "spark.executor.memory=1g"]
            call += ["--conf", "spark.ui.enabled=false", "--conf", "spark.task.maxFailures=8", "--files", binary]
            call += [PACKAGE / "__main__.py", exports, "-o", bundle, "--scratch", folder / f"scratch-{trial}"]
            call += ["--binary", binary, "--partitions", str(partitions)]
            env = os.environ | {"SPARK_HOME": str(spark), "PYSPARK_PYTHON": sys.executable, "PYTHONPATH": str(PACKAGE.parent)}
            started, killed = time.monotonic(), "nobody"
            with log.open("wb") as out:
                job = subprocess.Popen([str(part) for part in call], stdout=out, stderr=out, env=env, cwd=folder)
                if kill:
                    while job.poll() is None and not executors(job.pid):
                        time.sleep(0.2)
                    time.sleep(dice.uniform(0, tempo))
                    for victim in executors(job.pid)[:1]:
                        os.kill(victim, signal.SIGKILL)
                        stages = [line for line in log.read_text(errors="replace").splitlines() if "Submitting" in line]
                        killed = f"an executor {time.monotonic() - started:.1f} s in, after {len(stages)} stages were submitted"
                job.wait()
            took = time.monotonic() - started
            if not kill:
                tempo = took * 0.6
            if job.returncode:
                verdict = "ended with " + next(
                    (line.strip() for line in reversed(log.read_text(errors="replace").splitlines()) if "Error" in line), "?"
                )
            else:
                found = made("report", str(bundle))
                names = [path.relative_to(expected) for path in expected.rglob("*") if path.is_file()]
                differing = filecmp.cmpfiles(expected, found, names, shallow=False)[1:]
                verdict = "same bytes" if differing == ([], []) else f"DIFFERS: {differing}"
            failed += verdict != "same bytes"
            print(f"{partitions} partitions, killed {killed}: {verdict}, {took:.1f} s", flush=True)
    return int(failed > 0)


if __name__ == "__main__":
    sys.exit(main())
