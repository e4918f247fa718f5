"""The runner of tests/vectors and tests/transcripts (tests/vectors/README.md), over the generated
layer."""
