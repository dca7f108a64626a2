//! The text form of label selectors, by the rules of `labels.Parse` of apimachinery, with columns in the errors.
//!
//! `in` and `notin` are keywords only where an operator can stand; values may be empty (`a=`, `a in (,b)`).

use super::{Operator, Requirement};
use crate::object::error::shown;
use crate::object::{LabelKey, LabelValue, ObjectError};

/// Reads the requirements in the order of the text.
pub(super) fn label_selector(text: &str) -> Result<Vec<Requirement>, ObjectError> {
    let mut parser = Parser { tokens: tokens(text), at: 0 };
    parser.requirements().map_err(|wrong| ObjectError::Selector {
        what: "label selector",
        given: text.to_owned(),
        problem: wrong.problem,
        column: wrong.column,
        hint: Some(wrong.hint.unwrap_or_else(|| {
            "the forms are `a=b`, `a!=b`, `a in (b,c)`, `a notin (b)`, `a`, `!a`, joined by `,`".to_owned()
        })),
    })
}

struct Wrong {
    problem: String,
    column: usize,
    hint: Option<String>,
}

#[derive(Clone, PartialEq)]
enum Sort {
    Word,
    Symbol,
    End,
}

/// A word, an operator or the end, with its column.
#[derive(Clone)]
struct Token {
    sort: Sort,
    text: String,
    column: usize,
}

impl Token {
    fn is(&self, symbol: &str) -> bool {
        self.sort == Sort::Symbol && self.text == symbol
    }

    fn unexpected(&self, expected: &str) -> Wrong {
        let found = if self.sort == Sort::End { "the end".to_owned() } else { shown(&self.text) };
        Wrong { problem: format!("found {found}, expected {expected}"), column: self.column, hint: None }
    }
}

fn tokens(text: &str) -> Vec<Token> {
    let symbol = |c: char| "=!(),><".contains(c);
    let space = |c: char| matches!(c, ' ' | '\t' | '\r' | '\n');
    let mut tokens = Vec::new();
    let mut rest = text.chars().enumerate().peekable();
    while let Some((at, first)) = rest.next() {
        if space(first) {
            continue;
        }
        let mut token = Token { sort: Sort::Symbol, text: first.to_string(), column: at + 1 };
        if symbol(first) {
            // The only operators of two characters are `==` and `!=`.
            if matches!(first, '=' | '!') && rest.next_if(|(_, c)| *c == '=').is_some() {
                token.text.push('=');
            }
        } else {
            token.sort = Sort::Word;
            while let Some((_, c)) = rest.next_if(|(_, c)| !symbol(*c) && !space(*c)) {
                token.text.push(c);
            }
        }
        tokens.push(token);
    }
    tokens.push(Token { sort: Sort::End, text: String::new(), column: text.chars().count() + 1 });
    tokens
}

struct Parser {
    tokens: Vec<Token>,
    at: usize,
}

impl Parser {
    fn peek(&self) -> &Token {
        // The last token is the end, and nothing reads beyond it.
        &self.tokens[self.at.min(self.tokens.len() - 1)]
    }

    fn next(&mut self) -> Token {
        let token = self.peek().clone();
        self.at += 1;
        token
    }

    fn requirements(&mut self) -> Result<Vec<Requirement>, Wrong> {
        let mut found = Vec::new();
        if self.peek().sort == Sort::End {
            return Ok(found);
        }
        loop {
            found.push(self.requirement()?);
            let token = self.next();
            match token.sort {
                Sort::End => return Ok(found),
                Sort::Symbol if token.text == "," => {}
                _ => return Err(token.unexpected("`,` or the end")),
            }
        }
    }

    fn requirement(&mut self) -> Result<Requirement, Wrong> {
        let absent = self.peek().is("!");
        if absent {
            self.next();
        }
        let key = self.key(if absent { "a label key" } else { "a label key or `!`" })?;
        let column = self.peek().column;
        let (operator, values) = if absent {
            (Operator::DoesNotExist, Vec::new())
        } else if self.peek().sort == Sort::End || self.peek().is(",") {
            (Operator::Exists, Vec::new())
        } else {
            self.comparison()?
        };
        Requirement::new(key, operator, values).map_err(|problem| Wrong { problem, column, hint: None })
    }

    fn comparison(&mut self) -> Result<(Operator, Vec<LabelValue>), Wrong> {
        let token = self.next();
        let operator = match (&token.sort, token.text.as_str()) {
            (Sort::Word, "in") => Operator::In,
            (Sort::Word, "notin") => Operator::NotIn,
            (Sort::Symbol, "=" | "==") => Operator::Equals,
            (Sort::Symbol, "!=") => Operator::NotEquals,
            (Sort::Symbol, ">") => Operator::GreaterThan,
            (Sort::Symbol, "<") => Operator::LessThan,
            _ => return Err(token.unexpected("`=`, `==`, `!=`, `in`, `notin`, `>` or `<`")),
        };
        let values = match operator {
            Operator::In | Operator::NotIn => self.values()?,
            _ if self.peek().sort == Sort::End || self.peek().is(",") => vec![empty()?],
            _ => vec![self.value()?],
        };
        Ok((operator, values))
    }

    /// `(a,b)`; a value between two delimiters may be empty.
    fn values(&mut self) -> Result<Vec<LabelValue>, Wrong> {
        let open = self.next();
        if !open.is("(") {
            return Err(open.unexpected("`(`"));
        }
        let mut values = Vec::new();
        loop {
            let gap = self.peek().is(",") || self.peek().is(")");
            values.push(if gap { empty()? } else { self.value()? });
            let token = self.next();
            match token.text.as_str() {
                ")" if token.sort == Sort::Symbol => return Ok(values),
                "," if token.sort == Sort::Symbol => {}
                _ => return Err(token.unexpected("`,` or `)`")),
            }
        }
    }

