//! The function as a component.
#![allow(unsafe_code, reason = "what wit-bindgen generates calls the canonical ABI")]

use astlas_shell::{
    Imports, answer,
    bindings::{
        self,
        exports::wasi::http::handler::{ErrorCode, Guest, Request, Response},
    },
};

use crate::Function;

struct Component;

impl Guest for Component {
    async fn handle(request: Request) -> Result<Response, ErrorCode> {
        answer(request, async |request| Function { ports: Imports }.answer(request).await).await
    }
}

bindings::export!(Component with_types_in astlas_shell::bindings);
