-- ARGV: time, code hash, lifetime, the grant.
if redis.call('EXISTS', ROW) == 1 then return refused() end
local expires_at = now + tonumber(ARGV[3])
-- `live` goes with the revocation: to take something away needs no memory, so it works where Redis is full.
redis.call('HSET', ROW, 'grant', ARGV[4], 'code_hash', ARGV[2], 'expires_at', text(expires_at),
  'live', '1', 'mismatches', '0', 'generation', '0', 'rotated_at', '0')
keep(expires_at)
return 1
