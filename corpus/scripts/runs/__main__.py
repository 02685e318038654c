"""Runs real programs and servers into faults and writes what they print, with their exit codes, as labelled cases.

usage: python corpus/scripts/runs OUT.jsonl [PART…]

Parts: node, servers, pythons, jvm. What a part needs stands at its top; it is looked for in the working directory and on the path, and what is not there is left out and said
so. The label is fixed here, by the fault that is put in. Linux only; as root some cases more are made (a full disk, a port below 1024 as nobody).
"""
import importlib
import pathlib
import sys
import traceback

sys.path.append(str(pathlib.Path(__file__).resolve().parent.parent))  # For what the older scripts can do: databases.Postgres.
import harness  # noqa: E402

ALL = ("node", "servers", "pythons", "jvm")


def main():
    out = pathlib.Path(sys.argv[1]).resolve()
    for name in sys.argv[2:] or ALL:
        for part in importlib.import_module(name).PARTS:
            try:
                part()
            except Exception:  # What one tool cannot do must not cost the others' cases.
                print(f"left out: the rest of {name}.{part.__name__}", file=sys.stderr)
                traceback.print_exc()
            harness.write(out)
    print(f"{len(harness.CASES)} cases", file=sys.stderr)


if __name__ == "__main__":
    main()
