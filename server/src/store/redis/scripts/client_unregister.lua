-- ARGV: time, identifier, the hash of the token that manages it.
local row = live() and redis.call('HGET', ROWS, ID)
must_be_primary()
if not row or string.sub(row, 1, 32) ~= ARGV[3] then return 0 end
forget(ID)
return 1
