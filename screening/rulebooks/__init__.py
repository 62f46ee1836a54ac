"""The rules as people read them: one as a sentence, lists to choose from, what a rule may pass over."""
