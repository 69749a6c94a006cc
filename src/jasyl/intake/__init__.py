"""Reading people's files: encodings, separators, sheets, archives; every cell keeps its place."""
