"""How it is shown: the versioned HTTP interface."""
