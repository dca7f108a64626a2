//! What several test files need and no test asserts. Nothing here stands in for a part of Kubernetes.

pub(crate) mod controlplane;
pub(crate) mod fault_proxy;
pub(crate) mod memory_server;
pub(crate) mod pki;
pub(crate) mod temp;
