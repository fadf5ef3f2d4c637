"""Long lists of My account, a page at a time: `core.paging`."""

from core.paging import page_number, page_of

__all__ = ["page_number", "page_of"]
