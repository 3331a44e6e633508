"""`python -m fundmgr.launcher up`."""

import sys

from fundmgr.launcher.cli import main

sys.exit(main())
