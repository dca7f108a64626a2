//! What bounds the pages of one list together. Each page has bounds of its own, but a server can name a next one for ever.

use super::reader::{STREAM_BYTES, STREAM_TIME};
use crate::cluster::Result;
use crate::cluster::error::{Call, Error};
use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;
use std::time::Duration;

/// The pages of a list so far.
#[derive(Default)]
pub(super) struct Pages {
    /// How long the server took for them. The time that their reader takes for itself is not the server's.
    pub(super) took: Duration,
    bytes: u64,
    /// Hashes of the tokens of all next pages.
    seen: HashSet<u64>,
}

impl Pages {
    /// So many bytes of a page have arrived.
    pub(super) fn grow(&mut self, call: &Arc<Call>, bytes: usize) -> Result<()> {
        self.bytes += bytes as u64;
        if self.bytes > STREAM_BYTES {
            return Err(Error::TooLarge { call: call.clone(), limit: STREAM_BYTES });
        }
        Ok(())
    }

    /// A page has ended, and names the next one. `start` is how it began.
    pub(super) fn turn(&mut self, call: &Arc<Call>, token: &str, start: &[u8]) -> Result<()> {
        let mut hasher = DefaultHasher::new();
        token.hash(&mut hasher);
        if !self.seen.insert(hasher.finish()) {
            return Err(Error::malformed(call, "it names the same next page again", start));
        }
        if self.took > STREAM_TIME {
            let last = Some(format!("{} pages and the name of a next one", self.seen.len()));
            return Err(Error::Timeout { call: call.clone(), after: self.took, last });
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::Pages;
    use crate::cluster::error::Call;
    use crate::cluster::read::reader::{STREAM_BYTES, STREAM_TIME};
    use crate::diag::{Explain, codes};
    use std::time::Duration;

    #[test]
    fn an_endless_list_of_small_pages_ends() {
        let call = Call::new(&"test".into(), "list", "Pods");
        let mut pages = Pages::default();
        let mebibyte = 1 << 20;
        for page in 0..STREAM_BYTES / mebibyte {
            pages.grow(&call, mebibyte as usize).unwrap();
            pages.turn(&call, &format!("t{page}"), b"").unwrap();
        }
        assert_eq!(pages.grow(&call, 1).unwrap_err().code(), codes::RESPONSE_TOO_LARGE);
        assert_eq!(pages.turn(&call, "t0", b"").unwrap_err().code(), codes::MALFORMED_RESPONSE);
        pages.took = STREAM_TIME + Duration::from_secs(1);
        assert_eq!(pages.turn(&call, "more", b"").unwrap_err().code(), codes::TIMEOUT);
    }
}
