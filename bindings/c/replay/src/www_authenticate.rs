//! `WWW-Authenticate`.

use crate::c::{call, pairs, present, read, sized, views};
use proofkey_c::status::{PK_NOTHING, PK_OK};
use proofkey_c::www_authenticate::*;
use proofkey_core::www_authenticate::{Challenge, Defect, Demand};

pub struct Challenges {
    pub list: Vec<Challenge>,
    pub defects: Vec<Defect>,
    parsed: pk_www_authenticate,
}

impl Challenges {
    pub fn parse<'a>(fields: impl IntoIterator<Item = &'a str>) -> Self {
        let fields: Vec<String> = fields.into_iter().map(str::to_owned).collect();
        let given = views(&fields);
        let mut parsed = pk_www_authenticate { id: 0 };
        // SAFETY: everything that is pointed to lives until the end of this function.
        call(|error| unsafe {
            pk_www_authenticate_parse(given.as_ptr(), given.len(), &mut parsed, error)
        })
        .expect("any text can be parsed");
        let mut all = Self { list: Vec::new(), defects: Vec::new(), parsed };
        for index in 0.. {
            let mut one: pk_auth_challenge = sized();
            let null = std::ptr::null_mut();
            // SAFETY: the pointer is to a structure of this function; an error may be null.
            match unsafe { pk_www_authenticate_challenge(parsed, index, &mut one, null) } {
                PK_OK => all.push(&one),
                PK_NOTHING => break,
                status => panic!("{status}"),
            }
        }
        all
    }

    fn push(&mut self, one: &pk_auth_challenge) {
        let Some(scheme) = read(one.scheme) else {
            let code = present(one.defect);
            let all = [Defect::Syntax, Defect::Duplicate, Defect::TooLarge];
            self.defects.extend(all.into_iter().find(|defect| defect.code() == code));
            return;
        };
        assert_eq!(read(one.defect), None);
        assert!(self.defects.is_empty(), "those that were left out come last");
        let parameters = pairs(one.parameters, one.parameter_count);
        self.list.push(Challenge { scheme, token68: read(one.token68), parameters });
    }

    pub fn demand(&self) -> Option<Demand> {
        let mut demand: pk_demand = sized();
        let null = std::ptr::null_mut();
        // SAFETY: the pointer is to a structure of this function; an error may be null.
        match unsafe { pk_www_authenticate_demand(self.parsed, &mut demand, null) } {
            PK_OK => {}
            PK_NOTHING => return None,
            status => panic!("{status}"),
        }
        let list = |text: Option<String>| {
            text.map(|text| text.split(' ').map(str::to_owned).collect::<Vec<_>>())
        };
        Some(Demand {
            scheme: present(demand.scheme),
            resource_metadata: read(demand.resource_metadata),
            scopes: list(read(demand.scope)),
            error: read(demand.error),
            acr_values: list(read(demand.acr_values)),
            max_age: (demand.has_max_age == 1).then_some(demand.max_age),
        })
    }
}

impl Drop for Challenges {
    fn drop(&mut self) {
        pk_www_authenticate_free(self.parsed);
    }
}
