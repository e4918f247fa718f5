"""Where everything is."""

from django.contrib.auth.views import LoginView
from django.urls import path
from grants import views

urlpatterns = [
    path("login", LoginView.as_view(template_name="grants/login.html"), name="login"),
    path("authorize", views.authorize, name="authorize"),
    path("token", views.token, name="token"),
    path("revoke", views.revoke, name="revoke"),
    path(".well-known/oauth-authorization-server", views.metadata),
    # Of the resource, which is at /notes (RFC 9728 §3.1).
    path(".well-known/oauth-protected-resource/notes", views.resource_metadata),
    path("notes", views.notes),
]
