"""How it is shown: the HTTP interface, and later the pages."""
