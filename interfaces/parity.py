#!/usr/bin/env python3
"""Python's side of interfaces/parity.R: REQUEST PARQUET FOLDER

Reads the Parquet file that the program wrote, and asks the package comity for the same panel. The cells go to FOLDER/parquet.json and
FOLDER/python.json, column by column: numbers as such, texts and days as texts, what is missing as null. What is not installed (pyarrow, comity)
is left out, and the caller says so.
"""
import datetime
import json
import pathlib
import sys


def columns(table):
    """The columns of an Arrow table, as the caller reads them."""
    def cell(value):
        return value.isoformat() if isinstance(value, datetime.date) else value

    return [
        {"name": name, "cells": [cell(value) for value in column.to_pylist()]}
        for name, column in zip(table.column_names, table.columns)
    ]


def requested(path):
    """The request: one word and its value in each line; a word may come again."""
    asked = {}
    for line in pathlib.Path(path).read_text(encoding="utf-8").splitlines():
        word, _, value = line.partition(" ")
        asked.setdefault(word, []).append(value)
    return asked


def main(request, parquet, folder):
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError as error:
        print(error, file=sys.stderr)
        return
    folder = pathlib.Path(folder)
    (folder / "parquet.json").write_text(json.dumps(columns(pyarrow.parquet.read_table(parquet))), encoding="utf-8")
    try:
        import comity
    except ImportError as error:
        print(error, file=sys.stderr)
        return
    asked = requested(request)
    panel = comity.panel(
        asked["unit"][0],
        with_=asked["with"],
        system=asked["system"][0],
        directed=asked["directed"][0] == "true",
        years=asked["years"][0],
        states=asked["states"],
        join=asked["join"],
    )
    # An answer of the package hands its columns over through the Arrow C interface.
    (folder / "python.json").write_text(json.dumps(columns(pyarrow.table(panel))), encoding="utf-8")


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    main(*sys.argv[1:])
