"""A stage of an audit as a function of Arrow batches, to run where the rows are."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pyarrow as pa

    Stage = Callable[[Iterator[pa.RecordBatch]], Iterator[pa.RecordBatch]]


def worker(binary: str, args: Sequence[str], files: Mapping[str, bytes]) -> Stage:
    """A function for `mapInArrow`; it imports what it needs itself, so that executors need not have this package."""

    def run(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        import itertools
        import os
        import shutil
        import subprocess
        import tempfile
        import threading

        import pyarrow as pa

        first = next(batches, None)
        if first is None:
            return
        program = shutil.which(binary)
        try:
            from pyspark import SparkFiles

            sent = SparkFiles.get(os.path.basename(binary))
            if os.path.exists(sent):
                os.chmod(sent, 0o755)
                program = sent
        except Exception:  # an engine that sends no files
            pass
        if program is None:
            raise FileNotFoundError(f"{binary} is not on this executor: send it along, as the README says")
        with tempfile.TemporaryDirectory(prefix="creditscope-") as folder, tempfile.TemporaryFile() as said:
            command = [program, "worker", *args, "--threads", "1"]
            for name, content in files.items():
                path = os.path.join(folder, name)
                with open(path, "wb") as file:
                    file.write(content)
                command += [f"--{name}", path]
            process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=said)
            failed: list[BaseException] = []

            def feed() -> None:
                try:
                    with process.stdin, pa.ipc.new_stream(process.stdin, first.schema) as out:
                        for batch in itertools.chain([first], batches):
                            out.write_batch(batch)
                except BrokenPipeError:
                    pass  # the program ended, and says why
                except BaseException as error:
                    failed.append(error)
                    process.kill()

            feeding = threading.Thread(target=feed, daemon=True)
            feeding.start()
            try:
                with process.stdout:
                    try:
                        yield from pa.ipc.open_stream(process.stdout)
                    except (pa.ArrowInvalid, OSError) as error:  # a stream cut off: its end tells why
                        failed.append(error)
                feeding.join()
                code = process.wait()
                said.seek(0)
                text = said.read().decode(errors="replace").strip()
                if code:
                    raise RuntimeError(f"creditscope worker {args[0]} ended with {code}: {text}")
                if failed:
                    raise failed[0]
            finally:
                process.kill()
                process.wait()

    return run
