"""`python -m sim.cli` is the command `linli`."""

import sys

from sim.cli import main

if __name__ == "__main__":
    sys.exit(main())
