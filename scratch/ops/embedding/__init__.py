"""From tokens to vectors: what a token is, and where in the text it stands."""
