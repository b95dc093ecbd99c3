//! A workload's figures as text.

use crate::Goal;
use crate::series::Series;
use crate::time::{Digits, Time};

/// Prints them. The first contender is the one whose ratios are printed.
pub(crate) fn print(title: &str, all: &[Series], goals: &[Goal]) {
    println!("\n{title}");
    let own = all.first().map_or(f64::NAN, Series::median);
    for (index, series) in all.iter().enumerate() {
        let (name, median) = (series.name, series.median());
        if let Some(flaw) = &series.flaw {
            println!("  {name:<34}{flaw}");
            continue;
        }
        print!("  {name:<34}{:>10}{:>10} at best", Time(median), Time(series.best()));
        if index > 0 {
            print!("{:>10.3} ×", own / median);
        }
        for (label, value) in &series.notes {
            print!("   {} {label}", Digits(*value));
        }
        println!();
    }
    for goal in goals {
        match goal.judge(all) {
            Some(verdict) => println!("  goal: {goal}: {verdict}"),
            None => println!("  goal: {goal}: not in this run"),
        }
    }
}
