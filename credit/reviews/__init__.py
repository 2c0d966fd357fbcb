"""What the credit department does with packs before the decision: intake, clocks, questions, memo, fact check, rating."""
