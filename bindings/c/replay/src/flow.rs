//! The sign-in flow.

pub mod sign_in {
    use crate::c::{call, present, request, sized, view, view_or_none, views, with_response};
    use crate::error::{Error, refusal};
    use crate::token::TokenSet;
    use proofkey_c::http::pk_http_response;
    use proofkey_c::sign_in::{
        pk_sign_in, pk_sign_in_advance, pk_sign_in_config, pk_sign_in_free, pk_sign_in_new,
        pk_sign_in_outcome,
    };
    use proofkey_c::status::{PK_NOTHING, PK_OK};
    use proofkey_c::step::*;
    use proofkey_c::tokens::pk_tokens;
    use proofkey_core::step::{Event, Listen, LoopbackHost, Lost, Step};

    pub use proofkey_core::flow::sign_in::{RedirectTarget, SignInConfig};

    pub struct SignIn(pk_sign_in);

    impl SignIn {
        pub fn new(config: SignInConfig) -> Result<Self, Error> {
            let scopes = views(&config.scopes);
            let mut given: pk_sign_in_config = sized();
            given.issuer = view(&config.issuer);
            given.authorization_endpoint = view(&config.authorization_endpoint);
            given.token_endpoint = view(&config.token_endpoint);
            given.client_id = view(&config.client_id);
            given.scopes = scopes.as_ptr();
            given.scope_count = scopes.len();
            given.resource = view_or_none(config.resource.as_deref());
            given.browse_timeout_ms = config.browse_timeout_ms;
            given.iss_promised = u32::from(config.iss_promised);
            match &config.redirect {
                RedirectTarget::Fixed(uri) => given.redirect_uri = view(uri),
                RedirectTarget::Loopback(listen) => {
                    given.loopback_path = view(&listen.path);
                    given.loopback_port = listen.port;
                    given.loopback_host = match listen.host {
                        LoopbackHost::V4 => PK_HOST_V4,
                        LoopbackHost::V6 => PK_HOST_V6,
                        LoopbackHost::Localhost => PK_HOST_LOCALHOST,
                    };
                }
            }
            let mut sign_in = pk_sign_in { id: 0 };
            // SAFETY: everything that is pointed to lives until the end of this function.
            call(|error| unsafe { pk_sign_in_new(&given, &mut sign_in, error) })?;
            Ok(Self(sign_in))
        }

        pub fn advance(&mut self, event: Event, now: u64) -> Result<Step, Error> {
            match &event {
                Event::Response(response) => {
                    with_response(response, |given| self.give(&event, given, now))
                }
                _ => self.give(&event, std::ptr::null(), now),
            }
        }

        fn give(
            &mut self,
            event: &Event,
            response: *const pk_http_response,
            now: u64,
        ) -> Result<Step, Error> {
            let mut given: pk_event = sized();
            given.response = response;
            given.kind = match event {
                Event::Start => PK_EVENT_START,
                Event::Listening { port } => {
                    given.port = *port;
                    PK_EVENT_LISTENING
                }
                Event::Response(_) => PK_EVENT_RESPONSE,
                Event::Unreachable { reason, detail } => {
                    given.lost = match reason {
                        Lost::NotConnected => PK_LOST_NOT_CONNECTED,
                        Lost::Lost => PK_LOST_LOST,
                        Lost::TimedOut => PK_LOST_TIMED_OUT,
                        Lost::TooLarge => PK_LOST_TOO_LARGE,
                    };
                    given.detail = view(detail);
                    PK_EVENT_UNREACHABLE
                }
                Event::Redirect { uri } => {
                    given.redirect = view(uri);
                    PK_EVENT_REDIRECT
                }
                Event::Elapsed => PK_EVENT_ELAPSED,
                Event::Dismissed => PK_EVENT_DISMISSED,
                Event::Failed { code, detail } => {
                    (given.code, given.detail) = (view(code), view(detail));
                    PK_EVENT_FAILED
                }
                Event::Cancel => PK_EVENT_CANCEL,
            };
            let mut step: pk_step = sized();
            // SAFETY: everything that is pointed to lives until the end of this function.
            call(|error| unsafe { pk_sign_in_advance(self.0, &given, now, &mut step, error) })?;
            Ok(read(&step))
        }

        pub fn outcome(&mut self) -> Option<TokenSet> {
            let mut tokens = pk_tokens { id: 0 };
            // SAFETY: the pointer is to a structure of this function; an error may be null.
            match unsafe { pk_sign_in_outcome(self.0, &mut tokens, std::ptr::null_mut()) } {
                PK_OK => Some(TokenSet::take(tokens)),
                PK_NOTHING => None,
                status => panic!("{status}"),
            }
        }
    }

    impl Drop for SignIn {
        fn drop(&mut self) {
            pk_sign_in_free(self.0);
        }
    }

    fn read(step: &pk_step) -> Step {
        match step.kind {
            PK_STEP_LISTEN => Step::Listen(Listen {
                host: match step.host {
                    PK_HOST_V4 => LoopbackHost::V4,
                    PK_HOST_V6 => LoopbackHost::V6,
                    PK_HOST_LOCALHOST => LoopbackHost::Localhost,
                    other => panic!("unknown host {other}"),
                },
                port: step.port,
                path: present(step.path),
            }),
            PK_STEP_SEND => {
                Step::Send { request: request(&step.request), finish: step.finish != 0 }
            }
            PK_STEP_BROWSE => Step::Browse {
                url: present(step.url),
                redirect_uri: present(step.redirect_uri),
                deadline_ms: step.deadline_ms,
            },
            PK_STEP_AWAIT => Step::Await {
                deadline_ms: step.deadline_ms,
                refused: refusal(&present(step.refused)),
            },
            PK_STEP_DONE => Step::Done,
            other => panic!("unknown step {other}"),
        }
    }
}
