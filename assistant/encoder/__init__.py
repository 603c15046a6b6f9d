"""The sentence encoder all-MiniLM-L6-v2: turns a message into 384 numbers that hold its meaning.

Source: W. Wang et al., MiniLM (arXiv 2002.10957); sentence-transformers/all-MiniLM-L6-v2,
Apache-2.0. `weights.py` finds and checks its weights, `graph.py` builds a small graph of
them when the assistant is trained, `sentence_encoder.py` runs that graph.
"""
