//! Draws the documents in the plane in which they differ most: one circle each, in the colour of its topic.
//!
//! ```text
//! cargo run -p linfa-chapter --example map >chapters/09_linfa/map.svg
//! ```

use linfa_chapter::{Plane, definitions, embeddings};
use std::collections::BTreeSet;

/// Eight colours that differ for colour-blind readers, too (Okabe and Ito), and one grey.
const COLOURS: [&str; 8] = [
    "#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00", "#7f7f7f", "#b8a800",
];

fn main() {
    let (texts, rows) = (definitions(), embeddings());
    let plane = Plane::fit(rows.view());
    let topics: BTreeSet<&str> = texts.iter().map(|text| text.topic).collect();
    let colour = |topic: &str| COLOURS[topics.range(..topic).count()];
    println!(
        r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 760 520" font-family="sans-serif" font-size="13">"#
    );
    println!(r#"<rect width="760" height="520" fill="white"/>"#);
    let points = plane.project(rows.view());
    let range = |axis: usize| {
        let column = points.column(axis);
        let least = column.iter().copied().fold(f64::INFINITY, f64::min);
        let most = column.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        (least, most)
    };
    let ((left, right), (bottom, top)) = (range(0), range(1));
    // One scale for both axes, since distances are what is to be seen.
    let scale = (560.0 / (right - left)).min(450.0 / (top - bottom));
    for (text, at) in texts.iter().zip(points.outer_iter()) {
        let (x, y) = (20.0 + scale * (at[0] - left), 20.0 + scale * (top - at[1]));
        println!(
            r#"<circle cx="{x:.1}" cy="{y:.1}" r="3.5" fill="{}" fill-opacity="0.7"><title>{}: {}</title></circle>"#,
            colour(text.topic),
            text.word.replace('&', "&amp;"),
            text.text.replace('&', "&amp;").replace('<', "&lt;")
        );
    }
    for (line, topic) in topics.iter().enumerate() {
        let y = 40 + 22 * line;
        println!(
            r#"<circle cx="625" cy="{}" r="5" fill="{}"/><text x="637" y="{y}">{topic}</text>"#,
            y - 4,
            colour(topic)
        );
    }
    let [first, second] = plane.shares();
    let shown = (first + second) * 100.0;
    println!(
        r#"<text x="20" y="505" fill="gray">{shown:.0}% of the variance; the rest lies along other axes</text>"#
    );
    println!("</svg>");
}
