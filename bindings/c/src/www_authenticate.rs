//! `WWW-Authenticate` (RFC 9110 §11.6.1), parsed.

use crate::call::call;
use crate::error::pk_error;
use crate::http::pk_header;
use crate::input::{self, Structure};
use crate::output::{Kept, Out};
use crate::status::{Fail, pk_status};
use crate::table::Table;
use crate::text::pk_text;
use core::mem::size_of;
use proofkey::www_authenticate::{Challenge, Challenges, Demand};

/// The `WWW-Authenticate` fields of an answer, parsed. The handle belongs to the caller, who frees it with
/// `pk_www_authenticate_free`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct pk_www_authenticate {
    /// Not for the caller.
    pub id: u64,
}

/// What a resource asks for in its Bearer or DPoP challenge (RFC 6750 §3, RFC 9728 §5.1, RFC 9470 §3). All
/// pointers belong to the library and are good until the handle is freed.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct pk_demand {
    /// `sizeof(pk_demand)`, set by the caller: `pk_demand demand = PK_DEMAND_INIT;`.
    pub size: usize,
    /// `bearer` or `dpop`.
    pub scheme: pk_text,
    /// Where the resource's metadata is; may be absent.
    pub resource_metadata: pk_text,
    /// The scopes, with a space between them; absent where none are named, or one that is none.
    pub scope: pk_text,
    /// The error code, `invalid_token` or `insufficient_scope`; may be absent.
    pub error: pk_text,
    /// The authentication context class references that will do, the preferred ones first and with a space between
    /// them; may be absent.
    pub acr_values: pk_text,
    /// How old the user's authentication may be, in seconds, if `has_max_age`.
    pub max_age: u64,
    /// 1 if the age is limited, else 0.
    pub has_max_age: u32,
}

// SAFETY: `repr(C)`, the size first, numbers and pointers only.
unsafe impl Structure for pk_demand {}

/// One challenge, for logs and for schemes that are not this library's. All pointers belong to the library and
/// are good until the handle is freed.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct pk_auth_challenge {
    /// `sizeof(pk_auth_challenge)`, set by the caller: `pk_auth_challenge one = PK_AUTH_CHALLENGE_INIT;`.
    pub size: usize,
    /// The scheme, in lower case; absent where the challenge was left out.
    pub scheme: pk_text,
    /// The data of schemes such as Negotiate, instead of parameters; may be absent.
    pub token68: pk_text,
    /// The parameters in their order: names in lower case, values without quotes and escapes.
    pub parameters: *const pk_header,
    /// How many.
    pub parameter_count: usize,
    /// Why it was left out: `syntax`, `duplicate_parameter` or `too_large`; absent where it was not.
    pub defect: pk_text,
}

// SAFETY: `repr(C)`, the size first, numbers and pointers only.
unsafe impl Structure for pk_auth_challenge {}

struct Parsed {
    demand: Option<pk_demand>,
    /// The good ones, then those that were left out.
    challenges: Vec<pk_auth_challenge>,
    /// What both point to.
    _kept: Kept,
}

// SAFETY: the pointers point into `_kept`, which goes wherever they go, and only the caller of the library reads
// through them.
unsafe impl Send for Parsed {}

// SAFETY: as above; nothing is written through a shared reference.
unsafe impl Sync for Parsed {}

static PARSED: Table<Parsed> = Table::new(12, "www_authenticate");

const ABSENT: pk_auth_challenge = pk_auth_challenge {
    size: size_of::<pk_auth_challenge>(),
    scheme: pk_text::ABSENT,
    token68: pk_text::ABSENT,
    parameters: core::ptr::null(),
    parameter_count: 0,
    defect: pk_text::ABSENT,
};

impl Parsed {
    fn new(found: &Challenges) -> Self {
        let mut kept = Kept::default();
        let demand = found.demand().map(|demand| keep_demand(&demand, &mut kept));
        let mut challenges: Vec<_> =
            found.list.iter().map(|one| keep_challenge(one, &mut kept)).collect();
        challenges.extend(
            found
                .defects
                .iter()
                .map(|defect| pk_auth_challenge { defect: kept.text(defect.code()), ..ABSENT }),
        );
        Self { demand, challenges, _kept: kept }
    }
}

