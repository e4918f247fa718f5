-- Stands before each script of registered clients. KEYS: the rows by identifier, until when each is kept, when each
-- registered that was never used. ARGV[1]: the time in a test; empty: the server's own clock. ARGV[2]: an identifier.
local now = tonumber(ARGV[1]) or tonumber(redis.call('TIME')[1])
local ROWS, ENDS, UNUSED, ID = KEYS[1], KEYS[2], KEYS[3], ARGV[2]

-- Lua's own way would write 1e+15.
local function text(number) return string.format('%.0f', number) end

-- Whoever may not write may not answer either: a replica knows less than its primary (P29).
local function must_be_primary() redis.call('HDEL', ROWS, '') end

-- Until when the client is kept, if its time is not over.
local function live()
  local ends = tonumber(redis.call('ZSCORE', ENDS, ID) or '')
  return ends and ends > now and ends
end

local function forget(id)
  redis.call('HDEL', ROWS, id)
  redis.call('ZREM', ENDS, id)
  redis.call('ZREM', UNUSED, id)
end

-- A server that nobody asks any more forgets all of it, a minute after the last end.
local function last(lifetime)
  for _, key in ipairs(KEYS) do
    if redis.call('TTL', key) < lifetime + 60 then redis.call('EXPIRE', key, text(lifetime + 60)) end
  end
end

