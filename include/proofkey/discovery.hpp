// Discovery: documents, what was found in them, and what a 401 says.
//
// Licence: MIT OR Apache-2.0.
#ifndef PROOFKEY_DISCOVERY_HPP
#define PROOFKEY_DISCOVERY_HPP

#include <cstdint>
#include <proofkey/flow.hpp>

namespace proofkey {

/// What discovery found, or what was read from one document. It never changes.
class Discovered : public detail::Owner<pk_discovered, pk_discovered_free> {
  public:
    using Owner::Owner;
    /// PK_FIELD_ISSUER and the like. None where the documents do not say it.
    [[nodiscard]] std::optional<std::string> text(std::uint32_t field) const {
        auto found = detail::text([this, field](auto... to) { return pk_discovered_text(get(), field, to...); });
        if (!found) return std::nullopt;
        return std::string(found->expose());
    }
    /// PK_LIST_SCOPES and the like. None where the documents have no such list.
    [[nodiscard]] std::optional<std::vector<std::string>> list(std::uint32_t list) const {
        pk_error error = PK_ERROR_INIT;
        std::size_t count = 0;
        pk_status status = pk_discovered_count(get(), list, &count, &error);
        if (status == PK_NOTHING) return std::nullopt;
        detail::check(status, error);
        std::vector<std::string> items;
        for (std::size_t n = 0; n < count; n++)
            items.push_back(
                detail::plain([this, list, n](auto... to) { return pk_discovered_item(get(), list, n, to...); }));
        return items;
    }
    /// PK_FEATURE_S256 and the like; what it points to is good as long as this object.
    [[nodiscard]] pk_capability capability(std::uint32_t feature) const {
        pk_error error = PK_ERROR_INIT;
        pk_capability capability = PK_CAPABILITY_INIT;
        detail::check(pk_discovered_capability(get(), feature, &capability, &error), error);
        return capability;
    }
    /// PK_DOCUMENT_PROVIDER or PK_DOCUMENT_RESOURCE, in seconds since the epoch. None where it was not read.
    [[nodiscard]] std::optional<std::uint64_t> fetched_at(std::uint32_t document) const {
        pk_error error = PK_ERROR_INIT;
        std::uint64_t at = 0;
        pk_status status = pk_discovered_fetched_at(get(), document, &at, &error);
        if (status == PK_NOTHING) return std::nullopt;
        detail::check(status, error);
        return at;
    }
    /// Whether every document that was read is younger than this age; both in seconds.
    [[nodiscard]] bool is_fresh(std::uint64_t now, std::uint64_t max_age_s) const {
        pk_error error = PK_ERROR_INIT;
        bool fresh = false;
        detail::check(pk_discovered_is_fresh(get(), now, max_age_s, &fresh, &error), error);
        return fresh;
    }
    /// Fills in what a sign-in needs to know of the server; see pk_discovered_sign_in. What the configuration points
    /// to is good as long as this object.
    void fill(pk_sign_in_config &config) const {
        pk_error error = PK_ERROR_INIT;
        detail::check(pk_discovered_sign_in(get(), &config, &error), error);
    }
};

/// An authorization server's metadata that was fetched before.
[[nodiscard]] inline Discovered read_provider(const pk_document &document) {
    pk_error error = PK_ERROR_INIT;
    pk_discovered discovered{};
    detail::check(pk_provider_read(&document, &discovered, &error), error);
    return Discovered(discovered);
}

/// A protected resource's metadata that was fetched before, and the issuer to go on with.
[[nodiscard]] inline Discovered read_resource(const pk_document &document) {
    pk_error error = PK_ERROR_INIT;
    pk_discovered discovered{};
    detail::check(pk_resource_read(&document, &discovered, &error), error);
    return Discovered(discovered);
}

/// The addresses of a document, in the order in which they are asked: PK_DOCUMENT_PROVIDER of an issuer, or
/// PK_DOCUMENT_RESOURCE of a resource.
[[nodiscard]] inline std::vector<std::string> well_known_urls(std::uint32_t document, std::string_view identifier) {
    pk_text given = view(identifier);
    std::vector<std::string> urls;
    for (;;) {
        auto url = detail::text(
            [&](auto... to) { return pk_well_known_url(document, given.data, given.length, urls.size(), to...); });
        if (!url) return urls;
        urls.emplace_back(url->expose());
    }
}

/// The discovery flow: from an issuer, or from a resource and its 401, to both documents.
class Discovery : public detail::Flow<pk_discovery, pk_discovery_free, pk_discovery_advance> {
  public:
    using Flow::Flow;
    explicit Discovery(const pk_discovery_config &config) : Flow(make(config)) {}
    /// What was found, once, after PK_STEP_DONE.
    [[nodiscard]] Discovered outcome() {
        pk_error error = PK_ERROR_INIT;
        pk_discovered discovered{};
        detail::check(pk_discovery_outcome(get(), &discovered, &error), error);
        return Discovered(discovered);
    }

  private:
    static pk_discovery make(const pk_discovery_config &config) {
        pk_error error = PK_ERROR_INIT;
        pk_discovery discovery{};
        detail::check(pk_discovery_new(&config, &discovery, &error), error);
        return discovery;
    }
};

/// The WWW-Authenticate fields of an answer, parsed. What its structures point to is good as long as this object.
class WwwAuthenticate : public detail::Owner<pk_www_authenticate, pk_www_authenticate_free> {
  public:
    using Owner::Owner;
    explicit WwwAuthenticate(const std::vector<std::string_view> &fields) : Owner(parse(fields)) {}
    /// What is asked for; none where there is no Bearer or DPoP challenge.
    [[nodiscard]] std::optional<pk_demand> demand() const {
        pk_error error = PK_ERROR_INIT;
        pk_demand demand = PK_DEMAND_INIT;
        pk_status status = pk_www_authenticate_demand(get(), &demand, &error);
        if (status == PK_NOTHING) return std::nullopt;
        detail::check(status, error);
        return demand;
    }
    /// All challenges, and after them those that were left out.
    [[nodiscard]] std::vector<pk_auth_challenge> challenges() const {
        std::vector<pk_auth_challenge> all;
        for (;;) {
            pk_error error = PK_ERROR_INIT;
            pk_auth_challenge one = PK_AUTH_CHALLENGE_INIT;
            pk_status status = pk_www_authenticate_challenge(get(), all.size(), &one, &error);
            if (status == PK_NOTHING) return all;
            detail::check(status, error);
            all.push_back(one);
        }
    }

  private:
    static pk_www_authenticate parse(const std::vector<std::string_view> &fields) {
        pk_error error = PK_ERROR_INIT;
        pk_www_authenticate parsed{};
        std::vector<pk_text> given = views(fields);
        detail::check(pk_www_authenticate_parse(given.data(), given.size(), &parsed, &error), error);
        return parsed;
    }
};

} // namespace proofkey

#endif
