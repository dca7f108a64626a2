//! stub
#[derive(Debug, thiserror::Error)]
#[error("x")]
pub struct ObjectError;
impl crate::diag::Explain for ObjectError {
    fn code(&self) -> crate::diag::Code {
        crate::diag::codes::DURATION
    }
}
pub struct Duration(std::time::Duration);
impl Duration {
    pub fn to_std(&self) -> Option<std::time::Duration> {
        Some(self.0)
    }
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
        Err(ObjectError)
    }
}
