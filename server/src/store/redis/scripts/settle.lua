-- Brings the list of all grants up to what was found at the grants. KEYS: the list. ARGV: grant and until when
-- it is kept, each; 0: it is gone.
for i = 1, #ARGV, 2 do
  if ARGV[i + 1] == '0' then
    redis.call('ZREM', KEYS[1], ARGV[i])
  else
    redis.call('ZADD', KEYS[1], 'XX', ARGV[i + 1], ARGV[i])
  end
end
return 1
