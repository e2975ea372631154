"""A page as an answer, with what it may load and run."""

from aiohttp import web

# Scripts are the page's own files; whatever slips into it as another one does not run.
_POLICY = (
    "default-src 'none'; style-src 'self' 'unsafe-inline'; img-src https: http: data:; script-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


def is_own(request: web.Request) -> bool:
    """Not posted by another site's page in the same browser."""
    return request.headers.get("Sec-Fetch-Site", "none") in ("same-origin", "none")


def page(text: str, status: int = 200) -> web.Response:
    headers = {
        "Content-Security-Policy": _POLICY,
        "Cache-Control": "no-store",
        "Referrer-Policy": "same-origin",
        "X-Content-Type-Options": "nosniff",
    }
    return web.Response(text=text, status=status, content_type="text/html", headers=headers)
