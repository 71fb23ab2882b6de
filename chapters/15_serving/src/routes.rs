//! Paths, and what surrounds every request.

use crate::engine::{Engine, Ticket};
use crate::error::ServeError;
use crate::figures::Figures;
use crate::{chat, inference};
use axum::extract::{DefaultBodyLimit, MatchedPath, Request, State};
use axum::http::{HeaderName, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use llama::{Llama, Message, Options};
use serde_json::json;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;
use tower::ServiceBuilder;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::request_id::{MakeRequestUuid, PropagateRequestIdLayer, SetRequestIdLayer};
use tower_http::timeout::RequestBodyTimeoutLayer;
use tower_http::trace::{DefaultOnResponse, TraceLayer};
use tracing::Level;

/// What a request may ask for.
#[derive(Clone, Debug)]
pub struct Limits {
    /// Tokens of a prompt and its answer together; not more than the model's.
    pub context: usize,
    /// Tokens of an answer.
    pub max_tokens: usize,
    /// Bytes of a body.
    pub max_body: usize,
    /// How long a client may take between two pieces of its body.
    pub body_timeout: Duration,
}

/// What the handlers share.
#[derive(Clone)]
pub struct App(Arc<Shared>);

struct Shared {
    engine: OnceLock<Engine>,
    stopping: AtomicBool,
    limits: Limits,
    figures: Figures,
    model: String,
}

/// What is to be read: a text to be continued, or a conversation.
pub enum Prompt {
    /// As it is.
    Text(String),
    /// In the model's notation, and then it is the model's turn.
    Chat(Vec<Message>),
}

impl App {
    /// An app whose model is not loaded yet. `model` is the name that clients see.
    pub fn new(model: &str, limits: Limits, figures: Figures) -> Self {
        Self(Arc::new(Shared {
            engine: OnceLock::new(),
            stopping: AtomicBool::new(false),
            limits,
            figures,
            model: model.to_owned(),
        }))
    }

    /// From now on there are answers.
    pub fn set_engine(&self, engine: Engine) {
        // Whoever sets a second one keeps the first.
        let _ = self.0.engine.set(engine);
    }

    /// From now on `/ready` says no, and requests are refused.
    pub fn stop(&self) {
        self.0.stopping.store(true, Ordering::Relaxed);
    }

    /// The name of the model.
    pub fn model(&self) -> &str {
        &self.0.model
    }

    /// The counters.
    pub fn figures(&self) -> &Figures {
        &self.0.figures
    }

    /// How many requests are inside.
    pub fn inside(&self) -> usize {
        self.0.engine.get().map_or(0, Engine::inside)
    }

    fn engine(&self) -> Result<&Engine, ServeError> {
        if self.0.stopping.load(Ordering::Relaxed) {
            return Err(ServeError::NotReady("it is about to end"));
        }
        let engine = self.0.engine.get();
        engine.ok_or(ServeError::NotReady("the model is not loaded yet"))
    }

    /// Turns a prompt into tokens, looks whether it fits, and hands it over.
    ///
    /// # Errors
    ///
    /// If it does not fit, the options are impossible, all places are taken, or there is no model.
    pub async fn submit(
        &self,
        prompt: Prompt,
        wanted: Wanted,
        stream: bool,
    ) -> Result<Ticket, ServeError> {
        let submitted = self.try_submit(prompt, wanted, stream).await;
        match &submitted {
            Err(ServeError::Full { .. }) => self.0.figures.rejected("full"),
            Err(ServeError::NotReady(_)) => self.0.figures.rejected("not_ready"),
            Err(error) if error.status().is_client_error() => self.0.figures.rejected("invalid"),
            _ => {}
        }
        submitted
    }

    async fn try_submit(
        &self,
        prompt: Prompt,
        wanted: Wanted,
        stream: bool,
    ) -> Result<Ticket, ServeError> {
        let engine = self.engine()?;
        wanted.options.sampling.check()?;
        let llama = Arc::clone(&engine.llama);
        // A long text takes a while to encode, in which this thread could serve others.
        let encoded = tokio::task::spawn_blocking(move || encode(&llama, prompt)).await;
        let prompt = encoded.map_err(|error| ServeError::Model(error.to_string()))??;
        let context = self
            .0
            .limits
            .context
            .min(engine.llama.model.config().context);
        let options = wanted.fit(prompt.len(), context, &self.0.limits)?;
        engine.submit(prompt, options, stream)
    }

    fn health(&self) -> Response {
        // Not ready is healthy. Dead is a worker that panicked: nothing helps but a new process.
        match self.0.engine.get() {
            Some(engine) if !engine.is_alive() => {
                (StatusCode::INTERNAL_SERVER_ERROR, "the worker is dead").into_response()
            }
            _ => "OK".into_response(),
        }
    }

    fn ready(&self) -> Response {
        match self.engine() {
            Ok(engine) if engine.is_alive() => "ready".into_response(),
            Ok(_) => ServeError::NotReady("the worker is dead").into_response(),
            Err(error) => error.into_response(),
        }
    }

    fn metrics(&self) -> Response {
        self.0
            .figures
            .inside
            .set(self.inside().cast_signed() as i64);
        let kind = "application/openmetrics-text; version=1.0.0; charset=utf-8";
        ([(header::CONTENT_TYPE, kind)], self.0.figures.text()).into_response()
    }

    fn models(&self) -> Response {
        let model =
            json!({"id": self.model(), "object": "model", "created": 0, "owned_by": "local"});
        Json(json!({"object": "list", "data": [model]})).into_response()
    }

    async fn count(State(app): State<Self>, request: Request, next: Next) -> Response {
        let route = request.extensions().get::<MatchedPath>();
        let route = route.map_or_else(|| "none".to_owned(), |path| path.as_str().to_owned());
        let response = next.run(request).await;
        app.0.figures.response(&route, response.status().as_u16());
        response
    }
}

fn encode(llama: &Llama, prompt: Prompt) -> Result<Vec<u32>, ServeError> {
    match prompt {
        Prompt::Text(text) => Ok(llama.prompt(&text)),
        Prompt::Chat(messages) => Ok(llama.chat(&messages)?),
    }
}

/// What a request asks for.
pub struct Wanted {
    /// Everything but the number of tokens.
    pub options: Options,
    /// Tokens, if it says how many.
    pub max_tokens: Option<usize>,
    /// Tokens, if it does not.
    pub default_tokens: usize,
}

impl Wanted {
    /// The options of an answer to a prompt of so many tokens.
    ///
    /// # Errors
    ///
    /// If what is asked for is nothing, or more than there is. Without a number, the answer gets what there is.
    fn fit(self, prompt: usize, context: usize, limits: &Limits) -> Result<Options, ServeError> {
        let Self {
            mut options,
            max_tokens,
            default_tokens,
        } = self;
        let room = context.saturating_sub(prompt);
        options.max_tokens = match max_tokens {
            Some(0) => {
                return Err(ServeError::Invalid(
                    "max_tokens is 0, and must be 1 or more".to_owned(),
                ));
            }
            Some(wanted) if wanted > limits.max_tokens => {
                let most = limits.max_tokens;
                return Err(ServeError::Invalid(format!(
                    "max_tokens is {wanted}, and this server allows {most}"
                )));
            }
            Some(wanted) => wanted,
            None => default_tokens.min(limits.max_tokens).min(room.max(1)),
        };
        if options.max_tokens > room {
            return Err(ServeError::TooLong {
                prompt,
                answer: options.max_tokens,
                context,
            });
        }
        if prompt == 0 {
            return Err(ServeError::Invalid("the prompt is empty".to_owned()));
        }
        Ok(options)
    }
}

/// All paths, with the layers around them.
pub fn router(app: App) -> Router {
    let limits = app.0.limits.clone();
    let id = HeaderName::from_static("x-request-id");
    // From the outside in: a request passes them in this order, its response in the other.
    let layers = ServiceBuilder::new()
        .layer(SetRequestIdLayer::new(id.clone(), MakeRequestUuid))
        .layer(
            TraceLayer::new_for_http()
                .make_span_with(span)
                .on_response(DefaultOnResponse::new().level(Level::INFO)),
        )
        .layer(PropagateRequestIdLayer::new(id))
        .layer(CatchPanicLayer::new())
        .layer(RequestBodyTimeoutLayer::new(limits.body_timeout))
        .layer(DefaultBodyLimit::max(limits.max_body));
    Router::new()
        .route("/inference", post(inference::inference_handler))
        .route("/v1/chat/completions", post(chat::chat_handler))
        .route(
            "/v1/models",
            get(async |State(app): State<App>| app.models()),
        )
        .route("/health", get(async |State(app): State<App>| app.health()))
        .route("/ready", get(async |State(app): State<App>| app.ready()))
        .route(
            "/metrics",
            get(async |State(app): State<App>| app.metrics()),
        )
        .layer(middleware::from_fn_with_state(app.clone(), App::count))
        .layer(layers)
        .with_state(app)
}

/// What every line of the log about a request says.
fn span<B>(request: &axum::http::Request<B>) -> tracing::Span {
    let id = request.headers().get("x-request-id");
    let id = id.and_then(|id| id.to_str().ok()).unwrap_or_default();
    tracing::info_span!("request", request_id = id, method = %request.method(), path = request.uri().path())
}
