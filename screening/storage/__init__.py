"""Where records are kept: tables, the database they are in, and how one version becomes the next."""
