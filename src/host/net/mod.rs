//! `net::`: IP addresses and ranges. Nothing here touches a network.

mod contains;
mod hosts;
mod is_cidr;
mod is_ip;
mod overlaps;
mod parse;
mod subnets;

use super::Failure;
use super::Spec;
use crate::diag::codes;
use ipnet::IpNet;

/// All functions of `net::`.
pub(super) const FUNCTIONS: &[&Spec] =
    &[&is_ip::SPEC, &is_cidr::SPEC, &parse::SPEC, &contains::SPEC, &overlaps::SPEC, &hosts::SPEC, &subnets::SPEC];

/// How many addresses or ranges one call may list.
const LISTED: u128 = 65_536;

fn range(text: &str) -> Result<IpNet, Failure> {
    text.parse().map_err(|_| {
        Failure::new(codes::DECODE, format!("`{text}` is no address range")).hint("a range is written `10.0.0.0/8`")
    })
}

/// How many addresses a range has; `None` for all of IPv6.
fn size(range: &IpNet) -> Option<u128> {
    1_u128.checked_shl(u32::from(range.max_prefix_len() - range.prefix_len()))
}

fn few_enough(count: Option<u128>, what: &str) -> Result<(), Failure> {
    match count {
        Some(count) if count <= LISTED => Ok(()),
        _ => Err(Failure::new(codes::VALUE_BUDGET, format!("more than {LISTED} {what}"))
            .hint("choose a smaller range, or work with `net::contains`")),
    }
}
