"""Quotas as rows."""

from sqlalchemy import select

from services.contracts.errors import StaleVersion
from services.facilities.domain.quotas import Quota
from services.facilities.storage import tables
from services.facilities.storage.repository import Repository, save_over


class Quotas(Repository):
    def get(self, quota: str) -> Quota | None:
        """Locked until the end of the transaction."""
        row = self.execute(select(tables.quotas).where(tables.quotas.c.quota == quota).with_for_update()).first()
        return row and Quota(**row._mapping)

    def all(self) -> list[Quota]:
        return [Quota(**row._mapping) for row in self.execute(select(tables.quotas).order_by(tables.quotas.c.quota))]

    def save(self, quota: Quota) -> None:
        """Raises StaleVersion when somebody else was quicker."""
        if not save_over(self.execute, tables.quotas, vars(quota), tables.quotas.c.version == quota.version - 1):
            raise StaleVersion
