"""What keeps personal data unreadable: master keys outside the database, data keys inside it."""
