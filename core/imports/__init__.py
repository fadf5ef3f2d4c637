"""Files of rows into the operations of a room. Knows no business noun.

A room declares an `Importer` (`importer`): its columns, which rows go together, and how some of them are stored. The
rest is the same for every kind: reading (`reading`, `tables`), the run in pieces (`run`), the command (`command`) and
the pages of the back office (`core.admin.imports`). Files and behaviour: `docs/imports.md`.
"""
