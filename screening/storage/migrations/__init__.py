"""How the tables of one version become those of the next, and back; `screening.storage.schemas` runs them."""
