-- For wrk: posts one body again and again, and prints a line of JSON at the end.
-- The environment names the body's file and the headers: "Name: value", one a line.

local file = assert(io.open(os.getenv("LOAD_BODY"), "rb"))
wrk.method = "POST"
wrk.body = file:read("*a")
file:close()
for name, value in os.getenv("LOAD_HEADERS"):gmatch("([^:\n]+): *([^\n]*)") do
    wrk.headers[name] = value
end

function done(summary, latency, requests)
    local errors = summary.errors
    io.write(string.format(
        '{"requests": %d, "seconds": %f, "mean": %f, "p50": %f, "p99": %f, "failed": %d, ' ..
            '"broken": %d, "late": %d}\n',
        summary.requests, summary.duration / 1e6, latency.mean, latency:percentile(50),
        latency:percentile(99), errors.status, errors.connect + errors.read + errors.write,
        errors.timeout))
end
