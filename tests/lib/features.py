"""Every feature of every crate of the workspace, for `cargo test --features`, but those that need
foreign programs: `interop` belongs to the suite of that name."""

import json
import subprocess

NOT_HERE = {"interop"}

metadata = json.loads(
    subprocess.run(
        ["cargo", "metadata", "--format-version", "1", "--no-deps"],
        stdout=subprocess.PIPE,
        check=True,
    ).stdout
)
print(
    ",".join(
        f"{package['name']}/{feature}"
        for package in metadata["packages"]
        for feature in sorted(set(package["features"]) - NOT_HERE)
    )
)
