// A grant store in memory, with a clock that is set: what a server in C++ answers to the steps of its flows. One thread
// at a time.
#ifndef MEMORY_STORE_HPP
#define MEMORY_STORE_HPP

#include <array>
#include <cstring>
#include <map>
#include <memory>
#include <optional>
#include <proofkey.hpp>
#include <string>
#include <vector>

using Hash = std::array<std::uint8_t, 32>;

inline std::string_view read(const pk_text &text) { return text.data ? std::string_view(text.data, text.length) : ""; }

class MemoryStore {
  public:
    std::uint64_t now = 1000;
    bool broken = false;
    // For how long the last name was to be remembered.
    std::uint64_t remembered_for = 0;

    [[nodiscard]] std::uint32_t mismatches(const std::string &grant_id) { return rows_.at(grant_id).found.mismatches; }
    [[nodiscard]] bool revoked(const std::string &grant_id) { return rows_.at(grant_id).found.revoked != 0; }

    // Does what the step says; what the event points to is good until the next call.
    pk_store_event answer(const pk_store_step &step) {
        pk_store_event event = PK_STORE_EVENT_INIT;
        auto found = rows_.find(std::string(read(step.grant_id)));
        Row *row = found == rows_.end() ? nullptr : &found->second;
        event.now = now;
        event.kind = PK_STORE_EVENT_FAILED;
        if (broken) return event;
        switch (step.kind) {
            case PK_STORE_STEP_PUT:
                event.kind = PK_STORE_EVENT_STORED;
                event.done = rows_.try_emplace(std::string(read(step.grant_id)), step, now).second;
                break;
            case PK_STORE_STEP_FIND:
                event.kind = PK_STORE_EVENT_FOUND;
                if (row && row->hash == hash_of(step)) event.found_grant = &row->found;
                break;
            case PK_STORE_STEP_CLAIM:
                event.kind = PK_STORE_EVENT_CLAIMED;
                if (!row || row->hash != hash_of(step) || !row->may_be_claimed(step, now)) break;
                if (!row->write(step, now, row->generation)) return failed(event);
                event.done = row->found.used = 1;
                break;
            case PK_STORE_STEP_COUNT:
                event.kind = PK_STORE_EVENT_OK;
                if (row) row->found.mismatches++;
                break;
            case PK_STORE_STEP_REVOKE:
                event.kind = PK_STORE_EVENT_OK;
                if (row) row->found.revoked = 1;
                break;
            case PK_STORE_STEP_FIND_TOKEN:
                event.kind = PK_STORE_EVENT_FOUND_TOKEN;
                if (row) event.found_token = row->find(hash_of(step));
                break;
            case PK_STORE_STEP_ROTATE:
                event.kind = PK_STORE_EVENT_ROTATED;
                if (auto next = row ? row->generation_after(step, now) : std::nullopt) {
                    if (!row->write(step, now, *next)) return failed(event);
                    if (*next != row->generation) row->rotated_at = now;
                    row->generation = *next;
                    event.done = 1;
                }
                break;
            case PK_STORE_STEP_REMEMBER: {
                std::uint64_t &until = names_[std::string(read(step.name))];
                event.kind = PK_STORE_EVENT_REMEMBERED;
                event.done = until <= now;
                if (event.done) until = now + step.lifetime_s;
                remembered_for = step.lifetime_s;
                break;
            }
            default: break; // a step of a newer library
        }
        return event;
    }

  private:
    struct Token {
        pk_found_token found;
        std::uint64_t generation;
    };

    // A grant and its tokens. It stays where it is: what is given out points into it.
    struct Row {
        Row(const pk_store_step &step, std::uint64_t now) : grant(*step.grant), hash(hash_of(step)) {
            for (pk_text *text : {&grant.grant_id, &grant.client_id, &grant.subject, &grant.redirect_uri,
                                  &grant.code_challenge, &grant.scope, &grant.resource, &grant.dpop_jkt, &grant.nonce,
                                  &grant.acr, &grant.authorization_details})
                *text = kept(*text);
            found.grant = &grant;
            found.expires_at = now + step.lifetime_s;
        }
        Row(const Row &) = delete;
        Row &operator=(const Row &) = delete;

        [[nodiscard]] bool may_be_claimed(const pk_store_step &step, std::uint64_t now) const {
            return !found.used && !found.revoked && found.mismatches < step.max_mismatches && found.expires_at > now;
        }

        // The tokens of a claim or a rotation: all of them, or none where one is there already.
        bool write(const pk_store_step &step, std::uint64_t now, std::uint64_t into) {
            std::map<Hash, Token> fresh;
            for (std::size_t i = 0; i < step.token_count; i++) {
                const pk_new_token &issued = step.tokens[i];
                Token token{PK_FOUND_TOKEN_INIT, into};
                token.found.grant = &grant;
                token.found.expires_at = now + issued.lifetime_s;
                token.found.kind = issued.kind;
                token.found.scope = kept(issued.scope);
                token.found.dpop_jkt = kept(issued.dpop_jkt);
                Hash token_hash;
                std::memcpy(token_hash.data(), issued.hash, token_hash.size());
                if (tokens.count(token_hash) != 0 || !fresh.emplace(token_hash, token).second) return false;
            }
            tokens.merge(fresh);
            return true;
        }

        const pk_found_token *find(const Hash &token_hash) {
            auto token = tokens.find(token_hash);
            if (token == tokens.end()) return nullptr;
            pk_found_token &row = token->second.found;
            row.revoked = found.revoked;
            row.rotated_at = rotated_at;
            row.rotation = stands(token->second);
            return &row;
        }

        // The generation that tokens may be written into for this one: one of the newest begins the next.
        [[nodiscard]] std::optional<std::uint64_t> generation_after(const pk_store_step &step,
                                                                    std::uint64_t now) const {
            auto token = tokens.find(hash_of(step));
            if (token == tokens.end() || found.revoked) return std::nullopt;
            if (token->second.found.kind != PK_TOKEN_REFRESH || token->second.found.expires_at <= now)
                return std::nullopt;
            if (token->second.generation == generation) return generation + 1;
            bool spared = token->second.generation + 1 == generation && rotated_at <= now &&
                          now - rotated_at < step.reuse_window_s;
            return spared ? std::optional(generation) : std::nullopt;
        }

        [[nodiscard]] std::uint32_t stands(const Token &token) const {
            if (token.found.kind == PK_TOKEN_ACCESS || token.generation == generation) return PK_ROTATION_NEWEST;
            return token.generation + 1 == generation ? PK_ROTATION_PREDECESSOR : PK_ROTATION_OLDER;
        }

        pk_text kept(const pk_text &text) {
            if (!text.data) return text;
            texts.push_back(std::make_unique<std::string>(read(text)));
            return proofkey::view(*texts.back());
        }

        std::vector<std::unique_ptr<std::string>> texts;
        pk_grant grant;
        Hash hash;
        std::uint64_t generation = 0, rotated_at = 0;
        pk_found_grant found = PK_FOUND_GRANT_INIT;
        std::map<Hash, Token> tokens;
    };

    static Hash hash_of(const pk_store_step &step) {
        Hash hash;
        std::memcpy(hash.data(), step.hash, hash.size());
        return hash;
    }

    static pk_store_event &failed(pk_store_event &event) {
        event.kind = PK_STORE_EVENT_FAILED;
        return event;
    }

    std::map<std::string, Row> rows_;
    std::map<std::string, std::uint64_t> names_;
};

#endif
