/* What a server says of keys and sign-ins: for the table. */
#include "spoil.h"

static const uint8_t nonce_key[32] = "0123456789abcdef0123456789abcdef";

static pk_proof_rules rules(enum spoil spoil) {
    pk_proof_rules rules = PK_PROOF_RULES_INIT;
    if (spoil == BAD_SIZE) rules.size++;
    rules.window_s = 60;
    rules.nonce_key = nonce_key;
    rules.nonce_lifetime_s = 300;
    return rules;
}
static pk_request_proof proof(enum spoil spoil) {
    static pk_text field;
    pk_request_proof proof = PK_REQUEST_PROOF_INIT;
    field = view("x", GOOD);
    proof.fields = spoil == NO_INPUT ? NULL : &field;
    proof.field_count = spoil == TOO_LONG ? SIZE_MAX : 1;
    proof.method = view("POST", spoil == BAD_UTF8 ? BAD_UTF8 : GOOD);
    proof.url = view("https://as.example/token", GOOD);
    proof.now = 1800000000;
    return proof;
}
pk_status redeem_present(uint64_t handle, enum spoil spoil, pk_error *error) {
    pk_redeem redeem = {handle};
    pk_proof_rules asked = rules(spoil);
    pk_request_proof came = proof(spoil);
    ONLY("iths");
    return pk_redeem_present(redeem, &asked, &came, error);
}
pk_status check_present(uint64_t handle, enum spoil spoil, pk_error *error) {
    pk_check check = {handle};
    pk_proof_rules asked = rules(GOOD);
    pk_request_proof came = proof(spoil);
    ONLY("iths");
    if (spoil == BAD_SIZE) came.size = 0;
    return pk_check_present(check, &asked, &came, error);
}
pk_status check_demand(uint64_t handle, enum spoil spoil, pk_error *error) {
    pk_check check = {handle};
    pk_check_demands demands = PK_CHECK_DEMANDS_INIT;
    pk_text acr = view("strong", spoil == BAD_UTF8 ? BAD_UTF8 : GOOD);
    ONLY("iths");
    if (spoil == BAD_SIZE) demands.size--;
    demands.acr_values = spoil == NO_INPUT ? NULL : &acr;
    demands.acr_value_count = spoil == TOO_LONG ? SIZE_MAX : 1;
    demands.max_age_s = 60;
    demands.has_max_age = 1;
    return pk_check_demand(check, &demands, error);
}
pk_status issue_signed_in(uint64_t handle, enum spoil spoil, pk_error *error) {
    pk_issue issue = {handle};
    ONLY("ith");
    return pk_issue_signed_in(issue, 1800000000, view("strong", spoil), error);
}
pk_status request_decline(uint64_t handle, enum spoil spoil, pk_error *error) {
    pk_grant_request request = {handle};
    uint32_t why = spoil == BAD_VALUE ? 99 : PK_DECLINE_LOGIN_REQUIRED;
    ONLY("vbn");
    TEXT_CALL(pk_grant_request_decline(request, why, OUT_TEXT, error));
}
pk_status body_with_id_token(uint64_t handle, enum spoil spoil, pk_error *error) {
    (void)handle;
    ONLY("ithbn");
    TEXT_CALL(pk_body_with_id_token("{\"token_type\":\"Bearer\"}", 23, in("a.b.c", spoil), in_length("a.b.c", spoil),
                                    OUT_TEXT, error));
}
