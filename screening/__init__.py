"""What people do with a result: assess interviews, explain, keep a record."""
