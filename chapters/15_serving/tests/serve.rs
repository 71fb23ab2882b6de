//! `serve` as a program: sockets, signals, clients that hang up. The model is a random one.
#![cfg(unix)]

mod common;

use common::figure;
use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::UnixStream;
use std::path::PathBuf;
use std::process::{Child, ChildStdout, Command, Stdio};

/// A server of this test's own; it ends with the test.
struct Server {
    child: Child,
    log: BufReader<ChildStdout>,
    address: SocketAddr,
    model: PathBuf,
}

impl Server {
    fn start(name: &str, flags: &[&str]) -> Self {
        let model = model(name);
        let mut child = serve(&[
            "--model",
            model.to_str().expect("UTF-8"),
            "--listen",
            "127.0.0.1:0",
        ])
        .args(flags)
        .stdout(Stdio::piped())
        .spawn()
        .expect("the program");
        let log = BufReader::new(child.stdout.take().expect("a pipe"));
        let mut server = Self {
            child,
            log,
            address: SocketAddr::from(([127, 0, 0, 1], 0)),
            model,
        };
        let listening = server.wait_for("listening");
        let address = listening["address"].as_str().expect("an address");
        server.address = address.parse().expect("an address");
        server.wait_for("ready");
        server
    }

    /// The next line of the log with this message.
    fn wait_for(&mut self, message: &str) -> Value {
        loop {
            let mut line = String::new();
            let read = self.log.read_line(&mut line).expect("a pipe");
            assert!(read > 0, "the log ended before '{message}'");
            let line: Value = serde_json::from_str(&line).expect("JSON, each line");
            if line["message"] == message {
                return line;
            }
        }
    }

    fn connect(&self) -> TcpStream {
        TcpStream::connect(self.address).expect("it listens")
    }

    fn metrics(&self) -> String {
        body(&exchange(self.connect(), "GET /metrics", ""))
    }

    fn signal(&self, name: &str) {
        let kill = Command::new("kill")
            .args([name, &self.child.id().to_string()])
            .status();
        assert!(kill.expect("kill").success());
    }

    fn code(&mut self) -> Option<i32> {
        self.child.wait().expect("it ends").code()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        let _ = std::fs::remove_file(&self.model);
    }
}

fn model(name: &str) -> PathBuf {
    let path = std::env::temp_dir().join(format!("serve-{name}-{}.gguf", std::process::id()));
    std::fs::write(&path, llama::tiny(14)).expect("a place for the model");
    path
}

fn serve(flags: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_serve"));
    command.args(flags).env_remove("SERVE_MODEL");
    command
}

/// Sends a request, of which it reads nothing yet.
fn send(mut stream: impl Write, line: &str, body: &str) {
    let length = body.len();
    let head = format!(
        "{line} HTTP/1.1\r\nHost: here\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\r\n"
    );
    stream
        .write_all((head + body).as_bytes())
        .expect("a socket");
}

/// Sends a request and reads the whole response.
fn exchange(mut stream: impl Read + Write, line: &str, body: &str) -> String {
    send(&mut stream, line, body);
    let mut response = String::new();
    stream.read_to_string(&mut response).expect("UTF-8");
    response
}

fn body(response: &str) -> String {
    let (head, body) = response.split_once("\r\n\r\n").expect("a head and a body");
    assert!(head.starts_with("HTTP/1.1 200"), "{response}");
    body.to_owned()
}

/// Reads up to and with `what`.
fn read_until(reader: &mut impl BufRead, what: &str) {
    let mut line = String::new();
    while !line.contains(what) {
        line.clear();
        assert!(
            reader.read_line(&mut line).expect("a socket") > 0,
            "the end came before {what:?}"
        );
    }
}

fn question(max_tokens: usize, stream: bool) -> String {
    json!({"prompt": "Hello", "max_tokens": max_tokens, "temperature": 0, "stream": stream, "raw": true}).to_string()
}

#[test]
fn a_unix_socket_is_for_its_owner_and_answers_the_same() {
    let path = std::env::temp_dir().join(format!("serve-{}.sock", std::process::id()));
    let place = path.to_str().expect("UTF-8");
    let mut server = Server::start("unix", &["--unix", place]);
    let mode = std::fs::metadata(&path)
        .expect("it is there")
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o600);
    let stream = UnixStream::connect(&path).expect("it listens");
    let over_unix = body(&exchange(stream, "POST /inference", &question(6, false)));
    let over_tcp = body(&exchange(
        server.connect(),
        "POST /inference",
        &question(6, false),
    ));
    let text = |body: &str| serde_json::from_str::<Value>(body).expect("JSON")["text"].clone();
    assert_eq!(text(&over_unix), text(&over_tcp));
    // A second server does not take the socket away from one that answers.
    let model = server.model.to_str().expect("UTF-8");
    let second = serve(&["--model", model, "--listen", "none", "--unix", place]).output();
    let said = String::from_utf8(second.expect("the program").stderr).expect("UTF-8");
    assert!(
        said.starts_with(&format!("serve: cannot listen on {place}: ")),
        "{said}"
    );
    server.signal("-TERM");
    assert_eq!(server.code(), Some(0));
    assert!(!path.exists(), "the file goes with the server");
}

