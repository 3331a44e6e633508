"""The product's settings, for processes that a test kills at a chosen step."""

import os
from pathlib import Path

import failpoints

from fundmgr.settings import *  # noqa: F403

failpoints.install(Path(os.environ[failpoints.FOLDER]))
