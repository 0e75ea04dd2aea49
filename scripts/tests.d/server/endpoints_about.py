"""What the server says about itself. Part of endpoints.py."""

import asyncio

import httpx
import openapi_spec_validator
from prometheus_client.parser import text_string_to_metric_families

from answers import expect_failure
from scenarios import expect, expect_same, figure, require, scenario, within
from serving import drop_stream
from streaming import listen

NOT_THERE = {
    "voice_clone": [
        "POST /tts/clone",
        "POST /tts/clone/embedding",
        "POST /tts/clone/stream",
        "POST /tts/voices/profile",
        "POST /tts/voices/enroll",
        "POST /tts/speakers",
        "POST /tts/voices",
    ],
    "": [
        "DELETE /tts/speakers/x",
        "DELETE /tts/voices/x",
        "POST /punctuate",
        "POST /speaker/embedding",
        "POST /diarize",
    ],
}


def json_of(target, path, status=200):
    answer = target.http.get(path)
    kind = answer.headers.get("content-type", "")
    require(answer.status_code == status, f"{path} answers {status} ({answer.status_code}: {answer.text[:160]})")
    require(kind.startswith("application/json"), f"{path} is JSON ({kind})")
    return answer.json()


@scenario
def health_has_the_seeds_keys(target):
    """/health has every key that the seed's clients read, and says how it is"""
    body = json_of(target, "/health")
    for key in ("tts", "asr", "streaming_tts", "streaming_asr", "audio_llm"):
        expect(isinstance(body.get(key), bool), f"{key} is true or false ({body.get(key)!r})")
    expect(body.get("tts") and body.get("asr"), "both are ready")
    expect(body.get("streaming_tts") and body.get("streaming_asr"), "both stream")
    for key in ("tts_backend", "asr_backend"):
        expect(isinstance(body.get(key), str), f"{key} is named ({body.get(key)!r})")
    expect("audio_llm_backend" in body and body["audio_llm_backend"] is None, "there is no audio_llm_backend")
    for key in ("tts_capabilities", "asr_capabilities"):
        expect(isinstance(body.get(key), list) and body[key], f"{key} is a list ({body.get(key)!r})")
    expect(
        body.get("degraded") is False or body.get("degraded") == [], f"nothing is degraded ({body.get('degraded')!r})"
    )
    expect(isinstance(body.get("status"), str) and "mode" in body, "there are status and mode")
    expect(isinstance(body.get("version"), str), "there is a version")


@scenario
def probes(target):
    """/livez and /readyz"""
    expect_same(json_of(target, "/livez").get("status"), "ok", "/livez")
    expect_same(json_of(target, "/readyz").get("status"), "ready", "/readyz")


@scenario
def modes(target):
    """/mode has the seed's shape"""
    body = json_of(target, "/mode")
    expect({"mode", "plan", "available_modes"} <= set(body), f"mode, plan and available_modes ({body})")
    known = {"asr_only", "tts_only"}
    expect(known <= set(body.get("available_modes") or []), f"the seed's modes are listed ({body})")


@scenario
def capabilities(target):
    """The capability documents of all client families"""
    whole = json_of(target, "/capabilities")
    expect({"asr", "tts", "npu"} <= set(whole), f"/capabilities has asr, tts and npu ({list(whole)})")
    expect_same((whole.get("npu") or {}).get("devices"), [], "the devices of the NPU")
    asr, tts = json_of(target, "/asr/capabilities"), json_of(target, "/tts/capabilities")
    for path, body in (("asr", asr), ("tts", tts)):
        expect(isinstance(body.get("backend"), str), f"/{path}/capabilities has a backend")
        expect(isinstance(body.get("sample_rate"), int), f"/{path}/capabilities has a sample_rate")
        names = body.get("capabilities")
        expect(isinstance(names, list) and "streaming" in names, f"/{path} can stream ({names})")
    expect("offline" in (asr.get("capabilities") or []), f"/asr is offline too ({asr.get('capabilities')})")
    expect("basic_tts" in (tts.get("capabilities") or []), f"/tts is basic_tts ({tts.get('capabilities')})")
    expect(tts.get("supports_voice_cloning") is False, "voices are not cloned")
    body = json_of(target, "/v1/capabilities")
    expect_same(
        (body.get("schema_version"), body.get("object")), ("1.0", "capabilities"), "the schema of /v1/capabilities"
    )
    speed = body["tts"]["controls"]["speed"]
    expect_same((speed["supported"], speed["min"], speed["max"]), (True, 0.25, 4), "the control of speed")
    expect_same(body["tts"]["audio"]["sample_format"], "pcm_s16le", "the sample format")
    expect(body["tts"]["ready"] is True and body["asr"]["ready"] is True, "both are ready")


@scenario
def voices(target):
    """/tts/voices and /tts/speakers list what /tts takes"""
    items = json_of(target, "/tts/voices").get("voices")
    require(isinstance(items, list) and items, f"there are voices ({items})")
    name = items[0] if isinstance(items[0], str) else items[0].get("id") or items[0].get("name")
    answer = target.http.post("/tts", json={"text": "Hello.", "voice": name})
    expect(answer.status_code == 200, f"/tts takes the voice {name} ({answer.text[:120] if answer.is_error else ''})")
    body = json_of(target, "/tts/speakers")
    expect(
        {"model_id", "default_speaker_id", "speakers", "supports_voice_cloning"} <= set(body), f"the speakers ({body})"
    )


