//! The pages of the error codes, from the book.

use crate::diag::Code;

/// The page of a code, as Markdown.
#[must_use]
pub fn error_page(code: Code) -> &'static str {
    PAGES.iter().find(|(name, _)| *name == code.name()).map_or("", |(_, page)| page)
}

/// The same page for a reader who has no other page beside it, as Markdown: links are their texts, and fences have only
/// the name of their language.
#[must_use]
pub fn error_page_alone(code: Code) -> String {
    let lines = error_page(code).lines().map(|line| match line.strip_prefix("```") {
        Some(words) => format!("```{}\n", words.split(',').next().unwrap_or_default()),
        None => without_links(line) + "\n",
    });
    lines.collect()
}

/// `see [E0305](E0305.md)` → `see E0305`
fn without_links(line: &str) -> String {
    let mut text = String::with_capacity(line.len());
    let mut rest = line;
    while let Some((words, target)) = rest.split_once("](") {
        let link = words.rsplit_once('[').zip(target.split_once(')'));
        let Some(((before, label), (_, after))) = link else { break };
        text.push_str(before);
        text.push_str(label);
        rest = after;
    }
    text + rest
}

/// One row a code; a test fails when one is missing.
const PAGES: &[(&str, &str)] = &[
    ("E0001", include_str!("../../book/src/errors/E0001.md")),
    ("E0002", include_str!("../../book/src/errors/E0002.md")),
    ("E0003", include_str!("../../book/src/errors/E0003.md")),
    ("E0004", include_str!("../../book/src/errors/E0004.md")),
    ("E0005", include_str!("../../book/src/errors/E0005.md")),
    ("E0101", include_str!("../../book/src/errors/E0101.md")),
    ("E0102", include_str!("../../book/src/errors/E0102.md")),
    ("E0103", include_str!("../../book/src/errors/E0103.md")),
    ("E0104", include_str!("../../book/src/errors/E0104.md")),
    ("E0105", include_str!("../../book/src/errors/E0105.md")),
    ("E0106", include_str!("../../book/src/errors/E0106.md")),
    ("E0107", include_str!("../../book/src/errors/E0107.md")),
    ("E0108", include_str!("../../book/src/errors/E0108.md")),
    ("E0109", include_str!("../../book/src/errors/E0109.md")),
    ("E0110", include_str!("../../book/src/errors/E0110.md")),
    ("E0111", include_str!("../../book/src/errors/E0111.md")),
    ("E0112", include_str!("../../book/src/errors/E0112.md")),
    ("E0113", include_str!("../../book/src/errors/E0113.md")),
    ("E0114", include_str!("../../book/src/errors/E0114.md")),
    ("E0115", include_str!("../../book/src/errors/E0115.md")),
    ("E0116", include_str!("../../book/src/errors/E0116.md")),
    ("E0117", include_str!("../../book/src/errors/E0117.md")),
    ("E0118", include_str!("../../book/src/errors/E0118.md")),
    ("E0119", include_str!("../../book/src/errors/E0119.md")),
    ("E0120", include_str!("../../book/src/errors/E0120.md")),
    ("E0121", include_str!("../../book/src/errors/E0121.md")),
    ("E0122", include_str!("../../book/src/errors/E0122.md")),
    ("E0123", include_str!("../../book/src/errors/E0123.md")),
    ("E0124", include_str!("../../book/src/errors/E0124.md")),
    ("E0130", include_str!("../../book/src/errors/E0130.md")),
    ("E0131", include_str!("../../book/src/errors/E0131.md")),
    ("E0132", include_str!("../../book/src/errors/E0132.md")),
    ("E0133", include_str!("../../book/src/errors/E0133.md")),
    ("E0134", include_str!("../../book/src/errors/E0134.md")),
    ("E0201", include_str!("../../book/src/errors/E0201.md")),
    ("E0202", include_str!("../../book/src/errors/E0202.md")),
    ("E0203", include_str!("../../book/src/errors/E0203.md")),
    ("E0204", include_str!("../../book/src/errors/E0204.md")),
    ("E0205", include_str!("../../book/src/errors/E0205.md")),
    ("E0206", include_str!("../../book/src/errors/E0206.md")),
    ("E0207", include_str!("../../book/src/errors/E0207.md")),
    ("E0208", include_str!("../../book/src/errors/E0208.md")),
    ("E0209", include_str!("../../book/src/errors/E0209.md")),
    ("E0210", include_str!("../../book/src/errors/E0210.md")),
    ("E0211", include_str!("../../book/src/errors/E0211.md")),
    ("E0212", include_str!("../../book/src/errors/E0212.md")),
    ("E0213", include_str!("../../book/src/errors/E0213.md")),
    ("E0214", include_str!("../../book/src/errors/E0214.md")),
    ("E0215", include_str!("../../book/src/errors/E0215.md")),
    ("E0216", include_str!("../../book/src/errors/E0216.md")),
    ("E0217", include_str!("../../book/src/errors/E0217.md")),
    ("E0301", include_str!("../../book/src/errors/E0301.md")),
    ("E0302", include_str!("../../book/src/errors/E0302.md")),
    ("E0303", include_str!("../../book/src/errors/E0303.md")),
    ("E0304", include_str!("../../book/src/errors/E0304.md")),
    ("E0305", include_str!("../../book/src/errors/E0305.md")),
    ("E0306", include_str!("../../book/src/errors/E0306.md")),
    ("E0307", include_str!("../../book/src/errors/E0307.md")),
    ("E0308", include_str!("../../book/src/errors/E0308.md")),
    ("E0309", include_str!("../../book/src/errors/E0309.md")),
    ("E0310", include_str!("../../book/src/errors/E0310.md")),
    ("E0311", include_str!("../../book/src/errors/E0311.md")),
    ("E0312", include_str!("../../book/src/errors/E0312.md")),
    ("E0313", include_str!("../../book/src/errors/E0313.md")),
    ("E0314", include_str!("../../book/src/errors/E0314.md")),
    ("E0315", include_str!("../../book/src/errors/E0315.md")),
    ("E0316", include_str!("../../book/src/errors/E0316.md")),
    ("E0317", include_str!("../../book/src/errors/E0317.md")),
    ("E0318", include_str!("../../book/src/errors/E0318.md")),
    ("E0319", include_str!("../../book/src/errors/E0319.md")),
    ("E0320", include_str!("../../book/src/errors/E0320.md")),
    ("E0321", include_str!("../../book/src/errors/E0321.md")),
    ("E0322", include_str!("../../book/src/errors/E0322.md")),
    ("E0323", include_str!("../../book/src/errors/E0323.md")),
    ("E0324", include_str!("../../book/src/errors/E0324.md")),
    ("E0325", include_str!("../../book/src/errors/E0325.md")),
    ("E0401", include_str!("../../book/src/errors/E0401.md")),
    ("E0402", include_str!("../../book/src/errors/E0402.md")),
    ("E0403", include_str!("../../book/src/errors/E0403.md")),
    ("E0404", include_str!("../../book/src/errors/E0404.md")),
    ("E0405", include_str!("../../book/src/errors/E0405.md")),
    ("E0406", include_str!("../../book/src/errors/E0406.md")),
    ("E0407", include_str!("../../book/src/errors/E0407.md")),
    ("E0408", include_str!("../../book/src/errors/E0408.md")),
    ("E0409", include_str!("../../book/src/errors/E0409.md")),
    ("E0410", include_str!("../../book/src/errors/E0410.md")),
    ("E0411", include_str!("../../book/src/errors/E0411.md")),
    ("E0412", include_str!("../../book/src/errors/E0412.md")),
    ("E0413", include_str!("../../book/src/errors/E0413.md")),
    ("E0501", include_str!("../../book/src/errors/E0501.md")),
    ("E0502", include_str!("../../book/src/errors/E0502.md")),
    ("E0503", include_str!("../../book/src/errors/E0503.md")),
    ("E0504", include_str!("../../book/src/errors/E0504.md")),
    ("E0505", include_str!("../../book/src/errors/E0505.md")),
    ("E0506", include_str!("../../book/src/errors/E0506.md")),
];

#[cfg(test)]
mod tests {
    use super::{error_page, error_page_alone, without_links};
    use crate::diag::codes;

    #[test]
    fn every_code_has_its_page() {
        for code in codes::ALL {
            assert!(error_page(*code).contains(code.name()), "{code}: no row, or a page of another code");
        }
    }

    #[test]
    fn a_page_alone_leads_nowhere() {
        assert_eq!(without_links("a [b](c.md) (d), [e](f)."), "a b (d), e.");
        assert_eq!(without_links("`list[0](x` [y]"), "`list[0](x` [y]");
        for code in codes::ALL {
            let page = error_page_alone(*code);
            assert!(!page.contains(".md)") && !page.contains("error:E"), "{page}");
            assert!(page.starts_with(&format!("# {code}: ")), "{page}");
        }
    }
}
