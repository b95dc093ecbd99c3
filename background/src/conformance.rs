//! What every strategy has to do alike, as tests for ours and for yours.

/// Expands to the tests that every strategy has to pass: one `#[test]` for each behaviour.
///
/// The argument is an expression for the strategy; it is evaluated once or more in every test, and
/// may not capture anything. Put the macro into a module of its own. The behaviours are those that
/// do not depend on where a body runs: the value arrives, a body runs once, a panic keeps its
/// payload, limits hold, nothing is dropped twice or forgotten. Each test gives up after two
/// minutes, so that a strategy that loses a task fails instead of hanging.
///
/// ```
/// # use background::{Strategy, Task};
/// struct Fresh;
///
/// impl Strategy for Fresh {
///     fn start(&self, task: Task) {
///         std::thread::spawn(|| task.run());
///     }
/// }
///
/// #[cfg(test)]
/// mod fresh {
///     background::conformance!(super::Fresh);
/// }
///
/// // What each of the tests does:
/// background::__private::conformance::the_value_arrives(|| Fresh);
/// ```
#[macro_export]
macro_rules! conformance {
    ($strategy:expr $(,)?) => {
        $crate::conformance! { @tests $strategy;
            the_value_arrives
            a_body_runs_once_for_ten_touching_threads
            a_thousand_tasks_each_run_once
            eight_threads_may_submit_together
            values_of_any_size_and_alignment_arrive
            a_panic_keeps_its_payload_and_then_has_a_message
            an_outcome_is_given_without_a_panic
            a_caught_panic_is_a_value
            a_timeout_is_seen_by_everybody_for_ever
            a_timeout_runs_destructors
            no_time_never_starts_the_body
            endless_time_is_no_limit
            a_panic_is_never_a_timeout
            a_deadline_is_inherited
            a_cancelled_task_that_never_started_never_runs
            a_cancel_after_the_end_is_too_late
            arguments_and_values_are_dropped_once
            dropping_a_future_may_join
            a_reader_with_a_limit_gets_the_value
            a_callback_is_called_once
            a_continuation_gets_the_value
            an_await_gets_the_value
            a_body_knows_its_task
            a_body_may_start_tasks_and_touch_them
            a_scoped_task_may_borrow
        }
    };
    (@tests $strategy:expr; $($behaviour:ident)*) => {
        $(
            #[test]
            fn $behaviour() {
                $crate::__private::conformance::$behaviour(|| $strategy);
            }
        )*
    };
}
