// Nothing of it is used by the readers that are built here; they import it for its statuses.
