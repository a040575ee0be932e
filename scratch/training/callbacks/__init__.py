"""What watches a training and intervenes: one a file. The base class and the moments are in ../fit.py."""
