package dev.proofkey.jvm

import dev.proofkey.FileTokenStore

/**
 * Keeps tokens in a folder of this user, with the key in the desktop's keyring where `secret-tool` (libsecret) is
 * installed and a keyring answers, else in a file beside them.
 *
 * @param folder null: the one that `PROOFKEY_STORE` names, else this user's own, such as `~/.local/share/proofkey`.
 * @param onKeyFile is told, once, in a sentence, where the key lies in a file. By default it is written to standard error.
 * @throws dev.proofkey.ProofKeyException.FixConfiguration the folder cannot be used (`store_insecure`, `store_denied`).
 * @see dev.proofkey.FileTokenStore
 */
@JvmOverloads
public fun FileTokenStore(
    folder: String? = null,
    onKeyFile: (String) -> Unit = System.err::println,
): FileTokenStore = FileTokenStore(SecretTool.find(System.getenv("PATH").orEmpty()), folder, onKeyFile)
