"""The front page of the administration: what one may do here, by what one may do."""
