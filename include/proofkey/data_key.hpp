// The key that what is kept is sealed under.
//
// Licence: MIT OR Apache-2.0.
#ifndef PROOFKEY_DATA_KEY_HPP
#define PROOFKEY_DATA_KEY_HPP

#include <array>
#include <proofkey/base.hpp>

namespace proofkey {

/// The key that what is kept is sealed under: 32 bytes that the platform keeps, in a keyring for instance.
class DataKey : public detail::Owner<pk_data_key, pk_data_key_free> {
  public:
    using Owner::Owner;
    /// A fresh one, by the system's generator.
    [[nodiscard]] static DataKey generate() {
        return make([](auto... to) { return pk_data_key_generate(to...); });
    }
    /// The key of these bytes, which are the caller's to wipe.
    [[nodiscard]] static DataKey from_bytes(const std::array<unsigned char, 32> &bytes) {
        return make([&bytes](auto... to) { return pk_data_key_from_bytes(bytes.data(), to...); });
    }
    /// The key of this text, as a keyring keeps it; the text is the caller's to wipe.
    [[nodiscard]] static DataKey from_text(std::string_view text) {
        pk_text given = view(text);
        return make([given](auto... to) { return pk_data_key_from_text(given.data, given.length, to...); });
    }
    /// The key as a text for a keyring.
    [[nodiscard]] SecretText expose_text() const {
        return std::move(*detail::text([this](auto... to) { return pk_data_key_expose_text(get(), to...); }));
    }

  private:
    template <typename Call> static DataKey make(Call call) {
        pk_error error = PK_ERROR_INIT;
        pk_data_key key{};
        detail::check(call(&key, &error), error);
        return DataKey(key);
    }
};

} // namespace proofkey

#endif
