"""`python3 -m overbuild`."""

import sys

from overbuild.command import main

if __name__ == "__main__":
    sys.exit(main())
