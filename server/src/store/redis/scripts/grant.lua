-- Stands before each script of a grant. KEYS: the grant's row, its tokens, their expiries.
-- ARGV[1]: the time in a test; empty: the server's own clock, which stands still while a script runs.
local now = tonumber(ARGV[1]) or tonumber(redis.call('TIME')[1])
local ROW, TOKENS, EXPIRIES = KEYS[1], KEYS[2], KEYS[3]

-- Redis forgets a grant by itself so many seconds after nothing of it is valid any more; until then what
-- has expired is still known as expired.
local GRACE = 60

-- Lua's own way would write 1e+15.
local function text(number) return string.format('%.0f', number) end

-- Whoever may not write may not answer either: a replica knows less than its primary (P29). Not the first
-- write of a script that writes more, for after it Redis no longer heeds `maxmemory`.
local function must_be_primary() redis.call('HDEL', ROW, 'nothing') end

local function refused()
  must_be_primary()
  return 0
end

local function keep(keep_until)
  redis.call('HSET', ROW, 'keep_until', text(keep_until))
  for _, key in ipairs(KEYS) do
    redis.call('EXPIRE', key, text(keep_until - now + GRACE))
  end
end

-- Writes the tokens that ARGV holds from there on: hash, lifetime, kind and the rest, each. A grant is kept
-- as long as one of its tokens is valid: a revocation must have something to mark.
local function issue(generation, keep_until, from)
  for i = from, #ARGV, 3 do
    local expires_at = text(now + tonumber(ARGV[i + 1]))
    redis.call('HSET', TOKENS, ARGV[i], text(generation) .. ' ' .. expires_at .. ' ' .. ARGV[i + 2])
    redis.call('ZADD', EXPIRIES, expires_at, ARGV[i])
    keep_until = math.max(keep_until, tonumber(expires_at))
  end
  keep(keep_until)
end

