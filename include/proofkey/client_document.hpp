// The client ID metadata document: a client that is named by the address of a document about it.
//
// Licence: MIT OR Apache-2.0.
#ifndef PROOFKEY_CLIENT_DOCUMENT_HPP
#define PROOFKEY_CLIENT_DOCUMENT_HPP

#include <proofkey/base.hpp>

namespace proofkey {

/// A client's metadata document that was read. It never changes.
class ClientDocument : public detail::Owner<pk_client_document, pk_client_document_free> {
  public:
    using Owner::Owner;
    /// Reads the document that was fetched from this address, which must be the one that it names.
    ClientDocument(std::string_view url, std::string_view body) : Owner(read(url, body)) {}
    /// What it says; what this points to is good as long as this object.
    [[nodiscard]] pk_client_document_fields fields() const {
        pk_error error = PK_ERROR_INIT;
        pk_client_document_fields fields = PK_CLIENT_DOCUMENT_FIELDS_INIT;
        detail::check(pk_client_document_get(get(), &fields, &error), error);
        return fields;
    }
    /// The document with these fields, ready to be served as application/json.
    [[nodiscard]] static std::string write(const pk_client_document_fields &fields) {
        return detail::plain([&fields](auto... to) { return pk_client_document_write(&fields, to...); });
    }

  private:
    static pk_client_document read(std::string_view url, std::string_view body) {
        pk_error error = PK_ERROR_INIT;
        pk_client_document document{};
        pk_text from = view(url), given = view(body);
        detail::check(pk_client_document_read(from.data, from.length, given.data, given.length, &document, &error),
                      error);
        return document;
    }
};

} // namespace proofkey

#endif
