"""The endpoints. They carry what comes to the kit and what it says back; they judge nothing."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from proofkey.server import Answer, Page, Redirect, Refused

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
    if not request.user.is_authenticated:
        return redirect_to_login(request.get_full_path())
    if request.method == "POST":
        if request.POST.get("decision") != "allow":
            return see_other(kit.server.deny(judged))
        # Some of the scopes, or all of them.
        scopes = [scope for scope in judged.scopes if scope in request.POST.getlist("scope")]
        return see_other(kit.server.approve(judged, str(request.user.pk), scopes))
    return framed(render(request, "grants/consent.html", {"asked": judged}))


@csrf_exempt
@sensitive_post_parameters()
@require_POST
def token(request: HttpRequest) -> HttpResponse:
    """The token endpoint (RFC 6749 §3.2). It is for programs: they have no cookie."""
    return as_it_is(kit.server.token(*posted(request)))


@csrf_exempt
@sensitive_post_parameters()
@require_POST
def revoke(request: HttpRequest) -> HttpResponse:
    """The revocation endpoint (RFC 7009)."""
    return as_it_is(kit.server.revoke(*posted(request)))


@require_GET
def notes(request: HttpRequest) -> HttpResponse:
    """A resource: it wants a token that is meant for it."""
    header = request.headers.get("Authorization")
    passed = kit.server.check(header, settings.RESOURCE, ["notes.read"])
    if isinstance(passed, Refused):
        return HttpResponse(status=passed.status, headers=passed.headers)
    client_id = passed.token.grant.client_id
    return JsonResponse(
        {"user": passed.subject, "client": client_id, "notes": ["Water the plants"]}
    )


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
        }
    )


def posted(request: HttpRequest) -> tuple[bytes, str | None, str | None]:
    """What a client has sent, as it came."""
    fields = request.headers
    return request.body, fields.get("Content-Type"), fields.get("Authorization")


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
