#!/usr/bin/env python3
"""Checks files that other programs read: check.py hooks FILE ROOT | citation FILE VERSION | sbom FILE LOCK

It needs the packages that packaging/test.sh installs."""

import json
import os
import sys
import tomllib
from pathlib import Path


def hooks(file, root):
    from ruamel.yaml import YAML

    listed = YAML(typ="safe").load(Path(file))
    assert isinstance(listed, list) and listed, "a list of hooks"
    for hook in listed:
        for key in ("id", "name", "entry", "language"):
            assert isinstance(hook.get(key), str) and hook[key], f"{hook.get('id')} has no {key}"
        assert hook["language"] == "script", f"{hook['id']}: the program is the machine's own"
        script = Path(root) / hook["entry"].split()[0]
        assert os.access(script, os.X_OK), f"{hook['id']}: {script} is no program"
    ids = [hook["id"] for hook in listed]
    assert len(set(ids)) == len(ids), f"an id stands twice: {ids}"


def citation(file, version):
    from ruamel.yaml import YAML

    cited = YAML(typ="safe").load(Path(file))
    # The keys that version 1.2.0 of the format asks for, and those that the licence and a reader need.
    for key in ("cff-version", "message", "title", "authors", "version", "license", "type"):
        assert cited.get(key), f"no {key}"
    assert cited["cff-version"] == "1.2.0", cited["cff-version"]
    assert cited["type"] == "software"
    assert str(cited["version"]) == version, f"it is of {cited['version']}, the program of {version}"
    assert set(cited["license"]) == {"MIT", "Apache-2.0"}, cited["license"]
    assert all(set(author) <= {"name", "family-names", "given-names", "orcid", "affiliation", "website"} for author in cited["authors"])


def sbom(file, lock):
    from cyclonedx.schema import SchemaVersion
    from cyclonedx.validation.json import JsonStrictValidator

    text = Path(file).read_text(encoding="utf-8")
    wrong = JsonStrictValidator(SchemaVersion.V1_5).validate_str(text)
    assert wrong is None, wrong
    bom = json.loads(text)
    locked = {(p["name"], p["version"]) for p in tomllib.loads(Path(lock).read_text(encoding="utf-8"))["package"]}
    listed = {(c["name"], c["version"]) for c in bom["components"]}
    assert listed <= locked, sorted(listed - locked)
    names = {name for name, _ in listed}
    for name in ("datafusion", "arrow-array", "clap", "comity-policy"):
        assert name in names, f"{name} is not listed"
    for name in ("proptest", "insta", "trycmd"):
        assert name not in names, f"{name} only tests the program"
    without = [c["name"] for c in bom["components"] if not c.get("licenses")]
    assert not without, f"without a licence: {without}"
    references = [c["bom-ref"] for c in bom["components"]] + [bom["metadata"]["component"]["bom-ref"]]
    assert len(set(references)) == len(references), "a reference stands twice"
    for one in bom["dependencies"]:
        assert set(one["dependsOn"]) <= set(references), one


{"hooks": hooks, "citation": citation, "sbom": sbom}[sys.argv[1]](*sys.argv[2:])
