-- ARGV: time, name.
local value = there() and redis.call('HGET', VALUES, NAME)
must_be_primary()
if value then forget(NAME) end
return value
