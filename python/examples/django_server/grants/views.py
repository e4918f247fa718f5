"""The endpoints. They carry what comes to the kit and what it says back; they judge nothing."""

from __future__ import annotations

import time

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from proofkey.server import Answer, AuthorizationRequest, Demands, Page, Proof, Redirect, Refused

from . import kit


@never_cache
@require_http_methods(["GET", "POST"])
def authorize(request: HttpRequest) -> HttpResponse:
    """Asks the user (RFC 6749 §3.1). The form is posted to the same address, so that what the user
    has seen is judged again when the answer comes."""
    judged = kit.server.authorization_request(request.META["QUERY_STRING"])
    if isinstance(judged, Page):
        return framed(
            render(request, "grants/problem.html", {"page": judged}, status=judged.status)
        )
    if isinstance(judged, Redirect):
        return see_other(judged)
    anew = must_sign_in(request, judged)
    if "none" in judged.prompt:
        # Nobody may be asked anything, and here everybody is.
        return see_other(kit.server.deny(judged, "nobody_signed_in" if anew else "consent_needed"))
    if anew:
        return redirect_to_login(request.get_full_path())
    if request.method == "POST":
        if request.POST.get("decision") != "allow":
            return see_other(kit.server.deny(judged))
        # Some of the scopes, or all of them.
        scopes = [scope for scope in judged.scopes if scope in request.POST.getlist("scope")]
        at = int(request.user.last_login.timestamp())
        return see_other(kit.server.approve(judged, str(request.user.pk), scopes, auth_time=at))
    return framed(render(request, "grants/consent.html", {"asked": judged}))


@csrf_exempt
@sensitive_post_parameters()
@require_POST
def token(request: HttpRequest) -> HttpResponse:
    """The token endpoint (RFC 6749 §3.2). It is for programs: they have no cookie."""
    return as_it_is(kit.server.token(*posted(request), proof(request)))


@csrf_exempt
@sensitive_post_parameters()
@require_POST
def revoke(request: HttpRequest) -> HttpResponse:
    """The revocation endpoint (RFC 7009)."""
    return as_it_is(kit.server.revoke(*posted(request)))


@require_GET
def notes(request: HttpRequest) -> HttpResponse:
    """A resource: it wants a token that is meant for it."""
    passed = kit.server.check(
        request.headers.get("Authorization"),
        settings.RESOURCE,
        ["notes.read"],
        proof(request),
        Demands(metadata_url=settings.RESOURCE_METADATA),
    )
    if isinstance(passed, Refused):
        return HttpResponse(status=passed.status, headers=passed.headers)
    said = {
        "user": passed.subject,
        "client": passed.token.grant.client_id,
        "notes": ["Water the plants"],
    }
    return JsonResponse(said, headers=passed.headers)


@require_GET
def metadata(request: HttpRequest) -> HttpResponse:
    """What clients find here (RFC 8414)."""
    return JsonResponse(
        {
            "issuer": settings.ISSUER,
            "authorization_endpoint": f"{settings.ISSUER}/authorize",
            "token_endpoint": f"{settings.ISSUER}/token",
            "revocation_endpoint": f"{settings.ISSUER}/revoke",
            "scopes_supported": settings.SCOPES,
            "response_types_supported": ["code"],
            "grant_types_supported": ["authorization_code", "refresh_token"],
            "token_endpoint_auth_methods_supported": ["none"],
            "revocation_endpoint_auth_methods_supported": ["none"],
            "code_challenge_methods_supported": ["S256"],
            "authorization_response_iss_parameter_supported": True,
            "dpop_signing_alg_values_supported": ["ES256"],
        }
    )


@require_GET
def resource_metadata(request: HttpRequest) -> HttpResponse:
    """Where a token for the resource comes from (RFC 9728)."""
    return JsonResponse(
        {
            "resource": settings.RESOURCE,
            "authorization_servers": [settings.ISSUER],
            "scopes_supported": ["notes.read"],
            "bearer_methods_supported": ["header"],
            "dpop_signing_alg_values_supported": ["ES256"],
        }
    )


def must_sign_in(request: HttpRequest, asked: AuthorizationRequest) -> bool:
    """Whether the user has to sign in, first or anew: what the client has asked for is kept in the
    session, so that the user does so once for this request."""
    if not request.user.is_authenticated:
        return True
    last = request.user.last_login.timestamp()
    too_old = asked.max_age is not None and time.time() - last > asked.max_age
    if "login" not in asked.prompt and not too_old:
        return False
    query, since = request.session.get("sign_in_anew", ("", 0.0))
    if query == request.META["QUERY_STRING"] and last >= since:
        return False
    request.session["sign_in_anew"] = (request.META["QUERY_STRING"], time.time())
    return True


def posted(request: HttpRequest) -> tuple[bytes, str | None, str | None]:
    """What a client has sent, as it came."""
    fields = request.headers
    return request.body, fields.get("Content-Type"), fields.get("Authorization")


def proof(request: HttpRequest) -> Proof:
    """The proofs of possession that came with a request, and its address as clients know it."""
    field = request.headers.get("DPoP")
    return Proof([field] if field else [], request.method or "", settings.ISSUER + request.path)


def as_it_is(answer: Answer) -> HttpResponse:
    response = HttpResponse(answer.body, status=answer.status, headers=answer.headers)
    if "Content-Type" not in answer.headers:
        del response["Content-Type"]
    return response


def see_other(redirect: Redirect) -> HttpResponse:
    """To the client. Not by Django's own redirect, which knows http, https and ftp alone and is a
    302."""
    return HttpResponse(status=redirect.status, headers={"Location": redirect.location})


def framed(response: HttpResponse) -> HttpResponse:
    """In no frame of others (RFC 9700 §4.16), with nothing loaded from anywhere."""
    response["Content-Security-Policy"] = "default-src 'none'; frame-ancestors 'none'"
    return response
