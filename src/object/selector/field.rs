//! [`FieldSelector`]: `status.phase=Running,spec.nodeName!=`. Which fields can be selected is the API server's to say.

use crate::object::ObjectError;
use crate::object::error::shown;
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

/// What a term asks of a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FieldOperator {
    /// The field has the value.
    Equals,
    /// The field has another value.
    NotEquals,
}

/// One comparison of a [`FieldSelector`].
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct FieldTerm {
    /// The field: `spec.nodeName`.
    pub field: Arc<str>,
    /// How it is compared.
    pub operator: FieldOperator,
    /// The value, not escaped.
    pub value: Arc<str>,
}

impl fmt::Display for FieldTerm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let operator = match self.operator {
            FieldOperator::Equals => "=",
            FieldOperator::NotEquals => "!=",
        };
        let value = self.value.replace('\\', "\\\\").replace(',', "\\,").replace('=', "\\=");
        write!(f, "{}{operator}{value}", self.field)
    }
}

/// Comparisons of fields that all have to hold. Printed sorted, with `==` as `=`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct FieldSelector {
    terms: Vec<FieldTerm>,
}

impl FieldSelector {
    /// Reads kubectl's form: `status.phase=Running,metadata.name!=web`. In values `\\`, `\,` and `\=` stand for the character
    /// itself. An empty text selects everything, empty terms are skipped.
    ///
    /// # Errors
    /// [`ObjectError::Selector`] with the column.
    pub fn parse(text: &str) -> Result<Self, ObjectError> {
        let mut terms = Vec::new();
        for (term, column) in split_terms(text) {
            if !term.is_empty() {
                terms.push(parse_term(text, term, column)?);
            }
        }
        Ok(Self::from_iter(terms))
    }

    /// The selector of objects whose field has that value.
    #[must_use]
    pub fn field(field: &str, value: &str) -> Self {
        Self { terms: vec![FieldTerm { field: field.into(), operator: FieldOperator::Equals, value: value.into() }] }
    }

    /// What both ask for.
    #[must_use]
    pub fn and(&self, other: &Self) -> Self {
        self.terms.iter().chain(&other.terms).cloned().collect()
    }

    /// The comparisons, sorted.
    #[must_use]
    pub fn terms(&self) -> &[FieldTerm] {
        &self.terms
    }

    /// Whether nothing is compared.
    #[must_use]
    pub fn is_everything(&self) -> bool {
        self.terms.is_empty()
    }
}

impl FromIterator<FieldTerm> for FieldSelector {
    fn from_iter<I: IntoIterator<Item = FieldTerm>>(terms: I) -> Self {
        let mut terms: Vec<FieldTerm> = terms.into_iter().collect();
        terms.sort_by_cached_key(ToString::to_string);
        Self { terms }
    }
}

impl FromStr for FieldSelector {
    type Err = ObjectError;

    fn from_str(text: &str) -> Result<Self, ObjectError> {
        Self::parse(text)
    }
}

impl fmt::Display for FieldSelector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, term) in self.terms.iter().enumerate() {
            write!(f, "{}{term}", if at == 0 { "" } else { "," })?;
        }
        Ok(())
    }
}

/// The terms between commas that no backslash escapes, each with the column it starts at.
fn split_terms(text: &str) -> Vec<(&str, usize)> {
    let (mut terms, mut escaped) = (Vec::new(), false);
    let (mut start, mut column) = (0, 1);
    for (count, (at, character)) in text.char_indices().enumerate() {
        match character {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            ',' => {
                terms.push((&text[start..at], column));
                (start, column) = (at + 1, count + 2);
            }
            _ => {}
        }
    }
    terms.push((&text[start..], column));
    terms
}