@scenario
def not_offered(target):
    """What no model offers is answered with 501 and the capability it wants"""
    for capability, routes in NOT_THERE.items():
        for route in routes:
            method, path = route.split()
            answer = target.http.request(method, path, json={"text": "x"} if method == "POST" else None)
            body = expect_failure(answer, 501, "not_implemented", route)
            wanted = body.get("required_capability")
            expect(isinstance(wanted, str) and wanted, f"{route} names the capability ({body})")
            expect("backend" in body, f"{route} names the backend ({body})")
            if capability:
                expect(wanted in (capability, "voice_enrollment"), f"{route} wants {capability} ({wanted})")


@scenario
def metrics_parse(target):
    """/metrics is Prometheus text with figures of what was just done"""
    # What has labels is there once it was seen.
    target.http.post("/asr", content=target.fox)
    pcm, _ = target.fox_pcm()
    asyncio.run(listen(target, [pcm, {"type": "eou"}], sample_rate=22050))
    drop_stream(target)
    within(10, lambda: "rkvoice_cancellation_seconds_count" in target.http.get("/metrics").text, "the drop is counted")
    answer = target.http.get("/metrics")
    expect(answer.headers.get("content-type", "").startswith("text/plain; version=0.0.4"), "the type of the exposition")
    families = {family.name: family for family in text_string_to_metric_families(answer.text)}
    wanted = [
        "rkvoice_requests",
        "rkvoice_request_seconds",
        "rkvoice_errors",
        "rkvoice_queue_wait_seconds",
        "rkvoice_tts_first_audio_seconds",
        "rkvoice_tts_rtf",
        "rkvoice_asr_rtf",
        "rkvoice_asr_finalize_seconds",
        "rkvoice_asr_first_partial_seconds",
        "rkvoice_active_streams",
        "rkvoice_active_requests",
        "rkvoice_stage_seconds",
        "rkvoice_cancellation_seconds",
        "process_resident_memory_bytes",
        "process_cpu_seconds",
        "process_open_fds",
    ]
    missing = [name for name in wanted if name not in families]
    expect(not missing, f"every figure is there (missing: {missing})")
    before = target.metrics().value("rkvoice_requests_total", route="/tts", status="200")
    target.http.post("/tts", json={"text": "Hello."})
    after = target.metrics().value("rkvoice_requests_total", route="/tts", status="200")
    expect_same(after - before, 1, "the requests counted for one request")
    figure(f"{len(families)} families, {sum(len(family.samples) for family in families.values())} samples")


@scenario
def openapi_is_valid(target):
    """/openapi.json is OpenAPI 3.1, valid, and every path of it exists"""
    body = json_of(target, "/openapi.json")
    expect(str(body.get("openapi", "")).startswith("3.1"), f"it is 3.1 ({body.get('openapi')})")
    openapi_spec_validator.validate(body)
    for path in ("/tts", "/tts/stream", "/asr", "/health", "/livez", "/readyz", "/metrics", "/capabilities"):
        expect(path in body["paths"], f"{path} is documented")
    for path, item in body["paths"].items():
        if "get" in item and "{" not in path:
            answer = target.http.get(path)
            documented = str(answer.status_code) in item["get"]["responses"] or "default" in item["get"]["responses"]
            expect(documented, f"GET {path} answers as documented ({answer.status_code})")
    for path, item in body["paths"].items():
        for method, operation in item.items():
            # No client library's limit, but the server's.
            answer = target.http.request(method, f"{path}?q={'a' * 8192}")
            expect_failure(answer, 414, "target_too_long", f"{method} {path} with a long target")
            expect("414" in operation["responses"], f"{method} {path} documents 414")
    figure(f"{len(body['paths'])} paths")


@scenario
def head_and_options(target):
    """HEAD is GET without the body; OPTIONS says what is allowed"""
    for path in ("/health", "/livez", "/readyz", "/capabilities", "/openapi.json"):
        answer = target.http.head(path)
        expect(answer.status_code == 200 and not answer.content, f"HEAD {path} ({answer.status_code})")
        whole = target.http.get(path)
        length = answer.headers.get("content-length")
        # Some of them count seconds.
        fits = length is None or path in ("/health", "/readyz", "/capabilities") or int(length) == len(whole.content)
        expect(fits, f"HEAD {path} has the length of GET ({length}, {len(whole.content)})")


@scenario
def request_ids(target):
    """A sound X-Request-ID is kept, another one replaced; no two are the same"""
    kept = target.http.get("/livez", headers={"X-Request-ID": "abc-123._X"})
    expect_same(kept.headers.get("x-request-id"), "abc-123._X", "the id of the client")
    for bad in ("a b", "x" * 129, "<script>"):
        answer = target.http.get("/livez", headers={"X-Request-ID": bad})
        expect(answer.headers.get("x-request-id") not in (None, bad), f"{bad[:20]!r} is replaced")
    ids = {target.http.get("/livez").headers.get("x-request-id") for _ in range(5)}
    expect_same(len(ids), 5, "how many different ids five requests get")


@scenario
def security_headers(target):
    """Answers carry the headers that keep browsers from guessing"""
    answer = target.http.get("/health")
    expect_same(answer.headers.get("x-content-type-options"), "nosniff", "X-Content-Type-Options")
    expect("no-store" in answer.headers.get("cache-control", ""), "answers are not stored")
    expect("access-control-allow-origin" not in answer.headers, "no other origin is let in")


@scenario
def keep_alive(target):
    """Connections are kept, and requests in a row answered in order"""
    with httpx.Client(base_url=target.url, trust_env=False) as client:
        streams = {client.get("/livez").extensions["network_stream"].get_extra_info("client_addr") for _ in range(5)}
    expect_same(len(streams), 1, "the connections that five requests take")
