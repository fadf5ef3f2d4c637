"""What the resources say, by family. Each is rendered from what was loaded before, and asks the database nothing.

The three lists of addresses ask which numbers stand on their page.
"""

from cortex.representations import addresses, entry, lines, orders, purchases, shipments

__all__ = ["addresses", "entry", "lines", "orders", "purchases", "shipments"]