fn keep_demand(demand: &Demand, kept: &mut Kept) -> pk_demand {
    pk_demand {
        size: size_of::<pk_demand>(),
        scheme: kept.text(&demand.scheme),
        resource_metadata: kept.optional(demand.resource_metadata.as_deref()),
        scope: kept.optional(demand.scopes.as_ref().map(|list| list.join(" ")).as_deref()),
        error: kept.optional(demand.error.as_deref()),
        acr_values: kept.optional(demand.acr_values.as_ref().map(|list| list.join(" ")).as_deref()),
        max_age: demand.max_age.unwrap_or_default(),
        has_max_age: u32::from(demand.max_age.is_some()),
    }
}

fn keep_challenge(challenge: &Challenge, kept: &mut Kept) -> pk_auth_challenge {
    let parameters = challenge.parameters.iter().map(|(name, value)| (&**name, &**value));
    let (parameters, parameter_count) = kept.pairs(parameters);
    pk_auth_challenge {
        scheme: kept.text(&challenge.scheme),
        token68: kept.optional(challenge.token68.as_deref()),
        parameters,
        parameter_count,
        ..ABSENT
    }
}

/// Parses the values of all `WWW-Authenticate` fields of an answer, in their order, whatever stands in them.
/// `*www_authenticate` is the caller's to free. `pk_discovery_new` takes the fields as they are: this is for those who
/// want to know what a 401 or 403 says.
///
/// Returns `PK_OK` or a status of misuse. Any thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pk_www_authenticate_parse(
    fields: *const pk_text,
    field_count: usize,
    www_authenticate: *mut pk_www_authenticate,
    error: *mut pk_error,
) -> pk_status {
    // SAFETY: the caller's promise.
    unsafe {
        call(error, || {
            let out = Out::new("www_authenticate", www_authenticate)?;
            let fields = input::fields("fields", fields, field_count)?;
            let found = Challenges::parse(fields.iter().map(String::as_str));
            out.write(pk_www_authenticate { id: PARSED.insert(Parsed::new(&found))? });
            Ok(())
        })
    }
}

/// Says what is asked for: the first Bearer or DPoP challenge that names `resource_metadata`, else the first of
/// them. What `*demand` points to is good until the handle is freed.
///
/// Returns `PK_OK`; `PK_NOTHING` where there is no such challenge; or a status of misuse. Any thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pk_www_authenticate_demand(
    www_authenticate: pk_www_authenticate,
    demand: *mut pk_demand,
    error: *mut pk_error,
) -> pk_status {
    // SAFETY: the caller's promise.
    unsafe {
        call(error, || {
            let out = Out::structure("demand", demand)?;
            PARSED.with(www_authenticate.id, |parsed| {
                let missing = Fail::Nothing("there is no Bearer or DPoP challenge");
                out.write(parsed.demand.ok_or(missing)?);
                Ok(())
            })
        })
    }
}

/// Gives one of the challenges, in their order and from 0 on; after them those that were left out. What
/// `*challenge` points to is good until the handle is freed.
///
/// Returns `PK_OK`; `PK_NOTHING` after the last; or a status of misuse. Any thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pk_www_authenticate_challenge(
    www_authenticate: pk_www_authenticate,
    index: usize,
    challenge: *mut pk_auth_challenge,
    error: *mut pk_error,
) -> pk_status {
    // SAFETY: the caller's promise.
    unsafe {
        call(error, || {
            let out = Out::structure("challenge", challenge)?;
            PARSED.with(www_authenticate.id, |parsed| {
                let missing = Fail::Nothing("there are no more challenges");
                out.write(*parsed.challenges.get(index).ok_or(missing)?);
                Ok(())
            })
        })
    }
}

/// Frees what was parsed. Safe while another thread uses the handle.
///
/// Returns `PK_OK` or `PK_INVALID_HANDLE`. Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn pk_www_authenticate_free(www_authenticate: pk_www_authenticate) -> pk_status {
    PARSED.free(www_authenticate.id)
}
