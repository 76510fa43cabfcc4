"""The audit on Spark's local cluster while an executor is killed inside each stage: the same bytes each time, or a clear error.

    SPARK_LOCAL_IP=127.0.0.1 python spark/tests/stage_kills.py CREDITSCOPE EXPORTS [--rounds N] [--stages ingest meet ...]

Needs Java 17 and `pip install './spark[spark]'`. One session of two executors makes a bundle a round; in each stage, the
executor in which a worker of that stage runs gets SIGKILL, some time after it was seen there: chance says how long.
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
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from pyspark.sql import SparkSession  # noqa: E402

from creditscope_spark import bundle  # noqa: E402

STAGES = ["ingest", "meet", "judge", "rollup"]


def processes() -> dict[int, tuple[int, list[str]]]:
    """Every process: its parent and its command."""
    found = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                parent = int((entry / "stat").read_text().rsplit(")", 1)[1].split()[1])
                found[int(entry.name)] = (parent, (entry / "cmdline").read_text(errors="replace").split("\0"))
            except OSError:
                pass
    return found


def executor_of(stage: str) -> int | None:
    """The executor of this session that runs a worker of a stage now."""
    known = processes()
    for process, (_, command) in known.items():
        if command[1:3] == ["worker", stage]:
            executor, above = None, process
            while above in known and above != os.getpid():
                above, said = known[above][0], known[above][1]
                if "org.apache.spark.executor.CoarseGrainedExecutorBackend" in said:
                    executor = process
                process = above
            if above == os.getpid() and executor:
                return executor
    return None


class Killer(threading.Thread):
    """Kills an executor in each of some stages, once that stage runs in it."""

    def __init__(self, stages: list[str], dice: random.Random, longest: float) -> None:
        super().__init__(daemon=True)
        self.waits = {stage: dice.uniform(0, longest) for stage in stages}
        self.over, self.killed = False, list[str]()

    def run(self) -> None:
        while self.waits and not self.over:
            for stage, wait in list(self.waits.items()):
                if executor_of(stage):
                    time.sleep(wait)
                    victim = executor_of(stage)  # the same, or another that runs the stage by now
                    if victim:
                        os.kill(victim, signal.SIGKILL)
                        self.killed.append(f"{stage} ({wait:.2f} s)")
                        del self.waits[stage]
                    else:
                        self.waits[stage] = wait / 2
            time.sleep(0.01)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("binary")
    parser.add_argument("exports")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--stages", nargs="*", default=STAGES, choices=STAGES)
    parser.add_argument("--longest", type=float, default=1.0, metavar="SECONDS", help="wait before a kill at most so long")
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    binary, exports = (str(Path(path).absolute()) for path in (asked.binary, asked.exports))
    dice, failed = random.Random(asked.seed), 0
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        report = folder / "report"
        elsewhere = folder / "elsewhere"  # reports name paths below the working folder otherwise
        elsewhere.mkdir()

        def made(*args: str) -> Path:
            subprocess.run([binary, *args, "-q", "-o", str(report)], check=True, stdout=subprocess.DEVNULL, cwd=elsewhere)
            return report.rename(folder / str(time.monotonic_ns()))

        expected = made("audit", exports)
        names = [path.relative_to(expected) for path in expected.rglob("*") if path.is_file()]
        session = SparkSession.builder.master("local-cluster[2,1,2048]").config("spark.files", binary)
        session = session.config("spark.executor.memory", "1g").config("spark.ui.enabled", "false")
        session = session.config("spark.task.maxFailures", "8").config("spark.local.dir", str(folder / "local"))
        spark = session.getOrCreate()
        for _ in range(asked.rounds):
            killer = Killer(asked.stages, dice, asked.longest)
            killer.start()
            started, output = time.monotonic(), folder / "bundle"
            try:
                bundle(spark, [exports], str(output), scratch=str(folder / "scratch"), binary=binary, partitions=7)
                ran = f"{time.monotonic() - started:.1f} s"
                found = made("report", str(output))
                differing = filecmp.cmpfiles(expected, found, names, shallow=False)[1:]
                verdict = "same bytes" if differing == ([], []) else f"DIFFERS: {differing}"
                for made_now in (found, output):
                    subprocess.run(["rm", "-rf", str(made_now)], check=True)
            except Exception as error:
                ran = f"{time.monotonic() - started:.1f} s"
                verdict = f"ended with {str(error).strip()[-300:]}"
            killer.over = True
            killer.join()
            failed += verdict != "same bytes" or bool(killer.waits)
            missed = f", missed in {', '.join(killer.waits)}" if killer.waits else ""
            print(f"killed in {', '.join(killer.killed) or 'no stage'}{missed}: {verdict}, {ran}", flush=True)
        spark.stop()
    return int(failed > 0)


if __name__ == "__main__":
    sys.exit(main())
