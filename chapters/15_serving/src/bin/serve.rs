//! `serve`: a language model behind HTTP. `serve --help` lists the flags.

use clap::Parser;
use serving::{LogFormat, Settings, server};
use std::process::ExitCode;
use tracing_subscriber::EnvFilter;

fn main() -> ExitCode {
    let settings = Settings::parse();
    let done = logging(&settings).and_then(|()| serve(settings));
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("serve: {error}");
            ExitCode::FAILURE
        }
    }
}

fn logging(settings: &Settings) -> Result<(), String> {
    let filter = EnvFilter::try_new(&settings.log_level)
        .map_err(|error| format!("--log-level {}: {error}", settings.log_level))?;
    let log = tracing_subscriber::fmt().with_env_filter(filter);
    match settings.log {
        LogFormat::Json => log
            .json()
            .flatten_event(true)
            .with_current_span(false)
            .init(),
        LogFormat::Text => log.init(),
    }
    Ok(())
}

fn serve(settings: Settings) -> Result<(), String> {
    if let Some(threads) = settings.threads {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads);
        pool.build_global().map_err(|error| error.to_string())?;
    }
    // The passes have rayon's threads. What is left to do here is little, and two threads do it for thousands of clients.
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .map_err(|error| error.to_string())?;
    let run = async { server::run(settings, server::signals()?).await };
    let done = runtime.block_on(run);
    // A request that was not finished in time must not keep the process.
    runtime.shutdown_background();
    done.map_err(|error| error.to_string())
}
