"""What somebody would write who has no bluefs: python-frontmatter and jsonschema over the same
files. ``python -m benchmarks.peer FOLDER SCHEMA`` prints how many faults it found.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path


def main(folder: str, schema: str) -> int:
    import frontmatter
    from jsonschema import Draft202012Validator

    validator = Draft202012Validator(json.loads(Path(schema).read_text("utf-8")))
    faults = 0
    for path in sorted(Path(folder).rglob("*.md")):
        try:
            post = frontmatter.loads(path.read_bytes().decode("utf-8-sig"))
        except Exception:  # noqa: BLE001 - YAML and encoding errors of every kind
            faults += 1
            continue
        # dates are objects to PyYAML; a schema knows texts
        values = json.loads(json.dumps(post.metadata, default=str))
        faults += sum(1 for _ in validator.iter_errors(values))
    print(faults)
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