/// A batch waits this long for company, and so does whoever is in it.
const SECOND: [&str; 4] = ["--schedule", "window", "--window-ms", "1000"];
const MINUTE: [&str; 4] = ["--schedule", "window", "--window-ms", "60000"];

/// A request that is accepted and not answered yet.
fn accepted(server: &Server) -> BufReader<TcpStream> {
    let mut stream = BufReader::new(server.connect());
    send(stream.get_mut(), "POST /inference", &question(9, true));
    // A stream's head comes when the request has its place.
    read_until(&mut stream, "text/event-stream");
    stream
}

#[test]
fn a_signal_lets_what_was_accepted_end() {
    let mut server = Server::start("drain", &SECOND);
    let mut stream = accepted(&server);
    server.signal("-TERM");
    server.wait_for("stopping");
    read_until(&mut stream, "event: done");
    let mut rest = String::new();
    stream.read_to_string(&mut rest).expect("UTF-8");
    assert!(rest.contains("\"tokens_generated\":9"), "{rest}");
    assert_eq!(server.wait_for("stopped")["sound"], true);
    assert_eq!(server.code(), Some(0));
    assert!(
        TcpStream::connect(server.address).is_err(),
        "nobody listens any more"
    );
}

#[test]
fn what_does_not_end_in_time_is_said() {
    let mut server = Server::start("late", &[&MINUTE[..], &["--drain", "0"]].concat());
    let _stream = accepted(&server);
    server.signal("-INT");
    assert_eq!(server.code(), Some(1));
}

// An answer of 240 tokens takes this model some milliseconds, so now and then one ends before anybody can hang up.
#[test]
fn who_hangs_up_frees_the_place() {
    let mut server = Server::start("hangup", &["--batch-size", "1", "--queue", "0"]);
    let cancelled = "serving_outcomes_total{outcome=\"cancelled\"}";
    let settled = |server: &Server| loop {
        let metrics = server.metrics();
        if figure(&metrics, "serving_inside") == 0.0 {
            break metrics;
        }
    };
    let mut asked = 0.0;
    let metrics = loop {
        let mut stream = BufReader::new(server.connect());
        send(stream.get_mut(), "POST /inference", &question(240, true));
        read_until(&mut stream, "text/event-stream");
        drop(stream);
        asked += 1.0;
        let metrics = settled(&server);
        if figure(&metrics, cancelled) > 0.0 {
            break metrics;
        }
        assert!(
            asked < 1_000.0,
            "a thousand have hung up, and none was missed"
        );
    };
    let length = figure(&metrics, "serving_outcomes_total{outcome=\"length\"}");
    let ended = length + figure(&metrics, cancelled);
    let accepted = figure(&metrics, "serving_accepted_total");
    assert_eq!(
        (ended, accepted),
        (asked, asked),
        "nothing is lost:\n{metrics}"
    );
    let answer = body(&exchange(
        server.connect(),
        "POST /inference",
        &question(3, false),
    ));
    assert!(answer.contains("\"tokens_generated\":3"), "{answer}");
    server.signal("-TERM");
    assert_eq!(server.code(), Some(0));
}

#[test]
fn the_log_names_the_request() {
    let mut server = Server::start("log", &[]);
    let id = "X-Request-Id: from-the-gateway\r\nHost: here\r\n";
    let mut stream = server.connect();
    let body = question(2, false);
    let head = format!(
        "POST /inference HTTP/1.1\r\n{id}Connection: close\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    stream
        .write_all((head + &body).as_bytes())
        .expect("a socket");
    let mut response = String::new();
    stream.read_to_string(&mut response).expect("UTF-8");
    assert!(
        response.contains("x-request-id: from-the-gateway"),
        "{response}"
    );
    let line = server.wait_for("answered");
    assert_eq!(line["tokens"], 2);
    assert_eq!(line["spans"][0]["request_id"], "from-the-gateway");
}

#[test]
fn what_cannot_be_started_is_said() {
    let model = model("error");
    let path = model.to_str().expect("UTF-8");
    let taken = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let taken = taken.local_addr().expect("an address").to_string();
    for (flags, code, message) in [
        (
            vec!["--model", "no such file", "--listen", "127.0.0.1:0"],
            1,
            "serve: cannot read no such file: ",
        ),
        (
            vec!["--model", path, "--listen", &taken],
            1,
            "serve: cannot listen on 127.0.0.1:",
        ),
        (vec!["--listen", "none"], 1, "serve: nowhere to listen"),
        (
            vec!["--rows", "4"],
            1,
            "serve: 4 tokens in a pass are too few for a batch of 8",
        ),
        (
            vec!["--log-level", "a=b=c"],
            1,
            "serve: --log-level a=b=c: ",
        ),
        (
            vec!["--batch-size", "0"],
            2,
            "error: invalid value '0' for '--batch-size <BATCH_SIZE>': at least 1",
        ),
        (
            vec!["--colour"],
            2,
            "error: unexpected argument '--colour' found",
        ),
    ] {
        let output = serve(&flags).output().expect("the program");
        let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(code), "{flags:?}: {stderr}");
        assert!(stderr.starts_with(message), "{flags:?}: {stderr}");
    }
    let from_environment = serve(&[])
        .env("SERVE_BATCH_SIZE", "none")
        .output()
        .expect("the program");
    assert_eq!(from_environment.status.code(), Some(2));
    std::fs::remove_file(model).expect("it was there");
}
