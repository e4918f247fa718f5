// ProofKey for C++17: the C functions of proofkey.h with owners that cannot be copied, texts, and exceptions.
//
// Every owner frees its handle when it goes. Misuse, errors of the protocol and panics come as
// proofkey::Error; what may be absent is std::optional. Texts that are secret stand in a proofkey::SecretText,
// which wipes itself.
//
// Licence: MIT OR Apache-2.0.
#ifndef PROOFKEY_HPP
#define PROOFKEY_HPP

#include <proofkey/access.hpp>
#include <proofkey/client_document.hpp>
#include <proofkey/discovery.hpp>
#include <proofkey/file_store.hpp>
#include <proofkey/grant.hpp>
#include <proofkey/identity.hpp>
#include <proofkey/pair.hpp>
#include <proofkey/possession.hpp>
#include <proofkey/receiver.hpp>
#include <proofkey/resource_call.hpp>
#include <proofkey/session.hpp>
#include <proofkey/sign_in.hpp>

#endif
