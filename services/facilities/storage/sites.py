"""Bases and the years of their calendars as rows. A revision of a year, once written, stays."""

from datetime import datetime

from sqlalchemy import insert, select
from sqlalchemy.dialects.postgresql import distinct_on

from services.contracts.errors import StaleVersion
from services.facilities.domain.site import CalendarYear, Site
from services.facilities.storage import tables
from services.facilities.storage.repository import Repository, save_over

years = tables.calendar_years.c
NEWEST = select(tables.calendar_years).order_by(years.year, years.revision.desc()).ext(distinct_on(years.year))


class Sites(Repository):
    def get(self, site: str) -> Site | None:
        """Locked until the end of the transaction."""
        row = self.execute(select(tables.sites).where(tables.sites.c.site == site).with_for_update()).first()
        return row and self.with_years(row)

    def all(self) -> list[Site]:
        return [self.with_years(row) for row in self.execute(select(tables.sites).order_by(tables.sites.c.site)).all()]

    def knows(self, site: str) -> bool:
        return self.execute(select(tables.sites.c.site).where(tables.sites.c.site == site)).first() is not None

    def with_years(self, row) -> Site:
        found = self.execute(NEWEST.where(years.site == row.site))
        return Site(site=row.site, names=row.names, version=row.version, years=tuple(
            CalendarYear(year=each.year, revision=each.revision, source=each.source, days=tuple(each.days))
            for each in found))

    def save(self, site: Site) -> None:
        """The base itself. Raises StaleVersion when somebody else was quicker."""
        values = {"site": site.site, "names": site.names, "version": site.version}
        if not save_over(self.execute, tables.sites, values, tables.sites.c.version == site.version - 1):
            raise StaleVersion

    def add_year(self, site: str, year: CalendarYear, actor: str, at: datetime) -> None:
        values = vars(year) | {"site": site, "days": list(year.days), "actor": actor, "at": at}
        self.execute(insert(tables.calendar_years).values(values))
