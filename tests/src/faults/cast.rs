//! Who is there in a soak, and how each fault comes over them.

use std::{
    sync::{Mutex, MutexGuard, PoisonError},
    thread::sleep,
    time::Duration,
};

use astlas_test_servers::{Fault as Network, FaultProxy};

use super::{
    gate::Server,
    place::{Ports, Scene},
    program::{Held, Program},
    schedule::Fault,
    user::User,
};

/// How long everybody is left alone before it is looked at what they hold: threads that have nothing to do end after ten
/// seconds.
pub const REST: Duration = Duration::from_secs(12);
/// How long it may take until they have nothing to do.
const PATIENCE: Duration = Duration::from_secs(240);
/// Little, so that what is kept on purpose is full at the start and at the end.
const SMALL: [(&str, &str); 2] = [("ASTLAS_CACHE_MEMORY", "4000000"), ("ASTLAS_FUNCTIONS_WARM_BYTES", "40000000")];

/// Who is there.
pub struct Cast<'a> {
    scene: &'a Scene<'a>,
    proxies: [FaultProxy; 3],
    ports: Ports,
    /// These are never killed.
    service: Program,
    worker: Program,
    /// These are.
    mortal: Mutex<[Program; 2]>,
    address: Mutex<String>,
}

impl<'a> Cast<'a> {
    /// Starts everybody.
    pub fn start(scene: &'a Scene<'a>) -> Self {
        let Ports { cache, storage, events } = scene.ports();
        let proxies = [cache, storage, events].map(FaultProxy::before);
        let [cache, storage, events] = proxies.each_ref().map(FaultProxy::port);
        let ports = Ports { cache, storage, events };
        let start = |role| scene.program_at(role, ports, &SMALL);
        let mortal = [start("serve"), start("worker")];
        let address = Mutex::new(mortal[0].address.clone());
        let (service, worker) = (start("serve"), start("worker"));
        Self { scene, proxies, ports, service, worker, mortal: Mutex::new(mortal), address }
    }

    /// A user of the first service, which is never killed, or of the second one.
    pub fn user(&self, service: usize) -> User {
        if service == 0 { User::of(&self.service.address) } else { User::of(&lock(&self.address)) }
    }

    /// Has one fault come and go.
    pub fn suffer(&self, fault: Fault) {
        match fault {
            Fault::Network { server, does, time, .. } => {
                self.proxies[server].set(does);
                sleep(time);
                self.proxies[server].set(Network::Pass);
            }
            Fault::Cut { server } => self.proxies[server].cut(),
            Fault::Stop { program, time } => {
                let mortal = lock(&self.mortal);
                let program = [&self.service, &self.worker, &mortal[0], &mortal[1]][program];
                program.pause();
                sleep(time);
                program.resume();
            }
            Fault::StopServer { server, time } => {
                let process = self.scene.server([Server::Cache, Server::Storage, Server::Events][server]);
                process.pause();
                sleep(time);
                process.resume();
            }
            Fault::Kill { program, time } => {
                let mut mortal = lock(&self.mortal);
                mortal[program].kill();
                sleep(time);
                mortal[program] = self.scene.program_at(["serve", "worker"][program], self.ports, &SMALL);
                *lock(&self.address) = mortal[0].address.clone();
            }
            Fault::Forget => assert!(self.scene.redis.command("FLUSHALL").contains("OK"), "Redis forgets"),
        }
    }

    /// What those hold who are never killed, when nobody wants anything of them.
    pub fn held_at_rest(&self) -> [Held; 2] {
        let is_idle = |user: &User| user.metric("astlas_function_instances_used").filter(|used| *used == 0.0);
        let idle = || {
            for address in [&self.service.address, &self.worker.address] {
                User::of(address).insist(PATIENCE, is_idle);
            }
        };
        idle();
        sleep(REST);
        idle();
        [self.service.held(), self.worker.held()]
    }
}

/// What is in a mutex.
pub fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
