-- ARGV: time, token hash, window, the most tokens of a grant, tokens (P27, CVE-2026-1035).
local row = redis.call('HMGET', ROW, 'live', 'generation', 'rotated_at', 'keep_until')
local token = redis.call('HGET', TOKENS, ARGV[2])
if not row[1] or not token then return refused() end
local generation, expires_at, kind = string.match(token, '^(%d+) (%d+) (%a+) ')
if kind ~= 'refresh' or tonumber(expires_at) <= now then return refused() end
local newest, rotated_at = tonumber(row[2]), tonumber(row[3])
local begins = tonumber(generation) == newest
local spared = tonumber(generation) + 1 == newest
  and rotated_at <= now and now - rotated_at < tonumber(ARGV[3])
if not begins and not spared then return refused() end

local kept = redis.call('HLEN', TOKENS) - redis.call('ZCOUNT', EXPIRIES, '-inf', text(now))
if kept + (#ARGV - 4) / 3 > tonumber(ARGV[4]) then return refused() end

local over = redis.call('ZRANGEBYSCORE', EXPIRIES, '-inf', text(now), 'LIMIT', 0, 1000)
if begins then
  newest = newest + 1
  redis.call('HSET', ROW, 'generation', text(newest), 'rotated_at', text(now))
end
issue(newest, tonumber(row[4]), 5)
for _, hash in ipairs(over) do
  redis.call('HDEL', TOKENS, hash)
  redis.call('ZREM', EXPIRIES, hash)
end
return 1