fn parse_term(text: &str, term: &str, column: usize) -> Result<FieldTerm, ObjectError> {
    let refused = |problem: String, offset: usize| ObjectError::Selector {
        what: "field selector",
        given: text.to_owned(),
        problem,
        column: column + offset,
        hint: Some(
            "the forms are `field=value` and `field!=value`, joined by `,`; in a value write `\\,` and `\\=`"
                .to_owned(),
        ),
    };
    let Some(at) = term.find(['=', '!']) else {
        return Err(refused(format!("found {}, expected `field=value`", shown(term)), 0));
    };
    let (field, rest) = term.split_at(at);
    let width = field.chars().count();
    let (operator, mark) = match rest {
        _ if rest.starts_with("!=") => (FieldOperator::NotEquals, 2),
        _ if rest.starts_with("==") => (FieldOperator::Equals, 2),
        _ if rest.starts_with('=') => (FieldOperator::Equals, 1),
        _ => return Err(refused("found `!`, expected `=` or `!=`".to_owned(), width)),
    };
    if field.is_empty() {
        return Err(refused("the name of the field is empty".to_owned(), 0));
    }
    if let Some((at, c)) =
        field.chars().enumerate().find(|(_, c)| !(c.is_ascii_alphanumeric() || "._-/[]'\"".contains(*c)))
    {
        return Err(refused(
            format!("{} is not allowed in the name of a field", shown(c.encode_utf8(&mut [0; 4]))),
            at,
        ));
    }
    let value = unescape(&rest[mark..]).map_err(|(problem, at)| refused(problem, width + mark + at))?;
    Ok(FieldTerm { field: field.into(), operator, value: value.into() })
}

fn unescape(text: &str) -> Result<String, (String, usize)> {
    let mut value = String::with_capacity(text.len());
    let mut characters = text.chars().enumerate();
    while let Some((at, character)) = characters.next() {
        match character {
            '\\' => match characters.next() {
                Some((_, c @ ('\\' | ',' | '='))) => value.push(c),
                _ => return Err(("a backslash escapes only `\\`, `,` and `=`".to_owned(), at)),
            },
            '=' => return Err(("found `=` in a value, where it is written `\\=`".to_owned(), at)),
            c if c.is_control() => {
                return Err((format!("{} is not allowed in a value", shown(c.encode_utf8(&mut [0; 4]))), at));
            }
            c => value.push(c),
        }
    }
    Ok(value)
}

#[cfg(test)]
mod tests {
    use super::FieldSelector;
    use crate::diag::{Explain, codes};

    #[test]
    fn reads_and_prints_field_selectors() {
        for (text, canonical) in [
            ("", ""),
            (",", ""),
            ("a=b", "a=b"),
            ("a==b", "a=b"),
            ("a!=b", "a!=b"),
            ("spec.nodeName=", "spec.nodeName="),
            ("b=2,a=1,", "a=1,b=2"),
            (r"a=x\,y", r"a=x\,y"),
            (r"a=x\=y\\", r"a=x\=y\\"),
            ("status.phase!=Running,metadata.name=web", "metadata.name=web,status.phase!=Running"),
        ] {
            let selector = FieldSelector::parse(text).unwrap();
            assert_eq!(selector.to_string(), canonical, "{text}");
            assert_eq!(FieldSelector::parse(canonical).unwrap(), selector);
        }
        assert_eq!(&*FieldSelector::parse(r"a=x\,y\=z").unwrap().terms()[0].value, "x,y=z");
        assert_eq!(FieldSelector::field("a", "x,y").to_string(), r"a=x\,y");
    }

    #[test]
    fn refuses_what_does_not_parse_and_says_where() {
        for (text, column) in [
            ("a", 1),
            ("x=1,a", 5),
            ("=b", 1),
            ("a!b", 2),
            ("a=b=c", 4),
            (r"a=b\c", 4),
            (r"a=b\", 4),
            ("a=b, c=d", 5),
            ("a b=c", 2),
            ("é=c", 1),
            ("a=b\nc", 4),
            ("a#", 1),
            ("a\0=b", 2),
        ] {
            let error = FieldSelector::parse(text).unwrap_err();
            assert_eq!(error.code(), codes::INVALID_SELECTOR, "{text}");
            assert!(error.to_string().ends_with(&format!("at column {column}")), "{text}: {error}");
        }
    }
}
