"""An authorization server of Authlib, written as its documentation says, with a resource behind it.

One line of JSON says where it listens; it ends when its standard input does.
"""

from __future__ import annotations

import logging
import os
import time
from html import escape
from typing import Any
from urllib.parse import urlencode

from authlib.integrations.flask_oauth2 import (
    AuthorizationServer,
    ResourceProtector,
    current_token,
)
from authlib.integrations.sqla_oauth2 import (
    OAuth2AuthorizationCodeMixin,
    OAuth2ClientMixin,
    OAuth2TokenMixin,
    create_bearer_token_validator,
    create_query_client_func,
    create_revocation_endpoint,
)
from authlib.oauth2 import OAuth2Error
from authlib.oauth2.rfc6749 import grants
from authlib.oauth2.rfc6750 import BearerTokenGenerator
from authlib.oauth2.rfc7591 import ClientRegistrationEndpoint
from authlib.oauth2.rfc7636 import CodeChallenge
from authlib.oauth2.rfc8414 import AuthorizationServerMetadata
from authlib.oauth2.rfc8628 import DeviceAuthorizationEndpoint
from authlib.oauth2.rfc9207 import IssuerParameter
from authlib_device import DEVICES, Device, DeviceGrant
from authlib_openid import IdToken, published
from flask import Flask, Response, jsonify, request
from sqlalchemy import Column, Integer, String, create_engine
from sqlalchemy.orm import Session, declarative_base
from sqlalchemy.pool import StaticPool
from standing import KNOWN, is_known_redirect, lifetime, listening, ready
from werkzeug.serving import make_server

# Authlib asks for https; this is loopback.
os.environ["AUTHLIB_INSECURE_TRANSPORT"] = "1"

Base: Any = declarative_base()
SCOPE = "notes.read"
SCOPES = ["openid", SCOPE]


class User:
    """There is one."""

    def get_user_id(self) -> str:
        return "alice"


class Client(Base, OAuth2ClientMixin):
    __tablename__ = "client"
    id = Column(Integer, primary_key=True)

    def check_redirect_uri(self, redirect_uri: str) -> bool:
        # Authlib compares the whole; so it is for clients that have registered themselves.
        return super().check_redirect_uri(redirect_uri) or (
            self.client_id in KNOWN and is_known_redirect(redirect_uri)
        )


class Code(Base, OAuth2AuthorizationCodeMixin):
    __tablename__ = "code"
    id = Column(Integer, primary_key=True)


class Token(Base, OAuth2TokenMixin):
    __tablename__ = "token"
    id = Column(Integer, primary_key=True)
    user_id = Column(String(40))
    grant = Column(String(40))


# One thread and one connection.
engine = create_engine("sqlite://", poolclass=StaticPool, connect_args={"check_same_thread": False})
Base.metadata.create_all(engine)
session = Session(engine)


class AuthorizationCodeGrant(grants.AuthorizationCodeGrant):
    TOKEN_ENDPOINT_AUTH_METHODS = ("none",)

    def save_authorization_code(self, code: str, request: Any) -> None:
        session.add(
            Code(
                code=code,
                client_id=request.client.client_id,
                redirect_uri=request.payload.redirect_uri,
                scope=request.scope,
                nonce=request.payload.data.get("nonce"),
                code_challenge=request.payload.data["code_challenge"],
                code_challenge_method=request.payload.data["code_challenge_method"],
            )
        )
        session.commit()

    def query_authorization_code(self, code: str, client: Client) -> Code | None:
        found = session.query(Code).filter_by(code=code, client_id=client.client_id).first()
        return None if found is None or found.is_expired() else found

    def delete_authorization_code(self, authorization_code: Code) -> None:
        session.delete(authorization_code)
        session.commit()

    def authenticate_user(self, authorization_code: Code) -> User:
        return User()


class RefreshTokenGrant(grants.RefreshTokenGrant):
    TOKEN_ENDPOINT_AUTH_METHODS = ("none",)
    INCLUDE_NEW_REFRESH_TOKEN = True

    def authenticate_refresh_token(self, refresh_token: str) -> Token | None:
        found = session.query(Token).filter_by(refresh_token=refresh_token).first()
        return None if found is None or found.refresh_token_revoked_at else found

    def authenticate_user(self, refresh_token: Token) -> User:
        return User()

    def revoke_old_credential(self, refresh_token: Token) -> None:
        refresh_token.access_token_revoked_at = int(time.time())
        refresh_token.refresh_token_revoked_at = int(time.time())
        session.commit()


class Identity(IdToken):
    def exists_nonce(self, nonce: str, request: Any) -> bool:
        return session.query(Code).filter_by(nonce=nonce).first() is not None


class Revocation(create_revocation_endpoint(session, Token)):  # type: ignore[misc]
    # Without it, none but clients with a secret may revoke.
    CLIENT_AUTH_METHODS = ("none",)


class Registration(ClientRegistrationEndpoint):
    def authenticate_token(self, request: Any) -> bool:
        return True  # Everybody may.

    def get_server_metadata(self) -> dict[str, Any]:
        return metadata

    def save_client(self, info: dict[str, Any], about: dict[str, Any], request: Any) -> Client:
        client = Client(**info)
        client.set_client_metadata({"scope": " ".join(SCOPES), **about})
        session.add(client)
        session.commit()
        return client


