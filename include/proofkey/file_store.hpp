// The file store: sealed records in a folder of the user, shared by all languages and the program `proofkey`.
//
// Licence: MIT OR Apache-2.0.
#ifndef PROOFKEY_FILE_STORE_HPP
#define PROOFKEY_FILE_STORE_HPP

#include <chrono>
#include <cstdint>
#include <proofkey/data_key.hpp>

namespace proofkey {

/// A lock that is held until this object goes.
class FileLock : public detail::Owner<pk_file_lock, pk_file_lock_free> {
  public:
    using Owner::Owner;
};

/// A folder with records.
class FileStore : public detail::Owner<pk_file_store, pk_file_store_free> {
  public:
    using Owner::Owner;
    explicit FileStore(std::string_view folder) : Owner(open(folder)) {}
    /// The folder of this user that all languages and the program share.
    [[nodiscard]] static std::string default_folder() { return detail::plain(pk_file_store_default_folder); }
    /// The folder, by its real path.
    [[nodiscard]] std::string folder() const {
        return detail::plain([this](auto... to) { return pk_file_store_folder(get(), to...); });
    }

    struct Stored {
        std::uint64_t revision; ///< Names this value; never 0.
        SecretText value;
    };
    /// What is stored under a key, for PK_STEP_LOAD. None where there is nothing.
    [[nodiscard]] std::optional<Stored> load(std::string_view key) const {
        pk_error error = PK_ERROR_INIT;
        pk_text given = view(key);
        SecretText room(PK_STORED_CAPACITY);
        std::size_t length = 0;
        std::uint64_t revision = 0;
        pk_status status = pk_file_store_load(get(), given.data, given.length, &revision, room.data(), room.capacity(),
                                              &length, &error);
        if (status == PK_NOTHING) return std::nullopt;
        detail::check(status, error);
        return Stored{revision, room.first(length)};
    }
    /// Writes, or deletes where there is no value, if what is stored is still of that revision, for PK_STEP_SWAP: 0 is
    /// that of nothing, none stands for any. Whether it was done.
    bool swap(std::string_view key, std::optional<std::uint64_t> revision, std::optional<std::string_view> value) {
        pk_error error = PK_ERROR_INIT;
        pk_text given = view(key), bytes = view_or_none(value);
        bool swapped = false;
        detail::check(pk_file_store_swap(get(), given.data, given.length, revision ? &*revision : nullptr, bytes.data,
                                         bytes.length, &swapped, &error),
                      error);
        return swapped;
    }
    /// Takes the lock of a key, for PK_STEP_LOCK. None where somebody else held it all the time.
    [[nodiscard]] std::optional<FileLock> lock(std::string_view key, std::chrono::milliseconds wait) {
        pk_error error = PK_ERROR_INIT;
        pk_text given = view(key);
        pk_file_lock lock{};
        std::uint64_t left = wait.count() > 0 ? static_cast<std::uint64_t>(wait.count()) : 0;
        pk_status status = pk_file_store_lock(get(), given.data, given.length, left, &lock, &error);
        if (status == PK_BUSY) return std::nullopt;
        detail::check(status, error);
        return FileLock(lock);
    }

    /// Where the data key of this folder is: PK_KEY_PLACE_FILE and the like.
    [[nodiscard]] std::uint32_t key_place() const {
        pk_error error = PK_ERROR_INIT;
        std::uint32_t place = 0;
        detail::check(pk_file_store_key_place(get(), &place, &error), error);
        return place;
    }
    /// The data key that is kept in a file beside the records; see pk_file_store_file_key.
    [[nodiscard]] DataKey file_key() {
        pk_error error = PK_ERROR_INIT;
        pk_data_key key{};
        detail::check(pk_file_store_file_key(get(), &key, &error), error);
        return DataKey(key);
    }
    /// Writes down that it is in the system's keyring; see pk_file_store_decide_keyring.
    bool decide_keyring() {
        pk_error error = PK_ERROR_INIT;
        bool decided = false;
        detail::check(pk_file_store_decide_keyring(get(), &decided, &error), error);
        return decided;
    }

  private:
    static pk_file_store open(std::string_view folder) {
        pk_error error = PK_ERROR_INIT;
        pk_file_store store{};
        pk_text given = view(folder);
        detail::check(pk_file_store_open(given.data, given.length, &store, &error), error);
        return store;
    }
};

} // namespace proofkey

#endif
