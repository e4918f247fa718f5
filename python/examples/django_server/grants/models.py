"""The tables. Times are the database's; of codes and tokens there are only the hashes."""

from __future__ import annotations

from django.db import models


class Client(models.Model):
    """A public client that may ask users of this server."""

    client_id = models.CharField(max_length=255, primary_key=True)
    name = models.CharField(max_length=255)
    redirect_uris = models.JSONField()
    scopes = models.JSONField()
    may_refresh = models.BooleanField(default=True)


class Grant(models.Model):
    """What a user granted to a client. The first fields are those of `proofkey.server.Grant`."""

    grant_id = models.CharField(max_length=43, primary_key=True)
    client_id = models.CharField(max_length=255)
    subject = models.CharField(max_length=255)
    redirect_uri = models.TextField()
    redirect_uri_was_sent = models.BooleanField()
    code_challenge = models.CharField(max_length=43, null=True)
    scope = models.TextField(blank=True)
    resource = models.TextField(null=True)
    refreshable = models.BooleanField()
    # Those of `proofkey.server.Terms`.
    dpop_jkt = models.CharField(max_length=43, null=True)
    nonce = models.TextField(null=True)
    auth_time = models.BigIntegerField(null=True)
    acr = models.TextField(null=True)
    authorization_details = models.TextField(null=True)

    code_hash = models.BinaryField(max_length=32)
    expires_at = models.DateTimeField(db_index=True)
    used = models.BooleanField(default=False)
    revoked = models.BooleanField(default=False)
    mismatches = models.PositiveBigIntegerField(default=0)
    # The newest generation of refresh tokens, and when it began.
    generation = models.PositiveBigIntegerField(default=0)
    rotated_at = models.DateTimeField(null=True)


class Token(models.Model):
    """A token that was issued from a grant."""

    grant = models.ForeignKey(Grant, on_delete=models.CASCADE, related_name="tokens")
    token_hash = models.BinaryField(max_length=32)
    kind = models.CharField(max_length=7)
    expires_at = models.DateTimeField(db_index=True)
    scope = models.TextField(null=True)
    dpop_jkt = models.CharField(max_length=43, null=True)
    generation = models.PositiveBigIntegerField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["grant", "token_hash"], name="one_token_of_a_hash"),
        )


class Proof(models.Model):
    """A proof of possession that was used (RFC 9449 §11.1), by a hash of it."""

    name = models.CharField(max_length=43, primary_key=True)
    expires_at = models.DateTimeField(db_index=True)
