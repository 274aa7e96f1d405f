"""The pages and the API: one blueprint per audience, each with its own way in."""
