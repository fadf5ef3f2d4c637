"""Which PostgreSQL a request reads: the primary, or a streaming replica of it (`DATABASE_REPLICA_URL`).

`reading` decides for each request, `positions` knows how far the replica has come, `recent_writes` where the last write
of each caller ended. Without a replica none of it runs.
"""
