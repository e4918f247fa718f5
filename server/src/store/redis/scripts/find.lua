-- ARGV: time, code hash.
must_be_primary()
local row = redis.call('HMGET', ROW, 'code_hash', 'grant', 'expires_at', 'used', 'live', 'mismatches')
if row[1] ~= ARGV[2] then return { text(now) } end
return { text(now), row[2], row[3], row[4], row[5], row[6] }
