-- Takes a place for a grant in the list of all. KEYS: the list. ARGV: time, grant, lifetime, the most grants.
-- Returns whether it did, and grants whose time may be over, where there are many or no place was left.
local now = tonumber(ARGV[1]) or tonumber(redis.call('TIME')[1])
local LIST, BATCH = KEYS[1], 32
local over = redis.call('ZRANGEBYSCORE', LIST, '-inf', string.format('%.0f', now), 'LIMIT', 0, BATCH)
if redis.call('ZSCORE', LIST, ARGV[2]) then return { 'taken' } end
if redis.call('ZCARD', LIST) >= tonumber(ARGV[4]) then return { 'full', unpack(over) } end
redis.call('ZADD', LIST, string.format('%.0f', now + tonumber(ARGV[3])), ARGV[2])
if #over < BATCH then return { 'reserved' } end
return { 'reserved', unpack(over) }
