//! The paths: what each answers, and with which status, without a socket.

mod common;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Request, Response, StatusCode, header};
use common::{app, batching, figure, limits, llama};
use serde_json::{Value, json};
use serving::{App, Batching, Engine, Figures, InferenceResponse, Limits, router};
use tower::ServiceExt;

fn server() -> Router {
    router(app(batching(), limits()).0)
}

async fn call(router: &Router, request: Request<Body>) -> Response<Body> {
    router.clone().oneshot(request).await.expect("no error")
}

async fn get(router: &Router, path: &str) -> (StatusCode, String) {
    let request = Request::get(path).body(Body::empty()).expect("a request");
    let response = call(router, request).await;
    (response.status(), text(response).await)
}

async fn post(router: &Router, path: &str, body: &Value) -> Response<Body> {
    let request = Request::post(path).header(header::CONTENT_TYPE, "application/json");
    let body = Body::from(body.to_string());
    call(router, request.body(body).expect("a request")).await
}

async fn text(response: Response<Body>) -> String {
    let bytes = to_bytes(response.into_body(), 1 << 20)
        .await
        .expect("a body");
    String::from_utf8(bytes.to_vec()).expect("UTF-8")
}

async fn json(response: Response<Body>) -> Value {
    serde_json::from_str(&text(response).await).expect("JSON")
}

/// The events of a stream: name and data.
fn events(text: &str) -> Vec<(String, String)> {
    let event = |event: &str| {
        let field = |name: &str| {
            let mut lines = event.lines();
            lines.find_map(|line| line.strip_prefix(name)?.strip_prefix(": "))
        };
        let name = field("event").unwrap_or("message").to_owned();
        (name, field("data").unwrap_or_default().to_owned())
    };
    let whole = text.split("\n\n").filter(|event| !event.is_empty());
    whole.map(event).collect()
}

#[tokio::test]
async fn a_prompt_is_answered() {
    let server = server();
    let request = json!({"prompt": "Hello", "max_tokens": 8, "temperature": 0});
    let mut texts = Vec::new();
    for _ in 0..2 {
        let response = post(&server, "/inference", &request).await;
        assert_eq!(response.status(), StatusCode::OK);
        assert!(response.headers().contains_key("x-request-id"));
        let answer: InferenceResponse =
            serde_json::from_str(&text(response).await).expect("three fields");
        assert!(answer.tokens_generated <= 8);
        texts.push(answer.text);
    }
    assert_eq!(texts[0], texts[1], "at temperature 0");
    let llama = llama();
    let prompt = llama.chat(&[llama::Message::new("user", "Hello")]);
    let alone = llama.generate(&prompt.expect("a template"), common::greedy(8), 200);
    let alone: String = alone
        .expect("a start")
        .map(|piece| piece.expect("a pass"))
        .collect();
    assert_eq!(texts[0], alone, "and what the model says without a server");
}

#[tokio::test]
async fn a_stream_is_the_answer_in_pieces() {
    let server = server();
    let request = |stream| json!({"prompt": "Hello", "raw": true, "max_tokens": 30, "temperature": 0, "stream": stream});
    let whole = json(post(&server, "/inference", &request(false)).await).await;
    let response = post(&server, "/inference", &request(true)).await;
    assert_eq!(
        response.headers()[header::CONTENT_TYPE],
        "text/event-stream"
    );
    let events = events(&text(response).await);
    let ((last, end), pieces) = events.split_last().expect("events");
    let piece =
        |(_, data): &(String, String)| -> Value { serde_json::from_str(data).expect("JSON") };
    let texts: String = pieces
        .iter()
        .map(|event| piece(event)["text"].as_str().expect("text").to_owned())
        .collect();
    assert_eq!(texts, whole["text"], "together");
    assert!(pieces.len() > 1, "and more than one: {pieces:?}");
    assert_eq!(last, "done");
    let end: Value = serde_json::from_str(end).expect("JSON");
    assert_eq!(end["tokens_generated"], whole["tokens_generated"]);
    assert_eq!(end["finish_reason"], "length");
}

