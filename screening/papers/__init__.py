"""What goes out on paper: the referral form and the rights card, as tagged PDF in either language."""
