"""``python -m comity``: the program's commands."""

import sys

from ._program import main

if __name__ == "__main__":
    sys.exit(main())
