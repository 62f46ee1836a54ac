"""The operations of the interface, a module a subject."""
