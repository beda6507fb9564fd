-- Asks for one database after the other, each thread from a place of its own. Arguments: the file
-- of lines "id TAB body TAB etag", the token, and "known" to send each one's If-None-Match along.

local threads = 0

function setup(thread)
  thread:set("first", threads)
  threads = threads + 1
end

local requests = {}
local at = 0

function init(args)
  for line in io.lines(args[1]) do
    local id, etag = line:match("^([^\t]+)\t.*\t([^\t]+)$")
    local headers = { ["Authorization"] = "Bearer " .. args[2] }
    if args[3] == "known" then
      headers["If-None-Match"] = etag
    end
    requests[#requests + 1] = wrk.format("GET", "/api/v1/databases/" .. id, headers)
  end
  -- Memory may have kept the order in which the answers were made.
  math.randomseed(1)
  for i = #requests, 2, -1 do
    local j = math.random(i)
    requests[i], requests[j] = requests[j], requests[i]
  end
  at = first * math.floor(#requests / 2)
end

function request()
  at = at % #requests + 1
  return requests[at]
end

-- One line: answers, seconds, p99 in ms, bytes, errors.
function done(summary, latency)
  local e = summary.errors
  io.write(string.format("result %d %.6f %.3f %d %d\n", summary.requests, summary.duration / 1e6,
    latency:percentile(99.0) / 1e3, summary.bytes,
    e.connect + e.read + e.write + e.status + e.timeout))
end
