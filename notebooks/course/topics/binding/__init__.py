"""How much binds: affinities, occupancy, selectivity."""