#[tokio::test]
async fn a_chat_completion_is_as_openai_has_it() {
    let server = server();
    let messages = json!([
        {"role": "developer", "content": "Be brief."},
        {"role": "user", "content": [{"type": "text", "text": "Hel"}, {"type": "text", "text": "lo"}]},
    ]);
    let mut request = json!({"model": "any", "messages": messages, "max_completion_tokens": 12, "temperature": 0, "user": "x"});
    let answer = json(post(&server, "/v1/chat/completions", &request).await).await;
    assert_eq!(answer["object"], "chat.completion");
    assert_eq!(answer["model"], "tiny");
    let choice = &answer["choices"][0];
    assert_eq!(choice["message"]["role"], "assistant");
    assert_eq!(choice["finish_reason"], "length");
    assert_eq!(answer["usage"]["completion_tokens"], 12);
    // Three turns' marks and roles, a token a byte.
    assert_eq!(
        answer["usage"]["prompt_tokens"],
        (2 + 16 + 1) + (2 + 10 + 1) + (1 + 10)
    );

    request["stream"] = true.into();
    request["stream_options"] = json!({"include_usage": true});
    let streamed = text(post(&server, "/v1/chat/completions", &request).await).await;
    let events = events(&streamed);
    assert_eq!(events.last().expect("an end").1, "[DONE]");
    let chunks: Vec<Value> = events[..events.len() - 1]
        .iter()
        .map(|(_, data)| serde_json::from_str(data).expect("JSON"))
        .collect();
    let delta = |chunk: &Value| chunk["choices"][0]["delta"].clone();
    assert_eq!(delta(&chunks[0])["role"], "assistant");
    let texts: String = chunks
        .iter()
        .filter_map(|chunk| delta(chunk)["content"].as_str().map(str::to_owned))
        .collect();
    assert_eq!(texts, choice["message"]["content"]);
    let [.., end, usage] = chunks.as_slice() else {
        panic!("too few chunks: {chunks:?}")
    };
    assert_eq!(end["choices"][0]["finish_reason"], "length");
    assert_eq!(
        (&usage["choices"], &usage["usage"]),
        (&json!([]), &answer["usage"])
    );
    assert!(
        chunks
            .iter()
            .all(|chunk| chunk["object"] == "chat.completion.chunk")
    );

    let stop: String = texts.chars().take(1).collect();
    request["stream"] = false.into();
    request["stop"] = json!([stop]);
    let stopped = json(post(&server, "/v1/chat/completions", &request).await).await;
    assert_eq!(stopped["choices"][0]["message"]["content"], "");
    assert_eq!(stopped["choices"][0]["finish_reason"], "stop");
}

