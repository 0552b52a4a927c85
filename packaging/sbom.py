#!/usr/bin/env python3
"""The components of the program as CycloneDX 1.5 in JSON, from `cargo metadata` and Cargo.lock.

    sbom.py [TARGET] > comity.cdx.json

TARGET is a target triple, and leaves out what only others need. The same lock file gives the same bytes: there is no clock and no random number in it.
What only builds or tests the program is left out of the list of what it contains; what runs while it is built (macros, build scripts) has the
scope `excluded`."""

import hashlib
import json
import re
import subprocess
import sys
import tomllib
import uuid
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PROGRAM = "comity-cli"
# How a choice of licences was written before there were SPDX expressions: `MIT/Apache-2.0`.
OLD_CHOICE = re.compile(r"\s*/\s*")


def metadata(target):
    command = ["cargo", "metadata", "--format-version", "1", "--locked"]
    if target:
        command += ["--filter-platform", target]
    return json.loads(subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE).stdout)


def reached(nodes, start, packages):
    """The packages that the program contains, and those that only run while it is built."""
    contained, building, todo = set(), set(), [(start, False)]
    while todo:
        package, builds = todo.pop()
        seen = building if builds else contained
        if package in seen:
            continue
        seen.add(package)
        for dependency in nodes[package]["deps"]:
            kinds = {kind["kind"] for kind in dependency["dep_kinds"]} - {"dev"}
            if not kinds:
                continue
            target = packages[dependency["pkg"]]
            is_macro = any("proc-macro" in one["kind"] for one in target["targets"])
            todo.append((dependency["pkg"], builds or is_macro or None not in kinds))
    return contained, building - contained


def main():
    target = sys.argv[1] if len(sys.argv) > 1 else None
    known = metadata(target)
    packages = {package["id"]: package for package in known["packages"]}
    nodes = {node["id"]: node for node in known["resolve"]["nodes"]}
    start = next(id for id, package in packages.items() if package["name"] == PROGRAM)
    contained, building = reached(nodes, start, packages)
    lock = tomllib.loads((ROOT / "Cargo.lock").read_text(encoding="utf-8"))
    sums = {(package["name"], package["version"]): package.get("checksum") for package in lock["package"]}

    def reference(package):
        return f"pkg:cargo/{package['name']}@{package['version']}"

    def component(id):
        package = packages[id]
        made = {
            "type": "application" if id == start else "library",
            "bom-ref": reference(package),
            "name": "comity" if id == start else package["name"],
            "version": package["version"],
            "scope": "excluded" if id in building else "required",
            "purl": reference(package),
        }
        if package.get("description"):
            made["description"] = " ".join(package["description"].split())
        if package.get("license"):
            made["licenses"] = [{"expression": OLD_CHOICE.sub(" OR ", package["license"])}]
        checksum = sums.get((package["name"], package["version"]))
        if checksum:
            made["hashes"] = [{"alg": "SHA-256", "content": checksum}]
        if package.get("repository"):
            made["externalReferences"] = [{"type": "vcs", "url": package["repository"]}]
        return made

    by_name = lambda id: (packages[id]["name"], packages[id]["version"])
    listed = sorted(contained | building, key=by_name)
    program = component(start)
    del program["scope"]
    bom = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "version": 1,
        "metadata": {"component": program},
        "components": [component(id) for id in listed if id != start],
        "dependencies": [
            {
                "ref": reference(packages[id]),
                "dependsOn": sorted(
                    {
                        reference(packages[one["pkg"]])
                        for one in nodes[id]["deps"]
                        if one["pkg"] in contained | building and {kind["kind"] for kind in one["dep_kinds"]} - {"dev"}
                    }
                ),
            }
            for id in listed
        ],
    }
    digest = hashlib.sha256(json.dumps(bom, sort_keys=True).encode()).hexdigest()
    bom["serialNumber"] = f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_OID, digest)}"
    json.dump(bom, sys.stdout, indent=2, sort_keys=True, ensure_ascii=False)
    print()


if __name__ == "__main__":
    main()
