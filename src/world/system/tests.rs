//! The real doors, tried on a directory of their own.

use super::*;
use crate::world::{FileKind, Inherit, read_text};
use std::ffi::OsString;

/// A directory that is gone after the test.
struct Dir(PathBuf);

impl Dir {
    fn new() -> Self {
        let mut unique = [0; 8];
        SystemWorld::new().random_bytes(&mut unique).unwrap();
        let path = std::env::temp_dir().join(format!("rutter-world-{:016x}", u64::from_le_bytes(unique)));
        std::fs::create_dir(&path).unwrap();
        Self(path)
    }

    fn join(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }
}

impl Drop for Dir {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn shell(script: &str) -> Program {
    Program { args: vec![OsString::from("-c"), OsString::from(script)], ..Program::new("/bin/sh") }
}

#[test]
fn refuses_a_file_over_the_limit_and_one_that_is_no_text() {
    let (world, dir) = (SystemWorld::new(), Dir::new());
    let path = dir.join("a");
    world.write_file(&path, b"12345", WriteMode::Create).unwrap();
    assert_eq!(world.read_file(&path, 5).unwrap(), b"12345");
    assert!(matches!(world.read_file(&path, 4), Err(WorldError::FileTooLarge { limit: 4, .. })));
    world.write_file(&path, b"\xff", WriteMode::Replace).unwrap();
    assert!(read_text(&world, &path, 5).unwrap_err().to_string().ends_with("it is not UTF-8 text"));
}

#[test]
fn creates_only_what_is_new() {
    let (world, dir) = (SystemWorld::new(), Dir::new());
    let path = dir.join("a");
    world.write_file(&path, b"old", WriteMode::Create).unwrap();
    let error = world.write_file(&path, b"new", WriteMode::Create).unwrap_err();
    assert!(error.to_string().starts_with(&format!("cannot write {}", path.display())), "{error}");
    assert_eq!(world.read_file(&path, 5).unwrap(), b"old");
}

#[cfg(unix)]
#[test]
fn replaces_what_a_link_points_to_with_its_permissions_and_leaves_nothing_else() {
    use std::os::unix::fs::PermissionsExt;
    let (world, dir) = (SystemWorld::new(), Dir::new());
    let (path, link) = (dir.join("a"), dir.join("b"));
    world.write_file(&path, b"old", WriteMode::Create).unwrap();
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).unwrap();
    std::os::unix::fs::symlink(&path, &link).unwrap();
    world.write_file(&link, b"new", WriteMode::Replace).unwrap();
    assert_eq!(world.read_file(&path, 5).unwrap(), b"new");
    assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    let names: Vec<_> = world.list_dir(&dir.0).unwrap().into_iter().map(|entry| (entry.name, entry.kind)).collect();
    assert_eq!(names, [("a".into(), FileKind::File), ("b".into(), FileKind::Other)]);
    assert!(world.write_file(&dir.0, b"x", WriteMode::Replace).is_err());
}

#[tokio::test]
async fn runs_a_program_with_input_variables_and_status() {
    let world = SystemWorld::new();
    let mut program = shell("cat; echo \"$A\" >&2; exit 3");
    program.stdin = b"in".to_vec();
    program.env.insert("A".to_owned(), "b".to_owned());
    let output = world.run_program(program).await.unwrap();
    assert_eq!((output.status, output.stdout.as_slice(), output.stderr.as_slice()), (Some(3), &b"in"[..], &b"b\n"[..]));
}

#[tokio::test]
async fn hides_the_environment_when_told() {
    let program = Program { inherit: Inherit::Nothing, ..shell("echo \"$HOME$CARGO_MANIFEST_DIR\"") };
    assert_eq!(SystemWorld::new().run_program(program).await.unwrap().stdout, b"\n");
}

#[tokio::test]
async fn kills_a_program_that_hangs_with_its_children() {
    let (world, dir) = (SystemWorld::new(), Dir::new());
    let alive = dir.join("alive");
    let mut program = shell(&format!("(sleep 1; : > {}) & sleep 30", alive.display()));
    program.timeout = Duration::from_millis(200);
    let error = world.run_program(program).await.unwrap_err();
    assert_eq!(error.to_string(), "/bin/sh did not end within 0.2 s");
    tokio::time::sleep(Duration::from_millis(1200)).await;
    assert_eq!(world.metadata(&alive).unwrap(), None);
}

#[tokio::test]
async fn a_program_that_ends_leaves_no_children_behind() {
    let (world, dir) = (SystemWorld::new(), Dir::new());
    let alive = dir.join("alive");
    // The child holds none of its parent's pipes: nothing of it is waited for.
    let script = format!("(sleep 1; : > {}) >/dev/null 2>&1 </dev/null & echo hi; exit 3", alive.display());
    let output = world.run_program(shell(&script)).await.unwrap();
    assert_eq!((output.status, output.stdout.as_slice()), (Some(3), &b"hi\n"[..]));
    tokio::time::sleep(Duration::from_millis(1500)).await;
    assert_eq!(world.metadata(&alive).unwrap(), None);
}

#[tokio::test]
async fn a_program_that_closes_its_output_is_let_run_to_its_end() {
    let output = SystemWorld::new().run_program(shell("exec >&- 2>&-; sleep 0.3; exit 3")).await.unwrap();
    assert_eq!(output.status, Some(3));
}

#[tokio::test]
async fn kills_a_program_that_prints_without_end() {
    let program = Program { output_limit: 1000, ..shell("yes geheim") };
    let error = SystemWorld::new().run_program(program).await.unwrap_err();
    assert_eq!(error.to_string(), "/bin/sh printed more than 1000 bytes");
}

#[tokio::test]
async fn says_which_program_is_missing() {
    let error = SystemWorld::new().run_program(Program::new("/nowhere/kubelogin")).await.unwrap_err();
    assert!(error.to_string().starts_with("cannot run /nowhere/kubelogin: "), "{error}");
}

#[tokio::test]
async fn bounds_an_http_answer_in_size_and_time_and_follows_no_redirect() {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        loop {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut head = [0; 1024];
            let length = stream.read(&mut head).await.unwrap();
            if head[..length].starts_with(b"GET /hang") {
                tokio::spawn(async move {
                    tokio::time::sleep(Duration::from_secs(60)).await;
                    drop(stream);
                });
                continue;
            }
            let answer = "HTTP/1.1 302 Found\r\nlocation: http://127.0.0.1:1/\r\nconnection: close\r\ncontent-length: 5\r\n\r\nhello";
            stream.write_all(answer.as_bytes()).await.unwrap();
        }
    });
    let world = SystemWorld::new();
    let request =
        |path: &str| HttpRequest::new(::http::Method::GET, format!("http://127.0.0.1:{port}{path}").parse().unwrap());
    let answer = world.http(request("/")).await.unwrap();
    assert_eq!((answer.status.as_u16(), &answer.body[..]), (302, &b"hello"[..]));
    let error = world.http(HttpRequest { body_limit: 4, ..request("/") }).await.unwrap_err();
    assert!(matches!(error, WorldError::HttpTooLarge { limit: 4, .. }), "{error}");
    let error = world.http(HttpRequest { timeout: Duration::from_millis(100), ..request("/hang?key=geheim") }).await;
    let error = error.unwrap_err().to_string();
    assert_eq!(error, format!("GET http://127.0.0.1:{port}/hang: no complete answer within 0.1 s"));
}
