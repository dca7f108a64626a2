//! Image references as container runtimes read them: `[host[:port]/]path[:tag][@digest]` (the grammar of the OCI
//! distribution project). Short names (`nginx`) are allowed; nothing is completed.

/// Whether a text is an image reference.
pub(super) fn check(text: &str) -> Result<(), String> {
    let (rest, digest) = match text.split_once('@') {
        Some((rest, digest)) => (rest, Some(digest)),
        None => (text, None),
    };
    if let Some(digest) = digest.filter(|digest| !is_digest(digest)) {
        return Err(format!("`{}` is not a digest like `sha256:` and 64 hexadecimal digits", digest.escape_debug()));
    }
    let (name, tag) = split_tag(rest);
    if let Some(tag) = tag.filter(|tag| !is_tag(tag)) {
        return Err(format!("`{}` is not a tag", tag.escape_debug()));
    }
    if name.len() > 255 {
        return Err("the name is longer than 255 characters".to_owned());
    }
    let path = match name.split_once('/') {
        Some((host, path)) if is_host(host) => path,
        _ => name,
    };
    match path.split('/').find(|part| !is_path_part(part)) {
        Some("") => Err("a part of the name is empty".to_owned()),
        Some(part) => Err(format!("`{}` is not a part of an image's name", part.escape_debug())),
        None => Ok(()),
    }
}

/// A colon before the last slash belongs to a port.
fn split_tag(text: &str) -> (&str, Option<&str>) {
    let path = text.rfind('/').map_or(0, |slash| slash + 1);
    match text[path..].find(':') {
        Some(colon) => (&text[..path + colon], Some(&text[path + colon + 1..])),
        None => (text, None),
    }
}

/// What stands before the first slash is a host only if it could not be a part of a path: a dot, a port, upper case, or
/// `localhost`.
fn is_host(text: &str) -> bool {
    let (name, port) = match text.rsplit_once(':') {
        Some((name, port)) => (name, Some(port)),
        None => (text, None),
    };
    let distinct = port.is_some() || name.contains('.') || name == "localhost" || name.contains(char::is_uppercase);
    let valid = name.split('.').all(|part| {
        !part.is_empty()
            && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
            && !part.starts_with('-')
            && !part.ends_with('-')
    });
    distinct && valid && port.is_none_or(|port| port.parse::<u16>().is_ok())
}

/// Lower-case letters and digits, with `.`, `_`, `__` or dashes between them.
fn is_path_part(text: &str) -> bool {
    let is_word = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    let ends = text.bytes().next().is_some_and(is_word) && text.bytes().next_back().is_some_and(is_word);
    let separators = text.split(|c: char| c.is_ascii_lowercase() || c.is_ascii_digit());
    ends && separators
        .into_iter()
        .all(|between| matches!(between, "" | "." | "_" | "__") || between.bytes().all(|byte| byte == b'-'))
}

fn is_tag(text: &str) -> bool {
    let is_word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    text.len() <= 128
        && text.bytes().next().is_some_and(is_word)
        && text.bytes().all(|byte| is_word(byte) || byte == b'.' || byte == b'-')
}

fn is_digest(text: &str) -> bool {
    let Some((algorithm, hex)) = text.split_once(':') else { return false };
    let known = match algorithm {
        "sha256" => hex.len() == 64,
        "sha512" => hex.len() == 128,
        _ => hex.len() >= 32 && !algorithm.is_empty() && algorithm.bytes().all(|byte| byte.is_ascii_alphanumeric()),
    };
    known && hex.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte))
}
