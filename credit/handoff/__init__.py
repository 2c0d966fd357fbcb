"""The handoff: what stands in its way, the seal on a version, its endorsement, and the pack as one file for others."""
