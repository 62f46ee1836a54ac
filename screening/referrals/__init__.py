"""From a recommendation to help that arrived: proposals, referrals, stages, and the systems that are told."""
