-- ARGV: time, token hash.
must_be_primary()
local token = redis.call('HGET', TOKENS, ARGV[2])
local row = redis.call('HMGET', ROW, 'grant', 'live', 'generation', 'rotated_at')
if not token or not row[1] then return { text(now) } end
return { text(now), token, row[1], row[2], row[3], row[4] }
