//! The one integration-test binary.

mod examples;
