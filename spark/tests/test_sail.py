"""The audit on Sail, a Spark Connect engine of one process: the same bytes as on one machine, or a clear error."""

from __future__ import annotations

import filecmp
import os
import stat
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "spark"))
BINARY = os.environ.get("CREDITSCOPE", str(ROOT / "target/debug/creditscope"))

from pysail.spark import SparkConnectServer  # noqa: E402
from pyspark.sql import SparkSession  # noqa: E402

from creditscope_spark import bundle  # noqa: E402
from creditscope_spark.__main__ import main  # noqa: E402

HEADER = "event_id,timestamp,workspace,user,app,prompt,credits\n"


def ledger(first: int, last: int) -> str:
    rows = (
        f"e{n},2026-10-{1 + n // 40:02}T09:{n % 40:02}:{n % 7:02}Z,studio-{n % 9},u{n % 5}@example.com,shop,fix page {n},1.5\n"
        for n in range(first, last)
    )
    return HEADER + "".join(rows)


class OnSail(unittest.TestCase):
    @classmethod
    def setUpClass(cls) -> None:
        cls.server = SparkConnectServer()
        cls.server.start(background=True)
        host, port = cls.server.listening_address
        cls.spark = SparkSession.builder.remote(f"sc://{host}:{port}").getOrCreate()

    @classmethod
    def tearDownClass(cls) -> None:
        cls.spark.stop()
        cls.server.stop()

    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        # paths in reports are relative to the working folder where they lie below it: here none does
        self.elsewhere = self.folder / "elsewhere"
        self.elsewhere.mkdir()

    def tool(self, *args: object) -> str:
        call = [BINARY, *map(str, args)]
        return subprocess.run(call, check=True, capture_output=True, text=True, cwd=self.elsewhere).stdout

    def same(self, inputs: Path, partitions: int, binary: str = BINARY) -> None:
        place, report = self.folder / f"bundle-{partitions}", self.folder / "report"
        how = {"scratch": str(self.folder / "scratch"), "binary": binary, "partitions": partitions}
        bundle(self.spark, [str(inputs)], str(place), **how)
        self.tool("audit", inputs, "-q", "-o", report)
        expected = report.rename(self.folder / f"audited-{partitions}")
        self.tool("report", place, "-q", "-o", report)
        found = report.rename(self.folder / f"reported-{partitions}")
        names = [path.relative_to(expected) for path in expected.rglob("*") if path.is_file()]
        self.assertEqual(filecmp.cmpfiles(expected, found, names, shallow=False)[1:], ([], []))

    def exports(self) -> Path:
        exports = self.folder / "exports"
        exports.mkdir()
        for number, (first, last) in enumerate([(0, 200), (150, 300), (300, 500)]):
            (exports / f"{number}.csv").write_text(ledger(first, last))
        (exports / "open.csv").write_text("timestamp;workspace;credits\n03/11/2026;studio-1;1,250\n")
        (exports / "closed.csv").write_text("timestamp;workspace;credits\n13/11/2026;studio-9;1,5\n")
        return exports

    def wrapped(self, script: str) -> str:
        path = self.folder / "program"
        path.write_text(f"#!/bin/sh\n{script}\nexec {BINARY} \"$@\"\n")
        path.chmod(path.stat().st_mode | stat.S_IEXEC)
        return str(path)

    def test_the_samples_are_the_same_bytes_however_they_are_parted(self) -> None:
        for partitions in (2, 7):
            self.same(ROOT / "sample-data", partitions)

    def test_what_files_decide_together_is_the_same(self) -> None:
        self.same(self.exports(), 3)

    def test_a_table_of_the_engine_is_a_ledger(self) -> None:
        rows = [tuple(line.split(",")) for line in ledger(0, 100).splitlines()[1:]]
        columns = ", ".join(f"{name} string" for name in HEADER.strip().split(","))
        table = self.spark.createDataFrame(rows, columns)
        place = self.folder / "bundle"
        bundle(self.spark, table, str(place), scratch=str(self.folder / "scratch"), binary=BINARY, partitions=2)
        self.assertIn("150 credits", self.tool("report", place, "-o", self.folder / "report"))

    def test_a_worker_that_always_fails_says_why_and_nothing_is_written(self) -> None:
        for stage in ("ingest", "judge", "rollup"):
            program = self.wrapped(f'[ "$2" = {stage} ] && {{ echo "the disk is full" >&2; exit 9; }}')
            with self.assertRaisesRegex(Exception, f"(?s)worker {stage} ended with 9: the disk is full"):
                self.same(self.exports() if stage == "ingest" else self.folder / "exports", 2, program)
            self.assertFalse((self.folder / "bundle-2").exists())

    def test_a_worker_that_is_cut_off_says_why(self) -> None:
        cut = f'[ "$2" = ingest ] && {{ {BINARY} "$@" | head -c 1500; echo "the disk is full" >&2; exit 9; }}'
        with self.assertRaisesRegex(Exception, "(?s)worker ingest ended with 9: the disk is full"):
            self.same(self.exports(), 2, self.wrapped(cut))
        self.assertFalse((self.folder / "bundle-2").exists())

    def test_what_is_not_there_is_an_error(self) -> None:
        with self.assertRaisesRegex(Exception, "no-such.csv"):
            self.same(self.folder / "no-such.csv", 2)

    def test_the_call_of_spark_submit_is_printed(self) -> None:
        args = ["s3a://bucket/exports", "-o", "b", "--scratch", "s3a://bucket/tmp", "--submit=--master yarn", "--", "--tz", "UTC"]
        here = os.getcwd()
        os.chdir(self.folder)
        try:
            self.assertEqual(main(args), 0)
        finally:
            os.chdir(here)
        self.assertTrue((self.folder / "creditscope_spark.zip").exists())


if __name__ == "__main__":
    unittest.main()
