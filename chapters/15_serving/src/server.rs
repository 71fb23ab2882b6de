//! From the first line of the log to the last: sockets, the model, signals.

use crate::engine::Engine;
use crate::figures::Figures;
use crate::routes::{App, router};
use crate::settings::{Listen, Settings};
use axum::serve::ListenerExt;
use llama::Llama;
use std::io;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread::JoinHandle;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinSet;

/// Why the server could not run, or not end well.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// Flags that do not fit together.
    #[error("{0}")]
    Settings(String),
    /// The address or the path is taken, or not allowed.
    #[error("cannot listen on {place}: {source}")]
    Listen {
        /// Where.
        place: String,
        /// What the system said.
        source: io::Error,
    },
    /// The model is missing, broken, or none of ours.
    #[error(transparent)]
    Model(#[from] llama::Error),
    /// The system gave no thread, no signal, or no connection.
    #[error("the system refuses: {0}")]
    System(#[from] io::Error),
    /// Requests were still open when the time was over.
    #[error("{0} requests were not finished in time")]
    Drain(usize),
}

/// Listens, loads the model, answers until `end` is over, and finishes what was accepted.
///
/// # Errors
///
/// As [`Failure`] lists them.
pub async fn run(settings: Settings, end: impl Future<Output = ()>) -> Result<(), Failure> {
    settings.check().map_err(Failure::Settings)?;
    let figures = Figures::default();
    let model = match &settings.model {
        Some(path) => path.clone(),
        None => llama::models::smollm2()?,
    };
    let name = model
        .file_stem()
        .map(|stem| stem.to_string_lossy().into_owned());
    let app = App::new(
        &name.unwrap_or_default(),
        settings.limits(),
        figures.clone(),
    );

    // Listening comes first: whoever watches over us can ask how it is going.
    let (stop, stopped) = watch::channel(false);
    let mut servers = JoinSet::new();
    if let Listen::At(address) = settings.listen {
        let listener = tcp(address).await?;
        tracing::info!(address = %listener.local_addr()?, "listening");
        // Without this, the system would wait for more before it sends a token.
        let listener = listener.tap_io(|connection| {
            let _ = connection.set_nodelay(true);
        });
        let server = axum::serve(listener, router(app.clone()));
        servers.spawn(
            server
                .with_graceful_shutdown(over(stopped.clone()))
                .into_future(),
        );
    }
    #[cfg(unix)]
    let _socket = match &settings.unix {
        Some(path) => {
            let (listener, socket) = unix(path).await?;
            tracing::info!(path = %path.display(), "listening");
            let server = axum::serve(listener, router(app.clone()));
            servers.spawn(server.with_graceful_shutdown(over(stopped)).into_future());
            Some(socket)
        }
        None => None,
    };

    tokio::pin!(end);
    let worker = tokio::select! {
        worker = load(model, &settings, &app, figures) => worker?,
        () = &mut end => return Ok(()),
    };
    tracing::info!("ready");
    end.await;

    tracing::info!("stopping");
    app.stop();
    tokio::time::sleep(settings.settle).await;
    let _ = stop.send(true);
    let inside = app.inside();
    // Each server ends with its last connection, and a connection with its last response.
    let all = async { while servers.join_next().await.is_some() {} };
    if tokio::time::timeout(settings.drain, all).await.is_err() {
        return Err(Failure::Drain(app.inside()));
    }
    // The last share in the engine goes, with it the only sender, and at that the worker ends.
    drop(app);
    let joined = tokio::task::spawn_blocking(move || worker.join()).await;
    let sound = matches!(joined, Ok(Ok(())));
    tracing::info!(finished = inside, sound, "stopped");
    Ok(())
}

/// Loads the model and starts its thread.
async fn load(
    path: PathBuf,
    settings: &Settings,
    app: &App,
    figures: Figures,
) -> Result<JoinHandle<()>, Failure> {
    let loaded = tokio::task::spawn_blocking(move || Llama::open(&path)).await;
    let llama = loaded.map_err(io::Error::other)??;
    let (engine, worker) = Engine::start(Arc::new(llama), settings.batching(), figures)?;
    app.set_engine(engine);
    Ok(worker)
}

async fn over(mut stopped: watch::Receiver<bool>) {
    // An error means that the sender is gone, and that is the end as well.
    let _ = stopped.wait_for(|stopped| *stopped).await;
}

async fn tcp(address: SocketAddr) -> Result<TcpListener, Failure> {
    TcpListener::bind(address)
        .await
        .map_err(|source| Failure::Listen {
            place: address.to_string(),
            source,
        })
}

/// A socket's file, removed with this.
#[cfg(unix)]
struct Socket(PathBuf);

#[cfg(unix)]
impl Drop for Socket {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

/// A Unix socket for its owner alone. A file that a dead server has left is replaced, one that answers is not.
#[cfg(unix)]
async fn unix(path: &Path) -> Result<(tokio::net::UnixListener, Socket), Failure> {
    use std::os::unix::fs::{FileTypeExt, PermissionsExt};
    use tokio::net::{UnixListener, UnixStream};
    let failed = |source| Failure::Listen {
        place: path.display().to_string(),
        source,
    };
    let is_socket = std::fs::symlink_metadata(path).is_ok_and(|file| file.file_type().is_socket());
    if is_socket && UnixStream::connect(path).await.is_err() {
        std::fs::remove_file(path).map_err(failed)?;
    }
    let listener = UnixListener::bind(path).map_err(failed)?;
    let socket = Socket(path.to_owned());
    std::fs::set_permissions(path, PermissionsExt::from_mode(0o600)).map_err(failed)?;
    Ok((listener, socket))
}

/// Until SIGTERM, as orchestrators send it, or Ctrl-C.
///
/// # Errors
///
/// If the system lets nobody listen to signals.
pub fn signals() -> io::Result<impl Future<Output = ()>> {
    #[cfg(unix)]
    let mut terminate = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())?;
    Ok(async move {
        #[cfg(unix)]
        let terminated = terminate.recv();
        #[cfg(not(unix))]
        let terminated = std::future::pending::<Option<()>>();
        tokio::select! {
            _ = terminated => {}
            _ = tokio::signal::ctrl_c() => {}
        }
    })
}
