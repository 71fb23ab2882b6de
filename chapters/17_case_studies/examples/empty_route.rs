//! An empty route in axum, and a load that asks it, or any other server, as often as it can.
//!
//! ```console
//! cargo run --release -p case_studies --example empty_route -- serve            # prints its port
//! cargo run --release -p case_studies --example empty_route -- load PORT 20000
//! ```
//!
//! The load is closed: eight connections, each with one request under way. It prints one JSON line: nanoseconds a request,
//! as all connections together see it, and how many answers were a 200 with `OK` in it. Loopback alone.

use axum::Router;
use axum::routing::get;
use std::error::Error;
use std::io::{BufRead, BufReader, Write};
use std::net::{Ipv4Addr, TcpStream};
use std::thread;
use std::time::{Duration, Instant};

const CONNECTIONS: usize = 8;
/// So long a connection waits for an answer before it gives up.
const PATIENCE: Duration = Duration::from_secs(20);
const USAGE: &str = "usage: empty_route serve, or empty_route load PORT REQUESTS";

fn main() -> Result<(), Box<dyn Error>> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    match words.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["serve"] => serve(),
        ["load", port, requests] => load(port.parse()?, requests.parse()?),
        _ => Err(USAGE.into()),
    }
}

/// Serves until somebody ends the process.
#[tokio::main]
async fn serve() -> Result<(), Box<dyn Error>> {
    let listener = tokio::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
    println!("{}", listener.local_addr()?.port());
    let app = Router::new().route("/", get(|| async { "OK" }));
    axum::serve(listener, app).await?;
    Ok(())
}

/// Asks `requests` times in all.
fn load(port: u16, requests: usize) -> Result<(), Box<dyn Error>> {
    // The first ones open connections and wake what sleeps.
    for _ in 0..2 {
        ask(port, 50)?;
    }
    let each = requests.div_ceil(CONNECTIONS);
    let start = Instant::now();
    let answered: Result<Vec<usize>, String> = thread::scope(|scope| {
        let threads: Vec<_> = (0..CONNECTIONS)
            .map(|_| scope.spawn(|| ask(port, each).map_err(|error| error.to_string())))
            .collect();
        let joined = threads.into_iter().map(thread::ScopedJoinHandle::join);
        joined
            .map(|answer| answer.expect("nothing panics here"))
            .collect()
    });
    let answered: usize = answered?.into_iter().sum();
    let ns = start.elapsed().as_secs_f64() * 1e9 / answered as f64;
    println!(r#"{{"ns": {ns:.0}, "output": {answered}}}"#);
    Ok(())
}

/// Asks on one connection, one request after another; returns how many answers were right.
fn ask(port: u16, requests: usize) -> Result<usize, Box<dyn Error>> {
    let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port))?;
    stream.set_nodelay(true)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    let mut answers = BufReader::new(stream.try_clone()?);
    let mut right = 0;
    for _ in 0..requests {
        stream.write_all(b"GET / HTTP/1.1\r\nhost: localhost\r\n\r\n")?;
        right += usize::from(is_ok(&mut answers)?);
    }
    Ok(right)
}

/// Reads one answer with a `content-length`, and says whether it is a 200 with `OK` in its body.
fn is_ok(answers: &mut impl BufRead) -> Result<bool, Box<dyn Error>> {
    let mut line = String::new();
    answers.read_line(&mut line)?;
    let good = line.starts_with("HTTP/1.1 200");
    let mut length = 0;
    loop {
        line.clear();
        if answers.read_line(&mut line)? == 0 {
            return Err("the server hung up".into());
        }
        match line.trim().split_once(':') {
            Some((name, value)) if name.eq_ignore_ascii_case("content-length") => {
                length = value.trim().parse()?;
            }
            Some(_) => {}
            None => break,
        }
    }
    let mut body = vec![0; length];
    answers.read_exact(&mut body)?;
    Ok(good && body.windows(2).any(|two| two == b"OK"))
}
