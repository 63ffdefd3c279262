"""Imported first, it puts this checkout on the path: for the local servers that benchmarks share with tests."""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
