-- ARGV: time, identifier.
must_be_primary()
local ends = live()
if not ends then return { text(now) } end
local row = redis.call('HGET', ROWS, ID) or ''
return { text(now), string.sub(row, 33), redis.call('ZSCORE', UNUSED, ID) and '0' or '1', text(ends) }
