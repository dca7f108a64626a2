//! A keyed hash of bytes.

use crate::host::{Call, Effect, Example, Expect, Form, Param, Returns, Spec, Thrown, Type};
use rhai::Dynamic;
use sha2::{Digest as _, Sha256};
/// Bytes that SHA-256 takes at a time.
const BLOCK: usize = 64;

pub(super) const SPEC: Spec = Spec {
    group: "hash",
    name: "hmac_sha256",
    form: Form::Namespaced,
    summary: "Gives the HMAC of bytes or a text with a key (RFC 2104, SHA-256), as webhooks are signed with.",
    details: "",
    params: &[
        Param { name: "key", kind: Type::Bytes, text: "The key.", default: None },
        Param { name: "value", kind: Type::Bytes, text: "What to sign.", default: None },
    ],
    options: &[],
    returns: Returns { kind: Type::Text, text: "The code as lowercase hexadecimal digits." },
    errors: &[],
    effect: Effect::Pure,
    since: "0.1.0",
    examples: &[Example {
        title: "A signature",
        source: r#"hash::hmac_sha256("key", "The quick brown fox jumps over the lazy dog")"#,
        result: Expect::Json(r#""f7bc83f430538424b13298e6aa6fb143ef4d59a14946175997479dbc2d1a3cd8""#),
    }],
    run: |call| hmac_sha256(call),
};

fn hmac_sha256(call: &Call<'_, '_>) -> Result<Dynamic, Thrown> {
    Ok(super::hexadecimal(&code(&call.bytes(0)?, &call.bytes(1)?)).into())
}

fn code(key: &[u8], message: &[u8]) -> [u8; 32] {
    let mut block = [0_u8; BLOCK];
    let key = if key.len() > BLOCK { Sha256::digest(key).to_vec() } else { key.to_vec() };
    block[..key.len()].copy_from_slice(&key);
    let inner = Sha256::new().chain_update(block.map(|byte| byte ^ 0x36)).chain_update(message).finalize();
    Sha256::new().chain_update(block.map(|byte| byte ^ 0x5c)).chain_update(inner).finalize().into()
}

#[cfg(test)]
mod tests {
    use super::super::hexadecimal;
    use super::code;

    /// Test cases 2 and 6 of RFC 4231.
    #[test]
    fn gives_the_codes_of_the_rfc() {
        assert_eq!(
            hexadecimal(&code(b"Jefe", b"what do ya want for nothing?")),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        );
        assert_eq!(
            hexadecimal(&code(&[0xaa; 131], b"Test Using Larger Than Block-Size Key - Hash Key First")),
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"
        );
    }
}
