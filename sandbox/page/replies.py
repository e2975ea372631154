"""A page as an answer, with what it may load and run."""

from typing import Any

from aiohttp import web

# Scripts are the page's own files; whatever slips into it as another one does not run.
_POLICY = (
    "default-src 'none'; style-src 'self' 'unsafe-inline'; img-src https: http: data:; script-src 'self'; "
    "connect-src 'self'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'"
)


def require_own(request: web.Request) -> None:
    """Raises HTTPForbidden for what another site's page posts in the same browser."""
    if request.headers.get("Sec-Fetch-Site", "none") not in ("same-origin", "none"):
        raise web.HTTPForbidden(text="Only the page itself may post here.")


async def posted(request: web.Request) -> Any:
    """The fields of a form. Raises HTTPBadRequest where it cannot be read."""
    try:
        return await request.post()
    except (ValueError, LookupError):
        raise web.HTTPBadRequest(text="The form cannot be read.") from None


def page(text: str, status: int = 200, forms_to: str = "") -> web.Response:
    """`forms_to` is the origin that answers to the page's forms may lead to, where it is another than the page's."""
    headers = {
        "Content-Security-Policy": f"{_POLICY} {forms_to}".strip(),
        "Cache-Control": "no-store",
        "Referrer-Policy": "same-origin",
        "X-Content-Type-Options": "nosniff",
    }
    return web.Response(text=text, status=status, content_type="text/html", headers=headers)
