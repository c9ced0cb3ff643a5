"""What TipBot remembers: the only importer of SQLAlchemy and Alembic; it returns domain values, never rows."""
