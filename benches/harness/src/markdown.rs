//! A workload's figures as one line of a table.

use std::fmt::Write;

use crate::Goal;
use crate::series::Series;
use crate::time::{Digits, Time};

pub(crate) fn head() {
    println!("| workload | `background` | peers, the fastest first | goal |");
    println!("|---|---|---|---|");
}

pub(crate) fn print(title: &str, all: &[Series], goals: &[Goal]) {
    println!("{}", line(title, all, goals));
}

/// Peers that are faster than the first contender are printed in bold: those are the losses.
fn line(title: &str, all: &[Series], goals: &[Goal]) -> String {
    let is_own = |series: &&Series| series.name.starts_with("background");
    let (own, mut peers): (Vec<_>, Vec<_>) = all.iter().partition(is_own);
    let first = own.first().map_or(f64::NAN, |series| series.median());
    peers.sort_by(|one, other| one.median().total_cmp(&other.median()));
    let own = own.iter().map(|series| {
        let variant = series.name.trim_start_matches("background").trim_start_matches(", ");
        format!("{variant} {}", figures(series)).trim_start().to_owned()
    });
    let peers = peers.iter().map(|series| {
        let text = format!("{} {}", series.name, figures(series));
        if series.median() < first { format!("**{text}**") } else { text }
    });
    let goals = goals.iter().filter_map(|goal| Some(format!("{goal}: {}", goal.judge(all)?)));
    let [own, peers, goals] = [own.collect(), peers.collect(), goals.collect()]
        .map(|cells: Vec<String>| cells.join(" · ").replace('|', "\\|"));
    format!("| {title} | {own} | {peers} | {goals} |")
}

fn figures(series: &Series) -> String {
    if series.flaw.is_some() {
        return "fails".to_owned();
    }
    let mut text = Time(series.median()).to_string();
    for (index, (label, value)) in series.notes.iter().enumerate() {
        let (before, after) = (
            if index == 0 { " (" } else { ", " },
            if index + 1 == series.notes.len() { ")" } else { "" },
        );
        let _ = write!(text, "{before}{} {label}{after}", Digits(*value));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::{Goal, Series, line};
    use crate::sample::Sample;

    #[test]
    fn a_line_shows_losses_in_bold_and_the_fastest_first() {
        let series = |name, nanos| {
            let mut series = Series::new(name);
            series.enter(Ok(Sample { nanos, notes: Vec::new() }), false);
            series
        };
        let mut all = [series("background", 20.0), series("slow", 40.0), series("fast", 10.0)];
        let notes = vec![("threads".to_owned(), 2.0), ("B a task".to_owned(), 1.5)];
        all[1].enter(Ok(Sample { nanos: 0.0, notes }), true);
        assert_eq!(
            line("work", &all, &[Goal::times(0.25, "slow")]),
            "| work | 20 ns | **fast 10 ns** · slow 40 ns (2 threads, 1.50 B a task) \
             | ≤ 0.25 × slow: missed, at 2.00 × it |"
        );
    }
}
