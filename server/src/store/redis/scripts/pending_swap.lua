-- ARGV: time, name, old value, new value.
if not there() or redis.call('HGET', VALUES, NAME) ~= ARGV[3] then
  must_be_primary()
  return 0
end
redis.call('HSET', VALUES, NAME, ARGV[4])
return 1
