"""``python -m bluefs``."""

import sys

from bluefs.cli.main import start

sys.exit(start())
