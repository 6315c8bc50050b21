"""What a plain web host needs besides the pages: redirects of IRIs and headers, in the languages of some hosts."""

from collections.abc import Iterator
from urllib.parse import urlsplit

from kg.formats import JSON_LD, TURTLE
from server.responses import POLICY, TYPED

ENGINE = POLICY.replace("script-src 'self'", "script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'")


def meta_policy(path: str) -> str:
    """Return the policy that a page carries itself, for hosts that send no headers.

    Only the query page may compile WebAssembly. Framing can be forbidden by a header alone.

    >>> "wasm" in meta_policy("sparql.html"), "wasm" in meta_policy("index.html")
    (True, False)
    """
    policy = ENGINE if path == "sparql.html" else TYPED
    return policy.replace("; frame-ancestors 'none'", "")


def hosting_files(base: str) -> Iterator[tuple[str, str]]:
    """Yield name and content of the files that tell some hosts how to lead from IRIs to pages and data."""
    root = urlsplit(base).path
    types = ((TURTLE.media_type, TURTLE.suffix), (JSON_LD.media_type, JSON_LD.suffix))
    yield ".htaccess", "\n".join([
        "# Apache: IRIs lead to pages or data by Accept, and data are what they are.",
        *(f"AddType {media_type} .{suffix}" for media_type, suffix in types),
        "AddType application/atom+xml .atom", "AddType application/wasm .wasm", f"ErrorDocument 404 {root}404.html",
        "RewriteEngine On", f"RewriteBase {root}",
        *(f"RewriteCond %{{HTTP_ACCEPT}} {media_type.replace('+', '[+]')}\n"
          f"RewriteRule ^id/(.+)$ data/$1.{suffix} [R=303,L]" for media_type, suffix in types),
        "RewriteRule ^id/(.+)$ page/$1.html [R=303,L]",
        "<IfModule mod_headers.c>",
        f'Header set Content-Security-Policy "{TYPED}" '
        '"expr=%{REQUEST_URI} !~ m#/(sparql\\.html|static/engine\\.js)$#"',
        'Header set X-Content-Type-Options "nosniff"', 'Header set Access-Control-Allow-Origin "*"',
        "</IfModule>", "",
    ])
    yield "nginx.conf", "\n".join([
        "# nginx: include this in the server block, and set root to the folder of this file.",
        f"location {root} {{ error_page 404 {root}404.html; add_header Access-Control-Allow-Origin *; }}",
        f"location ~ ^{root}id/(.+)$ {{",
        *(f'    if ($http_accept ~* "{media_type.replace("+", "[+]")}") {{ return 303 {root}data/$1.{suffix}; }}'
          for media_type, suffix in types),
        f"    return 303 {root}page/$1.html;", "}",
        "types { " + " ".join(f"{media_type} {suffix};" for media_type, suffix in types)
        + " application/atom+xml atom; application/wasm wasm; text/html html; text/css css; text/javascript js; }", "",
    ])
    yield "_redirects", f"{root}id/* {root}page/:splat.html 303\n"
    yield "_headers", "\n".join([
        f"{root}*", "  X-Content-Type-Options: nosniff", "  Access-Control-Allow-Origin: *",
        f"{root}page/*", f"  Content-Security-Policy: {TYPED}",
        f"{root}sparql.html", f"  Content-Security-Policy: {ENGINE}",
        f"{root}static/engine.js", f"  Content-Security-Policy: {ENGINE}", "",
    ])
