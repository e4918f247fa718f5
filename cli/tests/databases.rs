//! `proofkey serve` over databases that are servers of their own; the suite `stores` runs it.
#![cfg(unix)]
#![allow(dead_code, clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod common;
#[path = "../../server/tests/databases/server.rs"]
mod database;

use common::home::Home;
use common::server::Server;
use common::{code, holds_code_or_token, proofkey, run, stderr, stdout};
use database::Server as Database;
use std::process::Command;

/// The server over this store, whose password stands in the variable and not in the arguments.
fn serve(store: &str, password: &str, port: &str) -> Command {
    let mut command = proofkey(&[
        "serve",
        "--json",
        "--auto-approve",
        "--port",
        port,
        "--store",
        store,
        "--log-json",
    ]);
    command.env("PGPASSWORD", password).env("REDISCLI_AUTH", password).env("RUST_LOG", "trace");
    command
}

/// A sign-in outlives the server, and so does a client that registered itself (RFC 7591); and no log at any level holds the password, a code or a token.
#[test]
fn a_sign_in_lies_in_postgresql_and_no_secret_in_the_log() {
    let database = Database::start(&["postgres"]);
    let (password, port) = (database.text("password"), &database.ready["port"]);
    let store = format!("postgres://proofkey@127.0.0.1:{port}/postgres");
    a_sign_in_outlives_the_server(|port| serve(&store, password, port), password);
}

/// The same in Redis, and on an encrypted way there; the roots of trust are the system's.
#[test]
fn a_sign_in_lies_in_redis_and_no_secret_in_the_log() {
    for tls in [false, true] {
        let arguments: &[&str] = if tls { &["redis", "--tls"] } else { &["redis"] };
        let database = Database::start(arguments);
        demand(&database, "canary-password");
        let command = |port: &str| {
            let mut command = serve(database.text("url"), "canary-password", port);
            command.env("SSL_CERT_FILE", database.text("roots"));
            command
        };
        a_sign_in_outlives_the_server(command, "canary-password");
    }
}

/// Makes Redis ask for this password.
fn demand(database: &Database, password: &str) {
    let socket = database.text("socket");
    let set = ["-s", socket, "CONFIG", "SET", "requirepass", password];
    assert_eq!(stdout(&run(Command::new("redis-cli").args(set))), "OK\n");
}

fn a_sign_in_outlives_the_server(serve: impl Fn(&str) -> Command, password: &str) {
    let home = Home::new();
    let first = Server::of(serve("0"));
    let resource = first.text("resource").to_owned();
    let own_port = first.ready["port"].to_string();
    // It registers itself: the next server must know the client as well.
    let output = home.login(&[&resource]);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    let token = |home: &Home| stdout(&home.run(&["token", &resource])).trim_end().to_owned();
    let access = token(&home);
    assert!(holds_code_or_token(&access), "the control for the search below");
    let (ended, _, log) = first.end("TERM");
    assert_eq!(ended, Some(0), "{log}");

    let again = Server::of(serve(&own_port));
    let output = home.run(&["fetch", &resource]);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    assert_eq!(token(&home), access, "another sign-in was needed");
    let (_, _, more) = again.end("TERM");
    let log = log + &more;
    assert!(log.contains("Claim") && log.contains("FindToken"), "{log}");
    assert!(!log.contains(password), "the password in the log");
    assert!(!holds_code_or_token(&log), "a code or a token in the log");
}

/// The newest version of a schema is whichever it is.
fn without_version(line: &str) -> String {
    match line.split_once("knows up to ") {
        None => line.to_owned(),
        Some((begin, end)) => {
            let end = end.trim_start_matches(|c: char| c.is_ascii_digit());
            format!("{begin}knows up to N{end}")
        }
    }
}

/// What is wrong with a database, in one line that says what to do.
#[test]
fn a_database_that_cannot_be_used_is_one_line() {
    let database = Database::start(&["postgres"]);
    let (password, port) = (database.text("password"), &database.ready["port"]);
    let place = format!("postgres://127.0.0.1:{port}");
    let at = |name: &str| format!("postgres://proofkey@127.0.0.1:{port}/{name}");
    let newer = "CREATE SCHEMA proofkey; CREATE TABLE proofkey.proofkey_schema (version integer);
                 INSERT INTO proofkey.proofkey_schema VALUES (99)";
    let url = database.text("url");
    assert_eq!(code(&run(Command::new("psql").args(["-q", "-d", url, "-c", newer]))), 0);
    for (store, password, expected) in [
        (
            at("postgres"),
            "wrong-password",
            format!(
                "the grant store {place}/postgres refuses: password authentication failed for user \
                 \"proofkey\"; check user, password and rights."
            ),
        ),
        (
            at("none"),
            password,
            format!(
                "the grant store {place}/none refuses: database \"none\" does not exist; check user, password \
                 and rights."
            ),
        ),
        (
            at("postgres"),
            password,
            format!(
                "the grant store {place}/postgres (schema proofkey) has schema version 99, this program knows up to \
                 N: update the program, or name another store."
            ),
        ),
    ] {
        let output = run(&mut serve(&store, password, "0"));
        assert_eq!((code(&output), stdout(&output)), (1, ""));
        let line = without_version(stderr(&output).lines().last().unwrap());
        assert_eq!(line, format!("proofkey: store_failed: {expected}"));
        assert!(!stderr(&output).contains(password));
    }
}

