"""Records, the verifiable log, keys, checkpoints, proofs."""
