"""From the first figure of a request to the loan that is watched: spreads, packs, their handoff and the credit department's decisions."""
