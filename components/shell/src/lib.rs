//! What makes a component of a portable function: the ports over what the component imports, requests and responses over
//! `wasi:http`. Only components have it; natively there is nothing here.
#![cfg(target_family = "wasm")]

pub mod bindings;
mod capabilities;
mod http;
mod stages;

pub use http::answer;

/// All ports, over the component's imports.
#[derive(Clone, Copy, Debug, Default)]
pub struct Imports;

/// Makes this crate a component: `$function`, over the imports.
#[macro_export]
macro_rules! component {
    ($function:ident) => {
        mod component {
            use $crate::{
                Imports, answer,
                bindings::{
                    self,
                    exports::wasi::http::handler::{ErrorCode, Guest, Request, Response},
                },
            };

            struct Component;

            thread_local! {
                /// For all requests of this instance: what stays open for the next one is in it.
                static FUNCTION: super::$function<Imports> = super::$function::new(Imports);
            }

            impl Guest for Component {
                async fn handle(request: Request) -> Result<Response, ErrorCode> {
                    let function = FUNCTION.with(Clone::clone);
                    answer(request, async |request| function.answer(request).await).await
                }
            }

            bindings::export!(Component with_types_in $crate::bindings);
        }
    };
}
