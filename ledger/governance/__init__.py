"""From facts to what stands: the records that count after corrections, and the status of each."""
