"""The audit on Spark while workers crash, files are not there and disks are full: the same bytes, or a clear error.

    SPARK_LOCAL_IP=127.0.0.1 python spark/tests/faults.py CREDITSCOPE EXPORTS... [--full FOLDER]

Needs Java 17 and `pip install './spark[spark]'`. Spark runs in one process here, and does a task again up to three times.
Each of EXPORTS is tried without a fault, too; FOLDER is a disk that is too small, for what Spark moves.
"""

from __future__ import annotations

import argparse
import filecmp
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from pyspark.sql import SparkSession  # noqa: E402

from creditscope_spark import bundle  # noqa: E402

HEADER = "event_id,timestamp,workspace,user,app,prompt,credits\n"
CRASHES = {
    "crashes": "exit 9",
    "is killed with a part of its output written": '"$PROGRAM" "$@" | head -c 1500; kill -9 $$',
}


def ledgers(folder: Path) -> Path:
    """Files that overlap, so that every stage has work."""
    folder.mkdir()
    for number, (first, last) in enumerate([(0, 200), (150, 300), (300, 500)]):
        rows = (
            f"e{n},2026-10-{1 + n // 40:02}T09:{n % 40:02}:{n % 7:02}Z,studio-{n % 9},u{n % 5}@example.com,shop,fix page {n},1.5\n"
            for n in range(first, last)
        )
        (folder / f"{number}.csv").write_text(HEADER + "".join(rows))
    return folder


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("binary")
    parser.add_argument("exports", nargs="*")
    parser.add_argument("--full", metavar="FOLDER")
    asked = parser.parse_args()
    binary, failed = str(Path(asked.binary).absolute()), 0
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        report, audited = folder / "report", dict[str, Path]()
        elsewhere = folder / "elsewhere"  # reports name paths below the working folder otherwise
        elsewhere.mkdir()
        session = SparkSession.builder.master("local[2,4]").config("spark.ui.enabled", "false")
        spark = session.config("spark.local.dir", asked.full or str(folder / "local")).getOrCreate()

        def made(*args: str) -> Path:
            subprocess.run([binary, *args, "-q", "-o", str(report)], check=True, stdout=subprocess.DEVNULL, cwd=elsewhere)
            return report.rename(folder / str(time.monotonic_ns()))

        def tried(fault: str, exports: str, program: str = binary, error: str = "") -> None:
            nonlocal failed
            output, started = folder / "bundle", time.monotonic()
            try:
                bundle(spark, [exports], str(output), scratch=str(folder / "scratch"), binary=program, partitions=3)
                if exports not in audited:
                    audited[exports] = made("audit", exports)
                expected, found = audited[exports], made("report", str(output))
                names = [path.relative_to(expected) for path in expected.rglob("*") if path.is_file()]
                differing = filecmp.cmpfiles(expected, found, names, shallow=False)[1:]
                shutil.rmtree(output)
                verdict = "same bytes" if differing == ([], []) else f"DIFFERS: {differing}"
                failed += bool(error) or differing != ([], [])
            except Exception as raised:
                said = [line.strip() for line in str(raised).splitlines() if error and error in line]
                failed += not said or output.exists()
                verdict = f"ends with: {said[0]}" if said else f"UNCLEAR: {str(raised).strip()[:300]}"
                verdict += ", and a BUNDLE" if output.exists() else ""
            print(f"{fault}: {verdict}, {time.monotonic() - started:.1f} s", flush=True)

        def wrapped(stage: str, script: str) -> str:
            path = folder / f"program-{time.monotonic_ns()}"
            condition = f'[ "$2" = {stage} ] && {script}'
            path.write_text(f'#!/bin/sh\nPROGRAM={binary}\n{condition}\nexec {binary} "$@"\n')
            path.chmod(0o755)
            return str(path)

        if asked.full:
            for exports in asked.exports:
                tried(f"a full disk, {exports}", str(Path(exports).absolute()), error="No space left on device")
            return int(failed > 0)
        small = str(ledgers(folder / "exports"))
        tried("no fault", small)
        for exports in asked.exports:
            tried(f"no fault, {exports}", str(Path(exports).absolute()))
        for stage in ("ingest", "meet", "judge", "rollup"):
            for crash, script in CRASHES.items():
                once = f"mkdir {folder}/crashed-{time.monotonic_ns()} 2>/dev/null && {{ {script}; }}"
                tried(f"one {stage} {crash}", small, wrapped(stage, once))
            always = '{ echo "out of luck" >&2; exit 9; }'
            tried(f"each {stage} crashes", small, wrapped(stage, always), f"worker {stage} ended with 9: out of luck")
        tried("a file that is not there", f"{small}/9.csv", error="9.csv")
        spark.stop()
    return int(failed > 0)


if __name__ == "__main__":
    sys.exit(main())
