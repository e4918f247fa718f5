-- ARGV: time, name, value, lifetime, the most entries. 1: kept, 2: known, 3: full.
local over = redis.call('ZRANGEBYSCORE', ENDS, '-inf', string.format('%.0f', now), 'LIMIT', 0, 64)
local known, full = there(), redis.call('ZCARD', ENDS) - #over >= tonumber(ARGV[5])
if known or full then
  must_be_primary()
  return known and 2 or 3
end
-- The first write: after it Redis no longer heeds `maxmemory`, so it is the one that needs room.
redis.call('HSET', VALUES, NAME, ARGV[3])
redis.call('ZADD', ENDS, string.format('%.0f', now + tonumber(ARGV[4])), NAME)
for _, name in ipairs(over) do
  if name ~= NAME then forget(name) end
end
-- A server that nobody asks any more forgets all of it.
for _, key in ipairs(KEYS) do
  if redis.call('TTL', key) < tonumber(ARGV[4]) + 60 then redis.call('EXPIRE', key, tonumber(ARGV[4]) + 60) end
end
return 1
