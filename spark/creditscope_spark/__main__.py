"""`creditscope-spark PATH... -o BUNDLE --scratch FOLDER`: the bundle of what an engine reads.

With `--submit`, nothing runs: the call of spark-submit that does it is printed. Options after `--` are those of `creditscope rollup`.
"""

from __future__ import annotations

import argparse
import shlex
import shutil
import sys
from pathlib import Path


def arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("creditscope-spark", description=__doc__)
    parser.add_argument("inputs", nargs="+", metavar="PATH", help="files, folders, patterns, as the engine reads them")
    parser.add_argument("-o", "--output", required=True, metavar="BUNDLE", help="the folder for the bundle, on this machine")
    parser.add_argument("--scratch", required=True, metavar="FOLDER", help="a folder that every executor reaches")
    parser.add_argument("--binary", default="creditscope", metavar="PATH", help="the program")
    parser.add_argument("--partitions", type=int, metavar="N", help="how many tasks add up workspaces")
    parser.add_argument("--remote", metavar="URL", help="a Spark Connect engine, e.g. sc://localhost:50051")
    parser.add_argument("--table", action="store_true", help="PATH is a table of the engine, with a ledger's columns")
    parser.add_argument("--submit", nargs="?", const="", metavar="OPTIONS", help="print the call of spark-submit with OPTIONS")
    return parser


def submit(options: str, binary: str, rest: list[str]) -> str:
    """The call of spark-submit: the program and this package, packed beside, go along."""
    place = Path(__file__).parent
    package = shutil.make_archive("creditscope_spark", "zip", place.parent, place.name)
    program = str(Path(shutil.which(binary) or binary).absolute())
    call = ["spark-submit", *shlex.split(options), "--files", program, "--py-files", package]
    return shlex.join([*call, str(place / "__main__.py"), *rest])


def main(args: list[str] | None = None) -> int:
    args = sys.argv[1:] if args is None else args
    own, options = (args[: args.index("--")], args[args.index("--") + 1 :]) if "--" in args else (args, [])
    asked = arguments().parse_args(own)
    if asked.submit is not None:
        rest = [*asked.inputs, "-o", asked.output, "--scratch", asked.scratch, "--binary", Path(asked.binary).name]
        rest += ["--partitions", str(asked.partitions)] if asked.partitions else []
        rest += ["--table"] if asked.table else []
        print(submit(asked.submit, asked.binary, [*rest, "--", *options]))
        return 0
    from pyspark.sql import SparkSession

    from creditscope_spark import bundle

    session = SparkSession.builder.appName("creditscope")
    spark = (session.remote(asked.remote) if asked.remote else session).getOrCreate()
    inputs = spark.table(asked.inputs[0]) if asked.table else asked.inputs
    how = {"binary": asked.binary, "options": options, "partitions": asked.partitions}
    bundle(spark, inputs, asked.output, scratch=asked.scratch, **how)
    spark.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main())
