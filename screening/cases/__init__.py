"""Cases, the people behind them, what they agreed to, and the privacy of all that."""
