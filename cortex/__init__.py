"""The hypermedia face: the same purchases as links to follow, for programs written for Elastic Path Cortex.

Nothing is stored for it. It reads through the store and the querysets of purchasing and writes through its operations.
Contract: `docs/cortex.md`.
"""
