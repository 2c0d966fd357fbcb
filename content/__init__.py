"""What is written about companies: clippings, the companies that they name, the stories that they tell."""
