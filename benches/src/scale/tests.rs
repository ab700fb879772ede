//! The simulation beside what is known of such systems, and beside itself.

mod caches;
mod days;
mod queues;
