"""`python -m rostrum`, where the command is not on the path."""

from __future__ import annotations

import sys

from rostrum import main

sys.exit(main())
