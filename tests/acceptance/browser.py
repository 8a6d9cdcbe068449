"""A browser without a screen: cookies, forms, and nothing else."""

import re

import httpx


class Browser(httpx.Client):
    """A visitor of the portal."""

    def __init__(self, stack, **headers: str):
        super().__init__(base_url=stack.portal, timeout=10, headers=headers)
        self.password = stack.password

    def csrf_token(self, page: str = "/") -> str:
        found = re.search(r'name="csrf_token"[^>]*value="([0-9a-f]{64})"', self.get(page, follow_redirects=True).text)
        return found.group(1)

    def sign_in(self, name: str, password: str | None = None, **fields: str) -> httpx.Response:
        form = {"name": name, "password": password or self.password, "csrf_token": self.csrf_token("/sign-in")}
        return self.post("/sign-in", data=form | fields)

    def session(self) -> str:
        return self.cookies["session"]

    def with_session(self, session: str) -> httpx.Response:
        """Who the portal takes the bearer of this session for."""
        return httpx.get(f"{self.base_url}/api/v1/me".replace("//api", "/api"), cookies={"session": session})
