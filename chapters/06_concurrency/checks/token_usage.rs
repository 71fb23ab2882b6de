//! What `token_usage` must do: count every token, whichever thread it comes from.

use super::{Usage, serve};

#[test]
fn adds_up_a_tenants_tokens() {
    let usage = Usage::default();
    usage.add("acme", 3);
    usage.add("acme", 4);
    let got = usage.of("acme");
    let want = 7;
    assert_eq!(got, want, "tokens of a tenant after 3 and 4");
}

#[test]
fn a_new_tenant_has_used_nothing() {
    let got = Usage::default().of("acme");
    let want = 0;
    assert_eq!(got, want, "tokens of an unknown tenant");
}

#[test]
fn counts_the_tokens_of_every_thread() {
    let usage = Usage::default();
    let requests = [("acme", "a b c"), ("umbrella", "d"), ("acme", "e f")].repeat(20);
    serve(&usage, &requests);
    let got = [usage.of("acme"), usage.of("umbrella")];
    let want = [100, 20];
    assert_eq!(got, want, "tokens of two tenants, 60 requests");
}
