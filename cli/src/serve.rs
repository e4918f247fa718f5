//! `proofkey serve`: the development authorization server, until Ctrl-C or SIGTERM.

mod store;

use crate::args::Serve;
use crate::error::{CliError, USAGE};
use crate::faults;
use crate::log;
use crate::output::{BAD, Out, SOFT, STRONG, paint};
use crate::signals::{Signals, runtime};
use proofkey::grant::client::ClientRecord;
use proofkey::secret::Secret;
use proofkey_server::dev::{DevError, DevServer, development_client};
use proofkey_server::fault::Fault;
use serde_json::json;
use std::fmt::Write as _;
use std::io::ErrorKind;
use std::net::SocketAddr;
use std::process::ExitCode;
use std::time::Duration;

/// How long requests may still run after the signal.
const SHUTDOWN: Duration = Duration::from_secs(2);

/// Runs the server.
pub fn run(args: Box<Serve>) -> Result<ExitCode, CliError> {
    if args.list_faults {
        return faults::list(args.json);
    }
    log::start(args.log_json);
    let runtime = runtime(2)?;
    runtime.block_on(async {
        let mut signals = Signals::install()?;
        let client = client(&args);
        let server = bind(&args, client.clone()).await?;
        let ready = if args.json {
            json_line(&args, &server, &client)
        } else {
            greeting(&args, &server, &client)
        };
        Out::stdout().put(&ready)?;
        let ended = async {
            signals.next().await;
        };
        server.run(ended).await;
        Ok(ExitCode::SUCCESS)
    })
}

/// The client that the options describe; what they leave out is that of the development client.
fn client(args: &Serve) -> ClientRecord {
    let mut client = development_client();
    if let Some(client_id) = &args.client_id {
        client.client_id.clone_from(client_id);
    }
    if !args.redirect_uris.is_empty() {
        client.redirect_uris.clone_from(&args.redirect_uris);
    }
    if !args.scopes.is_empty() {
        client.scopes.clone_from(&args.scopes);
    }
    client
}

/// What is to be done wrong, each once.
fn faults(args: &Serve) -> impl Iterator<Item = &'static Fault> {
    let all = args.faults.as_slice();
    let first = |n: &usize| all[..*n].iter().all(|known| known.name != all[*n].name);
    (0..all.len()).filter(first).map(|n| all[n])
}

async fn bind(args: &Serve, client: ClientRecord) -> Result<DevServer, CliError> {
    let address = SocketAddr::new(args.bind, args.port);
    let mut builder = DevServer::builder()
        .address(address)
        .allow_remote(args.allow_remote)
        .client(client)
        .auto_approve(args.auto_approve)
        .discovery(args.discovery)
        .client_documents(args.client_documents)
        .access_token_lifetime_s(args.access_token_lifetime)
        .refresh_token_lifetime_s(args.refresh_token_lifetime)
        .reuse_window_s(args.reuse_window)
        .required_scopes(args.required_scopes.clone())
        .more(args.more.options())
        .user_name(args.user.as_str())
        .fault_clients(true)
        .shutdown_deadline(SHUTDOWN);
    for fault in faults(args) {
        tracing::warn!("this server sins on purpose: {}: {}", fault.name, fault.does);
        builder = builder.fault(fault);
    }
    if let Some(issuer) = &args.issuer {
        builder = builder.issuer(issuer.as_str());
    }
    if let Some(path) = &args.issuer_path {
        builder = builder.issuer_path(path.as_str());
    }
    if args.no_registration {
        builder = builder.max_registrations(0);
    }
    if let Some(store) = store::open(&args.store).await? {
        builder = builder.store(store.grants).registered_clients(store.clients);
    }
    builder.bind().await.map_err(refused)
}

