"""`python -m sim.odd [--check]`: write the generated parts of the documents, or check them."""

import sys

from sim.odd import main

if __name__ == "__main__":
    sys.exit(main())
