"""Teaches the sentence encoder the words of this field, once, outside of training.

`make tune` reads every example of `data/nlu/` and writes `assistant/encoder/changes.safetensors`,
which training then applies. Nobody who runs or edits the assistant needs it; run it again after
hundreds of new examples.
"""
