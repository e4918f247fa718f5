-- ARGV: time, name.
must_be_primary()
return there() and redis.call('HGET', VALUES, NAME)
