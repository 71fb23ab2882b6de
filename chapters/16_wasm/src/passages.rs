//! The lessons cut into passages: what a search finds.

/// A piece of a lesson that stands alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Passage {
    /// The heading that it stands under.
    pub heading: String,
    /// The heading's name in the page's address, as mdBook makes it.
    pub anchor: String,
    /// Its text, without Markdown and without code.
    pub text: String,
}

/// Words that a passage has at most; a paragraph that is longer stays whole.
const WORDS: usize = 110;

/// Cuts a lesson at its headings, and a section into passages of whole paragraphs.
///
/// Code, tables and pictures are left out: the encoder has read sentences.
pub fn passages(lesson: &str) -> Vec<Passage> {
    let mut found: Vec<Passage> = Vec::new();
    let (mut heading, mut anchor) = (String::new(), String::new());
    let mut fenced = false;
    let mut paragraphs: Vec<Vec<&str>> = vec![Vec::new()];
    let mut close = |heading: &str, anchor: &str, paragraphs: &mut Vec<Vec<&str>>| {
        let texts = std::mem::replace(paragraphs, vec![Vec::new()]);
        let texts = texts.into_iter().filter(|lines| !lines.is_empty());
        let mut texts = texts.map(|lines| plain(&lines.join(" "))).peekable();
        while let Some(mut text) = texts.next() {
            while let Some(next) = texts.next_if(|next| count(&text) + count(next) <= WORDS) {
                text = format!("{text} {next}");
            }
            // A line such as 'In Python:' says nothing without the code below it.
            if count(&text) >= 8 {
                let (heading, anchor) = (heading.to_owned(), anchor.to_owned());
                found.push(Passage {
                    heading,
                    anchor,
                    text,
                });
            }
        }
    };
    for line in lesson.lines() {
        let open = line.trim_start();
        if open.starts_with("```") {
            fenced = !fenced;
        } else if open.starts_with("**Exercise**") {
            // What to do next, for a reader of the whole page.
        } else if fenced || open.starts_with('|') || open.starts_with('<') || open.starts_with("![")
        {
            // Not a sentence.
        } else if let Some(title) = open.strip_prefix('#') {
            close(&heading, &anchor, &mut paragraphs);
            heading = plain(title.trim_start_matches('#').trim());
            anchor = anchor_of(&heading);
        } else if open.is_empty() {
            paragraphs.push(Vec::new());
        } else if let Some(paragraph) = paragraphs.last_mut() {
            paragraph.push(open);
        }
    }
    close(&heading, &anchor, &mut paragraphs);
    found
}

fn count(text: &str) -> usize {
    text.split_whitespace().count()
}

/// A sentence without Markdown's marks: a link is its text.
fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("](") {
        plain.push_str(before);
        rest = after.split_once(')').map_or("", |(_, after)| after);
    }
    plain.push_str(rest);
    plain.retain(|char| !matches!(char, '*' | '`' | '['));
    plain
}

/// Letters, digits, `_` and `-` in small letters, and a `-` for each space.
fn anchor_of(heading: &str) -> String {
    let kept = heading.chars().filter_map(|char| match char {
        ' ' => Some('-'),
        '_' | '-' => Some(char),
        _ => char.is_alphanumeric().then_some(char),
    });
    kept.flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lesson_is_cut_at_its_headings() {
        let lesson = "# Candle\n\nA device has to read one *handwritten* digit, see [the docs](https://x.y/z).\n\n\
            ```rust\nlet never = \"shown and never shown and never shown and never shown\";\n```\n\n\
            | a | b |\n\nShort.\n\n**Exercise** `one_digit`: a network.\n\n## `Send` and `Sync`\n\nTwo lines of one\nparagraph that has more than eight words.\n";
        let found = passages(lesson);
        let shown: Vec<_> = found
            .iter()
            .map(|p| (p.anchor.as_str(), p.text.as_str()))
            .collect();
        let want = [
            (
                "candle",
                "A device has to read one handwritten digit, see the docs. Short.",
            ),
            (
                "send-and-sync",
                "Two lines of one paragraph that has more than eight words.",
            ),
        ];
        assert_eq!(shown, want);
    }

    #[test]
    fn long_sections_are_several_passages() {
        let paragraph = "word ".repeat(60);
        let found = passages(&format!(
            "# A\n\n{paragraph}\n\n{paragraph}\n\n{}\n",
            "word ".repeat(50)
        ));
        let lengths: Vec<usize> = found.iter().map(|p| count(&p.text)).collect();
        assert_eq!(lengths, [60, 110]);
    }
}
