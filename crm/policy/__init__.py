"""The bank's figures: limits, cadences, ladders and deadlines as dated rows by jurisdiction, never constants in code."""
