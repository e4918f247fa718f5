-- Stands before each script of what a server keeps for minutes. KEYS: the values by name, their ends by name.
-- ARGV[1]: the time in a test; empty: the server's own clock. ARGV[2]: a name.
local now = tonumber(ARGV[1]) or tonumber(redis.call('TIME')[1])
local VALUES, ENDS, NAME = KEYS[1], KEYS[2], ARGV[2]

-- Whoever may not write may not answer either: a replica knows less than its primary (P29).
local function must_be_primary() redis.call('HDEL', VALUES, '') end

local function there()
  local ends = redis.call('ZSCORE', ENDS, NAME)
  return ends and tonumber(ends) > now
end

local function forget(name)
  redis.call('HDEL', VALUES, name)
  redis.call('ZREM', ENDS, name)
end

