//! Checkpoints at the head of every loop, so that a body can be stopped.

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote_spanned};
use syn::visit_mut::{self, VisitMut};
use syn::{Block, Expr, Stmt, parse::Parser};

use crate::args::Krate;
use crate::span::hygienic;

/// The body with `checkpoint();` as the first statement of every loop, of those in `closures` as well if
/// they run as part of the body.
///
/// A body that does not parse is returned as it is, for rustc to complain about.
pub(crate) fn inject(body: TokenStream, krate: &Krate, closures: bool) -> TokenStream {
    let Ok(mut statements) = Block::parse_within.parse2(body.clone()) else {
        return body;
    };
    let mut loops = Loops { krate, closures };
    for statement in &mut statements {
        loops.visit_stmt_mut(statement);
    }
    let mut output = TokenStream::new();
    for statement in statements {
        statement.to_tokens(&mut output);
    }
    output
}

/// Visits the code that runs as part of the body, and no other.
struct Loops<'a> {
    krate: &'a Krate,
    closures: bool,
}

impl Loops<'_> {
    fn head(&self, body: &mut Block, keyword: Span) {
        let span = hygienic(keyword);
        let krate = self.krate.at(span);
        let call = quote_spanned!(span=> #krate::__private::checkpoint(););
        body.stmts.insert(0, Stmt::Expr(Expr::Verbatim(call), None));
    }
}

impl VisitMut for Loops<'_> {
    fn visit_expr_loop_mut(&mut self, found: &mut syn::ExprLoop) {
        visit_mut::visit_expr_loop_mut(self, found);
        self.head(&mut found.body, found.loop_token.span);
    }

    fn visit_expr_while_mut(&mut self, found: &mut syn::ExprWhile) {
        visit_mut::visit_expr_while_mut(self, found);
        self.head(&mut found.body, found.while_token.span);
    }

    fn visit_expr_for_loop_mut(&mut self, found: &mut syn::ExprForLoop) {
        visit_mut::visit_expr_for_loop_mut(self, found);
        self.head(&mut found.body, found.for_token.span);
    }

    // A closure or an async block may run anywhere, at any time.
    fn visit_expr_closure_mut(&mut self, found: &mut syn::ExprClosure) {
        if self.closures && found.asyncness.is_none() {
            self.visit_expr_mut(&mut found.body);
        }
    }
    fn visit_expr_async_mut(&mut self, _: &mut syn::ExprAsync) {}

    // These run at compile time, or are functions of their own.
    fn visit_expr_const_mut(&mut self, _: &mut syn::ExprConst) {}
    fn visit_item_mut(&mut self, _: &mut syn::Item) {}
    fn visit_type_mut(&mut self, _: &mut syn::Type) {}
    fn visit_pat_mut(&mut self, _: &mut syn::Pat) {}
    fn visit_angle_bracketed_generic_arguments_mut(
        &mut self,
        _: &mut syn::AngleBracketedGenericArguments,
    ) {
    }
    fn visit_expr_repeat_mut(&mut self, found: &mut syn::ExprRepeat) {
        self.visit_expr_mut(&mut found.expr);
    }
}

#[cfg(test)]
mod tests {
    use super::inject;
    use crate::args::Krate;
    use proc_macro2::TokenStream;
    use quote::quote;
    use syn::parse_quote;

    fn checks(body: TokenStream) -> usize {
        let output = inject(body, &Krate::new(parse_quote!(b)), false).to_string();
        output.matches("b :: __private :: checkpoint () ;").count()
    }

    #[test]
    fn every_kind_of_loop() {
        assert_eq!(
            checks(quote!(loop {
                f();
            })),
            1
        );
        assert_eq!(
            checks(quote!('a: while g() {
                continue 'a;
            })),
            1
        );
        assert_eq!(
            checks(quote!(while let Some(x) = g() {
                f(x)
            })),
            1
        );
        assert_eq!(
            checks(quote!(for x in 0..3 {
                for y in x {}
            })),
            2
        );
        assert_eq!(checks(quote!(let x = loop { break 1 }; unsafe { loop {} })), 2);
        assert_eq!(
            checks(quote!(match loop {
                break 1;
            } {
                _ => while g() {},
            })),
            2
        );
    }

    #[test]
    fn other_peoples_loops_are_left_alone() {
        assert_eq!(checks(quote!(let f = || loop {};)), 0);
        assert_eq!(checks(quote!(async { loop {} })), 0);
        assert_eq!(
            checks(quote!(
                fn f() {
                    loop {}
                }
            )),
            0
        );
        assert_eq!(
            checks(quote!(
                const X: u8 = loop {
                    break 1;
                };
            )),
            0
        );
        assert_eq!(
            checks(quote!(
                const {
                    loop {
                        break;
                    }
                }
            )),
            0
        );
        assert_eq!(
            checks(quote!(
                [0; {
                    while false {}
                    1
                }]
            )),
            0
        );
        assert_eq!(
            checks(quote!(f::<
                {
                    loop {
                        break 1;
                    }
                },
            >())),
            0
        );
        assert_eq!(checks(quote!(my_macro! { loop {} })), 0);
    }

    #[test]
    fn loops_in_closures_are_those_of_an_iterator() {
        let checks = |body: TokenStream| {
            let output = inject(body, &Krate::new(parse_quote!(b)), true).to_string();
            output.matches("b :: __private :: checkpoint () ;").count()
        };
        assert_eq!(
            checks(quote!(rows.map(|row| {
                for x in row {}
                || loop {}
            }))),
            2
        );
        assert_eq!(checks(quote!(g(async || loop {}); async { loop {} })), 0);
    }

    #[test]
    fn what_does_not_parse_is_left_alone() {
        let body = quote!(let = loop {});
        assert_eq!(inject(body.clone(), &Krate::default(), true).to_string(), body.to_string());
    }
}
