// What every part of proofkey.hpp uses: errors, secret texts, owners.
//
// Licence: MIT OR Apache-2.0.
#ifndef PROOFKEY_BASE_HPP
#define PROOFKEY_BASE_HPP

#include <cstddef>
#include <optional>
#include <proofkey.h>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace proofkey {

/// What went wrong: status, stable code, family, the message as what(), and what to do.
class Error : public std::runtime_error {
  public:
    explicit Error(const pk_error &error) : std::runtime_error(error.message), error_(error) {}

    [[nodiscard]] pk_status status() const noexcept { return error_.status; }
    [[nodiscard]] std::string_view code() const noexcept { return error_.code; }
    [[nodiscard]] std::string_view family() const noexcept { return error_.family; }
    [[nodiscard]] std::string_view field() const noexcept { return error_.field; }
    [[nodiscard]] std::string_view advice() const noexcept { return error_.advice; }

  private:
    pk_error error_;
};

/// A text that is wiped when it goes. It can be moved, not copied, and is not printed by accident.
class SecretText {
  public:
    SecretText() = default;
    explicit SecretText(std::size_t size) : bytes_(size) {}
    SecretText(const SecretText &) = delete;
    SecretText &operator=(const SecretText &) = delete;
    SecretText(SecretText &&other) noexcept : bytes_(std::move(other.bytes_)) { other.bytes_.clear(); }
    SecretText &operator=(SecretText &&other) noexcept {
        if (this != &other) {
            wipe();
            bytes_ = std::move(other.bytes_);
            other.bytes_.clear();
        }
        return *this;
    }
    ~SecretText() { wipe(); }

    /// The text itself, without the NUL that follows it. Copies made of it are the caller's to wipe.
    [[nodiscard]] std::string_view expose() const noexcept {
        return bytes_.empty() ? std::string_view() : std::string_view(bytes_.data(), bytes_.size() - 1);
    }
    /// The same as a C string.
    [[nodiscard]] const char *expose_c_str() const noexcept { return bytes_.empty() ? "" : bytes_.data(); }

    /// A text of its own with the first bytes, and a NUL behind them.
    [[nodiscard]] SecretText first(std::size_t length) const {
        SecretText text(length + 1);
        expose().copy(text.data(), length);
        return text;
    }

    [[nodiscard]] char *data() noexcept { return bytes_.data(); }
    [[nodiscard]] std::size_t capacity() const noexcept { return bytes_.size(); }

  private:
    void wipe() noexcept {
        volatile char *byte = bytes_.data();
        for (std::size_t left = bytes_.size(); left > 0; left--) *byte++ = 0;
    }
    std::vector<char> bytes_;
};

namespace detail {

/// Throws unless the status is PK_OK.
inline void check(pk_status status, const pk_error &error) {
    if (status != PK_OK) throw Error(error);
}

/// Learns the length, makes the buffer, fills it. None where there is no such text.
template <typename Call> std::optional<SecretText> text(Call call) {
    pk_error error = PK_ERROR_INIT;
    std::size_t length = 0;
    pk_status status = call(nullptr, 0, &length, &error);
    if (status == PK_NOTHING) return std::nullopt;
    if (status != PK_BUFFER_TOO_SMALL) throw Error(error);
    SecretText text(length + 1);
    check(call(text.data(), text.capacity(), &length, &error), error);
    return text;
}

template <typename Call> std::string plain(Call call) {
    std::optional<SecretText> found = text(call);
    return found ? std::string(found->expose()) : std::string();
}

/// Owns a handle.
template <typename Handle, pk_status (*free)(Handle)> class Owner {
  public:
    Owner() noexcept = default;
    explicit Owner(Handle handle) noexcept : handle_(handle) {}
    Owner(const Owner &) = delete;
    Owner &operator=(const Owner &) = delete;
    Owner(Owner &&other) noexcept : handle_(std::exchange(other.handle_, Handle{})) {}
    Owner &operator=(Owner &&other) noexcept {
        if (this != &other) {
            reset();
            handle_ = std::exchange(other.handle_, Handle{});
        }
        return *this;
    }
    ~Owner() { reset(); }

    /// The handle, for the functions of proofkey.h; it stays owned.
    [[nodiscard]] Handle get() const noexcept { return handle_; }
    [[nodiscard]] explicit operator bool() const noexcept { return handle_.id != 0; }
    void reset() noexcept {
        if (handle_.id != 0) free(std::exchange(handle_, Handle{}));
    }

  private:
    Handle handle_{};
};

} // namespace detail

/// A text for the structures of proofkey.h; it must outlive the call.
inline pk_text view(std::string_view text) noexcept { return pk_text{text.data() ? text.data() : "", text.size()}; }

/// The same for one that may be absent.
inline pk_text view_or_none(std::optional<std::string_view> text) noexcept {
    return text ? view(*text) : pk_text{nullptr, 0};
}

/// The same for a list; the texts and what comes back must outlive the call.
inline std::vector<pk_text> views(const std::vector<std::string_view> &texts) {
    std::vector<pk_text> all;
    all.reserve(texts.size());
    for (std::string_view text : texts) all.push_back(view(text));
    return all;
}

/// Throws unless this header fits the library that is loaded.
inline void check_version() {
    pk_error error = PK_ERROR_INIT;
    detail::check(PK_CHECK_VERSION(&error), error);
}

} // namespace proofkey

#endif
