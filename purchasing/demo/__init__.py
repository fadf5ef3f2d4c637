"""The demo: two merchants, their customers and what became of their orders; and many purchases for load tests.

`catalogue`, `cast` and `stories` are data; `documents` and `telling` turn a story into PUTs and transactions, which go
through the operations like everybody's; `shelves` fills the catalogue and the stock; `people` makes sites, customers
and logins; `scale` fills by COPY.
"""