class Issuer(IssuerParameter):
    def get_issuer(self) -> str:
        return issuer


def save_token(token: dict[str, Any], request: Any) -> None:
    about = {
        "client_id": request.client.client_id,
        "user_id": request.user.get_user_id(),
        "grant": request.payload.grant_type,
    }
    session.add(Token(**about, **token))
    session.commit()


def letters(size: int) -> Any:
    from authlib.common.security import generate_token

    return lambda **_: generate_token(size)


listener, issuer = listening()
notes = f"{issuer}/notes"
GRANTS = ["authorization_code", "refresh_token", DeviceGrant.GRANT_TYPE]
metadata = {
    "issuer": issuer,
    "authorization_endpoint": f"{issuer}/authorize",
    "token_endpoint": f"{issuer}/token",
    "revocation_endpoint": f"{issuer}/revoke",
    "registration_endpoint": f"{issuer}/register",
    "device_authorization_endpoint": f"{issuer}/device_authorization",
    "jwks_uri": f"{issuer}/jwks",
    "scopes_supported": SCOPES,
    "response_types_supported": ["code"],
    "grant_types_supported": GRANTS,
    "token_endpoint_auth_methods_supported": ["none"],
    "revocation_endpoint_auth_methods_supported": ["none"],
    "code_challenge_methods_supported": ["S256"],
    "authorization_response_iss_parameter_supported": True,
}

app = Flask(__name__)
server = AuthorizationServer(app, create_query_client_func(session, Client), save_token)
server.register_token_generator(
    "default",
    BearerTokenGenerator(
        letters(42),
        letters(48),
        lambda client, grant: lifetime(client.client_name, grant),
    ),
)
identity = Identity(issuer)
server.register_grant(AuthorizationCodeGrant, [CodeChallenge(required=True), identity])
server.register_grant(RefreshTokenGrant)
server.register_grant(DeviceGrant, [identity])
Device.uri = f"{issuer}/device"
server.register_endpoint(Device)
server.register_endpoint(Revocation)
server.register_endpoint(Registration)
server.register_extension(Issuer())
protector = ResourceProtector()
protector.register_token_validator(create_bearer_token_validator(session, Token)())

for name in KNOWN:
    client = Client(client_id=name)
    client.set_client_metadata(
        {
            "client_name": name,
            "redirect_uris": ["http://127.0.0.1/callback"],
            "token_endpoint_auth_method": "none",
            "grant_types": GRANTS,
            "response_types": ["code"],
            "scope": " ".join(SCOPES),
        }
    )
    session.add(client)
session.commit()


@app.get("/.well-known/oauth-authorization-server")
def describe() -> Response:
    return jsonify(metadata)


@app.get("/.well-known/oauth-protected-resource/notes")
def describe_resource() -> Response:
    return jsonify(resource=notes, authorization_servers=[issuer], scopes_supported=[SCOPE])


@app.route("/authorize", methods=["GET", "POST"])
def authorize() -> Any:
    """The user is asked on one page, and says yes by its form or no by its link."""
    try:
        grant = server.get_consent_grant(end_user=User())
    except OAuth2Error as error:
        return server.handle_error_response(request, error)
    if request.method == "POST":
        return server.create_authorization_response(grant_user=User(), grant=grant)
    if "no" in request.args:
        return server.create_authorization_response(grant_user=None, grant=grant)
    here = escape(f"{issuer}/authorize?{urlencode(list(request.args.items(multi=True)))}")
    return (
        f'<form method="post" action="{here}"><input name="prompt" value="consent"></form>'
        f'<a href="{here}&amp;no=1">No</a>'
    )


@app.post("/device_authorization")
def device_authorization() -> Any:
    return server.create_endpoint_response(DeviceAuthorizationEndpoint.ENDPOINT_NAME)


@app.route("/device", methods=["GET", "POST"])
def device() -> Any:
    """Where the user enters the code, and says yes or no."""
    return DEVICES.page(f"{issuer}/device", request.values)


@app.get("/jwks")
def jwks() -> Response:
    return jsonify(published())


@app.post("/token")
def token() -> Any:
    return server.create_token_response()


@app.post("/revoke")
def revoke() -> Any:
    return server.create_endpoint_response(Revocation.ENDPOINT_NAME)


@app.post("/register")
def register() -> Any:
    return server.create_endpoint_response(Registration.ENDPOINT_NAME)


@app.get("/notes")
@protector(SCOPE)
def read() -> Response:
    of = current_token
    return jsonify(subject=of.user_id, client=of.client_id, scope=of.scope, grant=of.grant)


if __name__ == "__main__":
    AuthorizationServerMetadata(metadata).validate()
    # It would write a line for each request.
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    ready(
        issuer=issuer,
        resource=notes,
        authorization_endpoint=metadata["authorization_endpoint"],
        token_endpoint=metadata["token_endpoint"],
        iss_promised=True,
    )
    make_server("127.0.0.1", 0, app, fd=listener.fileno()).serve_forever()
