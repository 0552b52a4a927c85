"""Tests run over the record inside the package, without answers that were kept, and without the network."""

import os
from pathlib import Path

import pytest

os.environ["COMITY_RECORD"] = os.path.join(os.path.dirname(__file__), "no-record-here")
os.environ["COMITY_CACHE"] = "off"

DATA = Path(os.environ.get("COMITY_DATA", Path(__file__).resolve().parents[2].parent / "shared" / "data"))


def pytest_configure(config):
    config.addinivalue_line("markers", "published: needs the published datasets in ../shared/data")


def pytest_collection_modifyitems(items):
    if not DATA.is_dir():
        skip = pytest.mark.skip(reason="the published datasets are not at hand")
        for item in items:
            if "published" in item.keywords:
                item.add_marker(skip)


@pytest.fixture(scope="session")
def data():
    return DATA
