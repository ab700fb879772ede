//! The image, and what is in it.

use std::{
    fs,
    path::Path,
    process::Command,
    sync::{Arc, Mutex, PoisonError, Weak},
};

use astlas_tests::{ended, target};
use serde_json::{Value, json};
use tempfile::TempDir;

/// Most bytes of the image, unpacked.
const SIZE: u64 = 90_000_000;
const NAME: &str = "localhost/astlas";
/// The file that says how containers are run.
const SETTINGS: &str = "containers.conf";

/// A store of images and containers that has this one in it.
pub struct Image {
    folder: TempDir,
}

/// What the tests have in common, for as long as one of them has it.
static SHARED: Mutex<Weak<Image>> = Mutex::new(Weak::new());

impl Image {
    /// The one that others have, too, or a new one.
    pub fn shared() -> Arc<Self> {
        let mut shared = SHARED.lock().unwrap_or_else(PoisonError::into_inner);
        shared.upgrade().unwrap_or_else(|| {
            let image = Arc::new(Self::build());
            *shared = Arc::downgrade(&image);
            image
        })
    }

    fn build() -> Self {
        let image = Self { folder: tempfile::tempdir().unwrap() };
        // Nothing is shared with other containers of this machine, limits stay as they are, which not everybody may raise,
        // and systemd is not asked for anything.
        let settings = format!(
            "[containers]\ndefault_ulimits = []\n[engine]\ncgroup_manager = \"cgroupfs\"\nevents_logger = \"none\"\n\
             runtime = \"runc\"\nlock_type = \"file\"\ntmp_dir = \"{}\"\n",
            image.folder.path().join("state").display()
        );
        fs::write(image.folder.path().join(SETTINGS), settings).unwrap();
        for base in ["base", "run"] {
            let tar = target().join(format!("container/{base}.tar"));
            assert!(tar.exists(), "{} is missing: run `cargo xtask test`", tar.display());
            ended(image.podman(&["import", "--quiet"]).arg(&tar).arg(base).output().unwrap()).ok();
        }
        let (context, deploy) = (image.folder.path().join("context"), target().join("../deploy"));
        fs::create_dir_all(context.join("target/release")).unwrap();
        let program = context.join("target/release/astlas");
        let mut strip = Command::new("strip");
        strip.arg("-o").arg(&program).arg(target().join("release/astlas"));
        ended(strip.output().unwrap()).ok();
        let mut build = image.tool("buildah", &["bud", "--quiet", "--format", "docker", "--isolation", "chroot"]);
        for argument in ["PROGRAM=given", "BASE=localhost/base", "RUN_BASE=localhost/run"] {
            build.args(["--build-arg", argument]);
        }
        // What is not there is not looked for elsewhere.
        build.args(["--pull-never", "--tag", NAME]).arg("--file").arg(deploy.join("Containerfile"));
        build.arg("--ignorefile").arg(deploy.join("Containerfile.dockerignore")).arg(context);
        ended(build.output().unwrap()).ok();
        image
    }

    /// A command of podman on this store.
    pub fn podman(&self, arguments: &[&str]) -> Command {
        self.tool("podman", &[&["--log-level", "fatal"], arguments].concat())
    }

    fn tool(&self, program: &str, arguments: &[&str]) -> Command {
        let mut command = Command::new(program);
        command.env("CONTAINERS_CONF", self.folder.path().join(SETTINGS));
        command.arg("--root").arg(self.folder.path().join("store"));
        command.arg("--runroot").arg(self.folder.path().join("run")).args(arguments);
        command
    }

    /// What is known of the image.
    pub fn known(&self) -> Value {
        ended(self.podman(&["image", "inspect", NAME]).output().unwrap()).json()[0].clone()
    }

    /// A container of it, which is not started; with arguments of podman, and others for the program.
    pub fn container(&self, podman: &[String], program: &[&str]) -> String {
        let mut command = self.podman(&["create"]);
        command.args(podman).arg(NAME).args(program);
        ended(command.output().unwrap()).ok().trim().to_owned()
    }
}

impl Drop for Image {
    fn drop(&mut self) {
        let _ = self.podman(&["rm", "--all", "--force", "--volumes", "--time", "0"]).output();
        // The store is mounted on itself, which would keep the folder.
        let store = self.folder.path().join("store/overlay");
        let _ = Command::new("umount").args(["--recursive", "--lazy"]).arg(store).output();
    }
}

#[test]
fn the_image_is_small_and_says_how_it_is_run() {
    let image = Image::shared();
    let known = image.known();
    let size = known["Size"].as_u64().unwrap();
    println!("image: {:.1} MB", size as f64 / 1e6);
    assert!(size < SIZE, "{size} bytes");
    let config = &known["Config"];
    assert_eq!(config["User"], "10001:10001");
    assert_eq!((&config["Entrypoint"], &config["Cmd"]), (&json!(["astlas"]), &json!(["serve"])));
    assert_eq!(config["StopSignal"], "SIGTERM");
    assert_eq!(config["Volumes"], json!({"/var/cache/astlas": {}}));
    assert!(config["ExposedPorts"].get("8080/tcp").is_some(), "{config}");
    assert_eq!(known["Healthcheck"]["Test"][0], "CMD", "{known}");
}

#[test]
fn the_image_has_no_more_in_it_than_the_program_needs() {
    let image = Image::shared();
    let container = image.container(&[], &[]);
    let root = ended(image.podman(&["mount", &container]).output().unwrap()).ok();
    let root = Path::new(root.trim());
    let certificates = fs::read_to_string(root.join("etc/ssl/certs/ca-certificates.crt")).unwrap();
    assert!(certificates.matches("BEGIN CERTIFICATE").count() > 50);
    // Nobody in it can become somebody else, and nothing of how it was built is left.
    let mut privileged = Command::new("find");
    privileged.arg(root).args(["-xdev", "-type", "f", "-perm", "/6000"]);
    assert_eq!(ended(privileged.output().unwrap()).ok(), "");
    for gone in ["usr/bin/apt-get", "usr/bin/perl", "usr/bin/curl", "usr/bin/openssl", "source", "cargo", "astlas"] {
        assert!(!root.join(gone).exists(), "{gone}");
    }
    ended(image.podman(&["rm", "--volumes", &container]).output().unwrap()).ok();
}
