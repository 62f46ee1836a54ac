"""Screenings finished on a device without a network: opened here, made into interviews, evaluated again."""
