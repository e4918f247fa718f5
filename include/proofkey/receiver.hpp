// The loopback receiver.
//
// Licence: MIT OR Apache-2.0.
#ifndef PROOFKEY_RECEIVER_HPP
#define PROOFKEY_RECEIVER_HPP

#include <chrono>
#include <cstdint>
#include <proofkey/base.hpp>

namespace proofkey {

/// The loopback receiver. cancel() may be called from another thread while wait() runs.
class Receiver : public detail::Owner<pk_receiver, pk_receiver_free> {
  public:
    using Owner::Owner;
    Receiver(std::uint32_t host, std::uint16_t port, std::string_view path) : Owner(bind(host, port, path)) {}
    [[nodiscard]] std::uint16_t port() const {
        pk_error error = PK_ERROR_INIT;
        std::uint16_t port = 0;
        detail::check(pk_receiver_port(get(), &port, &error), error);
        return port;
    }
    [[nodiscard]] std::string redirect_uri() const {
        return detail::plain([this](auto... to) { return pk_receiver_redirect_uri(get(), to...); });
    }
    struct Received {
        std::uint32_t kind; ///< PK_RECEIVED_REDIRECT and the like.
        SecretText redirect;
    };
    [[nodiscard]] Received wait(std::chrono::milliseconds timeout) const {
        pk_error error = PK_ERROR_INIT;
        Received received{0, SecretText(PK_REDIRECT_CAPACITY)};
        std::size_t length = 0;
        std::uint64_t left = timeout.count() > 0 ? static_cast<std::uint64_t>(timeout.count()) : 0;
        detail::check(pk_receiver_wait(get(), left, &received.kind, received.redirect.data(),
                                       received.redirect.capacity(), &length, &error),
                      error);
        received.redirect = received.redirect.first(length);
        return received;
    }
    void cancel() const {
        pk_error error = PK_ERROR_INIT;
        detail::check(pk_receiver_cancel(get(), &error), error);
    }

  private:
    static pk_receiver bind(std::uint32_t host, std::uint16_t port, std::string_view path) {
        pk_error error = PK_ERROR_INIT;
        pk_receiver receiver{};
        pk_text given = view(path);
        detail::check(pk_receiver_bind(host, port, given.data, given.length, &receiver, &error), error);
        return receiver;
    }
};

} // namespace proofkey

#endif
