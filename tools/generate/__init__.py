"""What follows from the op table and is kept as files: stubs for editors and type checkers, and reference pages."""
