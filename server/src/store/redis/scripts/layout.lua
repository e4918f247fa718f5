-- KEYS: what the keys of this server mean. ARGV: what they mean to this program. One step, so that of two programs of
-- different age the newer one has the last word.
local found = redis.call('GET', KEYS[1])
if not found or tonumber(found) < tonumber(ARGV[1]) then
  redis.call('SET', KEYS[1], ARGV[1])
  return tonumber(ARGV[1])
end
return tonumber(found)
