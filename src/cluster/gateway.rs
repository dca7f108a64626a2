//! stub
#[derive(Debug, Clone, Default)]
pub struct Gateway;
