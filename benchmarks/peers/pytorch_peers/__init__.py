"""The decode step's work done by PyTorch, written as run records of this project. torch_peers.py is the program."""
