#!/usr/bin/env bash
# Requests made up from the OpenAPI document: no 5xx, and only answers that the document promises.
#
#   RKVOICE_SCHEMA_EXAMPLES   requests at most for each operation (8)
#   RKVOICE_SCHEMA_SECONDS    for all of them (10; 120 with RKVOICE_LONG)
set -euo pipefail

# shellcheck source=scripts/tests.d/shared/expect.sh
source "${BASH_SOURCE[0]%/*}/shared/expect.sh"
# shellcheck source=scripts/tests.d/shared/server.sh
source "${BASH_SOURCE[0]%/*}/shared/server.sh"
python_with "$programs/requirements-schema.txt"

seconds=10
[[ -z ${RKVOICE_LONG:-} ]] || seconds=120
# Short texts and bodies: what is tested is the answers, not the voice.
start_server --set limits.text_characters=200 --set limits.body_bytes=1MiB --set limits.requests_per_minute=0
checks=not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance
checks+=,response_headers_conformance,unsupported_method,allow_header_conformance
code=0
(cd "$area" && "${python%/python}/schemathesis" --config-file "$programs/schemathesis.toml" \
    run "$url/openapi.json" --checks "$checks" --phases examples,coverage,fuzzing --seed 20260801 \
    --max-examples "${RKVOICE_SCHEMA_EXAMPLES:-8}" --max-time "${RKVOICE_SCHEMA_SECONDS:-$seconds}" \
    --request-timeout 60 --no-shrink --warnings off --suppress-health-check all) >"$area/schema.log" 2>&1 || code=$?
# A line may hold a request of many thousand bytes.
sed -n '/= FAILURES =/,$p' "$area/schema.log" | cut -c -600 | head -100
grep -E "generated|failures|passed" "$area/schema.log" || true
[[ $code == 0 ]] || fail "every answer is one of the document's (schemathesis ends with $code)"
stop_server
echo "every answer is one that the document promises"
