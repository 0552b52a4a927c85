"""The examples in the docstrings."""

import doctest
import importlib

import pytest

FLAGS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE


@pytest.mark.parametrize("name", ["comity", "comity.errors", "comity.record", "comity._table", "comity._documents"])
def test_examples_hold(name):
    module = importlib.import_module(name)
    result = doctest.testmod(module, optionflags=FLAGS)
    assert result.attempted > 0
    assert result.failed == 0


def test_every_public_function_has_an_example_or_says_what_it_does():
    import comity

    for name in comity.__all__:
        assert getattr(comity, name).__doc__, name
