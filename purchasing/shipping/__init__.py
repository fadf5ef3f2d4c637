"""Shipping methods: how they are set up (`operations`), and which an order may choose (`choice`)."""
