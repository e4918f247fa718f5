-- Forgets the grant if nothing of it is valid any more. Says until when it is kept; 0: it is gone.
local keep_until = redis.call('HGET', ROW, 'keep_until')
if keep_until and tonumber(keep_until) > now then return keep_until end
redis.call('UNLINK', ROW, TOKENS, EXPIRIES)
return '0'