    fn key(&mut self, expected: &str) -> Result<LabelKey, Wrong> {
        let token = self.next();
        if token.sort != Sort::Word {
            return Err(token.unexpected(expected));
        }
        LabelKey::parse(&token.text).map_err(|error| invalid(&token, &error))
    }

    fn value(&mut self) -> Result<LabelValue, Wrong> {
        let token = self.next();
        if token.sort != Sort::Word {
            return Err(token.unexpected("a value"));
        }
        LabelValue::parse(&token.text).map_err(|error| invalid(&token, &error))
    }
}

fn empty() -> Result<LabelValue, Wrong> {
    LabelValue::parse("").map_err(|error| Wrong { problem: error.to_string(), column: 1, hint: None })
}

fn invalid(token: &Token, error: &ObjectError) -> Wrong {
    let (what, flaw, rule) = match error {
        ObjectError::Name { what, flaw, rule, .. } => (*what, *flaw, *rule),
        other => return Wrong { problem: other.to_string(), column: token.column, hint: None },
    };
    Wrong {
        problem: format!("{} is not a valid {what}", shown(&token.text)),
        column: token.column + flaw.position() - 1,
        hint: Some(format!("a {what} {rule}")),
    }
}

#[cfg(test)]
mod tests {
    use crate::diag::{Explain, codes};
    use crate::object::LabelSelector;

    #[test]
    fn reads_what_kubectl_reads_and_prints_it_canonically() {
        for (text, canonical) in [
            ("", ""),
            ("  \t\n", ""),
            ("x", "x"),
            ("!x", "!x"),
            ("! x", "!x"),
            ("x=a,y=b,z=c", "x=a,y=b,z=c"),
            ("z=c,x=a", "x=a,z=c"),
            ("x=a, y!=b ", "x=a,y!=b"),
            ("x = a", "x=a"),
            ("x==a", "x=a"),
            ("x=", "x="),
            ("x=,z= ", "x=,z="),
            ("x!=", "x!="),
            ("x in (b,a,a)", "x in (a,b)"),
            ("x in(a)", "x in (a)"),
            ("x  notin ( a , b )", "x notin (a,b)"),
            ("x in ()", "x in ()"),
            ("x in (,)", "x in ()"),
            ("x in (foo,,baz),y,z notin ()", "x in (,baz,foo),y,z notin ()"),
            ("x in (a,)", "x in (,a)"),
            ("x=in", "x=in"),
            ("in in (in,notin)", "in in (in,notin)"),
            ("notin", "notin"),
            ("x>1,z<5", "x>1,z<5"),
            ("app.kubernetes.io/name=web", "app.kubernetes.io/name=web"),
            ("a/b", "a/b"),
            ("x=a,x!=b", "x=a,x!=b"),
        ] {
            let selector = LabelSelector::parse(text).unwrap();
            assert_eq!(selector.to_string(), canonical, "{text}");
            assert_eq!(LabelSelector::parse(canonical).unwrap(), selector, "{text}");
        }
    }

    #[test]
    fn refuses_what_kubectl_refuses_and_says_where() {
        for (text, column, part) in [
            (",", 1, "found `,`, expected a label key"),
            ("x,", 3, "found the end, expected a label key"),
            ("x,,y", 3, "expected a label key"),
            ("x=a=b", 4, "found `=`, expected `,` or the end"),
            ("x==a==b", 5, "expected `,` or the end"),
            ("x===b", 4, "expected a value"),
            ("x=a b", 5, "found `b`, expected `,` or the end"),
            ("!x=a", 3, "expected `,` or the end"),
            ("!!x", 2, "expected a label key"),
            ("!", 2, "found the end"),
            ("!=x", 1, "found `!=`"),
            ("x!", 2, "found `!`, expected `=`"),
            ("x y", 3, "found `y`, expected `=`"),
            ("x in a", 6, "expected `(`"),
            ("x in (a", 8, "expected `,` or `)`"),
            ("x in (a b)", 9, "expected `,` or `)`"),
            ("x in (a=b)", 8, "expected `,` or `)`"),
            ("x in ((a))", 7, "expected a value"),
            ("x notin", 8, "expected `(`"),
            ("x>a", 2, "compare with an integer"),
            ("x>=5", 3, "expected a value"),
            ("x>", 2, "integer"),
            ("x<99999999999999999999", 2, "integer"),
            ("../x", 1, "`../x` is not a valid label key"),
            ("a%2fb", 2, "not a valid label key"),
            ("a?x=y", 2, "not a valid label key"),
            ("a#", 2, "not a valid label key"),
            (".", 1, "not a valid label key"),
            ("é", 1, "not a valid label key"),
            ("a\0b", 2, "not a valid label key"),
            ("app=we/b", 7, "not a valid label value"),
            ("app=web,tier=-x", 14, "not a valid label value"),
        ] {
            let error = LabelSelector::parse(text).unwrap_err();
            assert_eq!(error.code(), codes::INVALID_SELECTOR);
            let message = error.to_string();
            assert!(message.contains(part), "{text}: {message}");
            assert!(message.ends_with(&format!("at column {column}")), "{text}: {message}");
            assert!(!message.contains('\0'));
        }
        assert!(LabelSelector::parse(&"a".repeat(254)).is_err());
    }
}
