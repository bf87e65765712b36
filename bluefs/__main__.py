"""``python -m bluefs``."""

import sys

from bluefs.cli.main import main

sys.exit(main())
