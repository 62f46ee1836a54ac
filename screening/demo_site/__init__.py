"""A throw-away site with invented people in every role and invented interviews in every state."""
