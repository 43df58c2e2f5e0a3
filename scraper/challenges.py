"""The pages that protection services send instead of what was asked for.

Some of their marks stand on challenge pages only. Others, scripts mostly, are on every page of a
protected site: a page that has text of its own is not called a challenge for those.
"""

from __future__ import annotations

import re

from scraper.page import parse_page

_LOOKED_AT = 64 * 1024
_HARDLY_ANY_TEXT = 400
"""Characters; a challenge page says a sentence or two."""

_HEADERS = {
    # https://developers.cloudflare.com/cloudflare-challenges/challenge-types/challenge-pages/
    "cf-mitigated": ("Cloudflare", {"challenge"}),
    # https://docs.aws.amazon.com/waf/latest/developerguide/waf-captcha-and-challenge.html
    "x-amzn-waf-action": ("AWS WAF", {"challenge", "captcha"}),
    # Its documentation is silent on it; clients that meet it say so.
    "x-vercel-mitigated": ("Vercel", {"challenge"}),
}
_PAGES = {
    "Cloudflare": rb"_cf_chl_opt|Attention Required! \| Cloudflare|<title>Just a moment\.\.\.",
    "Akamai": rb"errors\.edgesuite\.net|/_sec/cp_challenge|sec-if-cpt-container",
    "Imperva": rb"Request unsuccessful\. Incapsula|<title>Pardon Our Interruption",
    "AWS WAF": rb"window\.gokuProps",
    "DataDome": rb"captcha-delivery\.com|Please enable JS and disable any ad blocker",
    "HUMAN": rb"<title>Access to this page has been denied|id=[\"']px-captcha",
    "F5": rb"The requested URL was rejected\. Please consult with your administrator",
    "Sucuri": rb"Sucuri Website Firewall - Access Denied",
    "Radware": rb"Radware Bot Manager Captcha",
}
_SCRIPTS = {
    "Cloudflare": rb"cdn-cgi/challenge-platform|challenges\.cloudflare\.com/turnstile",
    "Imperva": rb"_Incapsula_Resource",
    "AWS WAF": rb"AwsWafIntegration|awsWafCookieDomainList|\.awswaf\.com/",
    "HUMAN": rb"_pxAppId",
    "a CAPTCHA": rb"g-recaptcha|h-captcha|hcaptcha\.com",
}


def challenger(headers: tuple[tuple[str, str], ...], body: bytes) -> str | None:
    """Return whose challenge a response is, None if it is none.

    Takes the headers as name and value, and a body that is HTML or of no known kind.
    """
    for name, value in headers:
        vendor, actions = _HEADERS.get(name.lower(), ("", set()))
        if value.strip().lower() in actions:
            return vendor
    start = body[:_LOOKED_AT]
    on_page = _mark(_PAGES, start)
    if on_page is not None:
        return on_page
    script = _mark(_SCRIPTS, start)
    return script if script is not None and _text_length(start) < _HARDLY_ANY_TEXT else None


def _mark(marks: dict[str, bytes], body: bytes) -> str | None:
    return next(
        (name for name, mark in marks.items() if re.search(mark, body, re.IGNORECASE)), None
    )


def _text_length(body: bytes) -> int:
    return len(" ".join(parse_page(body).get_text(" ").split()))
