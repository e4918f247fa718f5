local mismatches = redis.call('HGET', ROW, 'mismatches')
if not mismatches or tonumber(mismatches) >= 4294967295 then return refused() end
redis.call('HINCRBY', ROW, 'mismatches', 1)
return 1
