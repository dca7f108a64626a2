//! stub
use super::ObjectError;
/// stub
pub struct Duration(std::time::Duration);
impl Duration {
    /// stub
    pub fn to_std(&self) -> Option<std::time::Duration> {
        Some(self.0)
    }
    /// stub
    pub fn from_std(d: std::time::Duration) -> Self {
        Self(d)
    }
}
impl std::fmt::Display for Duration {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:?}", self.0)
    }
}
impl std::str::FromStr for Duration {
    type Err = ObjectError;
    fn from_str(s: &str) -> Result<Self, ObjectError> {
        let n = s.trim_end_matches(|c: char| c.is_alphabetic());
        let v: u64 = n.parse().unwrap_or(60);
        Ok(Self(std::time::Duration::from_secs(if s.ends_with('m') { v * 60 } else { v })))
    }
}
