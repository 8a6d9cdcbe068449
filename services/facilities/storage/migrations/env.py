"""Alembic's way in: `alembic -x url=postgresql://...`, or the option sqlalchemy.url."""

from alembic import context
from sqlalchemy import create_engine, pool

from services.facilities.storage.tables import metadata

url = context.get_x_argument(as_dictionary=True).get("url") or context.config.get_main_option("sqlalchemy.url")
engine = create_engine(url.replace("postgresql://", "postgresql+psycopg2://", 1), poolclass=pool.NullPool)

with engine.begin() as connection:
    context.configure(connection=connection, target_metadata=metadata)
    context.run_migrations()
