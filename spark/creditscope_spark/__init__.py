"""Audits on Apache Spark or any engine that speaks Spark Connect.

The engine splits the work, moves rows between machines and does lost parts again; the `creditscope` program does the rest, as
worker processes that read and write Arrow streams. The bundle is that of `creditscope rollup` on one machine, byte for byte.
"""

from __future__ import annotations

import io
import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc

from .worker import worker

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

SCHEMA = "kind string, path string, workspace string, payload binary"
SLICES_A_BATCH = 64  # each is half a megabyte at most


def bundle(
    spark: SparkSession,
    inputs: Sequence[str] | DataFrame,
    output: str,
    *,
    scratch: str,
    binary: str = "creditscope",
    options: Sequence[str] = (),
    partitions: int | None = None,
) -> None:
    """Writes the rollup bundle of inputs into the local folder `output`; `creditscope report` makes reports of it.

    `inputs`: files, folders and patterns as the engine reads them, or a table with a ledger's columns. `scratch`: a folder that
    every executor reaches; what is read lies there between the stages, and is left for you to remove. `binary`: the program,
    by its path or by the name of a file that was sent along. `options`: as for `creditscope rollup`. `partitions`: of workspaces.
    """
    job = _Job(spark, scratch.rstrip("/"), binary, list(options), partitions)
    if not isinstance(inputs, Sequence):
        job.save(inputs, "table")
        inputs = [f"{job.scratch}/table"]
    job.run(inputs, output)


class _Job:
    def __init__(self, spark: SparkSession, scratch: str, binary: str, options: list[str], partitions: int | None) -> None:
        self.spark, self.scratch, self.binary = spark, scratch, binary
        self.options, self.partitions = options, partitions
        self.folder = tempfile.TemporaryDirectory(prefix="creditscope-")
        self.path = Path(self.folder.name)

    def run(self, inputs: Sequence[str], output: str) -> None:
        with self.folder:
            files = self.files(inputs)
            self.ingest(files, "read")
            read = self.spark.read.parquet(f"{self.scratch}/read")
            accounts = read.where("kind = 'file'").toArrow()
            told = self.agree(accounts)
            if told["again"]:  # other files prove how these are written
                self.ingest([file for file in files if file[1] in told["again"]], "again", "agreed")
                kept = read.where(~read["path"].isin(told["again"]))
                read = kept.unionByName(self.spark.read.parquet(f"{self.scratch}/again"))
                accounts = read.where("kind = 'file'").toArrow()
                told = self.agree(accounts, "agreed")
            events = read.where("kind = 'events'")
            whole = events.repartition(*([self.partitions] if self.partitions else []), "workspace")
            whole = whole.sortWithinPartitions("workspace", "path")
            parts = self.rollup(events, whole, told["judge"])
            common = parts.filter(pc.equal(parts["kind"], "common"))
            if common.num_rows:
                # ids stand in several files at other times: now they are judged, too
                self.agree(pa.concat_tables([accounts.cast(common.schema), common]), "agreed")
                parts = self.rollup(events, whole, True)
            rows = pa.concat_tables([accounts.cast(parts.schema), parts])
            self.local(["gather", *inputs, "-o", output], rows, self.known)

    def rollup(self, events: DataFrame, whole: DataFrame, is_judged: bool) -> pa.Table:
        """The parts of all workspaces, less the rows that stand in several files."""
        self.known = ["agreed"]
        if is_judged:
            met = self.stage(events, ["meet"], self.known).repartition(1)
            verdict = self.stage(met, ["judge"], self.known).toArrow()
            (self.path / "judged").write_bytes(verdict["payload"][0].as_py())
            self.known.append("judged")
        return self.stage(whole, ["rollup"], self.known).toArrow()

    def files(self, inputs: Sequence[str]) -> list[tuple[str, str, bool]]:
        """Every file: as the engine names it, as reports do, and whether it was named."""
        found: dict[str, tuple[str, str, bool]] = {}
        for path in inputs:
            path = path if "://" in path else os.path.abspath(path)
            listed = self.spark.read.format("binaryFile").option("recursiveFileLookup", "true").load(path)
            paths = sorted(row.path for row in listed.select("path").collect())
            if not paths:
                raise FileNotFoundError(f"{path} holds no files")
            for file in paths:
                is_named = any(sign in path for sign in "*?[") or paths == [file] and _plain(file) == _plain(path)
                is_named |= file in found and found[file][2]
                found[file] = (file, _plain(file), is_named)
        return sorted(found.values())

    def ingest(self, files: Sequence[tuple[str, str, bool]], name: str, *known: str) -> None:
        """Reads files, each in one task, into the scratch folder."""
        rows = self.spark.createDataFrame([file[1:] for file in files], "path string, named boolean")
        batch = SLICES_A_BATCH
        if any("://" in path for _, path, _ in files):
            contents = self.spark.read.format("binaryFile").load([engine for engine, _, _ in files])
            # a file at a time: it is in memory as a whole
            rows, batch = rows.join(contents.select("path", "content"), "path"), 1
        self.save(self.stage(rows.repartition(len(files)), ["ingest"], known, batch), name)

    def stage(self, rows: DataFrame, args: Sequence[str], known: Sequence[str], batch: int = SLICES_A_BATCH) -> DataFrame:
        """A stage on every partition, by the files of what is known."""
        self.spark.conf.set("spark.sql.execution.arrow.maxRecordsPerBatch", str(batch))
        files = {name: (self.path / name).read_bytes() for name in known}
        return rows.mapInArrow(worker(self.binary, [*args, *self.options], files), SCHEMA)

    def save(self, rows: DataFrame, name: str) -> None:
        rows.write.mode("overwrite").parquet(f"{self.scratch}/{name}")

    def agree(self, accounts: pa.Table, *known: str) -> Mapping[str, Any]:
        return json.loads(self.local(["agree", "-o", str(self.path / "agreed")], accounts, known))

    def local(self, args: Sequence[str], rows: pa.Table, known: Sequence[str]) -> bytes:
        """A stage on this machine."""
        found = [option for name in known for option in (f"--{name}", str(self.path / name))]
        stream = io.BytesIO()
        with pa.ipc.new_stream(stream, rows.schema) as out:
            out.write_table(rows)
        program = shutil.which(self.binary)
        if program is None:
            from pyspark import SparkFiles

            program = SparkFiles.get(os.path.basename(self.binary))
        call = [program, "worker", *args, *found, *self.options]
        ran = subprocess.run(call, input=stream.getvalue(), capture_output=True)
        if ran.returncode:
            raise RuntimeError(ran.stderr.decode(errors="replace").strip())
        return ran.stdout


def _plain(path: str) -> str:
    """A path of this machine without its scheme; Sail leaves the first slash out, too."""
    for scheme in ("file://", "file:"):
        path = path.removeprefix(scheme)
    return path if "://" in path else os.path.abspath("/" + path.lstrip("/"))