/// Each request with the status and a part of the message that it must be refused with.
type Refused<'a> = &'a [(Value, u16, &'a str)];

async fn is_refused(server: &Router, path: &str, cases: Refused<'_>) {
    for (request, status, message) in cases {
        let response = post(server, path, request).await;
        assert_eq!(response.status().as_u16(), *status, "{request}");
        let error = json(response).await;
        let said = error["error"]["message"].as_str().unwrap_or_default();
        assert!(said.contains(message), "{request}: {error}");
        assert_eq!(error["error"]["type"], "invalid_request_error");
    }
}

#[tokio::test]
async fn a_prompt_that_cannot_be_is_refused_with_a_reason() {
    let server = server();
    let long = "a".repeat(199);
    let cases = [
        (json!({}), 422, "missing field `prompt`"),
        (
            json!({"prompt": 7}),
            422,
            "invalid type: integer `7`, expected a string",
        ),
        (
            json!({"prompt": "a", "max_token": 7}),
            422,
            "unknown field `max_token`",
        ),
        (
            json!({"prompt": "a", "max_tokens": -1}),
            422,
            "invalid value: integer `-1`",
        ),
        (
            json!({"prompt": "a", "max_tokens": 0}),
            400,
            "max_tokens is 0",
        ),
        (
            json!({"prompt": "a", "max_tokens": 101}),
            400,
            "max_tokens is 101, and this server allows 100",
        ),
        (
            json!({"prompt": "a", "temperature": -0.5}),
            400,
            "temperature is -0.5, and must be 0 or more",
        ),
        (
            json!({"prompt": "", "raw": true}),
            400,
            "the prompt is empty",
        ),
        (
            json!({"prompt": long, "raw": true, "max_tokens": 2}),
            400,
            "the prompt has 199 tokens and the answer may have 2: the context is 200",
        ),
        (
            json!({"prompt": "a".repeat(5_000)}),
            413,
            "length limit exceeded",
        ),
    ];
    is_refused(&server, "/inference", &cases).await;
    let head = || Request::post("/inference");
    let broken = head()
        .header(header::CONTENT_TYPE, "application/json")
        .body(Body::from("{\"prompt\": "));
    let broken = call(&server, broken.expect("a request")).await;
    assert_eq!(broken.status(), StatusCode::BAD_REQUEST);
    let plain = head().body(Body::from("{}")).expect("a request");
    let plain = call(&server, plain).await;
    assert_eq!(plain.status(), StatusCode::UNSUPPORTED_MEDIA_TYPE);
    let (status, _) = get(&server, "/inference").await;
    assert_eq!(status, StatusCode::METHOD_NOT_ALLOWED);
    assert_eq!(get(&server, "/nowhere").await.0, StatusCode::NOT_FOUND);
    let (_, metrics) = get(&server, "/metrics").await;
    let invalid = figure(&metrics, "serving_rejected_total{reason=\"invalid\"}");
    assert_eq!(invalid, 12.0);
    assert_eq!(figure(&metrics, "serving_accepted_total"), 0.0);
}

#[tokio::test]
async fn a_conversation_that_cannot_be_is_refused_with_a_reason() {
    let chat = |more: Value| {
        let mut request = json!({"messages": [{"role": "user", "content": "a"}], "max_tokens": 1});
        for (key, value) in more.as_object().expect("an object") {
            request[key] = value.clone();
        }
        request
    };
    let says = |role: &str, content: Value| {
        chat(json!({"messages": [{"role": role, "content": content}]}))
    };
    let cases = [
        (chat(json!({"messages": []})), 400, "messages is empty"),
        (says("robot", json!("a")), 400, "role 'robot' is none of"),
        (
            says("user", json!([{"type": "image_url"}])),
            400,
            "part of type 'image_url'",
        ),
        (
            chat(json!({"n": 2})),
            400,
            "n other than 1 is not supported here",
        ),
        (
            chat(json!({"tools": [{}]})),
            400,
            "tools is not supported here",
        ),
        (
            chat(json!({"response_format": {"type": "json_object"}})),
            400,
            "response_format other than text",
        ),
        (
            chat(json!({"frequency_penalty": 0.5})),
            400,
            "frequency_penalty other than 0",
        ),
        (chat(json!({"stop": ""})), 400, "a stop sequence is empty"),
        (
            chat(json!({"top_p": 0})),
            400,
            "top-p is 0, and must be above 0",
        ),
    ];
    is_refused(&server(), "/v1/chat/completions", &cases).await;
}

#[tokio::test]
async fn a_full_house_says_when_to_come_again() {
    let figures = Figures::default();
    let batching = Batching {
        batch_size: 1,
        queue: 1,
        ..batching()
    };
    // Nobody takes anything out of this engine's channel.
    let (engine, _rx) = Engine::without_worker(llama(), batching, figures.clone());
    let app = App::new("tiny", limits(), figures);
    app.set_engine(engine);
    let server = router(app);
    let request = json!({"prompt": "a", "max_tokens": 1, "stream": true});
    // A stream's headers come at once, so these two are inside.
    let inside = [
        post(&server, "/inference", &request).await,
        post(&server, "/inference", &request).await,
    ];
    assert!(
        inside
            .iter()
            .all(|response| response.status() == StatusCode::OK)
    );
    let full = post(&server, "/inference", &request).await;
    assert_eq!(full.status(), StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(full.headers()[header::RETRY_AFTER], "1");
    let error = json(full).await;
    assert_eq!(
        error["error"]["message"],
        "all 2 places are taken; ask again in 1 s"
    );
    let (_, metrics) = get(&server, "/metrics").await;
    assert_eq!(figure(&metrics, "serving_inside"), 2.0);
    assert_eq!(
        figure(&metrics, "serving_rejected_total{reason=\"full\"}"),
        1.0
    );
    let counted = "serving_http_responses_total{route=\"/inference\",status=\"429\"}";
    assert_eq!(figure(&metrics, counted), 1.0);
}

#[tokio::test]
async fn alive_is_not_ready() {
    let app = App::new("tiny", limits(), Figures::default());
    let server = router(app.clone());
    assert_eq!(
        get(&server, "/health").await,
        (StatusCode::OK, "OK".to_owned())
    );
    let (status, why) = get(&server, "/ready").await;
    assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(why.contains("the model is not loaded yet"), "{why}");
    let early = post(&server, "/inference", &json!({"prompt": "a"})).await;
    assert_eq!(early.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(early.headers()[header::RETRY_AFTER], "1");

    let (engine, rx) = Engine::without_worker(llama(), batching(), Figures::default());
    app.set_engine(engine);
    assert_eq!(
        get(&server, "/ready").await,
        (StatusCode::OK, "ready".to_owned())
    );
    app.stop();
    assert_eq!(
        get(&server, "/ready").await.0,
        StatusCode::SERVICE_UNAVAILABLE
    );
    assert_eq!(get(&server, "/health").await.0, StatusCode::OK);
    drop(rx);
    let (status, why) = get(&server, "/health").await;
    assert_eq!((status.as_u16(), why.as_str()), (500, "the worker is dead"));
}

#[tokio::test]
async fn a_request_that_takes_too_long_is_told() {
    let batching = Batching {
        timeout: std::time::Duration::ZERO,
        ..batching()
    };
    let server = router(app(batching, limits()).0);
    let late = post(&server, "/inference", &json!({"prompt": "a"})).await;
    assert_eq!(late.status(), StatusCode::GATEWAY_TIMEOUT);
    let streamed = json!({"messages": [{"role": "user", "content": "a"}], "stream": true});
    let streamed = text(post(&server, "/v1/chat/completions", &streamed).await).await;
    let events = events(&streamed);
    let error: Value = serde_json::from_str(&events[events.len() - 2].1).expect("JSON");
    assert_eq!(error["error"]["code"], "timeout", "{streamed}");
    assert_eq!(events[events.len() - 1].1, "[DONE]");
}

#[tokio::test]
async fn thirty_two_at_once_are_all_answered_and_counted() {
    let batching = Batching {
        queue: 32,
        ..batching()
    };
    let (app, worker) = app(
        batching,
        Limits {
            max_tokens: 40,
            ..limits()
        },
    );
    let server = router(app.clone());
    let requests = (0..32).map(|number| {
        let server = server.clone();
        tokio::spawn(async move {
            let request = json!({"prompt": format!("number {number}"), "max_tokens": 1 + number, "temperature": 0});
            json(post(&server, "/inference", &request).await).await
        })
    });
    for (number, request) in requests.collect::<Vec<_>>().into_iter().enumerate() {
        let answer = request.await.expect("no panic");
        assert!(
            answer["tokens_generated"]
                .as_u64()
                .is_some_and(|got| got <= 1 + number as u64),
            "{answer}"
        );
    }
    let (_, metrics) = get(&server, "/metrics").await;
    let outcome = |name: &str| {
        figure(
            &metrics,
            &format!("serving_outcomes_total{{outcome=\"{name}\"}}"),
        )
    };
    assert_eq!(figure(&metrics, "serving_accepted_total"), 32.0);
    assert_eq!(outcome("length") + outcome("stop"), 32.0);
    assert_eq!(figure(&metrics, "serving_inside"), 0.0);
    drop((server, app));
    worker.join().expect("it ended well");
}