fn refused(error: DevError) -> CliError {
    match error {
        DevError::Bind { address, source } if source.kind() == ErrorKind::AddrInUse => {
            CliError::new(
                "port_in_use",
                format!("port {} of {} is in use by another program", address.port(), address.ip()),
                "Stop that program, or choose another port: `--port 0` takes a free one.",
            )
        }
        DevError::Bind { address, source } => CliError::new(
            "listen_failed",
            format!("{address} cannot be listened on: {source}"),
            "Check --bind, and choose a --port of 1024 or above.",
        ),
        DevError::NotLoopback { address } => CliError {
            exit: USAGE,
            ..CliError::new(
                "not_loopback",
                format!("{} is an address that others can reach", address.ip()),
                "Leave --bind out, or give --allow-remote and --issuer with the https address of the \
                 proxy before it.",
            )
        },
        DevError::Configuration(error) => CliError { exit: USAGE, ..error.into() },
        DevError::Random | DevError::Clock => CliError::new("configuration", error.to_string(), ""),
        error => CliError {
            exit: USAGE,
            ..CliError::new("configuration", error.to_string(), "Run `proofkey serve --help`.")
        },
    }
}

/// One line for scripts that wait until the server is ready.
fn json_line(args: &Serve, server: &DevServer, client: &ClientRecord) -> String {
    let at = server.addresses();
    let line = json!({
        "issuer": at.issuer,
        "port": server.address().port(),
        "authorization_endpoint": at.authorization_endpoint,
        "token_endpoint": at.token_endpoint,
        "revocation_endpoint": at.revocation_endpoint,
        "registration_endpoint": at.registration_endpoint,
        "pushed_authorization_request_endpoint": at.pushed_authorization_request_endpoint,
        "device_authorization_endpoint": at.device_authorization_endpoint,
        "device_page": at.device_page,
        "jwks_uri": at.jwks_uri,
        "end_session_endpoint": at.end_session_endpoint,
        "resource": at.resource,
        "resource_metadata": at.resource_metadata,
        "introspection_endpoint": at.introspection_endpoint,
        "introspection_secret": server.introspection_secret().map(Secret::expose),
        "counters": at.counters,
        "client_id": client.client_id,
        "redirect_uris": client.redirect_uris,
        "scopes": client.scopes,
        "auto_approve": args.auto_approve,
        "faults": faults(args).map(|fault| fault.name).collect::<Vec<_>>(),
    });
    format!("{line}\n")
}

fn greeting(args: &Serve, server: &DevServer, client: &ClientRecord) -> String {
    let mut text = format!("{}\n", paint(STRONG, "ProofKey development server"));
    let mut row = |name: &str, value: &str| {
        // Writing into a String cannot fail.
        let _ = writeln!(text, "  {}  {value}", paint(SOFT, &format!("{name:<13}")));
    };
    let at = server.addresses();
    let (_, host) = at.issuer.split_once("://").unwrap_or_default();
    let path = host.find('/').map_or(0, |slash| host.len() - slash);
    let origin = &at.issuer[..at.issuer.len() - path];
    let short = |address: &str| address.strip_prefix(origin).unwrap_or(address).to_owned();
    row("issuer", &at.issuer);
    for address in &at.metadata {
        row("metadata", &short(address));
    }
    row("authorization", &short(&at.authorization_endpoint));
    row("token", &short(&at.token_endpoint));
    row("revocation", &short(&at.revocation_endpoint));
    if let Some(address) = &at.registration_endpoint {
        row("registration", &short(address));
    }
    row("pushed", &short(&at.pushed_authorization_request_endpoint));
    row("device", &short(&at.device_page));
    let taken = "takes the access token as `Authorization: Bearer …`";
    row("resource", &format!("{}  ({taken})", short(&at.resource)));
    if let (Some(address), Some(secret)) =
        (&at.introspection_endpoint, server.introspection_secret())
    {
        row("introspection", &format!("{}  (Bearer {})", short(address), secret.expose()));
    }
    row("counters", &short(&at.counters));
    row("client_id", &client.client_id);
    for uri in &client.redirect_uris {
        let literal = ["http://127.0.0.1", "http://[::1]"].iter().any(|h| uri.starts_with(h));
        row("redirect_uri", &format!("{uri}{}", if literal { "  (any port)" } else { "" }));
    }
    row("scopes", &client.scopes.join(" "));
    row("store", &store::described(&args.store));
    let asked =
        if args.auto_approve { "never asked: --auto-approve" } else { "asked at the browser" };
    row("user", &format!("{} ({asked})", args.user));
    for fault in faults(args) {
        row("FAULT", &format!("{}  (it does wrong on purpose)", paint(BAD, fault.name)));
    }
    text.push_str("\nGive issuer, client_id and redirect_uri to your program, and sign in.\n");
    text.push_str("Ctrl-C ends it.\n\n");
    text
}
