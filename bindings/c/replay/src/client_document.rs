//! The client ID metadata document.

use crate::c::{
    call, present, read, read_list, sized, text, view, view_bytes, view_or_none, views,
};
use crate::error::Error;
use proofkey_c::client_document::*;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClientDocument {
    pub client_id: String,
    pub client_name: String,
    pub client_uri: Option<String>,
    pub redirect_uris: Vec<String>,
    pub scopes: Vec<String>,
}

impl ClientDocument {
    pub fn to_json(&self) -> Result<String, Error> {
        let (redirect_uris, scopes) = (views(&self.redirect_uris), views(&self.scopes));
        let mut fields: pk_client_document_fields = sized();
        fields.client_id = view(&self.client_id);
        fields.client_name = view(&self.client_name);
        fields.client_uri = view_or_none(self.client_uri.as_deref());
        fields.redirect_uris = redirect_uris.as_ptr();
        fields.redirect_uri_count = redirect_uris.len();
        fields.scopes = scopes.as_ptr();
        fields.scope_count = scopes.len();
        // SAFETY: everything that is pointed to lives until the end of this function.
        let json = text(|b, n, l, e| unsafe { pk_client_document_write(&fields, b, n, l, e) });
        Ok(json?.expect("a document"))
    }

    pub fn read(url: &str, body: &[u8]) -> Result<Self, Error> {
        let (url, body) = (view(url), view_bytes(body));
        let mut document = pk_client_document { id: 0 };
        // SAFETY: everything that is pointed to lives until the end of this function.
        call(|error| unsafe {
            let place = &mut document;
            pk_client_document_read(url.data, url.length, body.data, body.length, place, error)
        })?;
        let mut fields: pk_client_document_fields = sized();
        // SAFETY: the pointer is to a structure of this function.
        call(|error| unsafe { pk_client_document_get(document, &mut fields, error) })?;
        let known = Self {
            client_id: present(fields.client_id),
            client_name: present(fields.client_name),
            client_uri: read(fields.client_uri),
            redirect_uris: read_list(fields.redirect_uris, fields.redirect_uri_count),
            scopes: read_list(fields.scopes, fields.scope_count),
        };
        call(|_| pk_client_document_free(document))?;
        Ok(known)
    }
}
