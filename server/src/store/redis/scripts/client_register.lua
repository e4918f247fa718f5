-- ARGV: time, identifier, hash and metadata, lifetime, the most clients, for how long one is spared.
-- 1: kept, 2: known, 3: full.
if redis.call('ZSCORE', ENDS, ID) then
  must_be_primary()
  return 2
end
local over, is_over = redis.call('ZRANGEBYSCORE', ENDS, '-inf', text(now), 'LIMIT', 0, 32), {}
for _, id in ipairs(over) do is_over[id] = true end
local too_many = redis.call('ZCARD', ENDS) - #over - tonumber(ARGV[5]) + 1
if too_many > 0 then
  -- The oldest that were never used make room, once they are spared no more.
  local spared, most = text(now - tonumber(ARGV[6])), math.min(too_many, 32)
  for _, id in ipairs(redis.call('ZRANGEBYSCORE', UNUSED, '-inf', spared, 'LIMIT', 0, most + #over)) do
    if most > 0 and not is_over[id] then
      over[#over + 1] = id
      too_many, most = too_many - 1, most - 1
    end
  end
end
local full = too_many > 0
if full then
  must_be_primary()
else
  -- The first write: after it Redis no longer heeds `maxmemory`, so it is the one that needs room.
  local lifetime = tonumber(ARGV[4])
  redis.call('HSET', ROWS, ID, ARGV[3])
  redis.call('ZADD', ENDS, text(now + lifetime), ID)
  redis.call('ZADD', UNUSED, text(now), ID)
  last(lifetime)
end
for _, id in ipairs(over) do forget(id) end
return full and 3 or 1
