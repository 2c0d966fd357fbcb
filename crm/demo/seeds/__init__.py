"""Plants the demo bank through the models, topic by topic, with dates relative to the day of planting."""
