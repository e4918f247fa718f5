-- ARGV: time, identifier, lifetime.
local ends = live()
if not ends then
  must_be_primary()
  return 0
end
local lifetime = tonumber(ARGV[3])
redis.call('ZADD', ENDS, text(math.max(ends, now + lifetime)), ID)
redis.call('ZREM', UNUSED, ID)
last(lifetime)
return 1
