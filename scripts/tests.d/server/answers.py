"""What every answer of the server has in common."""

import re

from scenarios import expect

# Paths of the machine the server runs on are nobody's business.
PRIVATE = re.compile(r"/(?:work|home|root|tmp|usr|opt|Sources)/|\.swift\b|0x[0-9a-f]{6,}|Optional\(")


def fields(answer):
    """Status, lower-case headers and text of an answer of httpx or of raw.py."""
    status = getattr(answer, "status_code", None) or answer.status
    headers = {name.lower(): value for name, value in answer.headers.items()}
    body = answer.content if hasattr(answer, "content") else answer.body
    return status, headers, body.decode("utf-8", "replace")


def expect_failure(answer, status, code, what, parameter=None):
    """The answer is the one shape that failures have."""
    if not expect(answer is not None, f"{what}: there is an answer"):
        return {}
    seen, headers, text = fields(answer)
    try:
        body = answer.json()
    except ValueError:
        body = None
    if not expect(seen == status, f"{what}: the status is {status} (it is {seen}: {text[:160]})"):
        return body if isinstance(body, dict) else {}
    if not expect(isinstance(body, dict), f"{what}: the answer is a JSON object ({text[:160]})"):
        return {}
    expect(headers.get("content-type", "").startswith("application/json"), f"{what}: it says that it is JSON")
    expect(body.get("code") == code, f'{what}: the code is "{code}" ({text[:160]})')
    message = body.get("error")
    expect(isinstance(message, str) and message.strip() != "", f"{what}: it says what is wrong ({text[:160]})")
    expect(not PRIVATE.search(text), f"{what}: it tells nothing of the inside ({text[:160]})")
    expect(headers.get("x-request-id"), f"{what}: it has a request id")
    if parameter:
        expect(body.get("parameter") == parameter, f"{what}: it names {parameter} ({text[:160]})")
    return body


def expect_invalid(answer, parameter, what, code="invalid_parameter"):
    """422 with the `detail` list that clients of FastAPI read."""
    body = expect_failure(answer, 422, code, what, parameter)
    detail = body.get("detail")
    shape = isinstance(detail, list) and detail and all({"loc", "msg", "type"} <= set(entry) for entry in detail)
    if body.get("code"):
        expect(shape, f"{what}: a detail list with loc, msg and type ({str(body)[:160]})")
    return body


def decimal(text):
    """A decimal string as a number, or None."""
    return float(text) if text and re.fullmatch(r"\d+(\.\d+)?", text) else None
