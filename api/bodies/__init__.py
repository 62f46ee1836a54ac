"""What requests carry: models of their bodies, one file a resource where they are many."""
