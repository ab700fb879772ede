//! The image of deploy/Containerfile: built by buildah on bases of this machine's Debian, and run by podman and runc as
//! Docker would run it. So its root really is mounted read-only, the program really is the first process, as user 10001
//! and under a filter of system calls. Only the network is the machine's own: the servers beside it listen on 127.0.0.1.
#![allow(clippy::unwrap_used, clippy::panic, reason = "what a test relies on may stop it")]

mod cloud_run;
mod image;
mod process;
mod running;
