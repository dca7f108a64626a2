//! The credential in use: had when it is first needed, kept while it holds, had anew when the server refuses it.

use super::plugin::{Plugin, PluginAnswer};
use super::secret::Secret;
use super::settings::CredentialSource;
use super::{ConnectError, PluginProblem};
use crate::world::{World, read_text};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::HeaderValue;
use jiff::Timestamp;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Mutex;

/// How long a token file's contents are trusted, and the least time between two runs of a plugin.
const INTERVAL: Duration = Duration::from_secs(10);

/// What a request carries: a header, a client certificate (PEM chain and key), both or neither.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Credential {
    pub(super) authorization: Option<HeaderValue>,
    pub(super) identity: Option<(Secret, Secret)>,
}

/// Hands out the credential of one connection. Many requests share it; one at a time reads a file or runs the plugin.
pub(super) struct Credentials {
    world: Arc<dyn World>,
    source: CredentialSource,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    held: Option<Held>,
    /// When the source was last asked, by the world's monotonic clock.
    asked: Option<Duration>,
    /// How the last run of a plugin failed.
    failure: Option<PluginProblem>,
}

#[derive(Clone)]
struct Held {
    credential: Credential,
    expires: Option<Timestamp>,
}

impl Credentials {
    pub(super) fn new(world: Arc<dyn World>, source: CredentialSource) -> Self {
        Self { world, source, state: Mutex::default() }
    }

    /// The credential to send now.
    pub(super) async fn current(&self) -> Result<Credential, ConnectError> {
        match &self.source {
            CredentialSource::None => Ok(Credential::default()),
            CredentialSource::Token(token) => bearer(token.reveal(), "the token"),
            CredentialSource::Basic { username, password } => basic(username, password),
            CredentialSource::TokenFile(path) => self.read_again(path).await,
            CredentialSource::Plugin(plugin) => {
                let mut state = self.state.lock().await;
                match &state.held {
                    Some(held) if held.expires.is_none_or(|expiry| self.world.now() < expiry) => {
                        Ok(held.credential.clone())
                    }
                    _ => self.run_again(plugin, &mut state).await,
                }
            }
        }
    }

    /// Another credential than the one that the server has just refused, if one can be had.
    pub(super) async fn instead_of(&self, refused: &Credential) -> Result<Option<Credential>, ConnectError> {
        let fresh = match &self.source {
            CredentialSource::None | CredentialSource::Token(_) | CredentialSource::Basic { .. } => return Ok(None),
            CredentialSource::TokenFile(path) => {
                self.state.lock().await.asked = None;
                self.read_again(path).await?
            }
            CredentialSource::Plugin(plugin) => {
                let mut state = self.state.lock().await;
                match &state.held {
                    // Another request was refused too, and has seen to it.
                    Some(held) if held.credential != *refused => held.credential.clone(),
                    _ => self.run_again(plugin, &mut state).await?,
                }
            }
        };
        Ok((fresh != *refused).then_some(fresh))
    }

    async fn read_again(&self, path: &Path) -> Result<Credential, ConnectError> {
        let mut state = self.state.lock().await;
        let now = self.world.monotonic();
        let is_due = state.asked.is_none_or(|asked| now.saturating_sub(asked) >= INTERVAL);
        if let (Some(held), false) = (&state.held, is_due) {
            return Ok(held.credential.clone());
        }
        state.asked = Some(now);
        let text = match read_text(&*self.world, path, 1 << 20) {
            Ok(text) => text,
            // Kubelets and agents swap the file: the last good token outlives a moment without one.
            Err(source) => {
                let held = state.held.as_ref().map(|held| held.credential.clone());
                return held.ok_or(ConnectError::CredentialFile { what: "the token file", source });
            }
        };
        let credential = bearer(text.trim(), &format!("token file {}", path.display()))?;
        state.held = Some(Held { credential: credential.clone(), expires: None });
        Ok(credential)
    }

    /// Runs the plugin, unless it ran a moment ago: then its last word stands.
    async fn run_again(&self, plugin: &Plugin, state: &mut State) -> Result<Credential, ConnectError> {
        let now = self.world.monotonic();
        if state.asked.is_some_and(|asked| now.saturating_sub(asked) < INTERVAL) {
            return match (&state.failure, &state.held) {
                (None, Some(held)) => Ok(held.credential.clone()),
                (problem, _) => Err(plugin.failed(problem.clone().unwrap_or(PluginProblem::Interrupted))),
            };
        }
        state.asked = Some(now);
        // Stands if this call is given up while the plugin runs.
        state.failure = Some(PluginProblem::Interrupted);
        match plugin.run(&*self.world).await.and_then(credential_of) {
            Ok(held) => {
                state.failure = None;
                state.held = Some(held.clone());
                Ok(held.credential)
            }
            Err(problem) => {
                state.failure = Some(problem.clone());
                Err(plugin.failed(problem))
            }
        }
    }
}

fn credential_of(answer: PluginAnswer) -> Result<Held, PluginProblem> {
    let unsendable = || PluginProblem::Output("its token has a character that no header can carry".to_owned());
    let authorization = match answer.token {
        Some(token) => Some(header(&format!("Bearer {}", token.reveal())).ok_or_else(unsendable)?),
        None => None,
    };
    Ok(Held { credential: Credential { authorization, identity: answer.identity }, expires: answer.expires })
}

/// A header value that no `Debug` form shows.
fn header(text: &str) -> Option<HeaderValue> {
    let mut value = HeaderValue::from_str(text).ok()?;
    value.set_sensitive(true);
    Some(value)
}

fn bearer(token: &str, subject: &str) -> Result<Credential, ConnectError> {
    let invalid = |problem: &str| ConnectError::Credential {
        subject: subject.to_owned(),
        problem: problem.to_owned(),
        hint: None,
    };
    if token.is_empty() {
        return Err(invalid("it is empty"));
    }
    let value =
        header(&format!("Bearer {token}")).ok_or_else(|| invalid("it has a character that no header can carry"))?;
    Ok(Credential { authorization: Some(value), identity: None })
}

fn basic(username: &str, password: &Secret) -> Result<Credential, ConnectError> {
    let invalid = |problem: &str| ConnectError::Credential {
        subject: format!("user name {username:?}"),
        problem: problem.to_owned(),
        hint: None,
    };
    if username.contains(':') {
        return Err(invalid("basic authentication allows no colon in it"));
    }
    let packed = STANDARD.encode(format!("{username}:{}", password.reveal()));
    let value = header(&format!("Basic {packed}")).ok_or_else(|| invalid("it cannot be sent"))?;
    Ok(Credential { authorization: Some(value), identity: None })
}