/// Who wants an encrypted way and finds none, or the other way round, is told so.
#[test]
fn a_way_that_is_not_encrypted_as_asked_is_one_line() {
    let postgres = Database::start(&["postgres"]);
    let redis = Database::start(&["redis"]);
    let encrypted = Database::start(&["redis", "--tls"]);
    let port = &postgres.ready["port"];
    let plain = redis.text("url");
    for (store, place) in [
        (
            format!("postgres://proofkey@127.0.0.1:{port}/postgres?sslmode=verify-full"),
            format!("postgres://127.0.0.1:{port}/postgres"),
        ),
        (plain.replace("redis://", "rediss://"), plain.replace("redis://", "rediss://")),
        // Its certificate is signed by nobody that the system knows.
        (encrypted.text("url").into(), encrypted.text("url").into()),
    ] {
        let output = run(&mut serve(&store, "canary-password", "0"));
        assert_eq!((code(&output), stdout(&output)), (1, ""), "{store}");
        let line = stderr(&output).lines().last().unwrap();
        let begins = format!("proofkey: store_failed: the grant store {place} cannot be reached: ");
        assert!(line.starts_with(&begins), "{line}");
        assert!(line.ends_with("check that it runs, and its address."), "{line}");
        assert!(!stderr(&output).contains("canary"), "{}", stderr(&output));
    }
}

/// What is wrong with a Redis server, in one line that says what to do.
#[test]
fn a_redis_server_that_cannot_be_used_is_one_line() {
    let mut database = Database::start(&["redis"]);
    let url = database.text("url").to_owned();
    demand(&database, "canary-password");
    let failed = |store: &str, password: &str, expected: &str| {
        let output = run(&mut serve(store, password, "0"));
        assert_eq!((code(&output), stdout(&output)), (1, ""));
        let line = without_version(stderr(&output).lines().last().unwrap());
        assert_eq!(line, format!("proofkey: store_failed: {expected}"));
        assert!(!stderr(&output).contains("canary"), "{}", stderr(&output));
    };
    let denied = format!(
        "the grant store {url} refuses: wrong user or password; check user, password and rights."
    );
    failed(&url, "canary-wrong", &denied);
    failed(&url.replace("//", "//:canary-wrong@"), "canary-password", &denied);
    let socket = database.text("socket");
    let evict =
        ["-s", socket, "-a", "canary-password", "CONFIG", "SET", "maxmemory-policy", "allkeys-lru"];
    assert_eq!(stdout(&run(Command::new("redis-cli").args(evict))), "OK\n");
    failed(
        &url,
        "canary-password",
        &format!(
            "the server {url} cannot keep grants: its maxmemory-policy is allkeys-lru, which would forget \
             revocations: set it to noeviction."
        ),
    );
    let back =
        ["-s", socket, "-a", "canary-password", "CONFIG", "SET", "maxmemory-policy", "noeviction"];
    assert_eq!(stdout(&run(Command::new("redis-cli").args(back))), "OK\n");
    let newer = ["-s", socket, "-a", "canary-password", "SET", "proofkey:layout", "99"];
    assert_eq!(stdout(&run(Command::new("redis-cli").args(newer))), "OK\n");
    failed(
        &url,
        "canary-password",
        &format!(
            "the grant store {url} has schema version 99, this program knows up to N: update the program, or \
             name another store."
        ),
    );
    database.tell("stop");
    failed(
        &url,
        "canary-password",
        &format!(
            "the grant store {url} cannot be reached: Connection refused (os error 111); check that it runs, and \
             its address."
        ),
    );
    let output = run(&mut serve("redis://:canary@", "", "0"));
    assert_eq!(code(&output), 2);
    assert!(
        stderr(&output)
            .contains("the address of the grant store cannot be used: expected redis://")
    );
    assert!(!stderr(&output).contains("canary"), "{}", stderr(&output));
}
